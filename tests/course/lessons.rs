//! Each lesson is where it belongs, and the lists of lessons agree.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;

use crate::module_graph::rust_files;
use crate::root;

/// The lessons, in the order that their manifests give them.
static LESSONS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let metadata = metadata(&["--no-deps"]);
    let packages = metadata["packages"].as_array().expect("a list");
    let order = |package: &Value| package["metadata"]["lesson"]["order"].as_u64();
    let mut lessons: Vec<_> = packages.iter().filter(|package| order(package).is_some()).collect();
    lessons.sort_by_key(|package| order(package));
    lessons.iter().map(|package| package["name"].as_str().expect("a name").to_owned()).collect()
});

/// The headings of a lesson's page, in order.
const HEADINGS: [&str; 9] = [
    "The question",
    "Python and Rust side by side",
    "Run it",
    "What is guaranteed",
    "What only looks guaranteed",
    "Pitfalls",
    "Try it",
    "Summary",
    "Next",
];

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}

/// Returns what is between `before` and `after`, for each line of `text` that has both.
fn quoted<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    text.lines().filter_map(|line| Some(line.split_once(before)?.1.split_once(after)?.0)).collect()
}

fn cargo(args: &[&str]) -> Command {
    let mut cargo = course_tests::run::cargo::cargo();
    cargo.args(args).current_dir(root()).env_remove("CLICOLOR_FORCE");
    cargo
}

fn metadata(more: &[&str]) -> Value {
    let output =
        cargo(&["metadata", "--format-version=1", "--locked"]).args(more).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo prints JSON")
}

#[test]
fn the_folder_of_lessons_holds_the_lessons_and_nothing_else() {
    let entries = fs::read_dir(root().join("crates")).expect("the folder can be read");
    let mut found: Vec<_> = entries.map(|entry| entry.expect("an entry").file_name()).collect();
    let mut lessons = LESSONS.clone();
    found.sort();
    lessons.sort_unstable();
    assert_eq!(found, lessons.iter().map(OsString::from).collect::<Vec<_>>());
}

#[test]
fn the_top_level_holds_six_files_and_four_folders_beside_dot_files() {
    let entries = fs::read_dir(root()).expect("the folder can be read");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    // Built files and copies of lessons are not part of the project.
    let mut names: Vec<_> =
        names.filter(|name| !name.starts_with('.') && name != "target" && name != "scratch").collect();
    names.sort_unstable();
    let files = ["CONTRIBUTING.md", "Cargo.lock", "Cargo.toml", "LICENSE-APACHE", "LICENSE-MIT", "README.md"];
    let folders = ["crates", "docs", "tests", "xtask"];
    assert_eq!(names, [&files[..], &folders].concat());
}

#[test]
fn the_root_readme_has_a_row_for_each_lesson_in_order() {
    assert_eq!(quoted(&read("README.md"), "](crates/", "/README.md) | "), *LESSONS);
}

#[test]
fn every_lesson_has_a_readme_that_begins_with_its_name() {
    for lesson in LESSONS.iter() {
        let readme = read(format!("crates/{lesson}/README.md"));
        assert!(
            readme.starts_with(&format!("# {lesson}: ")),
            "{lesson}: {}",
            readme.lines().next().unwrap_or("")
        );
    }
}

/// Returns the page of a lesson.
fn readme(lesson: &str) -> String {
    read(format!("crates/{lesson}/README.md"))
}

#[test]
fn every_page_has_the_same_headings_in_the_same_order() {
    for lesson in LESSONS.iter() {
        let readme = readme(lesson);
        let headings: Vec<&str> = readme.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(headings, HEADINGS, "the headings (##) of crates/{lesson}/README.md");
    }
}

#[test]
fn code_with_a_language_on_a_page_is_included_and_not_typed() {
    for lesson in LESSONS.iter() {
        let readme = readme(lesson);
        let mut before = "";
        for line in readme.lines() {
            let opens = line.starts_with("```") && line.len() > 3;
            assert!(
                !opens || before.starts_with("<!-- include: "),
                "{lesson}: {line} stands below {before:?}"
            );
            before = line;
        }
    }
}

#[test]
fn the_code_that_a_step_of_try_it_deletes_or_replaces_is_in_the_lesson() {
    let verbs = ["delete ", "replace ", "move ", "change ", "swap "];
    let ends = [" with ", " by ", " to ", " above ", " add ", ". "];
    let in_one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut missing = String::new();
    for lesson in LESSONS.iter() {
        let files = rust_files(&root().join("crates").join(lesson).join("src"));
        let source = in_one_line(&files.iter().map(read).collect::<String>());
        let page = readme(lesson);
        let steps = page.split("\n## Try it\n").nth(1).and_then(|rest| rest.split("\n#").next());
        let mut is_object = false;
        // Code is in backticks: every second part.
        for (index, part) in in_one_line(steps.expect("there are steps")).split('`').enumerate() {
            if index % 2 == 0 {
                let text = part.to_lowercase();
                let last = |words: &[&str]| words.iter().filter_map(|word| text.rfind(word)).max();
                is_object = match (last(&verbs), last(&ends)) {
                    (None, None) => is_object,
                    (verb, end) => verb > end,
                };
            } else if is_object && !part.split('…').all(|code| source.contains(code)) {
                let _ = writeln!(missing, "crates/{lesson}/README.md, Try it: `{part}` is not in src/");
            }
        }
    }
    assert!(missing.is_empty(), "{missing}");
}

