//! Real runs of the program.

#[cfg(target_os = "linux")]
use std::real::{
    fs,
    process::{Command, Stdio},
};

use std::time::Duration;

use crate::scenarios;
use course_tests::Program;
use course_tests::run::cli_contract::{
    assert_ends_quietly_when_stdout_is_closed, assert_rejects_unknown_scenarios,
};
use course_tests::run::interrupted::assert_a_signal_leaves_nothing;

fn program() -> Program {
    Program::new(env!("CARGO_BIN_EXE_thread-attrs"))
}

#[test]
fn a_signal_at_any_moment_leaves_nothing_behind() {
    assert_a_signal_leaves_nothing(&program(), Duration::from_millis(8));
}

#[test]
fn one_process_has_one_pid_and_its_threads_are_counted() {
    insta::assert_snapshot!("attrs", scenarios().spec("").canonical_run(&program().run()));
}

#[test]
fn the_number_that_main_prints_is_that_of_its_process() {
    // The shell becomes the program.
    let script = "echo $$; exec \"$0\"";
    let run = Program::new("/bin/sh").args(["-c", script, env!("CARGO_BIN_EXE_thread-attrs")]).run();
    let mut lines = run.lines();
    let number = lines.next().expect("the shell prints its number");
    assert_eq!(lines.next(), Some(format!("main 的进程号:>>>{number}").as_str()), "{}", run.output);
}

#[test]
fn any_argument_is_rejected_in_one_line() {
    assert_rejects_unknown_scenarios(&program(), &["takes no arguments"]);
}

#[test]
fn it_ends_quietly_when_its_standard_output_is_closed() {
    assert_ends_quietly_when_stdout_is_closed(&program());
}

// Other systems do not show which threads another process has.
#[cfg(target_os = "linux")]
#[test]
fn a_process_that_starts_no_thread_has_one_with_the_process_s_own_number() {
    let mut cat = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("it starts");
    let threads = fs::read_dir(format!("/proc/{}/task", cat.id())).expect("it waits for its input");
    let threads: Vec<_> = threads.map(|thread| thread.expect("an entry").file_name()).collect();
    drop(cat.stdin.take());
    assert!(cat.wait().expect("it ends").success());
    assert_eq!(threads, [cat.id().to_string().as_str()]);
}
