//! Programs that are wrong on purpose: what shows that they are, and what mends them. How often it shows is counted by
//! [`frequencies`](crate::frequencies).
//!
//! Such a program is a file in a lesson's `wrong/`. Its first line says what is wrong and how that shows. What would be
//! right stands beside it, and [`Mistake::right`] makes the right program of it:
//!
//! ```text
//! let read = number.load(SeqCst); // right: nothing                      the line goes
//! number.store(read + 1, SeqCst); // right: number.fetch_add(1, SeqCst); another takes its place
//! // right: thread.join().unwrap();                                      a line is missing here
//! if queue.is_empty() {
//!     // right: while queue.is_empty() {                                 of the line above: rustfmt wants it here
//! ```

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, io, panic};

use tempfile::TempDir;

use crate::run::compiler::errors_in;
use crate::run::deadlock;
use crate::run::process_group::{Ended, Group};
use crate::run::program::Program;

/// Where what is right begins, in a line of a wrong program.
const MARK: &str = "// right: ";

/// A run of one of these programs takes milliseconds. One that has not ended after this waits for ever.
const FOR_EVER: Duration = Duration::from_secs(5);

/// How long it is left alone between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// A program that is wrong on purpose.
#[derive(Debug, Clone)]
pub struct Mistake {
    source: String,
}

impl Mistake {
    /// Reads `wrong/NAME.rs` of the lesson in `folder`: in its tests, `env!("CARGO_MANIFEST_DIR")`.
    ///
    /// # Panics
    /// When it cannot be read; when its first line does not say what is wrong, it is longer than a page, or nothing in
    /// it says what would be right.
    #[must_use]
    pub fn read(folder: &str, name: &str) -> Self {
        let path = Path::new(folder).join("wrong").join(name).with_extension("rs");
        let source = fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{} cannot be read: {error}", path.display()));
        assert!(source.starts_with("//! "), "{name} does not begin with what is wrong");
        assert!(source.lines().count() <= 40, "{name} is longer than a page");
        assert!(source.contains(MARK), "{name} does not say what would be right");
        Self { source }
    }

    /// The program itself.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The right program: with what its comments say in the place of what is wrong.
    #[must_use]
    pub fn fixed(&self) -> String {
        let mut right: Vec<&str> = Vec::new();
        for line in self.source.lines() {
            match line.split_once(MARK).map(|(wrong, mend)| (wrong.trim(), mend)) {
                None => right.push(line),
                Some((_, "nothing")) => {}
                Some(("", mend)) => {
                    if mend.ends_with('{') {
                        right.pop();
                    }
                    right.push(mend);
                }
                Some((_, mend)) => right.push(mend),
            }
        }
        right.join("\n")
    }

    /// Holds that `module` is the right program, but for its layout. A test that runs the right program under every
    /// schedule has it as a module; `test` is the text of that test: `include_str!("mistakes.rs")`.
    ///
    /// # Panics
    /// A test's failure: it is another, or does not compile by itself.
    pub fn assert_fix_is(&self, module: &str, test: &str) {
        let (_, from_here) = test
            .split_once(&format!("\nmod {module} {{\n"))
            .unwrap_or_else(|| panic!("the test has no module {module}"));
        let (body, _) = from_here.split_once("\n}\n").expect("the module has an end");
        assert_eq!(code(&self.fixed()), code(body), "{module}: what the comments say, and the module");
        assert_eq!(errors_in(&self.fixed()), [], "{module} by itself");
    }
}

/// The lines of a program without its comments and its layout.
fn code(program: &str) -> Vec<&str> {
    let lines = program.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with("//")).collect()
}

/// A program that was compiled into a folder, which goes with it.
#[derive(Debug)]
pub struct Compiled {
    path: PathBuf,
    _folder: TempDir,
}

impl Compiled {
    /// Compiles a whole program that needs nothing but `std`.
    ///
    /// # Panics
    /// When it does not compile, or `rustc` cannot be run.
    #[must_use]
    pub fn new(source: &str) -> Self {
        Self::with(&[], source)
    }

    /// As [`Compiled::new`], optimised.
    ///
    /// # Panics
    /// As [`Compiled::new`].
    #[must_use]
    pub fn optimised(source: &str) -> Self {
        Self::with(&["-O"], source)
    }

    fn with(options: &[&str], source: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (file, path) = (folder.path().join("program.rs"), folder.path().join("program"));
        fs::write(&file, source).expect("the folder can be written to");
        let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let compiled = Command::new(rustc)
            .args(["--edition=2024", "-o"])
            .args([&path, &file])
            .args(options)
            .output()
            .unwrap_or_else(|error| panic!("rustc cannot be run: {error}"));
        assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
        Self { path, _folder: folder }
    }

    /// The program, as a test runs it.
    #[must_use]
    pub fn program(&self) -> Program {
        Program::new(&self.path)
    }
}

/// Why a run of `program` fails.
///
/// # Panics
/// A test's failure: it does not.
#[must_use]
pub fn failure_of(program: &Program) -> String {
    let panic = panic::catch_unwind(|| program.run()).expect_err("the run should fail");
    *panic.downcast::<String>().expect("a formatted message")
}

/// Holds that `program` prints what it does, and then waits for ever.
///
/// # Panics
/// A test's failure: it ends, or prints something else, or nothing.
pub fn assert_hangs_after(printed: &str, program: &Program) {
    let group = program.start().unwrap_or_else(|error| panic!("{program} cannot be run: {error}"));
    let ended = finish(group).expect("the system tells how it ended");
    let output = String::from_utf8_lossy(&ended.output);
    assert_eq!(output, printed, "{program} printed (left) something else than (right)");
    // One that had ended by itself cannot be killed any more.
    assert_eq!(ended.status.signal(), Some(9), "{program} does not wait for ever: {}", ended.status);
}

