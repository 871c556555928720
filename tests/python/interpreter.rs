//! The `python3` on this machine.

use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use crate::run::assertions::assert_success;
use crate::run::process_group::Group;
use crate::run::program::Program;

/// Prints where a Python is, its version, and how it can start processes (the default way first).
const DESCRIBE: &str = "\
import multiprocessing, sys
print(sys.executable)
print(*sys.version_info[:3])
print(multiprocessing.get_start_method(), *multiprocessing.get_all_start_methods())
";

/// The time limit for an answer: a `python3` may be a script that waits for something.
const LIMIT: Duration = Duration::from_secs(20);

/// The environment variable with what [`describe`] returns: `cargo xtask test` sets it, so that not every test program
/// asks.
pub const DESCRIPTION_VAR: &str = "PYTHON3_DESCRIPTION";

/// A Python that can run the twins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Python {
    path: PathBuf,
    version: Vec<u32>,
    pub(crate) start_method: String,
    pub(crate) start_methods: Vec<String>,
}

impl Python {
    /// Finds the `python3` on the `PATH`.
    ///
    /// # Errors
    /// If there is none, or it is older than 3.9: "no python3", and why.
    pub fn find() -> Result<Self, String> {
        Self::described(&describe()?)
    }

    fn described(description: &str) -> Result<Self, String> {
        let unexpected = || format!("no python3 with the expected output: {description:?}");
        // Warnings may come before.
        let [.., path, version, methods] = description.lines().collect::<Vec<_>>()[..] else {
            return Err(unexpected());
        };
        let version: Vec<u32> = version.split(' ').flat_map(str::parse).collect();
        if version < vec![3, 9] {
            return Err(format!("no python3 of version 3.9 or later, only {}", dotted(&version)));
        }
        let mut methods = methods.split(' ').map(str::to_owned);
        let start_method = methods.next().ok_or_else(unexpected)?;
        Ok(Self { path: path.into(), version, start_method, start_methods: methods.collect() })
    }

    /// Returns the path of the interpreter.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the version, such as `3.12.1`.
    #[must_use]
    pub fn version(&self) -> String {
        dotted(&self.version)
    }
}

/// Returns how the `python3` on the `PATH` describes itself.
///
/// # Errors
/// If there is none, or it does not work: "no python3", and why.
pub fn describe() -> Result<String, String> {
    let mut python = Command::new("python3");
    python.args(["-I", "-S", "-c", DESCRIBE]).stdin(Stdio::null());
    answer_of(python, LIMIT)
}

fn answer_of(python: Command, limit: Duration) -> Result<String, String> {
    let ended = Group::start(python).and_then(|group| group.finish(limit));
    let ended = ended.map_err(|error| format!("no python3 ({error})"))?;
    if ended.timed_out {
        return Err(format!("no working python3 (no answer after {} s)", limit.as_secs_f64()));
    }
    let output = String::from_utf8_lossy(&ended.output);
    if !ended.status.success() {
        return Err(format!("no working python3 ({}; {})", ended.status, output.trim_end()));
    }
    Ok(output.into_owned())
}

fn dotted(version: &[u32]) -> String {
    version.iter().map(u32::to_string).collect::<Vec<_>>().join(".")
}

/// Returns the Python for the tests, or `None` after printing why there is none.
pub(crate) fn python() -> Option<&'static Python> {
    static FOUND: OnceLock<Option<Python>> = OnceLock::new();
    let described =
        || env::var(DESCRIPTION_VAR).or_else(|_| describe()).and_then(|text| Python::described(&text));
    let found = || usable(described(), env::var_os("REQUIRE_PYTHON3").is_some());
    FOUND.get_or_init(found).as_ref()
}

fn usable(found: Result<Python, String>, required: bool) -> Option<Python> {
    found
        .map_err(|why| {
            assert!(!required, "REQUIRE_PYTHON3 is set, and there is {why}");
            notify(&format!("skipped: {why}"));
        })
        .ok()
}

/// Prints a line that is shown even if the test passes.
pub(crate) fn notify(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Returns what a Python program prints; `None` if there is no Python.
///
/// # Panics
/// Panics if the program fails or leaves a process behind; or if there is no Python, and `REQUIRE_PYTHON3` is set.
#[must_use]
pub fn output_of(program: &str) -> Option<String> {
    let run = Program::new(python()?.path()).args(["-I", "-S", "-c", program]).run();
    assert_success(&run);
    Some(run.output)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(version: &str) -> Result<Python, String> {
        Python::described(&format!("/usr/bin/python3\n{version}\nfork fork spawn\n"))
    }

    #[test]
    fn a_python_of_3_9_or_later_can_be_used() {
        for (printed, version) in [("3 9 0", "3.9.0"), ("3 14 2", "3.14.2"), ("4 0 1", "4.0.1")] {
            let python = described(printed).expect(version);
            assert_eq!(python.path(), Path::new("/usr/bin/python3"));
            assert_eq!(python.version(), version);
            assert_eq!(python.start_method, "fork");
            assert_eq!(python.start_methods, ["fork", "spawn"]);
        }
    }

    #[test]
    fn a_python_before_3_9_is_rejected() {
        for (printed, version) in [("3 8 20", "3.8.20"), ("2 7 18", "2.7.18")] {
            let why = described(printed).expect_err(printed);
            assert_eq!(why, format!("no python3 of version 3.9 or later, only {version}"));
        }
    }

    #[test]
    fn a_python_that_hangs_is_not_waited_for() {
        let mut hangs = Command::new("sleep");
        hangs.arg("60");
        let why = answer_of(hangs, Duration::from_millis(100));
        assert_eq!(why.expect_err("it hangs"), "no working python3 (no answer after 0.1 s)");
    }

    #[test]
    fn without_a_python_the_tests_of_the_twins_are_skipped() {
        assert_eq!(usable(Err("no python3".to_owned()), false), None);
    }

    #[test]
    #[should_panic(expected = "REQUIRE_PYTHON3 is set, and there is no python3")]
    fn a_missing_python_fails_if_it_is_required() {
        usable(Err("no python3".to_owned()), true);
    }
}
