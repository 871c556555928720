//! The layout of the code: no files import each other in a ring, and a lesson's folder holds only the lesson.

use std::fmt::Write as _;
use std::path::Path;

use crate::module_graph::{Crate, crate_roots, read, rust_files};
use crate::root;

/// How many lines each of these files may have.
const PROGRAMS: [(&str, usize); 6] = [
    ("crates/thread-basics/src/main.rs", 45),
    ("crates/thread-subclass/src/main.rs", 45),
    ("crates/daemon/src/main.rs", 50),
    ("crates/thread-attrs/src/main.rs", 70),
    ("crates/shared-data/src/main.rs", 90),
    ("crates/pipe-ipc/src/main.rs", 100),
];

/// How many lines the Rust files of each of these folders may have, and where to move what is not the lesson.
const FOLDERS: [(&str, usize, &str); 2] = [
    (
        "crates/spider-compare/src",
        2_900,
        "move the server to tests/gallery, pictures to xtask/src/waterfall, figures of a benchmark to benches/",
    ),
    (
        "crates/pipe-ipc/src",
        4_200,
        "move helpers of tests to tests/, and delete what no message needs that travels on a Connection",
    ),
];

#[test]
fn the_main_file_of_each_lesson_is_short() {
    for (file, limit) in PROGRAMS {
        let lines = lines_of(&root().join(file));
        assert!(
            lines <= limit,
            "{file} has {lines} lines, and {limit} are allowed: move arguments, help and child processes to \
             tests/scenarios, and everything else that is not the lesson to a module beside it"
        );
    }
}

#[test]
fn the_sources_of_each_lesson_stay_within_their_limit() {
    for (folder, limit, advice) in FOLDERS {
        let lines: usize = rust_files(&root().join(folder)).iter().map(|file| lines_of(file)).sum();
        assert!(lines <= limit, "{folder} has {lines} lines, and {limit} are allowed: {advice}");
    }
}

#[test]
fn no_files_import_each_other_in_a_cycle() {
    let mut rings = String::new();
    for crate_root in crate_roots(&root()) {
        if let Some(ring) = Crate::read(&crate_root).ring() {
            let files: Vec<_> = ring
                .iter()
                .map(|file| file.strip_prefix(root()).unwrap_or(file).display().to_string())
                .collect();
            let _ = write!(rings, "\n  {}", files.join(" → "));
        }
    }
    assert!(
        rings.is_empty(),
        "these files import each other in a ring; move what both sides use to a file that imports neither:{rings}"
    );
}

fn lines_of(file: &Path) -> usize {
    read(file).lines().count()
}
