//! Building the lessons' programs, the programs of all tests, or libraries, with one call of cargo.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Stdio};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process_group};
use serde::Deserialize;

use crate::cargo::cargo;
use crate::lessons::Lesson;
use crate::supervisor::Supervisor;

/// A program that cargo has built, from its JSON messages.
#[derive(Debug)]
pub struct Executable {
    /// The id of its package.
    pub package: String,
    /// The manifest of its package.
    pub manifest: PathBuf,
    /// The name of its target: the lesson's, or that of a test.
    pub target: String,
    /// Whether it runs tests.
    pub is_test: bool,
    /// Whether the documentation of its crate has tests, too.
    pub has_doctests: bool,
    /// The program.
    pub path: PathBuf,
}

/// The paths of libraries, by the names of their crates.
pub type Libraries = BTreeMap<String, PathBuf>;

/// What cargo has built.
#[derive(Default)]
struct Built {
    executables: Vec<Executable>,
    libraries: Libraries,
}

/// A line of `cargo build --message-format=json`: the fields that are used here.
#[derive(Deserialize)]
struct Message {
    package_id: Option<String>,
    manifest_path: Option<PathBuf>,
    target: Option<Target>,
    profile: Option<Profile>,
    executable: Option<PathBuf>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    doctest: bool,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

/// Builds `lessons` and returns the paths of their programs, in the same order. Cargo prints its progress and the compiler's
/// messages to standard error; with `quiet`, errors only.
///
/// # Errors
/// If cargo cannot be run, a lesson does not compile, or a lesson has no program of its own name.
pub fn build(lessons: &[Lesson], quiet: bool, supervisor: &Supervisor) -> Result<Vec<PathBuf>> {
    let mut args = vec!["build", "--bins"];
    args.extend(quiet.then_some("--quiet"));
    args.extend(lessons.iter().flat_map(|lesson| ["--package", &lesson.id]));
    let built = run_cargo(&args, "the lessons", supervisor)?.executables;
    let path = |Lesson { id, name, .. }: &Lesson| {
        let program = built.iter().find(|built| built.package == *id && built.target == *name);
        let program = program.with_context(|| format!("the lesson {name} has no program named {name}"))?;
        Ok(program.path.clone())
    };
    lessons.iter().map(path).collect()
}

/// Builds all tests of the workspace and returns their programs, and the libraries that they use. Cargo prints as in
/// [`build`].
///
/// # Errors
/// If cargo cannot be run, or a test does not compile.
pub fn build_tests(supervisor: &Supervisor) -> Result<(Vec<Executable>, Libraries)> {
    let mut built = run_cargo(&["test", "--workspace", "--no-run"], "the tests", supervisor)?;
    // The others are programs that a test runs.
    built.executables.retain(|built| built.is_test);
    Ok((built.executables, built.libraries))
}

/// Builds the libraries of these packages, and returns all that they use. Cargo prints as in [`build`].
///
/// # Errors
/// If cargo cannot be run, or a library does not compile.
pub fn build_libraries(packages: &[&str], supervisor: &Supervisor) -> Result<Libraries> {
    let args: Vec<_> =
        ["build"].into_iter().chain(packages.iter().flat_map(|package| ["--package", package])).collect();
    Ok(run_cargo(&args, "the libraries", supervisor)?.libraries)
}

/// Runs cargo with these arguments, and returns what it builds.
fn run_cargo(args: &[&str], what: &str, supervisor: &Supervisor) -> Result<Built> {
    let Some((mut cargo, registration)) = supervisor.start(|| start_cargo(args))? else {
        bail!("interrupted before the build");
    };
    let stdout = cargo.stdout.take().context("the standard output of cargo is not a pipe")?;
    let built = read_messages(stdout);
    let status = cargo.wait()?;
    drop(registration);
    // First: after an error of this, cargo fails too, because its messages are not read any longer.
    let built = built?;
    ensure!(status.success(), "cannot build {what}; see the compiler's messages above");
    Ok(built)
}

/// Starts cargo in its own process group, and returns how to kill it together with the compilers.
fn start_cargo(args: &[&str]) -> io::Result<(Child, impl Fn() + Send + 'static)> {
    let mut cargo = cargo();
    cargo.args(args).arg("--message-format=json-render-diagnostics");
    let child = cargo.stdout(Stdio::piped()).process_group(0).spawn()?;
    let group = Pid::from_child(&child);
    let kill = move || {
        // The only possible error is ESRCH: the group no longer exists.
        let _ = kill_process_group(group, Signal::KILL);
    };
    Ok((child, kill))
}

fn read_messages(stdout: impl Read) -> Result<Built> {
    let mut built = Built::default();
    for line in BufReader::new(stdout).lines() {
        let message: Message = serde_json::from_str(&line?).context("cannot parse a message from cargo")?;
        let (Some(package), Some(manifest)) = (message.package_id, message.manifest_path) else { continue };
        let Some(target) = message.target else { continue };
        let is_test = message.profile.is_some_and(|profile| profile.test);
        // The library in `deps`: another build does not replace it by one with other features.
        let metadata =
            message.filenames.iter().find(|file| file.extension().is_some_and(|end| end == "rmeta"));
        if let Some(metadata) = metadata.filter(|_| !is_test) {
            built.libraries.insert(target.name.clone(), metadata.with_extension("rlib"));
        }
        let Some(path) = message.executable else { continue };
        let has_doctests = target.doctest;
        built.executables.push(Executable {
            package,
            manifest,
            target: target.name,
            is_test,
            has_doctests,
            path,
        });
    }
    Ok(built)
}
