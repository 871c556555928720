//! `cargo xtask exercise`: mend a program, which is judged under every schedule at each save.

mod choice;
mod copy;
mod list;
mod progress;
mod session;
mod verdict;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::diff::difference;
use crate::files::relative_to_current_dir;
use crate::flags;
use crate::lessons;
use crate::scene::{self, Exercise, Libraries};
use crate::supervisor::Supervisor;
use crate::terminal::print;
pub use choice::UnknownExercise;
use choice::choose;
use list::{ALL_DONE, bar, list};
use progress::{Progress, ProgressFile};
use session::Session;

/// Opens an exercise and judges it at each save until it is passed, or does what an option asks for. Returns false with
/// `--once` if it is not passed, and with `--solution` before a try.
///
/// # Errors
/// If the exercise is unknown, a file cannot be read or written, the progress is damaged, the libraries cannot be built,
/// standard output is closed, or the supervisor has stopped.
pub fn run(options: &flags::Exercise, supervisor: &Supervisor) -> Result<bool> {
    let course = lessons::course()?;
    let exercises = scene::exercises(&course)?;
    ensure!(!exercises.is_empty(), "the course has no exercises");
    let progress = ProgressFile::of(&course.root);
    let known = progress.read()?;
    if options.list {
        print(&list(&exercises, &known)?)?;
        return Ok(true);
    }
    let Some(chosen) = choose(options, &exercises, &known)? else {
        print(&format!("{}\n{ALL_DONE}\n", bar(&exercises, &known)))?;
        return Ok(true);
    };
    if options.hint {
        print(&format!("{}: {}\n", chosen.name, chosen.hint))?;
        return Ok(true);
    }
    if options.reset {
        print(&reset(chosen, &course.root)?)?;
        return Ok(true);
    }
    if options.solution {
        return show_solution(chosen, &course.root, &known);
    }
    let libraries = Libraries::build(&course, supervisor)?;
    let once = options.once;
    Session { course: &course, exercises: &exercises, progress, libraries, supervisor, once }.run(chosen)
}

fn reset(exercise: &Exercise, root: &Path) -> Result<String> {
    let backup = copy::reset(exercise, root)?;
    let copy = relative_to_current_dir(&exercise.copy(root));
    let kept = backup.map(|backup| format!("\nYour changes are in {}.", relative_to_current_dir(&backup)));
    Ok(format!("{copy} is as given again.{}\n", kept.unwrap_or_default()))
}

/// Prints how the solution differs from the learner's copy. Returns false if there was no try.
fn show_solution(exercise: &Exercise, root: &Path, progress: &Progress) -> Result<bool> {
    if progress.of(exercise).tries == 0 {
        print(&format!(
            "Try first: change {}, and let it be judged. Then --solution shows how a solution differs from it.\n",
            relative_to_current_dir(&exercise.copy(root))
        ))?;
        return Ok(false);
    }
    let path = exercise.solution();
    let solution = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let copy = copy::prepare(exercise, root)?;
    let mine = String::from_utf8_lossy(&fs::read(&copy)?).into_owned();
    let changes = difference(&mine, &solution);
    print(&match changes.as_str() {
        "" => "Your copy is the solution.\n".to_owned(),
        _ => format!("{changes}\nThe whole solution: {}\n", relative_to_current_dir(&path)),
    })?;
    Ok(true)
}
