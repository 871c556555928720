use course_tests::observed::observed;
use course_tests::{Program, Tidy};

use crate::actors::scenarios;
use crate::{PROGRAM, STRATEGIES, open};

/// With 10 ms a request, a crawl of one listing and twenty details takes 0.21 s or more, and a slow machine many times
/// as long.
const LATENCY: [&str; 2] = ["--latency", "10"];

fn with_durations(tidy: &Tidy) -> Tidy {
    tidy.clone()
        .duration(r"抓取所有图片连接数据 20 总耗时 :>>>> (\d+\.\d{3})s", 0.21..=60.0)
        .duration(r"下载所有图片总耗时 :>>>> (\d+\.\d{3})s", 0.22..=60.0)
}

#[test]
fn sequential_prints_one_image_after_the_other() {
    let run = Program::new(PROGRAM).arg("sequential").args(LATENCY).run();
    let tidy = with_durations(scenarios().tidy("sequential"));
    insta::assert_snapshot!("sequential", tidy.run(&run));
}

#[test]
fn process_prints_what_its_children_say() {
    let run = Program::new(PROGRAM).arg("process").args(LATENCY).run();
    insta::assert_snapshot!("process", with_durations(scenarios().tidy("process")).run(&run));
}

#[test]
fn thread_prints_what_its_threads_say() {
    let run = Program::new(PROGRAM).arg("thread").args(LATENCY).run();
    insta::assert_snapshot!("thread", with_durations(scenarios().tidy("thread")).run(&run));
}

#[test]
fn guarantees_of_all_three() {
    for (strategy, tidy) in scenarios().in_order() {
        let program = Program::new(PROGRAM).arg(strategy).args(["--latency", "0"]);
        let tidy = tidy.clone().duration(r"总耗时 :>>>> (\d+\.\d{3})s", 0.0..=60.0);
        insta::assert_snapshot!(format!("guarantees of {strategy}"), observed(&program, &tidy, 6));
    }
}

#[test]
fn without_a_strategy_all_three_run_and_their_times_stand_side_by_side() {
    let run = Program::new(PROGRAM).args(LATENCY).run();
    // In the table, a download alone takes as long as one latency.
    let tidy = with_durations(scenarios().tidy("thread")).duration(r"  (\d+\.\d{3})s", 0.01..=60.0);
    insta::assert_snapshot!("all", tidy.run(&run));
}

#[test]
fn sequential_keeps_the_listings_order_within_the_run_of_all_three() {
    let run = Program::new(PROGRAM).args(["--latency", "0"]).run();
    let sequential = run.output.split("当前方式 :>>>> process").next().unwrap();
    let printed: Vec<_> = sequential.lines().filter(|line| line.starts_with("当前下载 ")).collect();
    let gallery = open(&spider_compare::gallery::Options::default());
    let listed: Vec<_> =
        gallery.pictures().iter().map(|picture| format!("当前下载 {} 成功!", picture.title)).collect();
    assert_eq!(printed, listed);
}

#[test]
fn every_strategy_prints_the_same_lines_but_for_their_order_and_times() {
    let lines = STRATEGIES.map(|strategy| {
        let run = Program::new(PROGRAM).arg(strategy).args(["--latency", "0"]).run();
        let mut lines: Vec<_> =
            run.lines().map(|line| line.split(" :>>>> ").next().unwrap_or_default().to_owned()).collect();
        lines.sort();
        lines
    });
    assert_eq!(lines[0].len(), 1 + 20 + 1);
    assert!(lines.iter().all(|other| *other == lines[0]), "{lines:?}");
}
