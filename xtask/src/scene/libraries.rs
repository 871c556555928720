//! Compiling the program of a scene.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use course_tests::run::compiler::rustc;
use serde_json::Value;
use tempfile::TempDir;

use super::goal::Goal;
use super::list::{Kind, Scene};
use crate::executables::build_libraries;
use crate::lessons::Course;
use crate::supervisor::Supervisor;

/// The environment variable with the libraries that are built already, as a JSON object: `cargo xtask test` sets it, so
/// that no test builds them once more with other features.
pub const LIBRARIES_VAR: &str = "SCENE_LIBRARIES";

/// The packages that a scene is compiled with; cargo builds what they need, too.
const PACKAGES: [&str; 4] =
    ["scheduled-std", "scheduled-parking-lot", "scheduled-pipe-ipc", "scheduled-scenarios"];

/// The crates that a scene uses, by their names in its source.
const CRATES: [(&str, &str); 7] = [
    ("scheduled_std", "std"),
    ("scheduled_parking_lot", "parking_lot"),
    ("scheduled_pipe_ipc", "pipe_ipc"),
    ("scheduled_scenarios", "scenarios"),
    ("exploration", "exploration"),
    ("anyhow", "anyhow"),
    ("tempfile", "tempfile"),
];

/// More programs of a lesson's scenarios, from its folder: `mod scenes` in them.
const SCENES: &str = "tests/lesson/scenes.rs";

/// How long a learner's program may take to answer: it may compute without a step, for ever.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);

/// How long the course's own programs may take to list their states or outputs, on a busy machine.
const LIST_LIMIT: Duration = Duration::from_secs(120);

/// How long the compiler may take.
const COMPILER_LIMIT: Duration = Duration::from_secs(60);

/// The libraries that scenes are compiled with.
#[derive(Debug)]
pub struct Libraries {
    root: PathBuf,
    /// By the name of the crate: those that scenes use, and what these need.
    paths: BTreeMap<String, PathBuf>,
    /// The folder of the programs.
    folder: TempDir,
}

/// The program of a scene. Its file is removed with the last of those that were compiled together, or with the
/// [`Libraries`].
#[derive(Debug)]
pub struct SceneProgram {
    folder: Arc<TempDir>,
    /// Its number among the scenes of the file.
    number: usize,
    root: PathBuf,
}

impl Libraries {
    /// Builds them, unless [`LIBRARIES_VAR`] names them. Cargo prints its progress to standard error.
    ///
    /// # Errors
    /// If they cannot be built.
    pub fn build(course: &Course, supervisor: &Supervisor) -> Result<Self> {
        let paths: BTreeMap<String, PathBuf> = match env::var(LIBRARIES_VAR) {
            Ok(known) => serde_json::from_str(&known).with_context(|| format!("invalid {LIBRARIES_VAR}"))?,
            Err(_) => build_libraries(&PACKAGES, supervisor)?,
        };
        for (name, _) in CRATES {
            ensure!(paths.contains_key(name), "the library {name} was not built");
        }
        fs::create_dir_all(&course.target)?;
        let folder = tempfile::Builder::new().prefix("scenes-").tempdir_in(&course.target)?;
        Ok(Self { root: course.root.clone(), paths, folder })
    }

    /// Returns the paths of the libraries by the names of their crates, as [`LIBRARIES_VAR`] has them.
    #[must_use]
    pub fn paths(&self) -> &BTreeMap<String, PathBuf> {
        &self.paths
    }

    /// Compiles the program of a scene. `Err` in the result has the compiler's messages.
    ///
    /// # Errors
    /// If the compiler cannot be run.
    pub fn compile(&self, scene: &Scene, supervisor: &Supervisor) -> Result<Result<SceneProgram, String>> {
        let is_exercise = scene.kind == Kind::Exercise;
        // The messages of the compiler are about std itself first.
        if is_exercise && let Err(messages) = self.check(&scene.source, supervisor)? {
            return Ok(Err(messages));
        }
        let programs = self.compile_all(std::slice::from_ref(scene), supervisor)?;
        let program = programs.map(|mut programs| programs.remove(0));
        Ok(program.map_err(|messages| if is_exercise { unsupported(&messages) } else { messages }))
    }

    /// Compiles several scenes, of which only one lesson has scenarios, faster than one by one.
    ///
    /// # Errors
    /// If the compiler cannot be run.
    pub fn compile_all(
        &self,
        scenes: &[Scene],
        supervisor: &Supervisor,
    ) -> Result<Result<Vec<SceneProgram>, String>> {
        let folder = tempfile::tempdir_in(self.folder.path())?;
        let (main, path) = (folder.path().join("main.rs"), folder.path().join("program"));
        fs::write(&main, root_module(scenes))?;
        let mut compiler = self.compiler();
        compiler.args(["-Cstrip=symbols", "-Awarnings", "-o"]).args([&path, &main]);
        // With CARGO_BUILD_TARGET, macros are in another folder than what uses them.
        let folders: BTreeSet<_> = self.paths.values().filter_map(|library| library.parent()).collect();
        compiler.args(folders.iter().map(|folder| format!("-Ldependency={}", folder.display())));
        compiler.args(CRATES.map(|(name, _)| format!("--extern={name}={}", self.paths[name].display())));
        let result = Self::run(compiler, supervisor)?;
        let folder = Arc::new(folder);
        let program = |number| SceneProgram { folder: Arc::clone(&folder), number, root: self.root.clone() };
        Ok(result.map(|()| (0..scenes.len()).map(program).collect()))
    }

