//! Real runs of the program.

use course_tests::guarantees::observe;
use course_tests::{Program, TraceSpec, assert_guarantees};

use crate::{PROGRAM, STRATEGIES, at_once, open, scenarios};

/// With 10 ms for each request, a listing, its details and its images take at least 0.03 s even if all are concurrent.
const LATENCY: [&str; 2] = ["--latency", "10"];

/// Small pictures, for tests in which their size does not matter.
const SMALL: [&str; 2] = ["--size", "2000"];

fn program(strategy: &str) -> Program {
    Program::new(PROGRAM).arg(strategy).args(SMALL)
}

fn redacted(spec: &TraceSpec) -> TraceSpec {
    spec.clone()
        .duration(r"总耗时 :>>>> (\d+\.\d{3})s", 0.02..=60.0)
        .duration(r"字节 :>>>> (\d+\.\d{3})s", 0.03..=60.0)
        .any("speed", r"s (\d+\.\d)MB/s$")
        .any("figures", r"^(?:sequential|process|thread|pool|overlap) +(.*)$")
}

#[test]
fn each_strategy_reports_each_image_and_how_long_it_took() {
    let runs = at_once(&STRATEGIES, |strategy| program(strategy).args(LATENCY).run());
    for (strategy, run) in STRATEGIES.into_iter().zip(runs) {
        insta::assert_snapshot!(strategy, redacted(scenarios().spec(strategy)).canonical_run(&run));
    }
}

#[test]
fn guarantees_of_each_strategy() {
    for scenario in scenarios().iter() {
        // Three images show what is ordered with what.
        let program = program(scenario.name()).args(["--latency", "0", "--pictures", "3"]);
        let spec = scenario.spec().clone();
        let spec = spec.duration(r":>>>> (\d+\.\d{3})s", 0.0..=60.0).any("speed", r"s (\d+\.\d)MB/s$");
        assert_guarantees!(&format!("{} with 3 pictures", scenario.name()), observe(&program, &spec, 20));
    }
}

#[test]
fn all_strategies_run_by_default_and_are_compared_in_a_table() {
    let run = Program::new(PROGRAM).args(["--pictures", "2"]).args(SMALL).args(LATENCY).run();
    insta::assert_snapshot!("all", redacted(scenarios().spec("overlap")).canonical_run(&run));
}

#[test]
fn the_sequential_strategy_downloads_in_the_order_of_the_listing() {
    let run = program("sequential").args(["--latency", "0"]).run();
    assert_eq!(downloaded(&run.output), listed());
}

/// Returns the titles of the images in an output, in its order.
fn downloaded(output: &str) -> Vec<String> {
    let title = |line: &str| Some(line.strip_prefix("当前下载 ")?.strip_suffix(" 成功!")?.to_owned());
    output.lines().filter_map(title).collect()
}

/// Returns the titles of the gallery's images, in the order of its listing.
fn listed() -> Vec<String> {
    let gallery = open(&gallery::Options::default());
    gallery.first_page().iter().map(|picture| picture.file_name.clone()).collect()
}
