//! `cargo xtask test`: runs what `cargo test --workspace` runs, several test programs at a time.
//!
//! `cargo test` runs one test program after the other. Those of the lessons sleep most of the time, as the tutorial does.

use std::cmp::Reverse;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};
use std::{env, iter};

use anyhow::Result;
use course_tests::python::{DESCRIPTION_VAR, describe};
use course_tests::run::cargo::PROGRAMS_VAR;
use tempfile::TempDir;

use crate::cargo::cargo;
use crate::concurrent::{Finished, Limits, Program, run_concurrently};
use crate::executables::{Test, build_tests};
use crate::scene::LIBRARIES_VAR;
use crate::status_line::StatusLine;
use crate::supervisor::Supervisor;
use crate::terminal::print;
use launcher::launch::kill_strays;
use process_groups::signals;

/// The time limit for a test program that hangs. The tests in the documentation are compiled in this time, too.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// The environment variable with the folder for temporary files.
const TEMPORARY_VAR: &str = "TMPDIR";

/// Runs all tests. Returns false if one has failed.
///
/// # Errors
/// If a test does not compile, standard output is closed, or the supervisor has stopped.
pub fn run(supervisor: &Supervisor) -> Result<bool> {
    // Tests send them to programs.
    signals::ignore_without_children()?;
    let mut built = build_tests(supervisor)?;
    // Those that run longest are among the largest. One that starts last would run alone at the end.
    built.tests.sort_by_cached_key(|test| Reverse(fs::metadata(&test.path).map_or(0, |file| file.len())));
    let mut known = vec![
        (LIBRARIES_VAR, serde_json::to_string(&built.libraries)?),
        (PROGRAMS_VAR, serde_json::to_string(&built.programs)?),
    ];
    known.extend(describe().ok().map(|python| (DESCRIPTION_VAR, python)));
    // Removed with all that is left in it.
    let in_memory = folder_in_memory().filter(|_| env::var_os(TEMPORARY_VAR).is_none());
    known.extend(in_memory.iter().map(|folder| (TEMPORARY_VAR, folder.path().display().to_string())));
    let program = |test| program(test, &known);
    let programs = iter::once(doctests(&built.tests)).chain(built.tests.iter().map(program)).collect();
    // One more than there are CPUs: one that sleeps needs none.
    let jobs = thread::available_parallelism()?.saturating_add(1);
    let limits = Limits { jobs, timeout: LIMIT };
    let status = StatusLine::new();
    let start = Instant::now();
    let finished =
        run_concurrently(programs, limits, supervisor, &status, |tests| status.suspend(|| report(tests)))?;
    drop(status);
    if let Some(folder) = &in_memory {
        let _ = kill_strays(folder.path());
    }
    let seconds = start.elapsed().as_secs_f64();
    let failed: Vec<_> = finished.iter().filter(|tests| !passed(tests)).map(|tests| &*tests.name).collect();
    let count = finished.len();
    print(&match &failed[..] {
        [] => format!("\nAll {count} test programs passed in {seconds:.1}s\n"),
        _ => format!("\nOf {count} test programs, {} failed: {}\n", failed.len(), failed.join(", ")),
    })?;
    Ok(failed.is_empty())
}

/// Creates a folder in memory, if the system has such a place with enough space, where programs can be run: tests compile
/// some. They also create and delete thousands of files; for minutes after files were deleted, ext4 takes several times as
/// long to create one.
#[cfg(target_os = "linux")]
fn folder_in_memory() -> Option<TempDir> {
    use rustix::fs::{StatVfsMountFlags, statvfs};
    /// The tests need a tenth at once.
    const FREE_BYTES: u64 = 1 << 30;

    let memory = "/dev/shm";
    let system = statvfs(memory).ok()?;
    let has_space = system.f_bavail.saturating_mul(system.f_frsize) >= FREE_BYTES;
    let runs_programs = !system.f_flag.contains(StatVfsMountFlags::NOEXEC);
    if has_space && runs_programs { tempfile::tempdir_in(memory).ok() } else { None }
}

#[cfg(not(target_os = "linux"))]
fn folder_in_memory() -> Option<TempDir> {
    None
}

/// Returns how to run a test program: as cargo does, in the folder of its package, and with what is `known` already.
fn program(test: &Test, known: &[(&str, String)]) -> Program {
    let folder = test.manifest.parent().unwrap_or(Path::new("."));
    let mut command = Command::new(&test.path);
    command.current_dir(folder).env("CARGO_MANIFEST_DIR", folder).envs(known.iter().cloned());
    let package = folder.file_name().unwrap_or_default().to_string_lossy();
    Program::new(format!("{package}: {}", test.target), command)
}

/// Returns how to run the tests in the documentation.
fn doctests(built: &[Test]) -> Program {
    let mut command = cargo();
    command.args(["test", "--quiet", "--doc"]);
    for tested in built.iter().filter(|built| built.has_doctests) {
        command.args(["--package", &tested.package]);
    }
    Program::new("documentation".to_owned(), command)
}

/// Returns whether a test program passed. It may leave processes behind: tests kill programs at once.
fn passed(tests: &Finished) -> bool {
    tests.exit_status == Some(0)
}

/// Prints a line about a test program that passed, and all the output of one that failed.
fn report(tests: &Finished) -> io::Result<()> {
    let (name, seconds) = (&tests.name, tests.took.as_secs_f64());
    if passed(tests) {
        return print(&format!("{name}: {} passed in {seconds:.1}s\n", passed_in(&tests.output)));
    }
    io::stdout().write_all(&tests.output)?;
    print(&format!("{name}: FAILED: {}\n", tests.failures.join(", ")))
}

/// Returns how many tests passed, by the lines `test result: ok. 12 passed; …` of a test program.
fn passed_in(output: &[u8]) -> usize {
    let output = String::from_utf8_lossy(output);
    let results = output.lines().filter_map(|line| line.strip_prefix("test result: ok. "));
    results.filter_map(|result| result.split(' ').next()?.parse::<usize>().ok()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tests_of_all_results_are_counted() {
        let output = b"running 2 tests\ntest a ... ok\n\ntest result: ok. 2 passed; 0 failed; 0 ignored\n\n\
                       running 31 tests\ntest result: ok. 31 passed; 0 failed; 1 ignored\n";
        assert_eq!(passed_in(output), 33);
    }
}