    /// Compiles a program with std itself. `Err` in the result has the compiler's messages.
    fn check(&self, source: &Path, supervisor: &Supervisor) -> Result<Result<(), String>> {
        let mut compiler = self.compiler();
        compiler.args(["--emit=metadata", "--crate-name=exercise", "--out-dir"]);
        compiler.args([self.folder.path(), source]);
        Self::run(compiler, supervisor)
    }

    /// Returns the compiler, for which paths in the workspace are relative to its root.
    fn compiler(&self) -> Command {
        let mut compiler = rustc();
        compiler.current_dir(&self.root).arg(format!("--remap-path-prefix={}/=", self.root.display()));
        compiler
    }

    fn run(compiler: Command, supervisor: &Supervisor) -> Result<Result<(), String>> {
        let ended = supervisor.run(compiler, COMPILER_LIMIT)?;
        ensure!(!ended.timed_out, "the compiler takes longer than {} s", COMPILER_LIMIT.as_secs());
        let messages = String::from_utf8_lossy(&ended.output).into_owned();
        Ok(if ended.status.success() { Ok(()) } else { Err(messages) })
    }
}

impl SceneProgram {
    /// Returns the command that answers requests on its standard input.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new(self.folder.path().join("program"));
        command.arg(self.number.to_string()).env("RUST_BACKTRACE", "0");
        // The paths of places in the source are relative to it.
        command.current_dir(&self.root);
        command
    }

    /// Returns the answer to one request; an error if the program does not answer in time, or with an error.
    ///
    /// # Errors
    /// If the program cannot be run or gives no answer.
    pub fn ask(&self, request: &str, supervisor: &Supervisor) -> Result<Value> {
        self.ask_within(ANSWER_LIMIT, request, supervisor)
    }

    fn ask_within(&self, limit: Duration, request: &str, supervisor: &Supervisor) -> Result<Value> {
        let mut command = self.command();
        command.arg(request);
        let ended = supervisor.run(command, limit)?;
        if ended.timed_out {
            let limit = limit.as_secs();
            bail!(
                "no answer after {limit} s: does a loop compute for ever, without a step that other threads can see?"
            );
        }
        let output = String::from_utf8_lossy(&ended.output);
        // After what the program itself prints on standard error: `dbg!`, say.
        let answer = output.lines().rfind(|line| line.starts_with('{')).unwrap_or_default();
        let answer: Value = serde_json::from_str(answer).with_context(|| {
            format!("the program ended without an answer ({})\n{output}", ended.status).trim_end().to_owned()
        })?;
        match answer["error"].as_str() {
            Some(error) => bail!("{error}"),
            None => Ok(answer),
        }
    }

    /// Returns all possible outputs, each as a list of lines.
    ///
    /// # Errors
    /// As [`ask`](Self::ask).
    pub fn outputs(&self, supervisor: &Supervisor) -> Result<Vec<Vec<String>>> {
        let mut answer = self.ask_within(LIST_LIMIT, "outputs", supervisor)?;
        serde_json::from_value(answer["outputs"].take()).context("invalid list of outputs")
    }

    /// Returns all states, and the ways to these goals, in the form that the player in the book reads.
    ///
    /// # Errors
    /// As [`ask`](Self::ask), and if a goal cannot be reached.
    pub fn graph(&self, goals: &[Goal], supervisor: &Supervisor) -> Result<Value> {
        self.ask_within(LIST_LIMIT, &format!("graph {}", serde_json::to_string(goals)?), supervisor)
    }
}

/// Returns the messages about an exercise that std itself compiles.
fn unsupported(messages: &str) -> String {
    if messages.contains("function `main` is private") {
        return "The exercise runs `main` from another module: write `pub(crate) fn main`.".to_owned();
    }
    format!("This compiles as a program of its own. But exercises do not support all of std:\n\n{messages}")
}

/// Returns the main module of a program for these scenes, which takes the number of one of them as its argument.
fn root_module(scenes: &[Scene]) -> String {
    let mut root = String::new();
    for (name, alias) in CRATES {
        let macros = if alias == "std" { "#[macro_use]\n" } else { "" };
        let _ = writeln!(root, "{macros}extern crate {name} as {alias};");
    }
    if let Some(scenario) = scenes.iter().find(|scene| scene.kind == Kind::Scenario) {
        let _ = writeln!(root, "#[path = {}]\nmod lesson;", quoted(&scenario.source));
        let folder = scenario.source.ancestors().nth(2).unwrap_or(Path::new(""));
        if folder.join(SCENES).is_file() {
            let _ = writeln!(root, "#[path = {}]\nmod scenes;", quoted(&folder.join(SCENES)));
        }
    }
    let mut choices = String::new();
    for (number, scene) in scenes.iter().enumerate() {
        let module = match scene.kind {
            Kind::Scenario => "use crate::*;".to_owned(),
            Kind::Mistake | Kind::Exercise => format!("#[path = {}] mod lesson;", quoted(&scene.source)),
        };
        let entry = &scene.entry;
        let _ = writeln!(
            root,
            "mod scene_{number} {{ {module} pub fn serve(requests: Vec<String>) -> std::real::io::Result<()> {{"
        );
        let _ = writeln!(root, "exploration::serve({entry}, requests) }} }}");
        let _ = writeln!(choices, "Some(\"{number}\") => scene_{number}::serve(requests.collect()),");
    }
    root + &format!(
        "fn main() -> std::real::io::Result<()> {{\n    \
         let mut requests = std::real::env::args().skip(1);\n    match requests.next().as_deref() {{\n{choices}\
         _ => panic!(\"unknown scene\"),\n}}\n}}\n"
    )
}

/// Returns a path as a literal of Rust.
fn quoted(path: &Path) -> String {
    format!("{:?}", path.display().to_string())
}
