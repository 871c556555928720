//! Which scenes there are.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::goal::Goal;
use crate::lessons::{self, Course};

/// The scenarios and mistakes of a lesson that can be played, from its folder.
pub const PLAY: &str = "tests/play.toml";

/// The exercises of a lesson, from its folder.
const EXERCISES: &str = "exercises/exercises.toml";

/// What kind of program a scene is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A scenario of a lesson's program.
    Scenario,
    /// A program of `wrong/`.
    Mistake,
    /// An exercise.
    Exercise,
}

/// A program that can be played.
#[derive(Debug, Clone)]
pub struct Scene {
    /// The lesson that it belongs to.
    pub lesson: String,
    /// Its name in the lesson.
    pub name: String,
    /// What happens in it, in one line.
    pub title: String,
    /// What it is.
    pub kind: Kind,
    /// Its source file.
    pub source: PathBuf,
    /// What is run, as a Rust expression; `lesson` is the module of the source file.
    pub entry: String,
    /// What to try to reach.
    pub goals: Vec<Goal>,
}

/// An entry of [`PLAY`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    title: Option<String>,
    run: Option<String>,
    #[serde(default, rename = "goal")]
    goals: Vec<Goal>,
}

/// [`PLAY`].
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Play {
    #[serde(default, rename = "scene")]
    scenes: Vec<Entry>,
}

/// An exercise: a program that does not do what its first lines say.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exercise {
    /// The lesson that it belongs to.
    #[serde(skip)]
    pub lesson: String,
    /// The folder of the lesson's exercises.
    #[serde(skip)]
    pub folder: PathBuf,
    /// Its name, and that of its file.
    pub name: String,
    /// The second hint.
    pub hint: String,
    /// The permitted outputs.
    pub outputs: Vec<Vec<String>>,
    /// Outputs that must stay possible.
    #[serde(default)]
    pub possible: Vec<Vec<String>>,
    /// How many threads and processes each run has at least.
    pub actors: usize,
    /// The code of the compiler's error, if the file as given does not compile.
    pub error: Option<String>,
    /// Changes that look like a solution, and are none.
    #[serde(rename = "wrong_fix")]
    pub wrong_fixes: Vec<WrongFix>,
}

/// A change that looks like a solution, and is none.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrongFix {
    /// What it does.
    pub title: String,
    /// The changes to the file as given.
    pub edits: Vec<Edit>,
}

/// A change to a file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    replace: String,
    with: String,
}

/// [`EXERCISES`].
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exercises {
    #[serde(default, rename = "exercise")]
    exercises: Vec<Exercise>,
}

/// Returns the scenarios and mistakes of the lesson in `folder`.
///
/// # Errors
/// If the list of them cannot be read.
pub fn scenes_in(folder: &Path, lesson: &str) -> Result<Vec<Scene>> {
    let play: Play = read_toml(&folder.join(PLAY))?;
    play.scenes.into_iter().map(|entry| scene(folder, lesson, entry)).collect()
}

/// The name of a lesson's scene that does not exist.
#[derive(Debug)]
pub struct UnknownScene {
    lesson: String,
    unknown: String,
    scenes: Vec<String>,
}

impl fmt::Display for UnknownScene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { lesson, unknown, scenes } = self;
        if scenes.is_empty() {
            return write!(f, "{lesson} has nothing that can be played");
        }
        write!(f, "{lesson} has no `{unknown}` to play; it has {}", scenes.join(", "))
    }
}

impl std::error::Error for UnknownScene {}

/// Returns the scene of this name; the lesson's first one without a name.
///
/// # Errors
/// If the lesson or the scene is unknown; the errors list those that there are.
pub fn find(course: &Course, lesson: &str, name: Option<&str>) -> Result<Scene> {
    let mut scenes = Vec::new();
    for lesson in lessons::choose(course.lessons.clone(), &[lesson.to_owned()])? {
        scenes.extend(scenes_in(lesson.folder(), &lesson.name)?);
        for exercise in exercises_in(lesson.folder())? {
            scenes.push(exercise.scene(&course.root)?);
        }
    }
    let names = scenes.iter().map(|scene| scene.name.clone());
    let known: Vec<_> = names.filter(|name| !name.is_empty()).collect();
    let found = scenes.into_iter().find(|scene| name.is_none_or(|name| scene.name == name));
    found.ok_or_else(|| {
        let unknown = name.unwrap_or_default().to_owned();
        UnknownScene { lesson: lesson.to_owned(), unknown, scenes: known }.into()
    })
}

