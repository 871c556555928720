use course_tests::observed::observed;
use course_tests::{Program, Tidy};

use crate::actors::scenarios;
use crate::{PROGRAM, open};

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
fn guarantees_of_each_strategy() {
    for (strategy, tidy) in scenarios().in_order() {
        let program = Program::new(PROGRAM).arg(strategy).args(["--latency", "0"]);
        let tidy = tidy.clone().duration(r"总耗时 :>>>> (\d+\.\d{3})s", 0.0..=60.0);
        insta::assert_snapshot!(format!("guarantees of {strategy}"), observed(&program, &tidy, 6));
    }
}

#[test]
fn without_a_strategy_all_three_run_and_their_times_stand_side_by_side() {
    let run = Program::new(PROGRAM).args(LATENCY).run();
    let sequential = run.output.split("当前方式 :>>>> process").next().unwrap_or_default();
    assert_eq!(downloaded(sequential), listed(), "the listing's order");
    // In the table, a download alone takes as long as one latency.
    let tidy = with_durations(scenarios().tidy("thread")).duration(r"  (\d+\.\d{3})s", 0.01..=60.0);
    insta::assert_snapshot!("all", tidy.run(&run));
}

/// The titles of the images that `output` announces, in its order.
fn downloaded(output: &str) -> Vec<String> {
    let title = |line: &str| Some(line.strip_prefix("当前下载 ")?.strip_suffix(" 成功!")?.to_owned());
    output.lines().filter_map(title).collect()
}

/// The titles of the gallery's images, in the order of its list.
fn listed() -> Vec<String> {
    let gallery = open(&spider_compare::gallery::Options::default());
    gallery.pictures().iter().map(|picture| picture.title.clone()).collect()
}
