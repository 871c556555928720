//! Tests of the whole course.
//!
//! - `lessons`: each lesson is where it belongs, and the lists of lessons agree.
//! - `pages`: what the pages name exists.
//! - `layout`: no files import each other in a cycle, and a lesson's folder holds only the lesson.
//! - `isolation`: explored processes share no memory.
//! - `module_graph`: which files of a crate import which.

mod isolation;
mod layout;
mod lessons;
mod module_graph;
mod pages;

use std::path::{Path, PathBuf};

/// The root of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ has a parent").to_owned()
}
