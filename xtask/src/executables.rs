//! Builds the lessons' programs, all of them with one call of cargo.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Stdio};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process_group};
use serde::Deserialize;

use crate::cargo;
use crate::lessons::Lesson;
use crate::supervisor::Supervisor;

/// One line of `cargo build --message-format=json`, as far as it matters here.
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

/// Builds `lessons` and returns the path of each one's program, in the same order. Cargo tells its progress and the
/// compiler's errors on standard error; with `quiet`, the errors alone.
///
/// # Errors
/// When cargo cannot be run, a lesson does not compile, or a lesson has no program of its own name.
pub fn build(lessons: &[Lesson], quiet: bool, supervisor: &Supervisor) -> Result<Vec<PathBuf>> {
    let Some((mut cargo, entry)) = supervisor.start(|| start_cargo(lessons, quiet))? else {
        bail!("ended before the build");
    };
    let stdout = cargo.stdout.take().context("cargo's messages are not piped")?;
    let programs = read_messages(stdout, lessons);
    let status = cargo.wait()?;
    drop(entry);
    ensure!(status.success(), "the lessons cannot be built");
    let mut programs = programs?;
    lessons
        .iter()
        .map(|Lesson { id, name, .. }| {
            programs.remove(id).with_context(|| format!("the lesson {name} has no program named {name}"))
        })
        .collect()
}

/// Starts cargo in a group of its own, so that it can be ended together with its compilers.
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
        // The one error that can come is ESRCH: nobody is left.
        let _ = kill_process_group(group, Signal::KILL);
    };
    Ok((child, kill))
}

/// Reads the messages to their end: package ids and the programs built from them.
fn read_messages(stdout: impl Read, lessons: &[Lesson]) -> Result<HashMap<String, PathBuf>> {
    let mut programs = HashMap::new();
    for line in BufReader::new(stdout).lines() {
        let message: Message =
            serde_json::from_str(&line?).context("cargo's message cannot be understood")?;
        let Message { package_id: Some(id), target: Some(target), executable: Some(path) } = message else {
            continue;
        };
        if lessons.iter().any(|lesson| lesson.id == id && lesson.name == target.name) {
            programs.insert(id, path);
        }
    }
    Ok(programs)
}
