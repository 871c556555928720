//! Compiles programs that are not part of the workspace, and runs them until they end or hang.

use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use std::{fs, io};

use tempfile::TempDir;

use crate::mistakes::outcome::Outcome;
use crate::run::compiler::rustc;
use crate::run::deadlock;
use crate::run::process_group::{Ended, Group};
use crate::run::program::Program;

/// These programs take milliseconds. One that has not ended after this time hangs.
const HANGS_AFTER: Duration = Duration::from_secs(5);

/// The time between two checks for a deadlock.
const CHECK_INTERVAL: Duration = Duration::from_millis(10);

/// A compiled program in a folder that is removed with it.
#[derive(Debug)]
pub struct Compiled {
    path: PathBuf,
    _folder: TempDir,
}

impl Compiled {
    /// Compiles a whole program that needs only `std`.
    ///
    /// # Panics
    /// Panics if it does not compile, or `rustc` cannot be run.
    #[must_use]
    pub fn new(source: &str) -> Self {
        Self::with(&[], source)
    }

    /// Like [`Compiled::new`], but with optimisation.
    ///
    /// # Panics
    /// Panics if [`Compiled::new`] does.
    #[must_use]
    pub fn optimised(source: &str) -> Self {
        Self::with(&["-O"], source)
    }

    fn with(options: &[&str], source: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (file, path) = (folder.path().join("program.rs"), folder.path().join("program"));
        fs::write(&file, source).expect("the folder can be written to");
        let compiled = rustc()
            .arg("-o")
            .args([&path, &file])
            .args(options)
            .output()
            .unwrap_or_else(|error| panic!("cannot run rustc: {error}"));
        assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
        Self { path, _folder: folder }
    }

    /// Returns the program, to be run by a test.
    #[must_use]
    pub fn program(&self) -> Program {
        Program::new(&self.path)
    }
}

/// Asserts that `program` prints exactly this, and then waits forever.
pub fn assert_hangs_after(printed: &str, program: &Program) {
    let group = program.start().unwrap_or_else(|error| panic!("cannot run {program}: {error}"));
    let ended = finish(group).expect("its end can be waited for");
    let output = String::from_utf8_lossy(&ended.output);
    assert_eq!(output, printed, "{program} printed (left) something other than (right)");
    // Only a program that is still running can be killed.
    assert_eq!(ended.status.signal(), Some(9), "{program} does not wait forever: {}", ended.status);
}

/// Runs a program `count` times.
///
/// # Panics
/// Panics if it cannot be run, fails, or leaves a process behind.
#[must_use]
pub fn real_runs(program: &Compiled, count: usize) -> Vec<Outcome> {
    let program = program.program();
    let run = |_| {
        let ended =
            program.start().and_then(finish).unwrap_or_else(|error| panic!("cannot run {program}: {error}"));
        let output = String::from_utf8(ended.output).expect("the output is UTF-8");
        assert!(ended.timed_out || ended.status.success(), "{}; it printed:\n{output}", ended.status);
        assert_eq!(ended.orphans, [""; 0], "it printed:\n{output}");
        Outcome { lines: output.lines().map(str::to_owned).collect(), ended: !ended.timed_out }
    };
    (0..count).map(run).collect()
}

/// Waits until the program has ended or hangs, then kills what is left of it. On Linux it hangs once all its threads wait
/// for each other. On other systems, and where a wait might have a time limit of its own, it hangs if it has not ended
/// after five seconds.
fn finish(group: Group) -> io::Result<Ended> {
    let start = Instant::now();
    let mut before = None;
    while start.elapsed() < HANGS_AFTER {
        if group.leader_ends_within(CHECK_INTERVAL)? {
            return group.finish(HANGS_AFTER);
        }
        let now = deadlock::snapshot(group.id());
        if now.is_some() && now == before {
            break;
        }
        before = now;
    }
    group.finish(Duration::ZERO)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn shell(script: &str) -> Program {
        Program::new("/bin/sh").args(["-c", script])
    }

    #[test]
    fn a_program_that_reads_from_a_pipe_that_is_never_written_hangs() {
        let folder = tempfile::tempdir().expect("a folder");
        let script = r#"mkfifo "$0"; exec 3<> "$0"; echo started; (read line <&3; echo never); echo never"#;
        assert_hangs_after("started\n", &shell(script).arg(folder.path().join("pipe")));
    }

    #[test]
    fn a_program_that_waits_for_a_lock_that_is_never_released_hangs() {
        let source = "fn main() { let lock = std::sync::Mutex::new(()); let _held = lock.lock(); \
            println!(\"locked\"); let _again = lock.lock(); }";
        let program = Compiled::new(source);
        // Where the system shows it, the deadlock is seen.
        if Path::new("/proc/self/syscall").exists() {
            let group = program.program().start().expect("it can be started");
            while deadlock::snapshot(group.id()).is_none() {
                assert!(
                    !group.leader_ends_within(CHECK_INTERVAL).expect("it can be waited for"),
                    "it has ended"
                );
            }
        }
        assert_hangs_after("locked\n", &program.program());
        assert_eq!(real_runs(&program, 1)[0].to_string(), "locked / (waits forever)");
    }

    #[test]
    fn a_program_that_ends_does_so_in_every_run() {
        let runs = real_runs(&Compiled::new("fn main() { println!(\"done\"); }"), 20);
        assert!(runs.iter().all(|outcome| outcome.to_string() == "done"), "{runs:?}");
    }

    #[test]
    #[should_panic(expected = "does not wait forever: exit status: 0")]
    fn a_slow_program_does_not_hang() {
        assert_hangs_after("started\n", &shell("echo started; sleep 0.6"));
    }

    #[test]
    #[should_panic(expected = "printed (left) something other")]
    fn a_program_that_prints_more_is_reported() {
        assert_hangs_after("started\n", &shell("echo started; echo more"));
    }
}
