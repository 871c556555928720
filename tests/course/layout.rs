//! The layout of the code: no files import each other in a cycle, a lesson's folder holds only the lesson, and snapshots name
//! the tests that read them.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::module_graph::{Crate, crate_roots, files, read, rust_files};
use crate::root;

/// How many lines a lesson's `src/main.rs` may have, unless [`MAIN_LIMITS`] says otherwise.
const MAIN_LIMIT: usize = 100;

/// The limits of these lessons are lower.
const MAIN_LIMITS: [(&str, usize); 6] = [
    ("thread-basics", 45),
    ("thread-subclass", 45),
    ("daemon", 50),
    ("spider-compare", 70),
    ("thread-attrs", 70),
    ("shared-data", 90),
];

/// How many lines the Rust files in a lesson's `src` may have, unless [`SOURCE_LIMITS`] says otherwise.
const SOURCE_LIMIT: usize = 300;

/// The limits of these lessons are higher. With each: where to move what is not the lesson.
const SOURCE_LIMITS: [(&str, usize, &str); 2] = [
    (
        "spider-compare",
        3_300,
        "move the server to tests/gallery, pictures to xtask/src/waterfall, figures of a benchmark to benches/",
    ),
    (
        "pipe-ipc",
        4_100,
        "move helpers of tests to tests/, and delete what no message needs that travels on a Connection",
    ),
];

/// Returns the folders of all lessons, with their names.
fn lessons() -> Vec<(String, PathBuf)> {
    let entries = fs::read_dir(root().join("crates")).expect("the folder can be read");
    let entries = entries.map(|entry| entry.expect("an entry"));
    entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path())).collect()
}

#[test]
fn the_main_file_of_each_lesson_is_short() {
    for (lesson, folder) in lessons() {
        let limit =
            MAIN_LIMITS.iter().find(|(name, _)| *name == lesson).map_or(MAIN_LIMIT, |(_, limit)| *limit);
        let lines = lines_of(&folder.join("src/main.rs"));
        assert!(
            lines <= limit,
            "crates/{lesson}/src/main.rs has {lines} lines, and {limit} are allowed: move arguments, help and child \
             processes to tests/scenarios, and everything else that is not the lesson to a module beside it"
        );
    }
}

#[test]
fn the_sources_of_each_lesson_stay_within_their_limit() {
    for (lesson, folder) in lessons() {
        let own = SOURCE_LIMITS.iter().find(|(name, ..)| *name == lesson);
        let (limit, advice) =
            own.map_or((SOURCE_LIMIT, "move what is not the lesson to tests/"), |own| (own.1, own.2));
        let lines: usize = rust_files(&folder.join("src")).iter().map(|file| lines_of(file)).sum();
        assert!(lines <= limit, "crates/{lesson}/src has {lines} lines, and {limit} are allowed: {advice}");
    }
}

#[test]
fn no_files_import_each_other_in_a_cycle() {
    let mut cycles = String::new();
    for crate_root in crate_roots(&root()) {
        if let Some(cycle) = Crate::read(&crate_root).cycle() {
            let files: Vec<_> = cycle
                .iter()
                .map(|file| file.strip_prefix(root()).unwrap_or(file).display().to_string())
                .collect();
            let _ = write!(cycles, "\n  {}", files.join(" → "));
        }
    }
    assert!(
        cycles.is_empty(),
        "these files import each other in a cycle; move what both sides use to a file that imports neither:{cycles}"
    );
}

#[test]
fn the_head_of_each_snapshot_names_the_file_and_the_expression_that_it_is_compared_with() {
    let letters =
        |text: &str| text.replace("\\n", "").chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    // The macro with which lessons compare guarantees.
    let shared = letters(&read(&root().join("tests/guarantees/stored.rs")));
    let folders = ["crates", "tests", "xtask"].map(|folder| root().join(folder));
    for snapshot in folders.iter().flat_map(|folder| files(folder, "snap")) {
        let text = read(&snapshot);
        let field = |name: &str| text.lines().take(5).find_map(|line| line.strip_prefix(name));
        let source = field("source: ").map(|source| root().join(source)).filter(|source| source.is_file());
        let source = source.unwrap_or_else(|| panic!("{} does not name its source", snapshot.display()));
        let expression = letters(field("expression: ").unwrap_or_default());
        assert!(
            letters(&read(&source)).contains(&expression) || shared.contains(&expression),
            "the expression in {} is out of date: remove that line",
            snapshot.display()
        );
    }
}

fn lines_of(file: &Path) -> usize {
    read(file).lines().count()
}
