//! Runs the twin of a lesson in Python, where there is a Python.
//!
//! Without one the tests of the twins pass, and say that they were skipped; with `REQUIRE_PYTHON3` set they fail. With
//! `TWIN_RUNS=200` set, each twin and each lesson is run 200 times, and it is told how many outputs each has shown:
//!
//! ```text
//! TWIN_RUNS=200 cargo test --workspace python_twin::
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::{env, fs};

use crate::run::cli_contract::{
    assert_ends_quietly_when_stdout_is_closed, assert_rejects_unknown_scenarios, assert_success,
};
use crate::run::program::{Program, Run};
use crate::trace::spec::TraceSpec;

/// How often a twin is run by a test, unless `TWIN_RUNS` says how often.
const RUNS: usize = 2;

/// How long a second of a twin is. The lesson's own are as long as they are.
const SECOND: &str = "LESSON_SECOND=0.01";

/// What is asked of a Python: where it is, how old, and how it starts processes (the default way first).
const QUESTION: &str = "\
import multiprocessing, sys
print(sys.executable)
print(*sys.version_info[:3])
print(multiprocessing.get_start_method(), *multiprocessing.get_all_start_methods())
";

/// Starts a twin with another start method, and ends what all but `fork` leave running: two helpers of CPython's, which
/// otherwise end by themselves, a moment after main. At that priority it comes after the wait for the processes, and
/// before the helpers' folder is removed.
const LAUNCHER: &str = "\
import multiprocessing, multiprocessing.util, runpy, sys
def end_the_helpers():
    from multiprocessing import forkserver, resource_tracker
    forkserver._forkserver._stop()
    resource_tracker._resource_tracker._stop()
multiprocessing.util.Finalize(None, end_the_helpers, exitpriority=-50)
method, *sys.argv = sys.argv[1:]
multiprocessing.set_start_method(method)
runpy.run_path(sys.argv[0], run_name='__main__')
";

/// Starts a twin whose first lines are written, and no other: as if the reader had left.
const READER_THAT_LEAVES: &str = "\
import os, runpy, sys, threading
lines, *sys.argv = sys.argv[1:]
left, write, lock = int(lines), os.write, threading.Lock()
def write_while_read(descriptor, data):
    global left
    with lock:
        if descriptor == 1:
            if left == 0:
                raise BrokenPipeError
            left -= 1
    return write(descriptor, data)
os.write = write_while_read
runpy.run_path(sys.argv[0], run_name='__main__')
";

/// Runs a twin, and writes down what each of its actors does.
const DEEDS: &str = include_str!("event_log.py");

/// A Python that can run the twins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Python {
    path: PathBuf,
    version: Vec<u32>,
    start_method: String,
    start_methods: Vec<String>,
}

impl Python {
    /// The `python3` on the `PATH`.
    ///
    /// # Errors
    /// When there is none that can be used: "no python3", and why.
    pub fn find() -> Result<Self, String> {
        let output = Command::new("python3")
            .args(["-I", "-c", QUESTION])
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("no python3 ({error})"))?;
        if !output.status.success() {
            let why = String::from_utf8_lossy(&output.stderr);
            return Err(format!("no python3 that runs ({}; {})", output.status, why.trim_end()));
        }
        Self::that_answers(&String::from_utf8_lossy(&output.stdout))
    }

    fn that_answers(answer: &str) -> Result<Self, String> {
        let strange = || format!("no python3 that answers as it should: {answer:?}");
        let [path, version, methods] = answer.lines().collect::<Vec<_>>()[..] else { return Err(strange()) };
        let version: Vec<u32> = version.split(' ').flat_map(str::parse).collect();
        if version < vec![3, 9] {
            return Err(format!("no python3 of version 3.9 or later, only {version:?}"));
        }
        let mut methods = methods.split(' ').map(str::to_owned);
        let start_method = methods.next().ok_or_else(strange)?;
        Ok(Self { path: path.into(), version, start_method, start_methods: methods.collect() })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its version: `3.12.1`.
    #[must_use]
    pub fn version(&self) -> String {
        self.version.iter().map(u32::to_string).collect::<Vec<_>>().join(".")
    }
}

