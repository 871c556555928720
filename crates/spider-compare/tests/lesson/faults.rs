//! A gallery in which something is wrong: what is right is there, what is wrong is not, and is told.

use std::path::PathBuf;
use std::time::Duration;

use spider_compare::figures;
use spider_compare::gallery::{Fault, Gallery, Options, Place};
use spider_compare::site::Limits;
use spider_compare::spider::Task;
use spider_compare::stop::Stop;
use spider_compare::strategies::Strategy;
use spider_compare::trace::Kind;

use crate::scenarios;
use crate::{
    Aside, STRATEGIES, assert_same_files, at_once, files, open, pictures, politely, quiet, small, spider,
    task,
};

/// A gallery in which each of these places of the first page is wrong.
fn faulty(faults: impl IntoIterator<Item = (usize, Fault)>) -> Gallery {
    open(&Options { faults: faults.into_iter().collect(), ..small() })
}

fn source(address: &str) -> Fault {
    Fault::Source(address.to_owned())
}

/// An error that comes so often, and asks to come again at once.
fn unavailable(times: usize, status: u16, at: Place) -> Fault {
    Fault::Unavailable { times, status, retry_after: Some("0".to_owned()), at }
}

/// All that can be wrong with one picture, so that seven of twenty are left.
fn all_faults() -> [(usize, Fault); 13] {
    [
        (0, Fault::NotFound),
        (1, Fault::DetailMissing),
        (2, Fault::Page),
        (3, Fault::DetailBroken),
        (4, Fault::Disguised),
        (5, Fault::RedirectLoop),
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
    let spec = scenarios()
        .spec("overlap")
        .clone()
        .any("port", r"127\.0\.0\.1:(\d+)")
        .duration(r":>>>> (\d+\.\d{3})s", 0.0..=60.0)
        .any("speed", r"s (\d+\.\d)MB/s$");
    let check = |strategy: &str| {
        let gallery = faulty(all_faults());
        let folder = tempfile::tempdir().unwrap();
        let run = spider(strategy)
            .args(["--url", &gallery.url(), "--retries", "1", "--out"])
            .arg(folder.path())
            .run();
        assert_eq!(run.status.code(), Some(1), "{}", run.output);
        let mut expected = pictures(&gallery);
        for (place, _) in all_faults() {
            expected.remove(&gallery.pictures()[place].title);
        }
        assert_same_files(&files(folder.path()), &expected);
        spec.canonical_run(&run)
    };
    for told in at_once(&STRATEGIES, check) {
        insta::assert_snapshot!("faults", told);
    }
}

#[test]
fn what_passes_is_asked_for_again_and_is_there_in_the_end() {
    let faults = || {
        [
            (0, unavailable(1, 503, Place::Listing)),
            (1, unavailable(2, 500, Place::Detail)),
            (2, unavailable(2, 429, Place::Picture)),
            (3, unavailable(1, 408, Place::Picture)),
            (4, Fault::Refused { times: 1, at: Place::Picture }),
            (5, Fault::Refused { times: 1, at: Place::Detail }),
        ]
    };
    let check = |strategy: &str| {
        let gallery = faulty(faults());
        let folder = tempfile::tempdir().unwrap();
        let run = spider(strategy).args(["--url", &gallery.url(), "--out"]).arg(folder.path()).run();
        assert!(run.status.success(), "{}", run.output);
        assert_same_files(&files(folder.path()), &pictures(&gallery));
        assert_eq!(gallery.counters().requests, 41 + 1 + 2 + 2 + 1 + 1 + 1, "{strategy}");
    };
    at_once(&STRATEGIES, check);
}

#[test]
fn what_does_not_pass_soon_is_given_up_after_as_many_tries_as_are_allowed() {
    for (retries, requests) in [("0", 1), ("1", 2), ("3", 4)] {
        let gallery = faulty([(2, unavailable(100, 503, Place::Picture))]);
        let run = spider("thread").args(["--url", &gallery.url(), "--retries", retries]).run();
        assert_eq!(run.status.code(), Some(1), "{}", run.output);
        assert!(run.output.contains("失败! answered 503 Service Unavailable"), "{}", run.output);
        assert_eq!(gallery.counters().picture_requests, 19 + requests);
    }
}

#[test]
fn a_client_error_is_not_asked_for_again() {
    let gallery =
        faulty([(2, unavailable(100, 403, Place::Picture)), (3, unavailable(100, 404, Place::Picture))]);
    let run = spider("sequential").args(["--url", &gallery.url()]).run();
    assert_eq!(run.status.code(), Some(1), "{}", run.output);
    assert_eq!(gallery.counters().picture_requests, 20);
}

#[test]
fn a_site_that_refuses_again_and_again_is_left_alone() {
    let gallery = faulty((3..20).map(|place| (place, unavailable(100, 403, Place::Picture))));
    let run = spider("sequential").args(["--url", &gallery.url()]).run();
    assert_eq!(run.status.code(), Some(1), "{}", run.output);
    assert!(run.output.contains("the site has refused 5 requests in a row"), "{}", run.output);
    assert_eq!(gallery.counters().picture_requests, 3 + 5);
}

/// How many of these children's images are asked for, of a stranger's site.
fn asked_by_children(faults: Vec<(usize, Fault)>) -> usize {
    let gallery = open(&Options { faults, ..small() });
    let folder = tempfile::tempdir().unwrap();
    let spider = quiet(task(&gallery, folder.path(), politely()), &Stop::default());
    Strategy::Process.run(&spider).unwrap();
    assert_eq!(spider.tally().failed, 20);
    gallery.counters().picture_requests
}

#[test]
fn a_strangers_site_that_refuses_children_again_and_again_is_left_alone_too() {
    let asked =
        asked_by_children((0..20).map(|place| (place, unavailable(100, 403, Place::Picture))).collect());
    // Five are an answer; three more children may have been at work meanwhile.
    assert!((5..=8).contains(&asked), "{asked} pictures were asked for");
}

#[test]
fn what_a_child_does_not_find_is_no_sign_that_its_site_lets_it_in() {
    let refused = |place| (place, unavailable(100, 403, Place::Picture));
    let missing = |place| (place, Fault::NotFound);
    let asked = asked_by_children(
        (0..20).map(|place| if place % 3 == 2 { missing(place) } else { refused(place) }).collect(),
    );
    // Of twelve, four are missing, and three may be at work when the fifth is refused.
    assert!((7..=12).contains(&asked), "{asked} pictures were asked for");
}

#[test]
fn threads_that_wait_for_their_turn_leave_a_site_alone_that_has_refused_meanwhile() {
    let faults = (0..20).map(|place| (place, unavailable(100, 403, Place::Picture))).collect();
    // So slow that all are waiting before five were refused.
    let gallery = open(&Options { faults, latency: Duration::from_millis(10), ..small() });
    let folder = tempfile::tempdir().unwrap();
    let spider = quiet(task(&gallery, folder.path(), politely()), &Stop::default());
    Strategy::Thread.run(&spider).unwrap();
    assert_eq!(spider.tally().failed, 20);
    // Five are an answer; three more threads may have had their turn meanwhile.
    let asked = gallery.counters().picture_requests;
    assert!((5..=8).contains(&asked), "{asked} pictures were asked for");
}

#[test]
fn a_site_that_wants_to_know_who_asks_is_told() {
    let gallery = open(&Options { require_user_agent: true, ..small() });
    for strategy in STRATEGIES {
        let run = spider(strategy).args(["--url", &gallery.url()]).run();
        assert!(run.status.success(), "{}", run.output);
    }
}

#[test]
fn a_strangers_site_is_asked_four_things_at_a_time_at_the_most_and_for_its_robots_txt_first() {
    let robots = Some("User-agent: *\nDisallow: /private/\n".to_owned());
    let check = |strategy: &str| {
        // Four at a time are needed for the first picture; and each takes so long that a fifth would be seen beside them.
        let latency = Duration::from_millis(200);
        let gallery = open(&Options { robots: robots.clone(), meeting: 4, pictures: 6, latency, ..small() });
        let run = spider(strategy).args(["--url", &gallery.url(), "--polite"]).run();
        assert!(run.status.success(), "{}", run.output);
        let counters = gallery.counters();
        assert_eq!((counters.requests, counters.peak), (1 + 1 + 6 + 6, 4), "{strategy}");
    };
    at_once(&["process", "thread", "pool", "overlap"], check);
}

#[test]
fn what_robots_txt_does_not_allow_is_not_asked_for() {
    let robots = |text: &str| Options { robots: Some(text.to_owned()), pictures: 3, ..small() };
    let gallery = open(&robots("User-agent: *\nDisallow: /4kdongman/\n"));
    let run = spider("thread").args(["--url", &gallery.url(), "--polite"]).run();
    assert_eq!(run.status.code(), Some(1));
    assert!(run.output.contains("robots.txt asks not to fetch"), "{}", run.output);
    assert_eq!(gallery.counters().requests, 1);
    let gallery = open(&robots("User-agent: spider-compare\nDisallow: /uploads/\n"));
    let run = spider("thread").args(["--url", &gallery.url(), "--polite"]).run();
    assert_eq!(run.status.code(), Some(1));
    assert_eq!(
        run.lines().filter(|line| line.contains("robots.txt asks not to fetch")).count(),
        3,
        "{}",
        run.output
    );
    assert_eq!(gallery.counters().picture_requests, 0);
}

#[test]
fn a_redirect_to_what_robots_txt_does_not_allow_is_not_followed_by_a_child_either() {
    for strategy in [Strategy::Process, Strategy::Thread] {
        let elsewhere = vec![(0, Fault::Elsewhere("/private/a.jpg".to_owned()))];
        let robots = Some("User-agent: *\nDisallow: /private/\n".to_owned());
        let gallery = open(&Options { robots, pictures: 1, faults: elsewhere, ..small() });
        let folder = tempfile::tempdir().unwrap();
        let spider = quiet(task(&gallery, folder.path(), politely()), &Stop::default());
        strategy.run(&spider).unwrap();
        assert_eq!(spider.tally().failed, 1, "{strategy}");
        assert_eq!(gallery.counters().requests, 1 + 1 + 1 + 1, "{strategy}");
    }
}

#[test]
fn a_next_page_that_may_not_be_asked_for_is_told_and_counts_as_failed_where_it_was_asked_for() {
    for strategy in Strategy::ALL {
        let robots = Some("User-agent: *\nDisallow: /4kdongman/index_2.html\n".to_owned());
        let gallery = open(&Options { robots, pictures: 21, ..small() });
        for (pages, failed) in [(1, 0), (2, 1)] {
            let folder = tempfile::tempdir().unwrap();
            let task = Task { pages, ..task(&gallery, folder.path(), politely()) };
            let spider = quiet(task, &Stop::default());
            strategy.run(&spider).unwrap();
            let tally = spider.tally();
            assert_eq!((tally.downloaded, tally.failed), (20, failed), "{strategy}, {pages} pages");
        }
    }
}

#[test]
fn an_image_that_two_pages_show_is_downloaded_once() {
    let shown_twice = open(&small()).pictures()[3].path.clone();
    for strategy in STRATEGIES {
        let gallery = faulty([(7, source(&shown_twice))]);
        let run = spider(strategy).args(["--url", &gallery.url()]).run();
        assert!(
            run.status.success() && run.output.contains("抓取所有图片连接数据 19 总耗时"),
            "{}",
            run.output
        );
        assert_eq!(gallery.counters().picture_requests, 19);
    }
}

#[test]
fn a_picture_that_is_listed_twice_is_asked_for_once() {
    for strategy in STRATEGIES {
        let gallery = faulty([(7, Fault::ListedTwice)]);
        let run = spider(strategy).args(["--url", &gallery.url()]).run();
        assert!(run.status.success(), "{}", run.output);
        assert_eq!(gallery.counters().requests, 1 + 20 + 20, "{strategy}");
    }
}

#[test]
fn two_images_of_one_name_are_both_there() {
    for strategy in STRATEGIES {
        let gallery = open(&Options { pictures: 2, ..small() });
        let same_name = format!("/other/{}", gallery.pictures()[0].title);
        let gallery = open(&Options {
            pictures: 2,
            faults: vec![(1, source(&same_name)), (0, Fault::NotFound)],
            ..small()
        });
        let run = spider(strategy).args(["--url", &gallery.url()]).run();
        // Neither can be had here; what counts is that each has a name of its own.
        let title = &gallery.pictures()[0].title;
        let other = title.replace(".jpg", "-");
        assert!(run.output.contains(&format!("当前下载 {title} 失败!")), "{}", run.output);
        assert!(run.output.contains(&format!("当前下载 {other}")), "{}", run.output);
    }
}

#[test]
fn a_redirect_within_the_site_is_followed() {
    let elsewhere = open(&small()).pictures()[3].path.clone();
    let gallery = faulty([(7, Fault::Elsewhere(elsewhere))]);
    let folder = tempfile::tempdir().unwrap();
    let run = spider("thread").args(["--url", &gallery.url(), "--out"]).arg(folder.path()).run();
    assert!(run.status.success(), "{}", run.output);
    let files = files(folder.path());
    assert!(files[&gallery.pictures()[7].title] == gallery.pictures()[3].bytes());
}

#[test]
fn starting_a_process_or_a_thread_takes_time_once_and_neither_another_try_nor_a_redirect_does() {
    let elsewhere = open(&small()).pictures()[1].path.clone();
    let faults = || vec![(0, unavailable(1, 503, Place::Picture)), (0, Fault::Elsewhere(elsewhere.clone()))];
    for strategy in Strategy::ALL {
        let gallery = open(&Options { pictures: 2, faults: faults(), ..small() });
        let folder = tempfile::tempdir().unwrap();
        let task = Task { traced: true, ..task(&gallery, folder.path(), Limits::default()) };
        let spider = quiet(task, &Stop::default());
        strategy.run(&spider).unwrap();
        let requests = figures::trace(strategy, &spider, spider.now()).requests;
        let images: Vec<_> = requests.iter().filter(|request| request.kind == Kind::Image).collect();
        assert_eq!(images.len(), 1 + 2 + 1, "{strategy}");
        let started = images.iter().filter(|request| request.wanted < request.sent).count();
        let expected = if matches!(strategy, Strategy::Process | Strategy::Thread) { 2 } else { 0 };
        assert_eq!(started, expected, "{strategy}");
    }
}

#[test]
fn a_redirect_in_circles_is_left() {
    let itself = open(&small()).pictures()[7].path.clone();
    let gallery = faulty([(7, Fault::Elsewhere(itself))]);
    let run = spider("sequential").args(["--url", &gallery.url()]).run();
    assert_eq!(run.status.code(), Some(1), "{}", run.output);
    assert!(run.output.contains("失败! redirected more than 5 times"), "{}", run.output);
    assert_eq!(gallery.counters().picture_requests, 19 + 6);
}

#[test]
fn a_site_that_falls_silent_is_given_up_in_time() {
    let gallery = faulty([(3, Fault::Stalled)]);
    let folder = tempfile::tempdir().unwrap();
    let run = spider("overlap")
        .args(["--url", &gallery.url(), "--timeout", "0.5", "--out"])
        .arg(folder.path())
        .run();
    assert_eq!(run.status.code(), Some(1), "{}", run.output);
    assert!(run.output.contains("失败! no answer in time"), "{}", run.output);
    assert_eq!(files(folder.path()).len(), 19);
}

#[test]
fn a_child_that_cannot_be_started_or_ends_without_a_word_is_a_failed_image() {
    let gallery = open(&Options { pictures: 6, ..small() });
    for program in ["/nowhere/spider-compare", "false", "true-but-not-here"] {
        for limits in [Limits::default(), politely()] {
            let folder = tempfile::tempdir().unwrap();
            let task = Task { program: PathBuf::from(program), ..task(&gallery, folder.path(), limits) };
            let tally = Aside::begin(|| {
                let spider = quiet(task, &Stop::default());
                Strategy::Process.run(&spider).unwrap();
                spider.tally()
            });
            let tally = tally.soon();
            assert_eq!((tally.images, tally.failed), (6, 6), "{program}");
        }
    }
}
