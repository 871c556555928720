//! `cargo xtask new`: a lesson to begin with, at all the places where a lesson is named.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use clap::Args;
use course_tests::mistakes::frequency::{COINCIDENCES, Fraction, RECORD, Row, Rows};

use crate::cargo;
use crate::lessons;
use crate::measured::Record;
use crate::readme;
use crate::running::{BUILD_LIMIT, Running};

/// Add a lesson to begin with: one thread that is started and joined, its twin in Python, its tests and snapshots.
///
/// It is named wherever lessons are listed, and passes all checks as it is.
///
/// Exit status: 0, 1 when something cannot be written (nothing is then), 2 for a wrong argument.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct New {
    /// What it is called: lowercase words joined by hyphens
    #[arg(value_name = "NAME")]
    name: String,

    /// What it is about, in one line
    #[arg(long, value_name = "LINE", default_value = "a thread that is started, and joined")]
    about: String,
}

/// A name or a description that no lesson can have, and what to do.
#[derive(Debug)]
pub struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

/// What the files of a lesson are made from, and where each belongs in its folder.
const TEMPLATE: [(&str, &str); 13] = [
    ("Cargo.toml", include_str!("new/template/manifest.toml")),
    ("README.md", include_str!("new/template/README.md")),
    ("src/main.rs", include_str!("new/template/src/main.rs")),
    ("python/THE_LESSON.py", include_str!("new/template/python/twin.py")),
    ("tests/lesson/main.rs", include_str!("new/template/tests/lesson/main.rs")),
    ("tests/lesson/actors.rs", include_str!("new/template/tests/lesson/actors.rs")),
    ("tests/lesson/lanes.rs", include_str!("new/template/tests/lesson/lanes.rs")),
    ("tests/lesson/coincidences.rs", include_str!("new/template/tests/lesson/coincidences.rs")),
    ("tests/lesson/guarantees.rs", include_str!("new/template/tests/lesson/guarantees.rs")),
    ("tests/lesson/python_twin.rs", include_str!("new/template/tests/lesson/python_twin.rs")),
    ("tests/lesson/real_run.rs", include_str!("new/template/tests/lesson/real_run.rs")),
    // Not called `.snap` in the template: no test reads them there.
    (
        "tests/lesson/snapshots/lesson__real_run__thread.snap",
        include_str!("new/template/tests/lesson/snapshots/real_run.txt"),
    ),
    (
        "tests/lesson/snapshots/lesson__guarantees__guarantees.snap",
        include_str!("new/template/tests/lesson/snapshots/guarantees.txt"),
    ),
];

/// What stands in the template in the place of the name, and of the description.
const PLACEHOLDERS: [&str; 2] = ["THE_LESSON", "THE_DESCRIPTION"];

/// A file that names all lessons.
struct Place {
    /// Its path in the workspace.
    file: &'static str,
    /// Adds the lesson to its text, behind all others; `None` where it does not find how the others are named.
    add: fn(&str, &New) -> Option<String>,
}

/// The files that name all lessons. Cargo adds it to `Cargo.lock` by itself.
const PLACES: [Place; 6] = [
    Place { file: "Cargo.toml", add: member },
    Place { file: "README.md", add: row },
    Place { file: "docs/SUMMARY.md", add: chapter },
    Place { file: RECORD, add: counts },
    Place { file: "tests/course/lessons.rs", add: name_in_the_list },
    Place { file: "tests/course/snapshots/course__lessons__list.snap", add: line_of_the_list },
];

/// The page that shows the figures of all lessons. It pulls them, so it is not edited but written anew.
const FIGURES: &str = "docs/measured-here.md";

/// Words that a lesson cannot be called by: cargo refuses them, or a folder of its own has the name.
const OF_CARGO: [&str; 9] =
    ["std", "core", "alloc", "proc-macro", "test", "deps", "build", "examples", "incremental"];

/// The words of Rust that are lowercase.
const OF_RUST: [&str; 52] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield", "union",
];

