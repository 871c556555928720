//! Real runs of the program.

use std::time::Duration;

use crate::scenarios;
use course_tests::Program;
use course_tests::run::assertions::assert_prints_lines_of;
use course_tests::run::cli_contract::{
    assert_ends_quietly_when_stdout_is_closed, assert_rejects_unknown_scenarios,
};
use course_tests::run::interrupted::assert_a_signal_leaves_nothing;
#[cfg(target_os = "linux")]
use course_tests::run::paused::run_paused;

/// The tutorial's listing for the thread.
const THREAD: &str = include_str!("../listings/thread.txt");

/// The tutorial's listing for the process.
const PROCESS: &str = include_str!("../listings/process.txt");

fn program() -> Program {
    Program::new(env!("CARGO_BIN_EXE_thread-basics"))
}

#[test]
fn a_signal_at_any_moment_leaves_nothing_behind() {
    assert_a_signal_leaves_nothing(&program(), Duration::from_millis(3100));
}

#[test]
fn a_thread_prints_its_two_lines_in_order_and_main_one_at_any_time() {
    let run = program().arg("thread").run();
    insta::assert_snapshot!("thread", scenarios().spec("thread").canonical_run(&run));
    assert_prints_lines_of(THREAD, &run);
}

#[test]
fn a_process_prints_its_two_lines_in_order_and_main_one_at_any_time() {
    let run = program().arg("process").run();
    insta::assert_snapshot!("process", scenarios().spec("process").canonical_run(&run));
    assert_prints_lines_of(PROCESS, &run);
}

// Other systems do not show which processes a program has.
#[cfg(target_os = "linux")]
#[test]
fn main_prints_while_the_process_runs_and_fails_if_it_fails() {
    let run = run_paused(&program().arg("process"), |program| {
        let [task] = program.children(1)[..] else { panic!("there should be one process") };
        task.stop();
        assert_eq!(program.next_line(), "this is main process!");
        task.kill();
    });
    assert_eq!(run.status.code(), Some(1));
    assert!(run.output.starts_with("error: child process "), "{}", run.output);
    assert!(run.output.ends_with(" failed: signal: 9 (SIGKILL)\n"), "{}", run.output);
}

#[test]
fn an_unknown_scenario_is_rejected_in_one_line() {
    assert_rejects_unknown_scenarios(&program(), &["thread", "process"]);
}

#[test]
fn it_ends_quietly_when_its_standard_output_is_closed() {
    assert_ends_quietly_when_stdout_is_closed(&program().arg("thread"));
    assert_ends_quietly_when_stdout_is_closed(&program().arg("process"));
    assert_ends_quietly_when_stdout_is_closed(&program());
}
