//! Faults of the site: the rest is downloaded, and each fault is reported.

use std::io::{self, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use clap::ValueEnum;
use course_tests::Program;
use gallery::{Fault, Gallery, Options, Resource};
use spider_compare::cancel::CancelToken;
use spider_compare::spider::Config;
use spider_compare::strategies;
use spider_compare::strategy::Strategy;
use spider_compare::trace::Kind;

use crate::{
    Background, PROGRAM, STRATEGIES, assert_same_files, at_once, config, files, limits, open, pictures,
    politely, quiet, small, spider,
};
use crate::{raw_site, scenarios};

/// A gallery with these faults.
fn faulty(faults: impl IntoIterator<Item = (usize, Fault)>) -> Gallery {
    open(&Options { faults: faults.into_iter().collect(), ..small() })
}

fn source(address: &str) -> Fault {
    Fault::Source(address.to_owned())
}

/// This many responses with an error and a `Retry-After` of 0 seconds.
fn unavailable(times: usize, status: u16, at: Resource) -> Fault {
    Fault::Unavailable { times, status, retry_after: Some("0".to_owned()), at }
}

/// All faults of a single picture. Seven of twenty pictures are left.
fn all_faults() -> [(usize, Fault); 13] {
    [
        (0, Fault::NotFound),
        (1, Fault::DetailMissing),
        (2, Fault::HtmlInstead),
        (3, Fault::DetailWithoutPicture),
        (4, Fault::WrongContentType),
        (5, Fault::RedirectLoop),
        (6, Fault::Truncated),
        (8, Fault::Endless),
        (10, Fault::Redirect("http://localhost:9/a.jpg".to_owned())),
        (12, source("..%2F..%2Fetc%2Fpasswd")),
        (14, source("//evil.example/z.jpg")),
        (16, source("file:///etc/passwd")),
        (19, source("javascript:alert(1)")),
    ]
}

#[test]
fn each_fault_is_reported_and_the_rest_is_downloaded() {
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
        for (index, _) in all_faults() {
            expected.remove(&gallery.first_page()[index].file_name);
        }
        assert_same_files(&files(folder.path()), &expected);
        spec.canonical_run(&run)
    };
    for output in at_once(&STRATEGIES, check) {
        insta::assert_snapshot!("faults", output);
    }
}

