//! Building the lessons' programs, with one call of cargo.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Stdio};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process_group};
use serde::Deserialize;

use crate::cargo::cargo;
use crate::lessons::Lesson;
use crate::supervisor::Supervisor;

/// A line of `cargo build --message-format=json`: the fields that are used here.
#[derive(Deserialize)]
struct Message {
    package_id: Option<String>,
    target: Option<Target>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

/// Builds `lessons` and returns the paths of their programs, in the same order. Cargo prints its progress and the compiler's
/// messages to standard error; with `quiet`, errors only.
///
/// # Errors
/// If cargo cannot be run, a lesson does not compile, or a lesson has no program of its own name.
pub fn build(lessons: &[Lesson], quiet: bool, supervisor: &Supervisor) -> Result<Vec<PathBuf>> {
    let Some((mut cargo, registration)) = supervisor.start(|| start_cargo(lessons, quiet))? else {
        bail!("interrupted before the build");
    };
    let stdout = cargo.stdout.take().context("the standard output of cargo is not a pipe")?;
    let programs = read_messages(stdout, lessons);
    let status = cargo.wait()?;
    drop(registration);
    // First: after an error of this, cargo fails too, because its messages are not read any longer.
    let mut programs = programs?;
    ensure!(status.success(), "cannot build the lessons; see the compiler's messages above");
    lessons
        .iter()
        .map(|Lesson { id, name, .. }| {
            programs.remove(id).with_context(|| format!("the lesson {name} has no program named {name}"))
        })
        .collect()
}

/// Starts cargo in its own process group, and returns how to kill it together with the compilers.
fn start_cargo(lessons: &[Lesson], quiet: bool) -> std::io::Result<(Child, impl Fn() + Send + 'static)> {
    let mut cargo = cargo();
    cargo.args(["build", "--bins", "--message-format=json-render-diagnostics"]);
    if quiet {
        cargo.arg("--quiet");
    }
    for lesson in lessons {
        cargo.args(["--package", &lesson.id]);
    }
    let child = cargo.stdout(Stdio::piped()).process_group(0).spawn()?;
    let group = Pid::from_child(&child);
    let kill = move || {
        // The only possible error is ESRCH: the group no longer exists.
        let _ = kill_process_group(group, Signal::KILL);
    };
    Ok((child, kill))
}

/// Reads all messages, and returns the built programs by package id.
fn read_messages(stdout: impl Read, lessons: &[Lesson]) -> Result<HashMap<String, PathBuf>> {
    let mut programs = HashMap::new();
    for line in BufReader::new(stdout).lines() {
        let message: Message = serde_json::from_str(&line?).context("cannot parse a message from cargo")?;
        let Message { package_id: Some(id), target: Some(target), executable: Some(path) } = message else {
            continue;
        };
        if lessons.iter().any(|lesson| lesson.id == id && lesson.name == target.name) {
            programs.insert(id, path);
        }
    }
    Ok(programs)
}
