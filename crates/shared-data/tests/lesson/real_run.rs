//! Real runs of the program, with processes and with threads.

use std::time::Duration;

use crate::scenarios;
use course_tests::run::assertions::assert_prints_lines_of;
use course_tests::run::cli_contract::{
    assert_ends_quietly_when_stdout_is_closed, assert_rejects_unknown_scenarios, assert_runs_all_in_order,
};
use course_tests::run::interrupted::assert_a_signal_leaves_nothing;
use course_tests::{Program, Run};
#[cfg(target_os = "linux")]
use course_tests::{
    run::assertions::assert_success,
    run::paused::{Process, run_paused},
};

/// The tutorial's listing for processes.
const PROCESS: &str = include_str!("../listings/process.txt");

/// The tutorial's listing for threads, which are numbered by turn.
const THREAD: &str = include_str!("../listings/thread.txt");

fn program() -> Program {
    Program::new(env!("CARGO_BIN_EXE_shared-data"))
}

#[test]
fn a_signal_at_any_moment_leaves_nothing_behind() {
    assert_a_signal_leaves_nothing(&program(), Duration::from_millis(450));
}

#[test]
fn five_processes_each_change_a_number_of_their_own() {
    let run = program().arg("process").run();
    insta::assert_snapshot!("process", scenarios().spec("process").canonical_run(&run));
    assert_prints_lines_of(PROCESS, &run);
}

// Other systems do not show which processes a program has.
#[cfg(target_os = "linux")]
#[test]
fn all_five_processes_are_started_before_main_waits_for_one() {
    let run = run_paused(&program().arg("process"), |program| {
        // None of them can end: each has a line to print, and its standard output is full.
        let _all_at_a_time = program.children(5);
    });
    assert_success(&run);
    assert_prints_lines_of(PROCESS, &run);
}

#[cfg(target_os = "linux")]
#[test]
fn when_one_process_fails_main_fails_too_and_leaves_none_of_the_others_behind() {
    let run = run_paused(&program().arg("process"), |program| {
        let first = |process: &&Process| process.has_argument("process_0");
        program.children(5).iter().find(first).expect("each has its name as an argument").kill();
    });
    assert_eq!(run.status.code(), Some(1));
    assert!(run.output.contains(" failed: signal: 9"), "{}", run.output);
}

#[test]
fn five_threads_change_the_same_number_one_after_the_other() {
    let run = program().arg("thread").run();
    assert_one_at_a_time(&run);
    insta::assert_snapshot!("thread", scenarios().spec("thread").canonical_run(&run));
    assert_prints_lines_of(THREAD, &by_turn(&run));
}

#[test]
fn three_threads_work_on_one_document() {
    let run = program().arg("word-processor").run();
    insta::assert_snapshot!("word-processor", scenarios().spec("word-processor").canonical_run(&run));
}

#[test]
fn without_an_argument_it_runs_all_three_one_after_the_other() {
    assert_runs_all_in_order(&program(), &scenarios());
}

#[test]
fn an_unknown_scenario_is_rejected_in_one_line() {
    assert_rejects_unknown_scenarios(&program(), &["process", "thread", "word-processor"]);
}

#[test]
fn it_ends_quietly_when_its_standard_output_is_closed() {
    for scenario in ["process", "thread", "word-processor"] {
        assert_ends_quietly_when_stdout_is_closed(&program().arg(scenario));
    }
    assert_ends_quietly_when_stdout_is_closed(&program());
}

/// Asserts that no line of another thread comes between the two lines of one.
fn assert_one_at_a_time(run: &Run) {
    let lines: Vec<_> = run.lines().filter(|line| line.contains("change")).collect();
    for pair in lines.chunks(2) {
        let name = |line: &str| line.split(' ').next().map(str::to_owned);
        assert_eq!(name(pair[0]), name(pair[1]), "two threads at the same time:\n{}", run.output);
    }
}

/// Returns the run with its threads numbered by turn, as they happen to be in the tutorial.
fn by_turn(run: &Run) -> Run {
    let mut turns: Vec<&str> = Vec::new();
    let lines = run.lines().map(|line| match line.split_once(' ') {
        Some((name, rest)) => {
            let turn = turns.iter().position(|turn| *turn == name).unwrap_or_else(|| {
                turns.push(name);
                turns.len() - 1
            });
            format!("thread_{turn} {rest}\n")
        }
        None => format!("{line}\n"),
    });
    let output = lines.collect();
    assert_eq!(turns.len(), 5, "five threads, each once:\n{}", run.output);
    Run { output, status: run.status }
}