/// Modules that twins import, or that those import. A program `queue.py` would import itself in the place of one.
const OF_PYTHON: [&str; 20] = [
    "collections",
    "contextlib",
    "functools",
    "io",
    "itertools",
    "logging",
    "multiprocessing",
    "operator",
    "os",
    "pickle",
    "queue",
    "random",
    "signal",
    "socket",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "types",
];

/// Longer names make lines of the template too long.
const LONGEST_NAME: usize = 18;

/// As long as a line may be that is read in a table.
const LONGEST_DESCRIPTION: usize = 100;

/// Adds the lesson, and prints what to do next.
///
/// # Errors
/// When the name or the description cannot be a lesson's, a place where lessons are named is not found, a file cannot
/// be written, cargo does not accept the workspace then, or `running` was ended. Nothing has changed then.
pub fn run(options: &New, running: &Running) -> Result<()> {
    let root = lessons::course()?.root;
    check_name(&options.name, &read(&root, "Cargo.lock")?)?;
    check_description(&options.about)?;
    let folder = Path::new("crates").join(&options.name);
    ensure!(!root.join(&folder).exists(), "{} is there already; choose another name", folder.display());
    let mut change = Change::in_workspace(&root);
    for place in PLACES {
        let text = (place.add)(&read(&root, place.file)?, options).ok_or_else(|| {
            anyhow!("{} does not name the lessons as it did; mend PLACES in xtask/src/new.rs", place.file)
        })?;
        change.write(Path::new(place.file), &text);
    }
    for (file, text) in TEMPLATE {
        change.write(&folder.join(filled_in(file, options)), &filled_in(text, options));
    }
    change.keep_in_mind(Path::new("Cargo.lock"));
    change.keep_in_mind(Path::new(FIGURES));
    change.make(|| refresh_the_lock_file(&root, running).and_then(|()| readme::write_anew(&root)))?;
    tell(options)?;
    Ok(())
}

fn tell(options: &New) -> io::Result<()> {
    let name = &options.name;
    let mut out = io::stdout().lock();
    writeln!(out, "The lesson {name} is in crates/{name}, and passes all checks as it is.")?;
    let places: Vec<&str> = PLACES.iter().map(|place| place.file).collect();
    writeln!(out, "It is named in {} and Cargo.lock, after all others.", places.join(", "))?;
    writeln!(
        out,
        "Make it yours: src/main.rs, the README.md, and who prints which line (tests/lesson/actors.rs)."
    )?;
    writeln!(out, "Then run `cargo test -p {name}` and `cargo test -p course-tests`.")?;
    out.flush()
}

fn read(root: &Path, file: &str) -> Result<String> {
    fs::read_to_string(root.join(file)).with_context(|| format!("{file} cannot be read"))
}

fn filled_in(text: &str, options: &New) -> String {
    let [name, description] = PLACEHOLDERS;
    text.replace(name, &options.name).replace(description, &options.about)
}

/// Lets cargo add the lesson to `Cargo.lock`: it depends on nothing that is not there.
fn refresh_the_lock_file(root: &Path, running: &Running) -> Result<()> {
    let mut metadata = cargo();
    metadata.args(["metadata", "--quiet", "--offline", "--format-version", "1"]).current_dir(root);
    let ended = running.to_its_end(metadata, BUILD_LIMIT).context("cargo cannot be run")?;
    let said = String::from_utf8_lossy(&ended.output);
    ensure!(ended.status.success(), "cargo does not accept the workspace with it: {}", said.trim());
    Ok(())
}

/// Holds that a lesson can have this name; `lock` is the text of `Cargo.lock`, which names every package.
fn check_name(name: &str, lock: &str) -> Result<(), Refused> {
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_lowercase())
            && word.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
    };
    let problem = if !name.split('-').all(is_word) {
        "it must be lowercase words joined by hyphens, as in `thread-basics`".to_owned()
    } else if name.len() > LONGEST_NAME {
        format!("it has more than {LONGEST_NAME} characters; choose a shorter one")
    } else if OF_RUST.contains(&name) {
        "it is a word of Rust; choose another".to_owned()
    } else if OF_PYTHON.contains(&name) {
        "a module of Python has it, and its twin would import itself; choose another".to_owned()
    } else if OF_CARGO.contains(&name) {
        "cargo has a use of its own for it; choose another".to_owned()
    } else if lock.lines().any(|line| line == format!("name = \"{name}\"")) {
        "a lesson or another package has it already; choose another".to_owned()
    } else {
        return Ok(());
    };
    Err(Refused(format!("a lesson cannot be called `{}`: {problem}", name.escape_debug())))
}

