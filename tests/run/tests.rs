//! What a program gets from [`Program`], and which runs fail.

use std::panic::{self, UnwindSafe};
use std::process::Command;
use std::time::Duration;

use rustix::process::{WaitId, WaitIdOptions, waitid};

use crate::Program;
use crate::run::process_group::Group;

fn shell(script: &str) -> Program {
    Program::new("/bin/sh").args(["-c", script])
}

/// Returns the message with which a run fails.
fn failure(program: &Program) -> String {
    failure_of(|| program.run())
}

fn failure_of<T>(run: impl FnOnce() -> T + UnwindSafe) -> String {
    let panic = panic::catch_unwind(run).err().expect("the run should fail");
    panic.downcast_ref::<String>().expect("a formatted message").clone()
}

#[test]
fn both_streams_are_captured_in_their_real_interleaving() {
    let run = shell("echo one; echo two >&2; echo three; exit 3").run();
    assert_eq!(run.output, "one\ntwo\nthree\n");
    assert_eq!(run.status.code(), Some(3));
}

#[test]
fn each_line_has_the_time_at_which_it_was_printed() {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "echo a; sleep 0.2; echo b; echo c >&2; printf d"]);
    let ended =
        Group::start(command).and_then(|group| group.finish(Duration::from_secs(60))).expect("it runs");
    assert_eq!((ended.output.as_slice(), ended.times.len()), (&b"a\nb\nc\nd"[..], 4));
    assert!(ended.times[1] >= ended.times[0] + Duration::from_millis(100), "{:?}", ended.times);
}

#[test]
fn a_child_that_is_left_running_fails_the_test() {
    let failure = failure(&shell("echo started; sleep 1000 &"));
    assert!(failure.contains("left a process behind: a child process was still running"), "{failure}");
    assert!(failure.contains("started"), "what was printed is shown: {failure}");
}

#[test]
fn a_child_that_is_left_running_without_the_output_fails_the_test_too() {
    let failure = failure(&shell("sleep 1000 > /dev/null 2>&1 &"));
    assert!(failure.contains("a child process was still running"), "{failure}");
}

#[test]
fn children_that_are_left_running_are_reported_once_and_not_as_ended() {
    let failure = failure(&shell("sleep 1000 & sleep 1000 & sleep 1000 &"));
    let reported = "left a process behind: a child process was still running; it had printed";
    assert!(failure.contains(reported), "{failure}");
}

// On other systems init waits for orphans, and a test cannot see them.
#[cfg(target_os = "linux")]
#[test]
fn a_child_that_has_ended_but_was_not_waited_for_fails_the_test() {
    let folder = tempfile::tempdir().expect("a folder");
    // The shell becomes `cat`, which knows nothing of the child, and ends when the child has closed the pipe by ending.
    let script = "mkfifo \"$0\"; true > \"$0\" & exec cat \"$0\"";
    let failure = failure(&shell(script).arg(folder.path().join("pipe")));
    assert!(failure.contains("left a process behind"), "{failure}");
}

#[test]
fn a_program_that_hangs_is_killed_and_what_it_printed_is_shown() {
    let hangs = shell("echo started; sleep 1000; echo never").limit(Duration::from_millis(300));
    let failure = failure(&hangs);
    assert!(failure.contains("had not ended after 300ms; it had printed:\nstarted\n"), "{failure}");
}

#[test]
fn a_program_that_has_ended_is_not_reported_as_timed_out() {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "exit 3"]);
    let group = Group::start(command).expect("it starts");
    // It is not reaped.
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    waitid(WaitId::Pid(group.id().leader()), options).expect("it ends");
    let ended = group.finish(Duration::ZERO).expect("it can be waited for");
    assert_eq!((ended.timed_out, ended.status.code()), (false, Some(3)));
}

#[test]
fn a_run_that_fails_under_load_fails_with_its_own_message() {
    let failure = failure_of(|| shell(r"printf '\377'").run_under_load(3));
    assert!(failure.contains("printed something that is not UTF-8"), "{failure}");
}

#[test]
fn a_program_that_cannot_be_started_is_named() {
    let failure = failure(&Program::new("/no/such/program"));
    assert!(failure.contains("cannot run `program`: No such file or directory"), "{failure}");
}

#[test]
fn output_that_is_not_utf_8_fails_the_test() {
    let failure = failure(&shell(r"printf 'a\377\n'"));
    assert!(failure.contains("printed something that is not UTF-8:\na\u{fffd}\n"), "{failure}");
}

#[test]
fn the_environment_is_cleaned() {
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
fn without_a_reader_only_standard_error_is_captured() {
    let run = shell("trap '' PIPE; echo not this; echo but this >&2").without_reader().run();
    assert!(run.output.ends_with("but this\n"), "{}", run.output);
    assert!(!run.output.contains("not this"), "{}", run.output);
}
