//! Which exercise to open.

use std::fmt;

use super::progress::Progress;
use crate::flags;
use crate::scene::Exercise;

/// The name of an exercise that does not exist.
#[derive(Debug)]
pub struct UnknownExercise {
    unknown: String,
    exercises: Vec<String>,
}

impl fmt::Display for UnknownExercise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown exercise `{}`; the exercises are {}", self.unknown, self.exercises.join(", "))
    }
}

impl std::error::Error for UnknownExercise {}

/// Returns the exercise that the options name: by default the current one, or if that is done, the next open one. `None` if
/// all are done.
pub(super) fn choose<'a>(
    options: &flags::Exercise,
    exercises: &'a [Exercise],
    progress: &Progress,
) -> Result<Option<&'a Exercise>, UnknownExercise> {
    if let Some(name) = &options.name {
        let found = exercises.iter().find(|exercise| exercise.name == *name);
        let names = || exercises.iter().map(|exercise| exercise.name.clone()).collect();
        return match found {
            Some(found) => Ok(Some(found)),
            None => Err(UnknownExercise { unknown: name.clone(), exercises: names() }),
        };
    }
    let current = exercises.iter().find(|exercise| progress.current.as_ref() == Some(&exercise.name));
    Ok(match current {
        Some(current) if !options.next && (options.solution || !progress.of(current).done) => Some(current),
        _ => next_open(exercises, current, progress),
    })
}

/// Returns the first exercise after `current` that is not done; after the last one comes the first one.
pub(super) fn next_open<'a>(
    exercises: &'a [Exercise],
    current: Option<&Exercise>,
    progress: &Progress,
) -> Option<&'a Exercise> {
    let after = current.and_then(|current| exercises.iter().position(|one| one.name == current.name));
    let (before, rest) = exercises.split_at(after.map_or(0, |index| index + 1));
    rest.iter().chain(before).find(|exercise| !progress.of(exercise).done)
}
