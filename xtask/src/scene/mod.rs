//! Programs that can be played and explored on their own: a lesson's scenarios, its mistakes and its exercises.
//!
//! Such a *scene* is a source file with a `main`. [`Libraries::compile`] compiles it with the stand-ins for std, and makes a
//! program that answers requests about it: see `exploration::serve`.

mod goal;
mod libraries;
mod list;

pub use goal::{EndKind, Goal};
pub use libraries::{LIBRARIES_VAR, Libraries, SceneProgram};
pub use list::{
    Exercise, Kind, PLAY, Scene, UnknownScene, WrongFix, exercises, exercises_in, find, scenes_in,
};