/// Returns the exercises of all lessons, in lesson order.
///
/// # Errors
/// If a list of them cannot be read.
pub fn exercises(course: &Course) -> Result<Vec<Exercise>> {
    let of_lessons = course.lessons.iter().map(|lesson| exercises_in(lesson.folder()));
    let of_lessons = of_lessons.collect::<Result<Vec<_>>>()?;
    Ok(of_lessons.into_iter().flatten().collect())
}

/// Returns the exercises of the lesson in `folder`.
///
/// # Errors
/// If the list of them cannot be read.
pub fn exercises_in(folder: &Path) -> Result<Vec<Exercise>> {
    let path = folder.join(EXERCISES);
    let Exercises { mut exercises } = read_toml(&path)?;
    for exercise in &mut exercises {
        exercise.lesson = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        path.parent().unwrap_or(Path::new("")).clone_into(&mut exercise.folder);
    }
    Ok(exercises)
}

/// Reads a TOML file; a file that does not exist is empty.
fn read_toml<T: DeserializeOwned + Default>(path: &Path) -> Result<T> {
    let Some(text) = crate::files::read_if_exists(path)? else { return Ok(T::default()) };
    toml::from_str(&text).with_context(|| format!("invalid file {}", path.display()))
}

fn scene(folder: &Path, lesson: &str, entry: Entry) -> Result<Scene> {
    let mistake = folder.join("wrong").join(&entry.name).with_extension("rs");
    let is_mistake = mistake.is_file();
    let source = if is_mistake { mistake } else { folder.join("src/main.rs") };
    let title = match entry.title {
        Some(title) => title,
        None => title_of(&source)?,
    };
    let has_argument = !is_mistake && !entry.name.is_empty();
    let arguments = if has_argument { format!("{:?}", entry.name) } else { String::new() };
    Ok(Scene {
        lesson: lesson.to_owned(),
        name: entry.name,
        title,
        kind: if is_mistake { Kind::Mistake } else { Kind::Scenario },
        source,
        entry: entry.run.unwrap_or_else(|| whole_program(&arguments)),
        goals: entry.goals,
    })
}

/// Returns the expression that runs the whole program with these arguments.
fn whole_program(arguments: &str) -> String {
    format!("std::process::program(lesson::main, &[{arguments}])")
}

/// Returns the title of a file: its first line, up to a colon or the end of a sentence.
fn title_of(path: &Path) -> Result<String> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let line =
        text.lines().next().unwrap_or_default().trim_start_matches("//!").trim_start_matches([' ', '#']);
    let end = [": ", ". "].iter().filter_map(|mark| line.find(mark)).min();
    Ok(line[..end.unwrap_or(line.len())].trim_end_matches('.').to_owned())
}

impl Exercise {
    /// Returns the file as given.
    #[must_use]
    pub fn given(&self) -> PathBuf {
        self.folder.join(&self.name).with_extension("rs")
    }

    /// Returns its title: the first line of the file as given.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn title(&self) -> Result<String> {
        title_of(&self.given())
    }

    /// Returns the file of the solution.
    #[must_use]
    pub fn solution(&self) -> PathBuf {
        self.folder.join("solutions").join(&self.name).with_extension("rs")
    }

    /// Returns the learner's copy.
    #[must_use]
    pub fn copy(&self, root: &Path) -> PathBuf {
        root.join("scratch/exercises").join(&self.lesson).join(&self.name).with_extension("rs")
    }

    /// Returns the scene of the learner's copy, or of the file as given if there is none.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn scene(&self, root: &Path) -> Result<Scene> {
        let copy = self.copy(root);
        let source = if copy.is_file() { copy } else { self.given() };
        Ok(Scene { title: self.title()?, ..self.scene_of(source) })
    }

    /// Returns the request for a verdict.
    #[must_use]
    pub fn request(&self) -> String {
        let Self { outputs, possible, actors, .. } = self;
        format!("verdict {}", json!({ "outputs": outputs, "possible": possible, "actors": actors }))
    }

    /// Returns the scene of another version of the exercise.
    #[must_use]
    pub fn scene_of(&self, source: PathBuf) -> Scene {
        Scene {
            lesson: self.lesson.clone(),
            name: self.name.clone(),
            title: self.name.clone(),
            kind: Kind::Exercise,
            entry: whole_program(""),
            source,
            goals: Vec::new(),
        }
    }
}

impl WrongFix {
    /// Returns the file as given with these changes.
    ///
    /// # Errors
    /// If a text that is replaced does not stand in the file exactly once.
    pub fn apply(&self, given: &str) -> Result<String> {
        self.edits.iter().try_fold(given.to_owned(), |text, Edit { replace, with }| {
            let count = text.matches(replace.as_str()).count();
            anyhow::ensure!(count == 1, "{:?}: {replace:?} occurs {count} times", self.title);
            Ok(text.replace(replace.as_str(), with))
        })
    }
}
