//! The Python counterpart of a lesson.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::guarantees::stored::body;
use crate::python::interpreter::{Python, notify, python};
use crate::run::assertions::assert_success;
use crate::run::cli_contract::{assert_ends_quietly_when_stdout_is_closed, assert_rejects_unknown_scenarios};
use crate::run::program::{Program, Run};
use crate::trace::spec::TraceSpec;

/// How often a test runs a twin, unless `TWIN_RUNS` is set.
const DEFAULT_RUNS: usize = 2;

/// The environment variable that shortens a second of a twin to 10 ms. A lesson's seconds are not shortened.
const SECOND: &str = "LESSON_SECOND=0.01";

/// Runs a twin with another start method, and stops the two helper processes of CPython that all methods but `fork` leave
/// running for a moment after main. At this priority that happens after the wait for the twin's processes, and before the
/// helpers' folder is removed.
const LAUNCHER: &str = "\
import multiprocessing, multiprocessing.util, runpy, sys
def stop_helpers():
    from multiprocessing import forkserver, resource_tracker
    forkserver._forkserver._stop()
    resource_tracker._resource_tracker._stop()
multiprocessing.util.Finalize(None, stop_helpers, exitpriority=-50)
method, *sys.argv = sys.argv[1:]
multiprocessing.set_start_method(method)
runpy.run_path(sys.argv[0], run_name='__main__')
";

/// Runs a twin with a standard output that is closed after some lines.
const CLOSES_STDOUT: &str = "\
import os, runpy, sys, threading
lines, *sys.argv = sys.argv[1:]
left, write, lock = int(lines), os.write, threading.Lock()
def write_while_open(descriptor, data):
    global left
    with lock:
        if descriptor == 1:
            if left == 0:
                raise BrokenPipeError
            left -= 1
    return write(descriptor, data)
os.write = write_while_open
runpy.run_path(sys.argv[0], run_name='__main__')
";

/// Runs a twin, and prints what each of its actors does.
const EVENT_LOG: &str = include_str!("event_log.py");

/// The Python counterpart of a lesson, and a Python to run it.
#[derive(Debug, Clone)]
pub struct Twin {
    python: &'static Python,
    lesson: PathBuf,
}

impl Twin {
    /// Returns the twin of the lesson in the folder `lesson`: in a lesson's tests, `env!("CARGO_MANIFEST_DIR")`. `None` if
    /// there is no Python to run it.
    ///
    /// # Panics
    /// Panics if there is no Python, and `REQUIRE_PYTHON3` is set.
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

    /// Returns the twin as a program, with short seconds.
    #[must_use]
    pub fn program(&self) -> Program {
        program(&self.command(&self.python.start_method))
    }

    /// Returns the twin as a program whose standard output is closed after this many lines of its main process.
    #[must_use]
    pub fn program_read_for(&self, lines: usize) -> Program {
        let mut words = self.interpreter();
        words.extend(["-c".into(), CLOSES_STDOUT.into(), lines.to_string().into(), self.path().into()]);
        program(&words)
    }

    /// The command that runs the twin, with its processes started by `method`.
    fn command(&self, method: &str) -> Vec<OsString> {
        let mut words = self.interpreter();
        // `fork` needs no preparation if it is the default.
        if [method, &self.python.start_method] != ["fork"; 2] {
            words.extend(["-c".into(), LAUNCHER.into(), method.into()]);
        }
        words.push(self.path().into());
        words
    }

    /// The command that runs Python.
    fn interpreter(&self) -> Vec<OsString> {
        vec!["/usr/bin/env".into(), SECOND.into(), self.python.path().into(), "-I".into(), "-S".into()]
    }

    /// Returns the path of the Python that runs the twin.
    #[must_use]
    pub fn python(&self) -> &Path {
        self.python.path()
    }

    /// Returns the text of the lesson's snapshot `name`.
    ///
    /// # Panics
    /// Panics if it cannot be read.
    #[must_use]
    pub fn snapshot(&self, name: &str) -> String {
        let path = self.lesson.join("tests/lesson/snapshots").join(format!("lesson__{name}.snap"));
        let snapshot = fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
        body(&snapshot).to_owned()
    }

