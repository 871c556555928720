use std::path::PathBuf;

use spider_compare::gallery::{Fault, Gallery, Options};
use spider_compare::spider::Spider;
use spider_compare::strategies::Strategy;
use url::Url;

use crate::actors::scenarios;
use crate::{STRATEGIES, assert_same_files, files, open, pictures, spider};

/// A gallery in which each of these places of the first page is wrong.
fn faulty(faults: impl IntoIterator<Item = (usize, Fault)>) -> Gallery {
    open(&Options { faults: faults.into_iter().collect(), ..Options::default() })
}

fn source(address: &str) -> Fault {
    Fault::Source(address.to_owned())
}

/// All that can be wrong with one picture, so that ten of twenty are left.
fn all_faults() -> [(usize, Fault); 10] {
    [
        (0, Fault::NotFound),
        (2, Fault::Page),
        (4, Fault::Disguised),
        (6, Fault::CutShort),
        (8, Fault::Endless),
        (10, Fault::Elsewhere("http://localhost:9/a.jpg".to_owned())),
        (12, source("..%2F..%2Fetc%2Fpasswd")),
        (14, source("//evil.example/z.jpg")),
        (16, source("file:///etc/passwd")),
        (19, source("javascript:alert(1)")),
    ]
}

#[test]
fn what_is_wrong_is_told_and_not_kept_and_the_rest_is_there() {
    for strategy in STRATEGIES {
        let gallery = faulty(all_faults());
        let folder = tempfile::tempdir().unwrap();
        let run = spider(strategy).args(["--url", &gallery.url(), "--out"]).arg(folder.path()).run();
        assert_eq!(run.status.code(), Some(1), "{}", run.output);
        assert_eq!(run.lines().filter(|line| line.contains("失败")).count(), 10, "{}", run.output);
        let mut expected = pictures(&gallery);
        for (place, _) in all_faults() {
            expected.remove(&gallery.pictures()[place].title);
        }
        assert_same_files(&files(folder.path()), &expected);
    }
}

#[test]
fn each_fault_has_a_line_that_says_what_is_wrong_with_what() {
    let tidy = scenarios()
        .tidy("thread")
        .clone()
        .any("port", r"127\.0\.0\.1:(\d+)")
        .duration(r":>>>> (\d+\.\d{3})s", 0.0..=60.0);
    for strategy in STRATEGIES {
        let gallery = faulty(all_faults());
        let run = spider(strategy).args(["--url", &gallery.url()]).run();
        insta::assert_snapshot!("faults", tidy.run(&run));
    }
}

#[test]
fn an_image_that_two_pages_show_is_downloaded_once() {
    let shown_twice = open(&Options::default()).pictures()[3].path.clone();
    let gallery = faulty([(7, source(&shown_twice))]);
    let run = spider("thread").args(["--url", &gallery.url()]).run();
    assert!(run.status.success() && run.output.contains("抓取所有图片连接数据 19 总耗时"), "{}", run.output);
    assert_eq!(gallery.counters().picture_requests, 19);
}

#[test]
fn a_redirect_within_the_site_is_followed() {
    let elsewhere = open(&Options::default()).pictures()[3].path.clone();
    let gallery = faulty([(7, Fault::Elsewhere(elsewhere))]);
    let folder = tempfile::tempdir().unwrap();
    let run = spider("thread").args(["--url", &gallery.url(), "--out"]).arg(folder.path()).run();
    assert!(run.status.success(), "{}", run.output);
    let files = files(folder.path());
    assert!(files[&gallery.pictures()[7].title] == gallery.pictures()[3].bytes());
}

#[test]
fn a_redirect_in_circles_is_left() {
    let itself = open(&Options::default()).pictures()[7].path.clone();
    let gallery = faulty([(7, Fault::Elsewhere(itself))]);
    let run = spider("sequential").args(["--url", &gallery.url()]).run();
    assert_eq!(run.status.code(), Some(1), "{}", run.output);
    assert!(run.output.contains("失败! redirected more than 5 times"), "{}", run.output);
    assert_eq!(gallery.counters().picture_requests, 19 + 6);
}

#[test]
fn a_child_that_cannot_be_started_or_ends_without_a_word_is_a_failed_image() {
    let gallery = open(&Options::default());
    for program in ["/nowhere/spider-compare", "false", "true-but-not-here"] {
        let folder = tempfile::tempdir().unwrap();
        let listing = Url::parse(&gallery.url()).unwrap();
        let spider = Spider::new(listing, folder.path().to_owned(), PathBuf::from(program));
        let totals = Strategy::Process.run(&spider).unwrap();
        assert_eq!((totals.images, totals.failed), (20, 20), "{program}");
    }
}
