//! Building the lessons' programs, the programs of all tests, or libraries, with one call of cargo.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail, ensure};
use process_groups::cargo::PROGRAMS_VAR;
use rustix::process::{Pid, Signal, kill_process_group};
use serde::Deserialize;

use crate::cargo::cargo;
use crate::launch::{kill_strays, own_temporary_folder, tied_to_this_process};
use crate::lessons::Lesson;
use crate::status_line::StatusLine;
use crate::supervisor::Supervisor;

/// What a build of all tests makes.
#[derive(Debug, Default)]
pub struct Tests {
    /// The programs of tests.
    pub tests: Vec<Test>,
    /// The libraries that they use.
    pub libraries: Libraries,
    /// The programs of the workspace's packages.
    pub programs: Programs,
}

/// A program of tests.
#[derive(Debug)]
pub struct Test {
    /// The id of its package.
    pub package: String,
    /// The manifest of its package.
    pub manifest: PathBuf,
    /// The name of its target.
    pub target: String,
    /// Whether the documentation of its crate has tests, too.
    pub has_doctests: bool,
    /// The program.
    pub path: PathBuf,
}

/// The paths of libraries, by the names of their crates.
pub type Libraries = BTreeMap<String, PathBuf>;

/// The paths of programs, by the ids of their packages.
pub type Programs = BTreeMap<String, PathBuf>;

/// A target that cargo has built.
struct Built {
    /// The id of its package.
    package: String,
    /// The manifest of its package.
    manifest: PathBuf,
    /// Its name.
    target: String,
    is_test: bool,
    /// Whether it was built before.
    is_fresh: bool,
    has_doctests: bool,
    program: Option<PathBuf>,
    files: Vec<PathBuf>,
}

/// A line of `cargo build --message-format=json`: the fields that are used here.
#[derive(Debug, Deserialize)]
struct Message {
    package_id: Option<String>,
    manifest_path: Option<PathBuf>,
    target: Option<Target>,
    profile: Option<Profile>,
    executable: Option<PathBuf>,
    #[serde(default)]
    fresh: bool,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    doctest: bool,
}

#[derive(Debug, Deserialize)]
struct Profile {
    test: bool,
}

/// Returns the programs that are built already: those of [`PROGRAMS_VAR`].
///
/// # Errors
/// If the variable is invalid.
fn known_programs() -> Result<Programs> {
    match env::var(PROGRAMS_VAR) {
        Ok(known) => serde_json::from_str(&known).with_context(|| format!("invalid {PROGRAMS_VAR}")),
        Err(_) => Ok(Programs::new()),
    }
}

/// Builds `lessons`, and calls `on_built` with the number and the program of each as soon as it is built. On a terminal,
/// `status` shows how far the build is; otherwise cargo prints its progress to standard error, unless `quiet`. The
/// compiler's messages follow. Returns whether anything was built after the first of these calls.
///
/// The last lesson is built after the others, which need few crates. All are named in both calls of cargo, so that it
/// compiles what they share only once.
///
/// # Errors
/// If cargo cannot be run, a lesson does not compile, or a lesson has no program of its own name.
pub fn build_lessons(
    lessons: &[Lesson],
    quiet: bool,
    supervisor: &Supervisor,
    status: &StatusLine,
    mut on_built: impl FnMut(usize, &Path),
) -> Result<bool> {
    let known = known_programs()?;
    if let Some(programs) = lessons.iter().map(|lesson| known.get(&lesson.id)).collect::<Option<Vec<_>>>() {
        programs.iter().enumerate().for_each(|(number, program)| on_built(number, program));
        return Ok(false);
    }
    let mut missing: BTreeSet<_> = (0..lessons.len()).collect();
    let mut built_later = false;
    let mut progress = Progress::new(lessons, status)?;
    let first = lessons.split_last().map_or(&[][..], |(_, first)| first);
    let first: Vec<_> = first.iter().flat_map(|lesson| ["--bin", &lesson.name]).collect();
    for targets in [&first[..], &["--bins"]].into_iter().filter(|targets| !targets.is_empty()) {
        let mut args = vec!["build"];
        args.extend(targets);
        args.extend((quiet || status.is_shown()).then_some("--quiet"));
        args.extend(lessons.iter().flat_map(|lesson| ["--package", &lesson.id]));
        run_cargo(&args, "the lessons", supervisor, Some(status), |built| {
            progress.add(&built.package);
            built_later |= !built.is_fresh && missing.len() < lessons.len();
            let Some(program) = &built.program else { return };
            let is_its = |lesson: &Lesson| lesson.id == built.package && lesson.name == built.target;
            if let Some(number) = lessons.iter().position(is_its)
                && missing.remove(&number)
            {
                on_built(number, program);
            }
        })?;
    }
    progress.end();
    match missing.first() {
        Some(number) => {
            let name = &lessons[*number].name;
            bail!("the lesson {name} has no program named {name}")
        }
        None => Ok(built_later),
    }
}

