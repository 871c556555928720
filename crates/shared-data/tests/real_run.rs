//! The real program with processes and with threads, its output tidied.

use course_tests::manners::{
    assert_ends_quietly_when_nobody_reads, assert_prints_the_lines_of, assert_refuses_other_scenarios,
    assert_runs_all_in_order,
};
use course_tests::observed::observed;
use course_tests::{Program, Run, Tidy};

/// What the tutorial shows for processes.
const PROCESS: &str = include_str!("listings/process.txt");

/// What the tutorial shows for threads, with its threads by order of their turn.
const THREAD: &str = include_str!("listings/thread.txt");

fn program() -> Program {
    Program::new(env!("CARGO_BIN_EXE_shared-data"))
}

/// The processes share nothing; main waits for them all before it prints.
fn process_tidy() -> Tidy {
    Tidy::new().line(r"(process_\d) change .*", "$1", "").line(
        r"\d+",
        "main",
        "process_0 process_1 process_2 process_3 process_4",
    )
}

/// The threads share the number, and come to it in any order.
fn thread_tidy() -> Tidy {
    Tidy::new()
        .line(r"(thread_\d) change .*", "$1", "number")
        .line(r"\d+", "main", "number")
        .identity("thread", r"thread_\d")
}

/// What the display shows, and what the autosave has saved, was typed before. Main waits for all three threads.
fn word_processor_tidy() -> Tidy {
    Tidy::new()
        .line("input 输入了 (.*)", "input", "display_of_$1 autosave_of_$1")
        .line("display 展示了 (.*)", "display", "display_of_$1")
        .line("autosave 保存了 (.*)", "autosave", "autosave_of_$1")
        .line("this is main: .*", "main", "input display autosave")
        .any("folder", "main: (.*)/word-processor.txt")
}

#[test]
fn five_processes_each_change_a_number_of_their_own() {
    let run = program().arg("process").run();
    assert_prints_the_lines_of(PROCESS, &run);
    insta::assert_snapshot!("process", process_tidy().run(&run));
}

#[test]
fn five_threads_change_the_same_number_one_after_the_other() {
    let run = program().arg("thread").run();
    assert_one_at_a_time(&run);
    assert_prints_the_lines_of(THREAD, &by_turn(&run));
    insta::assert_snapshot!("thread", thread_tidy().run(&run));
}

#[test]
fn three_threads_work_on_one_document() {
    let run = program().arg("word-processor").run();
    insta::assert_snapshot!("word-processor", word_processor_tidy().run(&run));
}

#[test]
fn guarantees_of_the_processes() {
    insta::assert_snapshot!(
        "guarantees of process",
        observed(&program().arg("process"), &process_tidy(), 50)
    );
}

#[test]
fn without_an_argument_it_runs_all_three_one_after_the_other() {
    let tidies = [process_tidy(), thread_tidy(), word_processor_tidy()];
    let names = ["process", "thread", "word-processor"];
    assert_runs_all_in_order(&program(), &names.into_iter().zip(&tidies).collect::<Vec<_>>());
}

#[test]
fn another_scenario_is_refused_in_one_line() {
    assert_refuses_other_scenarios(&program(), &["process", "thread", "word-processor"]);
}

#[test]
fn it_ends_quietly_when_nobody_reads() {
    for scenario in ["process", "thread", "word-processor"] {
        assert_ends_quietly_when_nobody_reads(&program().arg(scenario));
    }
    assert_ends_quietly_when_nobody_reads(&program());
}

/// No line of another thread stands between the two lines of one.
fn assert_one_at_a_time(run: &Run) {
    let lines: Vec<_> = run.lines().filter(|line| line.contains("change")).collect();
    for pair in lines.chunks(2) {
        let name = |line: &str| line.split(' ').next().map(str::to_owned);
        assert_eq!(name(pair[0]), name(pair[1]), "two threads at a time:\n{}", run.output);
    }
}

/// The run with its threads numbered by their turn, as the tutorial's happen to be.
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