/// Waits until the program has ended, or waits for ever; then ends it. On Linux that is seen as soon as all its threads
/// wait for each other. Elsewhere, and where a wait might have a time limit of its own, only time can tell: a program of
/// these that has not ended after five seconds does not.
fn finish(group: Group) -> io::Result<Ended> {
    let start = Instant::now();
    let mut before = None;
    while start.elapsed() < FOR_EVER {
        if group.leader_ends_within(LOOK_AGAIN)? {
            return group.finish(FOR_EVER);
        }
        let now = deadlock::snapshot(group.id());
        if now.is_some() && now == before {
            break;
        }
        before = now;
    }
    group.finish(Duration::ZERO)
}

/// What one run of a program came to: a real one, or one under a scheduler.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Outcome {
    /// What it printed.
    pub lines: Vec<String>,
    /// Whether it came to its end; otherwise its threads wait for ever.
    pub ended: bool,
}

impl Outcome {
    /// Whether this real run is what `other`, under a scheduler, came to. Its last line may be cut: once main has
    /// returned, std buffers no more, so a thread that is printing writes its line in pieces until the process is gone.
    pub(crate) fn is(&self, other: &Self) -> bool {
        let cut = |(place, (line, whole)): (usize, (&String, &String))| {
            line == whole || place + 1 == self.lines.len() && whole.starts_with(line.as_str())
        };
        self.ended == other.ended
            && self.lines.len() == other.lines.len()
            && self.lines.iter().zip(&other.lines).enumerate().all(cut)
    }

    /// All of it in one line.
    #[must_use]
    pub fn one_line(&self) -> String {
        let end = if self.ended { "" } else { "(waits for ever)" };
        let parts = self.lines.iter().map(String::as_str).chain([end]).filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(" / ")
    }
}

/// How often each thing was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Histogram(BTreeMap<Outcome, usize>);

impl Histogram {
    /// Counts one more.
    pub fn count(&mut self, seen: Outcome) {
        *self.0.entry(seen).or_default() += 1;
    }

    /// How many were counted.
    #[must_use]
    pub fn all(&self) -> usize {
        self.0.values().sum()
    }

    /// How many of them were such that `shows`.
    #[must_use]
    pub fn count_where(&self, shows: impl Fn(&Outcome) -> bool) -> usize {
        self.0.iter().filter(|(seen, _)| shows(seen)).map(|(_, times)| times).sum()
    }

    /// What was seen, each once.
    pub(crate) fn seen(&self) -> impl Iterator<Item = &Outcome> {
        self.0.keys()
    }

    /// What was seen, each once.
    #[must_use]
    pub fn into_distinct(self) -> Vec<Outcome> {
        self.0.into_keys().collect()
    }

    /// What was seen, each once, in a line.
    #[must_use]
    pub fn distinct(&self) -> Vec<String> {
        self.0.keys().map(Outcome::one_line).collect()
    }
}

/// Runs a program `count` times.
///
/// # Panics
/// When it cannot be run, fails, or leaves a process behind.
#[must_use]
pub fn real_runs(program: &Compiled, count: usize) -> Histogram {
    let mut tally = Histogram::default();
    for _ in 0..count {
        let mut command = Command::new(&program.path);
        command.env_clear().stdin(Stdio::null());
        let ended = Group::start(command)
            .and_then(finish)
            .unwrap_or_else(|error| panic!("{} cannot be run: {error}", program.path.display()));
        let output = String::from_utf8(ended.output).expect("it prints text");
        assert!(ended.timed_out || ended.status.success(), "{}; it printed:\n{output}", ended.status);
        assert_eq!(ended.orphans, [""; 0], "it printed:\n{output}");
        let lines = output.lines().map(str::to_owned).collect();
        tally.count(Outcome { lines, ended: !ended.timed_out });
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Program {
        Program::new("/bin/sh").args(["-c", script])
    }

    #[test]
    fn one_who_waits_for_what_never_comes_hangs() {
        let folder = tempfile::tempdir().expect("a folder");
        let script = r#"mkfifo "$0"; exec 3<> "$0"; echo started; (read line <&3; echo never); echo never"#;
        assert_hangs_after("started\n", &shell(script).arg(folder.path().join("pipe")));
    }

    #[test]
    fn one_who_waits_for_a_lock_that_nobody_gives_up_hangs() {
        let source = "fn main() { let lock = std::sync::Mutex::new(()); let _held = lock.lock(); \
            println!(\"locked\"); let _again = lock.lock(); }";
        let program = Compiled::new(source);
        // Where the system tells, it is seen to wait.
        if Path::new("/proc/self/syscall").exists() {
            let group = program.program().start().expect("it can be started");
            while deadlock::snapshot(group.id()).is_none() {
                assert!(!group.leader_ends_within(LOOK_AGAIN).expect("the system tells"), "it has ended");
            }
        }
        assert_hangs_after("locked\n", &program.program());
        let seen = real_runs(&program, 1);
        assert_eq!(seen.distinct(), ["locked / (waits for ever)"]);
    }

    #[test]
    fn one_that_comes_to_its_end_does_so_in_every_run() {
        let runs = real_runs(&Compiled::new("fn main() { println!(\"done\"); }"), 20);
        assert_eq!(runs.distinct(), ["done"]);
    }

    #[test]
    #[should_panic(expected = "does not wait for ever: exit status: 0")]
    fn one_who_is_slow_does_not() {
        assert_hangs_after("started\n", &shell("echo started; sleep 0.6"));
    }

    #[test]
    #[should_panic(expected = "printed (left) something else")]
    fn one_who_prints_more_is_told() {
        assert_hangs_after("started\n", &shell("echo started; echo more"));
    }
}