/// The Python to be used, or nothing and the reason why.
fn python() -> Option<&'static Python> {
    static FOUND: OnceLock<Option<Python>> = OnceLock::new();
    let found = || usable(Python::find(), env::var_os("REQUIRE_PYTHON3").is_some());
    FOUND.get_or_init(found).as_ref()
}

fn usable(found: Result<Python, String>, required: bool) -> Option<Python> {
    found
        .map_err(|why| {
            assert!(!required, "REQUIRE_PYTHON3 is set, and there is {why}");
            tell(&format!("skipped: {why}"));
        })
        .ok()
}

/// Says it to the one who runs the tests, in a test that passes too.
fn tell(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// What a program in Python prints. `None` where there is no Python to run it.
///
/// # Panics
/// A test's failure: it fails, or leaves a process behind; or there is no Python, and `REQUIRE_PYTHON3` is set.
#[must_use]
pub fn output_of(program: &str) -> Option<String> {
    let run = Program::new(&python()?.path).args(["-I", "-c", program]).run();
    assert_success(&run);
    Some(run.output)
}

/// The twin of a lesson.
#[derive(Debug, Clone)]
pub struct Twin {
    python: &'static Python,
    lesson: PathBuf,
}

impl Twin {
    /// The twin of the lesson in the folder `lesson`: in a lesson's tests, `env!("CARGO_MANIFEST_DIR")`. `None` where
    /// there is no Python to run it.
    ///
    /// # Panics
    /// A test's failure: there is none, and `REQUIRE_PYTHON3` is set.
    #[must_use]
    pub fn of(lesson: impl AsRef<Path>) -> Option<Self> {
        python().map(|python| Self { python, lesson: lesson.as_ref().to_owned() })
    }

    /// The name of the lesson.
    fn name(&self) -> String {
        self.lesson.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    fn path(&self) -> PathBuf {
        self.lesson.join("python").join(self.name()).with_extension("py")
    }

    /// The twin as a program, with short seconds.
    #[must_use]
    pub fn program(&self) -> Program {
        of_words(&self.command(&self.python.start_method))
    }

    /// The twin as a program for which nobody reads standard output any more after so many lines of its main process.
    #[must_use]
    pub fn program_read_for(&self, lines: usize) -> Program {
        let mut words = self.interpreter();
        words.extend(["-c".into(), READER_THAT_LEAVES.into(), lines.to_string().into(), self.path().into()]);
        of_words(&words)
    }

    /// What runs the twin, its processes started by `method`.
    fn command(&self, method: &str) -> Vec<OsString> {
        let mut words = self.interpreter();
        // `fork`, where it is the default, needs nothing done before or after.
        if [method, &self.python.start_method] != ["fork"; 2] {
            words.extend(["-c".into(), LAUNCHER.into(), method.into()]);
        }
        words.push(self.path().into());
        words
    }

    /// What runs the Python.
    fn interpreter(&self) -> Vec<OsString> {
        vec!["/usr/bin/env".into(), SECOND.into(), self.python.path.clone().into(), "-I".into()]
    }

    /// The path of that Python.
    #[must_use]
    pub fn python(&self) -> &Path {
        &self.python.path
    }

    /// What the snapshot `name` of the lesson holds.
    ///
    /// # Panics
    /// When there is no such snapshot.
    #[must_use]
    pub fn snapshot(&self, name: &str) -> String {
        let snapshot = read(&self.lesson.join("tests/lesson/snapshots").join(format!("lesson__{name}.snap")));
        let mut parts = snapshot.splitn(3, "---\n");
        parts.nth(2).unwrap_or_else(|| panic!("{name} is no snapshot")).to_owned()
    }

    /// Runs the twin with `args` a few times, and holds that each run succeeds and passes `check`.
    ///
    /// With `TWIN_RUNS` set, runs both the twin and `lesson` so many times, and tells how many outputs each has shown:
    /// how many that differ in more than what `redacting` erases. `possible` is how many there are, where that is known.
    ///
    /// # Panics
    /// A test's failure.
    pub fn check(
        &self,
        args: &[&str],
        lesson: &Program,
        redacting: &TraceSpec,
        possible: Option<usize>,
        check: impl Fn(&Run),
    ) {
        let distinct = |program: &Program, count: usize| {
            let runs = program.clone().args(args).run_under_load(count);
            for run in &runs {
                assert_success(run);
                check(run);
            }
            let redacted = |run: &Run| run.lines().map(|line| redacting.redacted(line)).collect::<Vec<_>>();
            runs.iter().map(redacted).collect::<BTreeSet<_>>().len()
        };
        let asked = env::var("TWIN_RUNS").ok();
        let asked = asked.map(|runs| runs.parse().expect("TWIN_RUNS is a number"));
        let cpython = distinct(&self.program(), asked.unwrap_or(RUNS));
        if let Some(count) = asked {
            let rust = distinct(lesson, count);
            let name = [&[self.name().as_str()], args].concat().join(" ");
            let of = possible.map(|possible| format!("of {possible} possible ")).unwrap_or_default();
            tell(&format!("{name}: CPython {cpython} {of}outputs in {count} runs, Rust {rust}"));
        }
    }

    /// Holds that one run with `args` passes `check` with each way of starting processes that is not the default.
    ///
    /// # Panics
    /// A test's failure.
    pub fn check_other_start_methods(&self, args: &[&str], check: impl Fn(&Run)) {
        for method in self.python.start_methods.iter().filter(|method| **method != self.python.start_method) {
            let run = of_words(&self.command(method)).args(args).run();
            assert_success(&run);
            check(&run);
        }
    }

    /// What each actor of the twin does in a run with `args`, in its order: what it starts, joins, locks, sends, says.
    /// That is the same in every run where what is printed may not be, and tells apart what prints the same lines.
    ///
    /// # Panics
    /// A test's failure: it fails.
    #[must_use]
    pub fn events(&self, args: &[&str]) -> BTreeMap<String, Vec<String>> {
        let mut words = self.interpreter();
        words.extend(["-B".into(), "-c".into(), DEEDS.into(), self.path().into()]);
        let run = of_words(&words).args(args).run();
        assert_success(&run);
        let mut events = BTreeMap::<_, Vec<_>>::new();
        for line in run.lines() {
            let (actor, event) = line.split_once(": ").unwrap_or_else(|| panic!("this is no event: {line}"));
            events.entry(actor.to_owned()).or_default().push(event.to_owned());
        }
        events
    }

    /// Holds that the twin refuses other scenarios than those in one line, as the lesson does; and that it ends without
    /// a word when nobody reads, or nobody reads any more.
    ///
    /// # Panics
    /// A test's failure.
    pub fn assert_cli_contract(&self, scenarios: &[&str]) {
        let program = self.program();
        assert_rejects_unknown_scenarios(&program, scenarios);
        assert_ends_quietly_when_stdout_is_closed(&program);
        let run = program.through(["/bin/sh", "-c", r#""$@" | head -1"#, "sh"]).run();
        assert_eq!(run.lines().count(), 1, "it complained that nobody reads any more:\n{}", run.output);
    }
}

fn of_words(words: &[OsString]) -> Program {
    let (program, args) = words.split_first().expect("a program at least");
    Program::new(program).args(args)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{} cannot be read: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(version: &str) -> String {
        format!("/usr/bin/python3\n{version}\nfork fork spawn\n")
    }

    #[test]
    fn a_python_of_3_9_or_later_can_be_used() {
        for (answered, version) in [("3 9 0", "3.9.0"), ("3 14 2", "3.14.2"), ("4 0 1", "4.0.1")] {
            let python = Python::that_answers(&answer(answered)).expect(version);
            assert_eq!(
                (python.path(), python.version()),
                (Path::new("/usr/bin/python3"), version.to_owned())
            );
            assert_eq!(
                (python.start_method.as_str(), &python.start_methods[..]),
                ("fork", &["fork", "spawn"].map(str::to_owned)[..])
            );
        }
    }

    #[test]
    fn an_older_one_cannot() {
        for version in ["3 8 20", "2 7 18"] {
            let why = Python::that_answers(&answer(version)).expect_err(version);
            assert!(why.starts_with("no python3 of version 3.9 or later"), "{why}");
        }
    }

    #[test]
    fn without_one_the_tests_of_the_twins_are_skipped() {
        assert_eq!(usable(Err("no python3".to_owned()), false), None);
    }

    #[test]
    #[should_panic(expected = "REQUIRE_PYTHON3 is set, and there is no python3")]
    fn unless_it_is_required() {
        usable(Err("no python3".to_owned()), true);
    }
}
