use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use gallery::{Counters, Options};

use crate::{PROGRAM, SMALL, STRATEGIES, assert_same_files, at_once, files, open, pictures, small, spider};

#[test]
fn every_strategy_downloads_the_twenty_images_of_the_gallery_byte_for_byte_and_nothing_else() {
    for strategy in STRATEGIES {
        let gallery = open(&Options::default());
        let folder = tempfile::tempdir().unwrap();
        let run = spider(strategy).args(["--url", &gallery.url(), "--out"]).arg(folder.path()).run();
        assert!(run.status.success(), "{}", run.output);
        let files = files(folder.path());
        assert_eq!(files.len(), 20);
        assert_same_files(&files, &pictures(&gallery));
    }
}

#[test]
fn each_strategy_has_its_own_folder_with_the_same_images_if_all_run() {
    let folder = tempfile::tempdir().unwrap();
    let run = spider("--latency=0").args(["--size", "2000", "--out"]).arg(folder.path()).run();
    assert!(run.status.success(), "{}", run.output);
    let own = pictures(&open(&small()));
    for strategy in STRATEGIES {
        assert_same_files(&files(&folder.path().join(strategy)), &own);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), STRATEGIES.len());
}

#[test]
fn existing_images_are_skipped_and_other_files_stay() {
    for strategy in STRATEGIES {
        let gallery = open(&small());
        let folder = tempfile::tempdir().unwrap();
        let first = &gallery.first_page()[0].file_name;
        std::fs::write(folder.path().join(first), "from an earlier run").unwrap();
        std::fs::write(folder.path().join("notes.txt"), "mine").unwrap();
        let run = spider(strategy).args(["--url", &gallery.url(), "--out"]).arg(folder.path()).run();
        assert!(run.status.success(), "{}", run.output);
        assert!(run.output.contains(&format!("当前下载 {first} 跳过! 文件已存在")), "{}", run.output);
        assert!(run.output.contains("成功 19 失败 0 跳过 1 共 38000 字节"), "{}", run.output);
        assert_eq!(gallery.counters().picture_requests, 19, "{strategy}");
        let mut expected = pictures(&gallery);
        expected.insert("notes.txt".to_owned(), b"mine".to_vec());
        expected.insert(first.clone(), b"from an earlier run".to_vec());
        assert_same_files(&files(folder.path()), &expected);
    }
}

#[test]
fn the_crawl_ends_after_the_wanted_number_of_listing_pages_or_the_last_one() {
    at_once(&STRATEGIES, |strategy| {
        for (first, pages, images) in [("", "2", 40), ("index_2.html", "9", 23)] {
            let gallery = open(&Options { pictures: 43, ..small() });
            let folder = tempfile::tempdir().unwrap();
            let url = format!("{}{first}", gallery.url());
            let run =
                spider(strategy).args(["--url", &url, "--pages", pages, "--out"]).arg(folder.path()).run();
            assert!(run.status.success(), "{}", run.output);
            let crawled = format!("抓取所有图片连接数据 {images} 总耗时");
            assert!(run.output.contains(&crawled), "{strategy}, {pages} pages: {}", run.output);
            assert_eq!(files(folder.path()).len(), images, "{strategy}");
        }
    });
}

/// Returns the counters of a gallery after a run. It sends no picture until `min_concurrent` are requested at the same time.
fn counted(strategy: &str, min_concurrent: usize, arguments: &[&str]) -> Counters {
    let gallery = open(&Options { min_concurrent, ..small() });
    let run = spider(strategy).args(["--url", &gallery.url()]).args(arguments).run();
    assert!(run.status.success(), "{}", run.output);
    let counters = gallery.counters();
    assert_eq!((counters.requests, counters.picture_requests), (1 + 20 + 20, 20), "{strategy}");
    assert!(counters.bytes > 20 * SMALL, "{strategy}: {} bytes", counters.bytes);
    counters
}

#[test]
fn sequential_sends_one_request_at_a_time_over_one_connection() {
    let counters = counted("sequential", 1, &[]);
    assert_eq!((counters.connections, counters.peak), (1, 1));
}

#[test]
fn thread_has_all_images_in_flight_at_once_and_reuses_the_connection_of_the_crawl() {
    let counters = counted("thread", 20, &[]);
    assert_eq!((counters.connections, counters.peak), (20, 20));
}

#[test]
fn process_has_all_images_in_flight_at_once_and_each_child_has_its_own_connection() {
    let counters = counted("process", 20, &[]);
    assert_eq!((counters.connections, counters.peak), (1 + 20, 20));
}

#[test]
fn pool_has_a_request_in_flight_per_thread_and_each_thread_keeps_its_connection() {
    let counters = counted("pool", 8, &[]);
    assert_eq!((counters.connections, counters.peak), (8, 8));
    let counters = counted("pool", 3, &["--jobs", "3"]);
    assert_eq!((counters.connections, counters.peak), (3, 3));
}

#[test]
fn overlap_has_all_requests_in_flight_at_once_or_one_per_job() {
    let counters = counted("overlap", 20, &[]);
    assert_eq!(counters.peak, 20);
    assert!(counters.connections <= 20, "{} connections", counters.connections);
    let counters = counted("overlap", 5, &["--jobs", "5"]);
    assert_eq!((counters.connections, counters.peak), (5, 5));
}

#[test]
fn overlap_downloads_images_before_the_crawl_is_done() {
    // With one thread, images come between pages. (`min_concurrent` would wait for other threads forever.)
    let gallery = open(&small());
    let run = spider("overlap").args(["--url", &gallery.url(), "--jobs", "1"]).run();
    let first = run.lines().position(|line| line.starts_with("当前下载"));
    let crawled = run.lines().position(|line| line.starts_with("抓取所有图片连接数据"));
    assert!(run.status.success() && first.is_some() && first < crawled, "{}", run.output);
    assert_eq!((gallery.counters().connections, gallery.counters().peak), (1, 1));
}

#[test]
fn an_image_is_reported_when_its_file_is_complete() {
    for strategy in STRATEGIES {
        let gallery = open(&Options { size: Some(150_000), ..Options::default() });
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(PROGRAM);
        command.args([strategy, "--url", &gallery.url(), "--out"]).arg(folder.path()).stdout(Stdio::piped());
        let mut program = command.spawn().unwrap();
        let mut reported = 0;
        for line in BufReader::new(program.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            let Some(title) = line
                .strip_prefix("当前下载 ")
                .and_then(|line| line.strip_suffix(" 成功!"))
                .map(str::to_owned)
            else {
                continue;
            };
            let picture = gallery.first_page().iter().find(|picture| picture.file_name == title).unwrap();
            assert!(
                std::fs::read(folder.path().join(&title)).unwrap() == picture.bytes(),
                "{strategy}: {title}"
            );
            reported += 1;
        }
        assert!(program.wait().unwrap().success());
        assert_eq!(reported, 20, "{strategy}");
    }
}