#[test]
fn every_lesson_has_its_program_and_snapshots_of_what_it_prints() {
    for lesson in LESSONS.iter() {
        let folder = root().join("crates").join(lesson);
        assert!(folder.join("src/main.rs").is_file(), "{lesson} has no program");
        assert!(has_snapshots(&folder.join("tests")), "{lesson} has no snapshots");
    }
}

fn has_snapshots(folder: &Path) -> bool {
    let entries =
        fs::read_dir(folder).expect("the folder can be read").map(|entry| entry.expect("an entry").path());
    let mut entries = entries.into_iter();
    entries.any(|path| {
        path.extension().is_some_and(|end| end == "snap") || path.is_dir() && has_snapshots(&path)
    })
}

#[test]
fn a_folder_for_python_holds_the_twin_of_its_lesson() {
    for lesson in LESSONS.iter() {
        let folder = root().join("crates").join(lesson).join("python");
        let twin = folder.join(format!("{lesson}.py"));
        assert!(!folder.exists() || twin.is_file(), "{} is missing", twin.display());
    }
}

#[test]
fn every_program_in_wrong_is_named_in_a_test_of_its_lesson() {
    for lesson in LESSONS.iter() {
        let folder = root().join("crates").join(lesson);
        let tests: String = rust_files(&folder.join("tests")).iter().map(read).collect();
        let wrong = Some(folder.join("wrong")).filter(|wrong| wrong.exists());
        for wrong in wrong.iter().flat_map(|wrong| rust_files(wrong)) {
            let name = wrong.file_stem().expect("a name").to_string_lossy();
            assert!(
                tests.contains(&format!("\"{name}\"")) || tests.contains(&format!("wrong/{name}.rs\"")),
                "no test of {lesson} names {}",
                wrong.display()
            );
        }
    }
}

#[test]
fn no_lesson_depends_on_another() {
    for package in metadata(&["--no-deps"])["packages"].as_array().expect("a list") {
        let name = package["name"].as_str().expect("a name");
        for dependency in package["dependencies"].as_array().expect("a list") {
            let dependency = dependency["name"].as_str().expect("a name");
            assert!(!LESSONS.iter().any(|lesson| lesson == dependency), "{name} depends on {dependency}");
        }
    }
}

#[test]
fn the_rust_version_is_the_lowest_that_the_dependencies_build_with() {
    let metadata = metadata(&[]);
    let packages = metadata["packages"].as_array().expect("a list");
    let ours = |package: &&Value| package["source"].is_null();
    let highest = packages.iter().filter(|package| !ours(package)).filter_map(rust_version).max();
    for package in packages.iter().filter(ours) {
        assert_eq!(rust_version(package), highest, "of {}", package["name"]);
    }
}

/// As numbers, so that 1.100 is above 1.88.
fn rust_version(package: &Value) -> Option<Vec<u32>> {
    let version = package["rust_version"].as_str()?;
    let mut parts: Vec<u32> = version.split('.').map(|part| part.parse().expect("a number")).collect();
    parts.resize(3, 0);
    Some(parts)
}

/// What `cargo xtask` prints to its standard output.
fn xtask(args: &[&str]) -> String {
    let output = cargo(&["xtask"]).args(args).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints text")
}

#[test]
fn list_names_each_lesson_in_order() {
    let list = xtask(&["list"]);
    let names: Vec<_> = list.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names, *LESSONS);
}

/// The snapshot contains only the number of each lesson's lines: the lesson's own tests check the lines.
#[test]
fn run_all_prints_each_lesson_whole_then_the_table_and_the_totals() {
    // Those that do not sleep for seconds; `.ci/run` runs them all.
    let printed = xtask(&["run-all", "thread-attrs", "shared-data", "pipe-ipc"]);
    let mut frame = String::new();
    let mut lines = 0;
    let mut in_a_lesson = false;
    for line in printed.lines() {
        let heading = line.starts_with("==> ");
        if in_a_lesson && (heading || line.starts_with("lesson ")) {
            // An empty line closes what a lesson printed.
            let _ = writeln!(frame, "({} lines)\n", lines - 1);
        }
        in_a_lesson = heading || in_a_lesson && !line.starts_with("lesson ");
        lines = if heading { 0 } else { lines + 1 };
        if heading || !in_a_lesson {
            let _ = writeln!(frame, "{}", without_seconds(line));
        }
    }
    insta::assert_snapshot!("run-all", frame);
}

/// A row or the closing line, whose last word is how long it took.
fn without_seconds(line: &str) -> String {
    let line = line.trim_end_matches(" (with builds)");
    let Some((rest, last)) = line.rsplit_once(' ') else { return line.to_owned() };
    let seconds = last.trim_end_matches('s').parse::<f64>();
    if seconds.is_ok() { format!("{} <seconds>", rest.trim_end()) } else { line.to_owned() }
}