/// How far the build of the lessons is, for a terminal.
struct Progress<'a> {
    status: &'a StatusLine,
    built: BTreeSet<String>,
    crates: usize,
}

impl<'a> Progress<'a> {
    fn new(lessons: &[Lesson], status: &'a StatusLine) -> Result<Self> {
        let crates = if status.is_shown() { count_crates(lessons)? } else { 0 };
        Ok(Self { status, built: BTreeSet::new(), crates })
    }

    fn add(&mut self, package: &str) {
        if self.crates > 0 && self.built.insert(package.to_owned()) {
            self.status.building(format!("built: {} of {} crates", self.built.len(), self.crates));
        }
    }

    fn end(&self) {
        self.status.building(String::new());
    }
}

/// Returns how many crates the lessons need, themselves included.
fn count_crates(lessons: &[Lesson]) -> Result<usize> {
    let mut cargo = cargo();
    cargo.args(["tree", "--quiet", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"]);
    cargo.args(lessons.iter().flat_map(|lesson| ["--package", &lesson.id]));
    let output = cargo.output().context("cannot run cargo")?;
    let output = String::from_utf8_lossy(&output.stdout);
    // A crate that was listed before is marked.
    let crates: BTreeSet<_> = output.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    Ok(crates.iter().filter(|name| !name.is_empty()).count())
}

/// Builds the program of the package `name` in the folder `name` of the workspace, unless it is built already, and returns
/// its path. Cargo prints errors only.
///
/// # Errors
/// If cargo cannot be run, or the program does not compile.
pub fn build_program(name: &str, supervisor: &Supervisor, status: &StatusLine) -> Result<PathBuf> {
    let is_its = |id: &str| {
        let folder = id.strip_prefix("path+file://").and_then(|id| id.split('#').next());
        let root = folder.and_then(|folder| Path::new(folder).parent());
        root.is_some_and(|root| env::current_dir().is_ok_and(|here| here.starts_with(root)))
    };
    let mut known = known_programs()?.into_iter();
    if let Some((_, program)) = known.find(|(id, program)| program.ends_with(name) && is_its(id)) {
        return Ok(program);
    }
    let mut program = None;
    let args = ["build", "--quiet", "--bin", name, "--package", name];
    run_cargo(&args, name, supervisor, Some(status), |built| {
        program = built.program.clone().or(program.take());
    })?;
    program.with_context(|| format!("the package {name} has no program"))
}

/// Builds all tests of the workspace. Cargo prints its progress and the compiler's messages to standard error.
///
/// # Errors
/// If cargo cannot be run, or a test does not compile.
pub fn build_tests(supervisor: &Supervisor) -> Result<Tests> {
    let mut tests = Tests::default();
    run_cargo(&["test", "--workspace", "--no-run"], "the tests", supervisor, None, |built| {
        tests.libraries.extend(built.library());
        tests.programs.extend(built.of_its_package());
        tests.tests.extend(built.test());
    })?;
    Ok(tests)
}

/// Builds the libraries of these packages, and returns all that they use. Cargo prints its progress and the
/// compiler's messages to standard error.
///
/// # Errors
/// If cargo cannot be run, or a library does not compile.
pub fn build_libraries(packages: &[&str], supervisor: &Supervisor) -> Result<Libraries> {
    let args: Vec<_> =
        ["build"].into_iter().chain(packages.iter().flat_map(|package| ["--package", package])).collect();
    let mut libraries = Libraries::new();
    run_cargo(&args, "the libraries", supervisor, None, |built| libraries.extend(built.library()))?;
    Ok(libraries)
}

/// Runs cargo with these arguments, and calls `on_built` for each target as soon as it is built. What cargo prints to
/// standard error comes above the status line, if there is one.
fn run_cargo(
    args: &[&str],
    what: &str,
    supervisor: &Supervisor,
    status: Option<&StatusLine>,
    on_built: impl FnMut(&Built),
) -> Result<()> {
    let mut cargo = cargo();
    cargo.args(args).arg("--message-format=json-render-diagnostics");
    // Dropped last: until the folder is removed.
    let _delay = supervisor.delay_exit();
    // Compilers leave files there when they are killed.
    let folder = own_temporary_folder(&mut cargo)?;
    let mark = folder.as_ref().map(|folder| folder.path().to_owned());
    let status = status.filter(|status| status.is_shown());
    cargo.envs(status.map(|_| ("CARGO_TERM_COLOR", "always")));
    let stderr = if status.is_some() { Stdio::piped() } else { Stdio::inherit() };
    let Some((mut cargo, registration)) = supervisor.start(|| start_cargo(cargo, stderr, mark))? else {
        bail!("interrupted before the build");
    };
    let stdout = cargo.stdout.take().context("the standard output of cargo is not a pipe")?;
    let messages = status.zip(cargo.stderr.take());
    let (read, exit_status) = thread::scope(|scope| {
        scope.spawn(|| messages.map(|(status, messages)| status.print_above(messages)));
        let read = read_messages(stdout, on_built);
        let exit_status = cargo.wait();
        // A server that caches what compilers make, say: it would be left without its folder, and it may keep the standard
        // error of cargo open.
        let _ = folder.as_ref().map(|folder| kill_strays(folder.path()));
        (read, exit_status)
    });
    drop((registration, folder));
    // First: after an error of this, cargo fails too, because its messages are not read any longer.
    read?;
    ensure!(exit_status?.success(), "cannot build {what}; see the compiler's messages above");
    Ok(())
}

/// Starts cargo in its own process group, and returns how to kill it together with the compilers, and with what has `mark`
/// as its folder for temporary files.
fn start_cargo(
    cargo: Command,
    stderr: Stdio,
    mark: Option<PathBuf>,
) -> io::Result<(Child, impl Fn() + Send + 'static)> {
    let mut cargo = tied_to_this_process(cargo);
    cargo.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(stderr);
    let child = cargo.process_group(0).spawn()?;
    let group = Pid::from_child(&child);
    let kill = move || {
        // The only possible error is ESRCH: the group no longer exists.
        let _ = kill_process_group(group, Signal::KILL);
        mark.as_deref().map(kill_strays);
    };
    Ok((child, kill))
}

fn read_messages(stdout: impl Read, mut on_built: impl FnMut(&Built)) -> Result<()> {
    for line in BufReader::new(stdout).lines() {
        let message: Message = serde_json::from_str(&line?).context("cannot parse a message from cargo")?;
        let Message { package_id, manifest_path, target, profile, executable, fresh, filenames } = message;
        let (Some(package), Some(manifest), Some(target)) = (package_id, manifest_path, target) else {
            continue;
        };
        let is_test = profile.is_some_and(|profile| profile.test);
        let has_doctests = target.doctest;
        let target = target.name;
        on_built(&Built {
            package,
            manifest,
            target,
            is_test,
            is_fresh: fresh,
            has_doctests,
            program: executable,
            files: filenames,
        });
    }
    Ok(())
}

impl Built {
    /// Returns the library in `deps`, which no build with other features replaces, by the name of its crate.
    fn library(&self) -> Option<(String, PathBuf)> {
        let metadata = self.files.iter().find(|file| file.extension().is_some_and(|end| end == "rmeta"))?;
        (!self.is_test).then(|| (self.target.clone(), metadata.with_extension("rlib")))
    }

    /// Returns the program of its package's name, by the id of the package.
    fn of_its_package(&self) -> Option<(String, PathBuf)> {
        let folder = self.manifest.parent()?;
        let is_its = !self.is_test && folder.ends_with(&self.target);
        Some((self.package.clone(), self.program.clone().filter(|_| is_its)?))
    }

    fn test(&self) -> Option<Test> {
        let Self { package, manifest, target, has_doctests, .. } = self;
        let path = self.program.clone().filter(|_| self.is_test)?;
        Some(Test {
            package: package.clone(),
            manifest: manifest.clone(),
            target: target.clone(),
            has_doctests: *has_doctests,
            path,
        })
    }
}