/// Holds that this can stand in a manifest, in a table and in a title.
fn check_description(about: &str) -> Result<(), Refused> {
    let problem = if about.trim().is_empty() || about.trim() != about {
        "it must begin and end with a word".to_owned()
    } else if about.contains(char::is_control) {
        "it must be one line of text".to_owned()
    } else if about.chars().count() > LONGEST_DESCRIPTION {
        format!("it has more than {LONGEST_DESCRIPTION} characters; choose a shorter one")
    } else if about.contains(['"', '\\', '|']) {
        "it must do without \", \\ and |, which manifests and tables read in their own ways".to_owned()
    } else {
        return Ok(());
    };
    Err(Refused(format!("a lesson cannot be about `{}`: {problem}", about.escape_debug())))
}

/// Below the last lesson in the list of members.
fn member(manifest: &str, options: &New) -> Option<String> {
    below_the_last(
        manifest,
        |line| line.starts_with("    \"crates/"),
        &format!("    \"crates/{}\",", options.name),
    )
}

/// Below the last lesson in the table; and the number of lessons in the sentence above it.
fn row(readme: &str, options: &New) -> Option<String> {
    let New { name, about } = options;
    let row =
        format!("| [{name}](crates/{name}/README.md) | `Thread(target=…)`, `start()`, `join()` | {about} |");
    let is_row = |line: &str| line.starts_with("| [") && line.contains("](crates/");
    below_the_last(readme, is_row, &row).map(|readme| one_more(&readme))
}

/// Where the number of lessons is told in words, it is told anew.
fn one_more(readme: &str) -> String {
    let numbers = ["Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"];
    let told = |number: &str| format!("\n{number} small programs");
    let change = numbers.windows(2).find(|pair| readme.contains(&told(pair[0])));
    change.map_or(readme.to_owned(), |pair| readme.replacen(&told(pair[0]), &told(pair[1]), 1))
}

/// Below the last lesson's chapter.
fn chapter(summary: &str, options: &New) -> Option<String> {
    let name = &options.name;
    below_the_last(
        summary,
        |line| line.contains("](../crates/"),
        &format!("- [{name}](../crates/{name}/README.md)"),
    )
}

/// What its `tests/lesson/coincidences.rs` holds to the record: nobody has run it yet.
fn counts(record: &str, options: &New) -> Option<String> {
    let mut record: Record = serde_json::from_str(record).ok()?;
    let row = Row {
        what: "main's line comes first".to_owned(),
        real: Fraction { count: 0, of: 0 },
        optimised: None,
        possible: Some(Fraction { count: 1, of: 3 }),
    };
    record.counts.push(Rows {
        about: COINCIDENCES.to_owned(),
        lesson: options.name.clone(),
        rows: vec![row],
    });
    record.in_json().ok()
}

/// At the end of the list, whose length is told too.
fn name_in_the_list(tests: &str, options: &New) -> Option<String> {
    let (before, rest) = tests.split_once("const LESSONS: [&str; ")?;
    let (length, rest) = rest.split_once("] = [\n")?;
    let (names, after) = rest.split_once("];")?;
    let length: usize = length.parse().ok()?;
    Some(format!(
        "{before}const LESSONS: [&str; {}] = [\n{names}    \"{}\",\n];{after}",
        length + 1,
        options.name
    ))
}

/// At the end of what `cargo xtask list` prints, its first column as wide as it is then.
fn line_of_the_list(snapshot: &str, options: &New) -> Option<String> {
    let (head, body) = snapshot.strip_prefix("---\n")?.split_once("\n---\n")?;
    let split = |line: &'_ str| {
        line.split_once("  ").map(|(name, about)| (name.to_owned(), about.trim_start().to_owned()))
    };
    let mut lessons: Vec<_> = body.lines().map(split).collect::<Option<_>>()?;
    lessons.push((options.name.clone(), options.about.clone()));
    let width = lessons.iter().map(|(name, _)| name.len()).max()?;
    let lines: String = lessons.iter().map(|(name, about)| format!("{name:width$}  {about}\n")).collect();
    Some(format!("---\n{head}\n---\n{lines}"))
}

