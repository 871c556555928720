//! The real program, its output tidied.

use course_tests::guarantees::observed;
use course_tests::{Program, TraceSpec};

use crate::actors::scenarios;
use crate::{PROGRAM, STRATEGIES, at_once, open};

/// With 10 ms a request, a listing, its details and its images take 0.03 s or more even all at once, and a slow machine
/// many times as long.
const LATENCY: [&str; 2] = ["--latency", "10"];

/// Small pictures, where it does not matter how large they are.
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
fn each_strategy_tells_of_each_image_and_how_long_it_took() {
    let runs = at_once(&STRATEGIES, |strategy| program(strategy).args(LATENCY).run());
    for (strategy, run) in STRATEGIES.into_iter().zip(runs) {
        insta::assert_snapshot!(strategy, redacted(scenarios().spec(strategy)).canonical_run(&run));
    }
}

#[test]
fn guarantees_of_each_strategy() {
    for (strategy, spec) in scenarios().in_order() {
        // Three suffice to see what is ordered with what.
        let program = program(strategy).args(["--latency", "0", "--pictures", "3"]);
        let spec =
            spec.clone().duration(r":>>>> (\d+\.\d{3})s", 0.0..=60.0).any("speed", r"s (\d+\.\d)MB/s$");
        insta::assert_snapshot!(
            format!("guarantees of {strategy} with 3 pictures"),
            observed(&program, &spec, 20)
        );
    }
}

#[test]
fn without_a_strategy_all_run_and_their_figures_stand_side_by_side() {
    let run = Program::new(PROGRAM).args(["--pictures", "2"]).args(SMALL).args(LATENCY).run();
    insta::assert_snapshot!("all", redacted(scenarios().spec("overlap")).canonical_run(&run));
}

#[test]
fn one_after_the_other_means_in_the_listings_order() {
    let run = program("sequential").args(["--latency", "0"]).run();
    assert_eq!(downloaded(&run.output), listed());
}

/// The titles of the images that `output` announces, in its order.
fn downloaded(output: &str) -> Vec<String> {
    let title = |line: &str| Some(line.strip_prefix("当前下载 ")?.strip_suffix(" 成功!")?.to_owned());
    output.lines().filter_map(title).collect()
}

/// The titles of the gallery's images, in the order of its list.
fn listed() -> Vec<String> {
    let gallery = open(&gallery::Options::default());
    gallery.first_page().iter().map(|picture| picture.file_name.clone()).collect()
}
