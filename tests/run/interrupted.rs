//! Programs that a signal ends.

use std::env;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Signal, kill_process, kill_process_group};

use crate::run::process_group::{Group, GroupId};
use crate::run::processes::ProcessStat;
use crate::run::program::Program;

/// A program that takes less may be at its end at any moment: this is longer than its start takes, on a busy machine.
const LONG: Duration = Duration::from_millis(400);

/// How long a program may take to end after a signal.
const LIMIT: Duration = Duration::from_secs(20);

/// The environment variable for how many moments are tried with each signal.
const MOMENTS: &str = "MOMENTS";

/// Runs `program` several times and sends it SIGINT, as Ctrl-C in a terminal does to the whole process group, or SIGTERM or
/// SIGHUP, at moments that are spread over the time that it takes, `took`. Set `MOMENTS=200` to try that many with each
/// signal, instead of two.
///
/// # Panics
/// Panics if it does not end by the signal or with the exit status for it, unless it was about to end, or if it leaves a
/// process running or a file in `TMPDIR`.
pub fn assert_a_signal_leaves_nothing(program: &Program, took: Duration) {
    let count = env::var(MOMENTS).ok().map_or(2, |count| count.parse().expect("MOMENTS is a number"));
    for moment in 0..count {
        thread::scope(|scope| {
            for (index, signal) in (0_u32..).zip([Signal::INT, Signal::TERM, Signal::HUP]) {
                let after = took * (3 * moment + index) / (3 * count);
                let may_succeed = took < LONG || after > took / 2;
                scope.spawn(move || interrupt(program, signal, after, may_succeed));
            }
        });
    }
}

fn interrupt(program: &Program, signal: Signal, after: Duration, may_succeed: bool) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let group = program.clone().temporary_files_in(folder.path()).start().expect("it starts");
    let ended_before = group.leader_ends_within(after).expect("it can be waited for");
    if !ended_before {
        let leader = group.id().leader();
        let sent = if signal == Signal::INT { kill_process_group } else { kill_process }(leader, signal);
        sent.expect("it is not reaped yet");
    }
    let name = format!("{signal:?}").replace("Signal::", "SIG").replace('"', "");
    let after = format!("{:.0} ms", after.as_secs_f64() * 1000.0);
    let what = if ended_before {
        format!("before {name}, due after {after}, could end it")
    } else {
        format!("after {name}, sent after {after}, which should end it")
    };
    assert!(
        group.leader_ends_within(LIMIT).expect("it can be waited for"),
        "{program} still runs {} s {what}",
        LIMIT.as_secs()
    );
    assert!(everything_ends(&group), "{program} ended {what}, and a process that it started still runs");
    let ended = group.finish(LIMIT).expect("it can be waited for");
    let printed = String::from_utf8_lossy(&ended.output);
    let number = signal.as_raw();
    let status = ended.status;
    let by_signal = status.signal() == Some(number) || status.code() == Some(128 + number);
    let described = status.to_string().replacen(": ", " ", 1);
    assert!(
        by_signal || may_succeed && status.success(),
        "{program} ended with {described} {what}\n{printed}"
    );
    let files = fs::read_dir(folder.path()).expect("it can be read");
    let files: Vec<_> = files.map(|file| file.expect("it can be read").file_name()).collect();
    assert!(files.is_empty(), "{program} ended {what}, and has left temporary files: {files:?}");
}

/// Waits until no process of the group is running.
fn everything_ends(group: &Group) -> bool {
    let start = Instant::now();
    while is_running(group.id()) {
        if start.elapsed() > LIMIT {
            return false;
        }
        thread::sleep(Duration::from_millis(5));
    }
    true
}

fn is_running(group: GroupId) -> bool {
    ProcessStat::all().any(|process| process.group == Some(group.leader()) && process.state != 'Z')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(
        expected = "`sh -c exit 0` ended with exit status 0 before SIGTERM, due after 167 ms, could end it"
    )]
    fn a_program_that_ends_before_the_signal_is_named_with_its_status() {
        let program = Program::new("/bin/sh").args(["-c", "exit 0"]);
        interrupt(&program, Signal::TERM, Duration::from_micros(166_667), false);
    }

    #[test]
    #[should_panic(
        expected = "ended with exit status 0 after SIGHUP, sent after 300 ms, which should end it"
    )]
    fn a_program_that_ends_without_an_error_after_the_signal_is_named_with_its_status() {
        let program = Program::new("/bin/sh").args(["-c", "trap 'exit 0' HUP; while :; do sleep 0.05; done"]);
        interrupt(&program, Signal::HUP, Duration::from_millis(300), false);
    }
}