/// Puts a line below the last one of those that are meant.
fn below_the_last(text: &str, is_meant: impl Fn(&str) -> bool, new: &str) -> Option<String> {
    let mut lines: Vec<&str> = text.lines().collect();
    let last = lines.iter().rposition(|line| is_meant(line))?;
    lines.insert(last + 1, new);
    Some(lines.join("\n") + "\n")
}

/// Files to be written, all of them or none.
struct Change<'a> {
    root: &'a Path,
    files: Vec<(PathBuf, String)>,
    /// What else may change meanwhile.
    others: Vec<PathBuf>,
}

impl<'a> Change<'a> {
    fn in_workspace(root: &'a Path) -> Self {
        Self { root, files: Vec::new(), others: Vec::new() }
    }

    fn write(&mut self, file: &Path, text: &str) {
        self.files.push((file.to_owned(), text.to_owned()));
    }

    fn keep_in_mind(&mut self, file: &Path) {
        self.others.push(file.to_owned());
    }

    /// Writes the files, and does what `then` does. Where that fails, everything is put back.
    fn make(&self, then: impl FnOnce() -> Result<()>) -> Result<()> {
        let files = self.files.iter().map(|(file, _)| file).chain(&self.others);
        let before: Vec<_> = files.map(|file| (file, fs::read(self.root.join(file)).ok())).collect();
        let made = self.write_all().and_then(|()| then());
        if made.is_err() {
            for (file, text) in &before {
                self.put_back(file, text.as_deref())
                    .with_context(|| format!("{} is changed", file.display()))?;
            }
        }
        made
    }

