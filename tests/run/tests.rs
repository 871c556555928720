//! The harness that runs the programs: what it gives them, and what it does not let pass.

use std::panic;
use std::time::Duration;

use crate::Program;

fn shell(script: &str) -> Program {
    Program::new("/bin/sh").args(["-c", script])
}

/// Why a run fails.
fn failure(program: &Program) -> String {
    let panic = panic::catch_unwind(|| program.run()).expect_err("the run should fail");
    panic.downcast_ref::<String>().expect("a formatted message").clone()
}

#[test]
fn both_streams_come_in_their_real_interleaving() {
    let run = shell("echo one; echo two >&2; echo three; exit 3").run();
    assert_eq!(run.output, "one\ntwo\nthree\n");
    assert_eq!(run.status.code(), Some(3));
}

#[test]
fn a_child_that_is_left_running_fails_the_test() {
    let failure = failure(&shell("echo started; sleep 1000 &"));
    assert!(failure.contains("left a process behind: a child process was still running"), "{failure}");
    assert!(failure.contains("started"), "what was printed is shown: {failure}");
}

#[test]
fn a_child_that_is_left_running_elsewhere_fails_the_test_too() {
    let failure = failure(&shell("sleep 1000 > /dev/null 2>&1 &"));
    assert!(failure.contains("a child process was still running"), "{failure}");
}

// Elsewhere the system's first process waits for what a lesson leaves, and nobody can tell.
#[cfg(target_os = "linux")]
#[test]
fn a_child_that_nobody_waits_for_fails_the_test_though_it_has_ended() {
    let folder = tempfile::tempdir().expect("a folder");
    // The shell becomes `cat`, which knows nothing of the child, and ends when the child's end has closed the pipe.
    let script = "mkfifo \"$0\"; true > \"$0\" & exec cat \"$0\"";
    let failure = failure(&shell(script).arg(folder.path().join("pipe")));
    assert!(failure.contains("left a process behind"), "{failure}");
}

#[test]
fn a_program_that_hangs_is_ended_and_what_it_printed_is_shown() {
    let hangs = shell("echo started; sleep 1000; echo never").limit(Duration::from_millis(300));
    let failure = failure(&hangs);
    assert!(failure.contains("had not ended after 300ms; it had printed:\nstarted\n"), "{failure}");
}

#[test]
fn a_program_that_cannot_be_started_is_told() {
    let failure = failure(&Program::new("/no/such/program"));
    assert!(failure.contains("`program` cannot be run: No such file or directory"), "{failure}");
}

#[test]
fn the_environment_is_clean() {
    let run = shell("env").run();
    let known = ["PATH", "TMPDIR", "PWD", "OLDPWD", "SHLVL", "_"];
    for line in run.lines() {
        let name = line.split('=').next().unwrap_or(line);
        assert!(known.contains(&name), "{line}");
    }
}

#[test]
fn standard_input_is_empty_or_what_is_typed() {
    assert_eq!(shell("cat").run().output, "");
    assert_eq!(shell("cat").type_in("typed").run().output, "typed");
}

#[test]
fn without_a_reader_only_standard_error_is_seen() {
    let run = shell("trap '' PIPE; echo nobody reads this; echo but this >&2").without_reader().run();
    assert!(run.output.ends_with("but this\n"), "{}", run.output);
    assert!(!run.output.contains("nobody reads this"), "{}", run.output);
}