    /// Runs the twin with `args` a few times, or as often as `TWIN_RUNS` says, and asserts that each run succeeds and
    /// passes `check`. Returns the runs, for [`count_outputs`].
    pub fn check(&self, args: &[&str], check: impl Fn(&Run)) -> Vec<Run> {
        let runs = self.program().args(args).run_under_load(wanted_runs().unwrap_or(DEFAULT_RUNS));
        for run in &runs {
            assert_success(run);
            check(run);
        }
        runs
    }

    /// Asserts that one run with `args` passes `check` with each start method that is not the default.
    pub fn check_other_start_methods(&self, args: &[&str], check: impl Fn(&Run)) {
        for method in self.python.start_methods.iter().filter(|method| **method != self.python.start_method) {
            let run = program(&self.command(method)).args(args).run();
            assert_success(&run);
            check(&run);
        }
    }

    /// Returns what each actor of the twin does in a run with `args`, in its order: what it starts, joins, locks, sends,
    /// prints. That is the same in every run even if the order of the output is not, and differs between twins that print
    /// the same lines.
    ///
    /// # Panics
    /// Panics if the run fails or leaves a process behind.
    #[must_use]
    pub fn events(&self, args: &[&str]) -> BTreeMap<String, Vec<String>> {
        let mut words = self.interpreter();
        words.extend(["-B".into(), "-c".into(), EVENT_LOG.into(), self.path().into()]);
        let run = program(&words).args(args).run();
        assert_success(&run);
        let mut events = BTreeMap::<_, Vec<_>>::new();
        for line in run.lines() {
            let (actor, event) = line.split_once(": ").unwrap_or_else(|| panic!("not an event: {line}"));
            events.entry(actor.to_owned()).or_default().push(event.to_owned());
        }
        events
    }

    /// Asserts that the command line of the twin works as that of the lesson: it rejects an unknown scenario with one line
    /// that names all of `scenarios`, and ends quietly if its standard output is closed, at once or later.
    pub fn assert_cli_contract(&self, scenarios: &[&str]) {
        let program = self.program();
        assert_rejects_unknown_scenarios(&program, scenarios);
        assert_ends_quietly_when_stdout_is_closed(&program);
        let run = program.through(["/bin/sh", "-c", r#""$@" | head -1"#, "sh"]).run();
        assert_eq!(run.lines().count(), 1, "it complained that standard output was closed:\n{}", run.output);
    }
}

/// If `TWIN_RUNS` is set, runs `lesson` as often as its twin, and prints how many outputs each has shown: how many that
/// differ in more than what varies by `spec`. `possible` is how many there are, if that is known.
pub fn count_outputs(of_twin: &[Run], lesson: &Program, spec: &TraceSpec, possible: Option<usize>) {
    let Some(count) = wanted_runs() else { return };
    let of_lesson = lesson.run_under_load(count);
    of_lesson.iter().for_each(assert_success);
    let labels = |run: &Run| run.lines().map(|line| spec.label(line)).collect::<Vec<_>>();
    let distinct = |runs: &[Run]| runs.iter().map(labels).collect::<BTreeSet<_>>().len();
    let (cpython, rust) = (distinct(of_twin), distinct(&of_lesson));
    let of = possible.map(|possible| format!("of {possible} possible ")).unwrap_or_default();
    notify(&format!("{lesson}: CPython {cpython} {of}outputs in {count} runs, Rust {rust}"));
}

/// Returns the number in `TWIN_RUNS`, if it is set.
fn wanted_runs() -> Option<usize> {
    env::var("TWIN_RUNS").ok().map(|runs| runs.parse().expect("TWIN_RUNS is a number"))
}

fn program(words: &[OsString]) -> Program {
    let (program, args) = words.split_first().expect("at least the program");
    Program::new(program).args(args)
}