    fn write_all(&self) -> Result<()> {
        for (file, text) in &self.files {
            let path = self.root.join(file);
            let folder = path.parent().context("a file is in a folder")?;
            let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, text));
            written.with_context(|| format!("{} cannot be written", file.display()))?;
        }
        Ok(())
    }

    /// As it was: with that text, or not there, nor its folder where nothing else is in it.
    fn put_back(&self, file: &Path, text: Option<&[u8]>) -> io::Result<()> {
        let path = self.root.join(file);
        match text {
            Some(text) => fs::write(path, text),
            None if path.exists() => fs::remove_file(&path),
            None => Ok(()),
        }?;
        let folders = file.ancestors().skip(1).filter(|folder| *folder != Path::new(""));
        // Each that is empty now; the first that is not ends it.
        let _ =
            folders.map(|folder| fs::remove_dir(self.root.join(folder))).take_while(Result::is_ok).count();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kettle(about: &str) -> New {
        New { name: "kettle".to_owned(), about: about.to_owned() }
    }

    /// Why this cannot be a lesson's name, in a workspace with a lesson called daemon.
    fn refused(name: &str) -> Option<String> {
        let refused = check_name(name, "[[package]]\nname = \"daemon\"\nversion = \"0.1.0\"\n").err()?;
        let told = refused.to_string();
        let before = format!("a lesson cannot be called `{}`: ", name.escape_debug());
        Some(told.strip_prefix(&before).expect("it names what it refuses").to_owned())
    }

    #[test]
    fn lowercase_words_joined_by_hyphens_are_a_name() {
        for name in ["kettle", "tea-kettle", "web2", "a-b-c"] {
            assert_eq!(refused(name), None, "{name}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_what_a_name_must_be() {
        for name in
            ["", "Kettle", "tea_kettle", "-kettle", "tea--kettle", "2teas", "té", "tea kettle", "a/b", "a\n"]
        {
            let why = refused(name).expect(name);
            assert_eq!(why, "it must be lowercase words joined by hyphens, as in `thread-basics`", "{name}");
        }
    }

    #[test]
    fn a_name_that_means_something_else_is_refused_with_what_that_is() {
        for (name, why) in [
            ("match", "it is a word of Rust"),
            ("threading", "a module of Python has it"),
            ("test", "cargo has a use of its own for it"),
            ("daemon", "a lesson or another package has it already"),
            ("kettle-of-fine-green-tea", "it has more than 18 characters"),
        ] {
            let told = refused(name).expect(name);
            assert!(told.starts_with(why) && told.contains("; choose a"), "{name}: {told}");
        }
    }

    #[test]
    fn a_description_is_one_line_that_a_manifest_and_a_table_can_hold() {
        for about in ["a kettle boils", "一壶水", "what `join` hands back"] {
            assert!(check_description(about).is_ok(), "{about}");
        }
        for about in ["", " tea", "two\nlines", "a \"kettle\"", "a | b", "back\\slash", &"tea ".repeat(40)] {
            let refused = check_description(about).expect_err(about).to_string();
            assert_eq!(refused.lines().count(), 1, "{refused}");
        }
    }

    #[test]
    fn the_member_is_below_the_other_lessons_and_above_what_serves_them() {
        let manifest = "members = [\n    \"crates/a\",\n    # What serves the lessons.\n    \"tests\",\n]\n";
        let expected = manifest.replace("\"crates/a\",\n", "\"crates/a\",\n    \"crates/kettle\",\n");
        assert_eq!(member(manifest, &kettle("tea")), Some(expected));
        assert_eq!(member("members = []\n", &kettle("tea")), None);
    }

    #[test]
    fn the_row_is_below_the_other_lessons_and_the_number_of_lessons_is_one_more() {
        let readme =
            "# X\n\nSeven small programs do.\n\n| a | b |\n| [a](crates/a/README.md) | b |\n\nSeven.\n";
        let with_row = row(readme, &kettle("tea")).expect("there is a table");
        let new = "| [kettle](crates/kettle/README.md) | `Thread(target=…)`, `start()`, `join()` | tea |\n";
        let expected =
            readme.replace("Seven small", "Eight small").replace("\n\nSeven.", &format!("\n{new}\nSeven."));
        assert_eq!(with_row, expected);
    }

    #[test]
    fn the_name_is_at_the_end_of_the_list_and_its_length_is_one_more() {
        let tests = "use x;\nconst LESSONS: [&str; 2] = [\n    \"a\",\n    \"b\",\n];\nfn y() {}\n";
        let expected = tests.replace("; 2]", "; 3]").replace("\"b\",\n", "\"b\",\n    \"kettle\",\n");
        assert_eq!(name_in_the_list(tests, &kettle("tea")), Some(expected));
    }

    #[test]
    fn the_columns_of_the_list_are_as_wide_as_its_longest_name() {
        let snapshot = "---\nsource: x\n---\na   is one\nabc  two  words\n";
        let wider = "---\nsource: x\n---\na       is one\nabc     two  words\nkettle  tea\n";
        assert_eq!(line_of_the_list(snapshot, &kettle("tea")).as_deref(), Some(wider));
    }

    #[test]
    fn a_change_that_fails_leaves_everything_as_it_was() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        fs::write(root.join("old"), "before").unwrap();
        fs::write(root.join("lock"), "before").unwrap();
        let mut change = Change::in_workspace(root);
        change.write(Path::new("old"), "after");
        change.write(Path::new("crates/kettle/src/main.rs"), "new");
        change.keep_in_mind(Path::new("lock"));
        let failed = change.make(|| {
            assert_eq!(fs::read_to_string(root.join("crates/kettle/src/main.rs"))?, "new");
            fs::write(root.join("lock"), "after")?;
            Err(anyhow!("no"))
        });
        assert_eq!(failed.unwrap_err().to_string(), "no");
        // The same when a file cannot be written, because there is no folder for it.
        change.write(Path::new("old/in-a-file"), "new");
        let failed = change.make(|| Ok(())).unwrap_err();
        assert_eq!(failed.to_string(), "old/in-a-file cannot be written");
        for (file, text) in [("old", "before"), ("lock", "before")] {
            assert_eq!(fs::read_to_string(root.join(file)).unwrap(), text, "{file}");
        }
        assert!(!root.join("crates").exists());
    }
}