#[test]
fn a_request_with_a_transient_error_is_retried() {
    let faults = || {
        [
            (0, unavailable(1, 503, Resource::Listing)),
            (1, unavailable(2, 500, Resource::Detail)),
            (2, unavailable(2, 429, Resource::Picture)),
            (3, unavailable(1, 408, Resource::Picture)),
            (4, Fault::ConnectionClosed { times: 1, at: Resource::Picture }),
            (5, Fault::ConnectionClosed { times: 1, at: Resource::Detail }),
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
fn a_request_fails_after_the_given_number_of_retries() {
    for (retries, requests) in [("0", 1), ("1", 2), ("3", 4)] {
        let gallery = faulty([(2, unavailable(100, 503, Resource::Picture))]);
        let run = spider("thread").args(["--url", &gallery.url(), "--retries", retries]).run();
        assert_eq!(run.status.code(), Some(1), "{}", run.output);
        assert!(run.output.contains("失败! 503 Service Unavailable"), "{}", run.output);
        assert_eq!(gallery.counters().picture_requests, 19 + requests);
    }
}

#[test]
fn a_client_error_is_not_retried() {
    let gallery = faulty([
        (2, unavailable(100, 403, Resource::Picture)),
        (3, unavailable(100, 404, Resource::Picture)),
    ]);
    let run = spider("sequential").args(["--url", &gallery.url()]).run();
    assert_eq!(run.status.code(), Some(1), "{}", run.output);
    assert_eq!(gallery.counters().picture_requests, 20);
}

#[test]
fn consecutive_rejections_end_the_requests() {
    for status in [401, 403, 429, 503] {
        let gallery = faulty((3..20).map(|index| (index, unavailable(100, status, Resource::Picture))));
        let run = spider("sequential").args(["--url", &gallery.url(), "--retries", "0"]).run();
        assert_eq!(run.status.code(), Some(1), "{}", run.output);
        assert!(run.output.contains("the site rejected 5 consecutive requests"), "{}", run.output);
        assert_eq!(gallery.counters().picture_requests, 3 + 5, "{status}");
    }
}

#[test]
fn rejections_before_a_success_and_other_errors_do_not_count() {
    // Four of five pictures are rejected, or all are missing.
    let rejected = (0..20).filter(|index| index % 5 != 4);
    let rejected = faulty(rejected.map(|index| (index, unavailable(100, 403, Resource::Picture))));
    let missing = faulty((0..20).map(|index| (index, Fault::NotFound)));
    for (gallery, saved) in [(rejected, 4), (missing, 0)] {
        let folder = tempfile::tempdir().unwrap();
        let run = spider("sequential").args(["--url", &gallery.url(), "--out"]).arg(folder.path()).run();
        assert_eq!(files(folder.path()).len(), saved, "{}", run.output);
        assert_eq!(gallery.counters().picture_requests, 20);
    }
}

/// Returns how many pictures the children request from an external site with these faults.
fn requested_by_children(faults: Vec<(usize, Fault)>) -> usize {
    let gallery = open(&Options { faults, ..small() });
    let folder = tempfile::tempdir().unwrap();
    let spider = quiet(config(&gallery, folder.path(), politely()), &CancelToken::default());
    strategies::run(Strategy::Process, &spider).unwrap();
    assert_eq!(spider.tally().failed, 20);
    gallery.counters().picture_requests
}

#[test]
fn consecutive_rejections_of_children_end_the_requests_to_an_external_site() {
    let requested = requested_by_children(
        (0..20).map(|index| (index, unavailable(100, 403, Resource::Picture))).collect(),
    );
    // After five, no more; up to three other children may have been running.
    assert!((5..=8).contains(&requested), "{requested} pictures were requested");
}

#[test]
fn a_404_of_a_child_does_not_reset_the_count_of_rejections() {
    let rejected = |index| (index, unavailable(100, 403, Resource::Picture));
    let missing = |index| (index, Fault::NotFound);
    let requested = requested_by_children(
        (0..20).map(|index| if index % 3 == 2 { missing(index) } else { rejected(index) }).collect(),
    );
    // Of twelve, four are missing, and three may be running when the fifth is rejected.
    assert!((7..=12).contains(&requested), "{requested} pictures were requested");
}

#[test]
fn threads_that_wait_for_a_slot_send_no_request_after_consecutive_rejections() {
    let faults = (0..20).map(|index| (index, unavailable(100, 403, Resource::Picture))).collect();
    // Slow enough that all threads wait before five requests are rejected.
    let gallery = open(&Options { faults, latency: Duration::from_millis(10), ..small() });
    let folder = tempfile::tempdir().unwrap();
    let spider = quiet(config(&gallery, folder.path(), politely()), &CancelToken::default());
    strategies::run(Strategy::Thread, &spider).unwrap();
    assert_eq!(spider.tally().failed, 20);
    // After five, no more; up to three other threads may have had a slot.
    let requested = gallery.counters().picture_requests;
    assert!((5..=8).contains(&requested), "{requested} pictures were requested");
}

#[test]
fn each_request_has_a_user_agent() {
    let gallery = open(&Options { require_user_agent: true, ..small() });
    for strategy in STRATEGIES {
        let run = spider(strategy).args(["--url", &gallery.url()]).run();
        assert!(run.status.success(), "{}", run.output);
    }
}

#[test]
fn an_external_site_gets_four_requests_at_a_time_after_the_one_for_robots_txt() {
    let robots = Some("User-agent: *\nDisallow: /private/\n".to_owned());
    let check = |strategy: &str| {
        // The first picture needs four requests in flight; and each takes long enough that a fifth would be counted.
        let latency = Duration::from_millis(200);
        let gallery =
            open(&Options { robots: robots.clone(), min_concurrent: 4, pictures: 6, latency, ..small() });
        let run = spider(strategy).args(["--url", &gallery.url(), "--polite"]).run();
        assert!(run.status.success(), "{}", run.output);
        let counters = gallery.counters();
        assert_eq!((counters.requests, counters.peak), (1 + 1 + 6 + 6, 4), "{strategy}");
    };
    at_once(&["process", "thread", "pool", "overlap"], check);
}

#[test]
fn a_site_on_another_machine_is_external_without_an_option() {
    // A proxy stands for the other machine.
    let robots = Some("User-agent: *\nDisallow: /uploads/\n".to_owned());
    let gallery = open(&Options { robots, pictures: 2, ..small() });
    let local = gallery.url();
    let url = local.replace("127.0.0.1", "pictures.example");
    let address = local.trim_start_matches("http://").split('/').next().unwrap().to_owned();
    let proxy = raw_site::start(move |head, mut client| {
        assert!(head.starts_with("CONNECT pictures.example:"), "{head}");
        let mut server = TcpStream::connect(&address).unwrap();
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        thread::spawn(move || drop(io::copy(&mut from, &mut to)));
        let _ = io::copy(&mut server, &mut client);
    });
    let proxy = format!("http_proxy={proxy}");
    let run = Program::new("env").args([&proxy, PROGRAM, "overlap", "--url", &url]).run();
    assert_eq!(run.status.code(), Some(1));
    assert_eq!(run.lines().filter(|line| line.contains("robots.txt disallows")).count(), 2, "{}", run.output);
    assert_eq!((gallery.counters().requests, gallery.counters().picture_requests), (1 + 1 + 2, 0));
}

#[test]
fn a_long_robots_txt_holds_in_every_strategy() {
    let robots = format!("User-agent: *\nDisallow: /private/\n{}", "Disallow: /x\n".repeat(15_000));
    for &strategy in Strategy::value_variants() {
        let faults = vec![(0, Fault::Redirect("/private/a.jpg".to_owned()))];
        let gallery = open(&Options { robots: Some(robots.clone()), faults, pictures: 2, ..small() });
        let folder = tempfile::tempdir().unwrap();
        let spider = quiet(config(&gallery, folder.path(), politely()), &CancelToken::default());
        strategies::run(strategy, &spider).unwrap();
        assert_eq!((spider.tally().downloaded, spider.tally().failed), (1, 1), "{strategy}");
        assert_eq!(gallery.counters().picture_requests, 2, "{strategy}");
    }
}

#[test]
fn a_long_robots_txt_takes_little_memory() {
    let asterisks = "*".repeat(460_000);
    let rules = ["Disallow: /*a*b*c\n", "Allow:*\n", "Disallow: /x\n", "User-agent: *\n", &asterisks];
    at_once(&rules, |rule| {
        let text = format!("User-agent: *\nDisallow: /x{}\n", rule.repeat(460_000 / rule.len()));
        let gallery = open(&Options { robots: Some(text), pictures: 1, ..small() });
        let run = spider("sequential").args(["--url", &gallery.url(), "--polite", "--json"]).run();
        assert!(run.status.success(), "{}", run.output);
        let stats: serde_json::Value = serde_json::from_str(&run.output).unwrap();
        let memory = stats["runs"][0]["peak_memory_bytes"].as_u64();
        assert!(memory.is_none_or(|memory| memory < 50 << 20), "{rule:.10}: {memory:?} bytes");
    });
}

#[test]
fn process_has_up_to_32_children_at_the_same_time() {
    // The first picture needs 32 requests in flight; and each takes long enough that another would be counted.
    let latency = Duration::from_millis(10);
    let gallery = open(&Options { min_concurrent: 32, pictures: 40, latency, ..small() });
    let folder = tempfile::tempdir().unwrap();
    let config = Config { pages: 2, ..config(&gallery, folder.path(), limits()) };
    let spider = quiet(config, &CancelToken::default());
    strategies::run(Strategy::Process, &spider).unwrap();
    assert_eq!((spider.tally().downloaded, gallery.counters().peak), (40, 32));
}

#[test]
fn addresses_that_robots_txt_disallows_are_not_requested() {
    let robots = |text: &str| Options { robots: Some(text.to_owned()), pictures: 3, ..small() };
    let gallery = open(&robots("User-agent: *\nDisallow: /4kdongman/\n"));
    let run = spider("thread").args(["--url", &gallery.url(), "--polite"]).run();
    assert_eq!(run.status.code(), Some(1));
    assert!(run.output.contains("robots.txt disallows"), "{}", run.output);
    assert_eq!(gallery.counters().requests, 1);
    let gallery = open(&robots("User-agent: spider-compare\nDisallow: /uploads/\n"));
    let run = spider("thread").args(["--url", &gallery.url(), "--polite"]).run();
    assert_eq!(run.status.code(), Some(1));
    assert_eq!(run.lines().filter(|line| line.contains("robots.txt disallows")).count(), 3, "{}", run.output);
    assert_eq!(gallery.counters().picture_requests, 0);
}

#[test]
fn a_child_does_not_follow_a_redirect_that_robots_txt_disallows() {
    for strategy in [Strategy::Process, Strategy::Thread] {
        let elsewhere = vec![(0, Fault::Redirect("/private/a.jpg".to_owned()))];
        let robots = Some("User-agent: *\nDisallow: /private/\n".to_owned());
        let gallery = open(&Options { robots, pictures: 1, faults: elsewhere, ..small() });
        let folder = tempfile::tempdir().unwrap();
        let spider = quiet(config(&gallery, folder.path(), politely()), &CancelToken::default());
        strategies::run(strategy, &spider).unwrap();
        assert_eq!(spider.tally().failed, 1, "{strategy}");
        assert_eq!(gallery.counters().requests, 1 + 1 + 1 + 1, "{strategy}");
    }
}

#[test]
fn a_next_page_that_robots_txt_disallows_counts_as_failed_if_it_is_wanted() {
    for &strategy in Strategy::value_variants() {
        let robots = Some("User-agent: *\nDisallow: /4kdongman/index_2.html\n".to_owned());
        let gallery = open(&Options { robots, pictures: 21, ..small() });
        for (pages, failed) in [(1, 0), (2, 1)] {
            let folder = tempfile::tempdir().unwrap();
            let config = Config { pages, ..config(&gallery, folder.path(), politely()) };
            let spider = quiet(config, &CancelToken::default());
            strategies::run(strategy, &spider).unwrap();
            let tally = spider.tally();
            assert_eq!((tally.downloaded, tally.failed), (20, failed), "{strategy}, {pages} pages");
        }
    }
}

#[test]
fn an_image_that_two_pages_show_is_downloaded_once() {
    let shown_twice = open(&small()).first_page()[3].path.clone();
    for strategy in STRATEGIES {
        let gallery = faulty([(7, source(&shown_twice))]);
        let run = spider(strategy).args(["--url", &gallery.url()]).run();
        assert!(
            run.status.success() && run.output.contains("抓取所有图片连接数据 19 总耗时"),
            "{}",
            run.output
        );
        assert!(run.output.contains("跳过! another page shows the same picture"), "{}", run.output);
        assert_eq!(gallery.counters().picture_requests, 19);
    }
}

#[test]
fn a_fragment_does_not_make_another_address() {
    let shown = open(&small()).first_page()[3].path.clone();
    for strategy in STRATEGIES {
        let gallery = faulty([(3, source(&format!("{shown}#top"))), (7, source(&format!("{shown}#end")))]);
        let run = spider(strategy).args(["--url", &gallery.url()]).run();
        assert!(
            run.status.success() && run.output.contains("抓取所有图片连接数据 19 总耗时"),
            "{}",
            run.output
        );
        assert_eq!(gallery.counters().requests, 1 + 20 + 19, "{strategy}");
    }
}

#[test]
fn a_picture_that_is_listed_twice_is_requested_once() {
    for strategy in STRATEGIES {
        let gallery = faulty([(7, Fault::ListedTwice)]);
        let run = spider(strategy).args(["--url", &gallery.url()]).run();
        assert!(run.status.success(), "{}", run.output);
        assert_eq!(gallery.counters().requests, 1 + 20 + 20, "{strategy}");
    }
}

#[test]
fn two_images_with_the_same_name_get_different_file_names() {
    for strategy in STRATEGIES {
        let gallery = open(&Options { pictures: 2, ..small() });
        let same_name = format!("/other/{}", gallery.first_page()[0].file_name);
        let gallery = open(&Options {
            pictures: 2,
            faults: vec![(1, source(&same_name)), (0, Fault::NotFound)],
            ..small()
        });
        let run = spider(strategy).args(["--url", &gallery.url()]).run();
        // Neither can be downloaded; this is about their names.
        let title = &gallery.first_page()[0].file_name;
        let other = title.replace(".jpg", "-");
        assert!(run.output.contains(&format!("当前下载 {title} 失败!")), "{}", run.output);
        assert!(run.output.contains(&format!("当前下载 {other}")), "{}", run.output);
    }
}

#[test]
fn a_redirect_within_the_site_is_followed() {
    let elsewhere = open(&small()).first_page()[3].path.clone();
    let gallery = faulty([(7, Fault::Redirect(elsewhere))]);
    let folder = tempfile::tempdir().unwrap();
    let run = spider("thread").args(["--url", &gallery.url(), "--out"]).arg(folder.path()).run();
    assert!(run.status.success(), "{}", run.output);
    let files = files(folder.path());
    assert!(files[&gallery.first_page()[7].file_name] == gallery.first_page()[3].bytes());
}

#[test]
fn the_first_request_of_a_process_or_thread_is_queued_and_retries_and_redirects_are_not() {
    let elsewhere = open(&small()).first_page()[1].path.clone();
    let faults =
        || vec![(0, unavailable(1, 503, Resource::Picture)), (0, Fault::Redirect(elsewhere.clone()))];
    for &strategy in Strategy::value_variants() {
        let gallery = open(&Options { pictures: 2, faults: faults(), ..small() });
        let folder = tempfile::tempdir().unwrap();
        let config = Config { keeps_requests: true, ..config(&gallery, folder.path(), limits()) };
        let spider = quiet(config, &CancelToken::default());
        strategies::run(strategy, &spider).unwrap();
        let requests = spider.site.recorder.take();
        let images: Vec<_> = requests.iter().filter(|request| request.kind == Kind::Image).collect();
        assert_eq!(images.len(), 1 + 2 + 1, "{strategy}");
        let queued = images.iter().filter(|request| request.queued < request.sent).count();
        let expected = if matches!(strategy, Strategy::Process | Strategy::Thread) { 2 } else { 0 };
        assert_eq!(queued, expected, "{strategy}");
    }
}

#[test]
fn a_redirect_loop_is_an_error() {
    let itself = open(&small()).first_page()[7].path.clone();
    let gallery = faulty([(7, Fault::Redirect(itself))]);
    let run = spider("sequential").args(["--url", &gallery.url()]).run();
    assert_eq!(run.status.code(), Some(1), "{}", run.output);
    assert!(run.output.contains("失败! redirected more than 5 times"), "{}", run.output);
    assert_eq!(gallery.counters().picture_requests, 19 + 6);
}

#[test]
fn a_site_that_stalls_is_an_error_after_the_time_limit() {
    let gallery = faulty([(3, Fault::Stalled)]);
    let folder = tempfile::tempdir().unwrap();
    let run = spider("overlap")
        .args(["--url", &gallery.url(), "--timeout", "0.5", "--out"])
        .arg(folder.path())
        .run();
    assert_eq!(run.status.code(), Some(1), "{}", run.output);
    assert!(run.output.contains("失败! timed out"), "{}", run.output);
    assert_eq!(files(folder.path()).len(), 19);
}

#[test]
fn a_child_that_cannot_be_started_or_ends_without_a_report_is_a_failed_image() {
    let gallery = open(&Options { pictures: 6, ..small() });
    for program in ["/nowhere/spider-compare", "false", "true-but-not-here"] {
        for limits in [limits(), politely()] {
            let folder = tempfile::tempdir().unwrap();
            let config =
                Config { program: PathBuf::from(program), ..config(&gallery, folder.path(), limits) };
            let tally = Background::start(|| {
                let spider = quiet(config, &CancelToken::default());
                strategies::run(Strategy::Process, &spider).unwrap();
                spider.tally()
            });
            let tally = tally.join_soon();
            assert_eq!((tally.images, tally.failed), (6, 6), "{program}");
        }
    }
}
