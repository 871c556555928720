//! The exercises of the course: each is as its list says, under every schedule.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use course_tests::run::compiler::errors_in;
use serde_json::Value;
use tempfile::TempDir;
use xtask::lessons::{self, Course};
use xtask::markdown::anchors;
use xtask::scene::{self, Exercise, Libraries, SceneProgram};
use xtask::supervisor::Supervisor;

fn course() -> Course {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is in the workspace");
    lessons::course_in(root).expect("the workspace can be read")
}

fn exercises() -> Vec<Exercise> {
    scene::exercises(&course()).expect("the lists can be read")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What a version of an exercise must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Given,
    Solution,
    WrongFix,
}

/// A version of an exercise.
struct Version<'a> {
    exercise: &'a Exercise,
    role: Role,
    title: &'a str,
    source: PathBuf,
}

/// All versions of all exercises, in files of a temporary folder.
fn versions<'a>(exercises: &'a [Exercise], folder: &TempDir) -> Vec<Version<'a>> {
    let mut versions = Vec::new();
    for exercise in exercises {
        let given = read(&exercise.given());
        let fixes = exercise.wrong_fixes.iter().map(|fix| {
            let text = fix.apply(&given).unwrap_or_else(|error| panic!("{}: {error}", exercise.name));
            (Role::WrongFix, fix.title.as_str(), text)
        });
        let solution = read(&exercise.solution());
        let own = [(Role::Given, "as given", given.clone()), (Role::Solution, "the solution", solution)];
        for (role, title, text) in own.into_iter().chain(fixes) {
            let source = folder.path().join(format!("version-{}.rs", versions.len()));
            fs::write(&source, text).expect("it can be written");
            versions.push(Version { exercise, role, title, source });
        }
    }
    versions
}

impl Version<'_> {
    fn name(&self) -> String {
        format!("{} ({})", self.exercise.name, self.title)
    }

    /// Returns whether it compiles, and asserts that it does not where that is the exercise.
    fn compiles(&self) -> bool {
        let Some(code) = &self.exercise.error else { return true };
        let codes: Vec<_> = errors_in(&read(&self.source)).into_iter().map(|error| error.code).collect();
        if self.role == Role::Given {
            assert!(codes.contains(code), "{}: {codes:?}", self.name());
        }
        codes.is_empty()
    }
}

/// Compiles those that compile as one program, and returns them with it.
fn compile<'a>(
    mut versions: Vec<Version<'a>>,
    libraries: &Libraries,
    supervisor: &Supervisor,
) -> Vec<(Version<'a>, SceneProgram)> {
    versions.retain(Version::compiles);
    let scenes: Vec<_> =
        versions.iter().map(|version| version.exercise.scene_of(version.source.clone())).collect();
    let programs = libraries.compile_all(&scenes, supervisor).expect("the compiler runs");
    versions.into_iter().zip(programs.unwrap_or_else(|messages| panic!("{messages}"))).collect()
}

/// A verdict, and how long it took.
struct Judged {
    verdict: Value,
    milliseconds: u128,
}

/// Judges all versions, two at a time.
fn judge(compiled: &[(Version, SceneProgram)], supervisor: &Supervisor) -> Vec<Judged> {
    let next = AtomicUsize::new(0);
    let judged = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let index = next.fetch_add(1, Ordering::Relaxed)
                    && let Some((version, program)) = compiled.get(index)
                {
                    let start = Instant::now();
                    let verdict = program.ask(&version.exercise.request(), supervisor);
                    let verdict =
                        verdict.unwrap_or_else(|error| serde_json::json!({ "error": error.to_string() }));
                    let milliseconds = start.elapsed().as_millis();
                    judged.lock().unwrap().push((index, Judged { verdict, milliseconds }));
                }
            });
        }
    });
    let mut judged = judged.into_inner().unwrap();
    judged.sort_by_key(|(index, _)| *index);
    judged.into_iter().map(|(_, judged)| judged).collect()
}

fn has_passed(verdict: &Value) -> bool {
    verdict["complete"] == true && verdict["wrong"].is_null()
}

/// Asserts that a version is judged as it must be.
fn assert_is_judged_rightly(version: &Version, judged: &Judged) {
    let name = version.name();
    let verdict = &judged.verdict;
    let is_solution = version.role == Role::Solution;
    assert_eq!(has_passed(verdict), is_solution, "{name}: {verdict:#}");
    if version.role == Role::Given {
        let kind = verdict["wrong"]["kind"].as_str();
        assert!(matches!(kind, Some("fails" | "output" | "missing" | "actors")), "{name}: {verdict:#}");
    }
}

#[test]
fn each_exercise_fails_as_given_and_with_each_wrong_fix_and_its_solution_passes() {
    let (course, supervisor, folder) = (course(), Supervisor::default(), TempDir::new().unwrap());
    let exercises = scene::exercises(&course).expect("the lists can be read");
    let libraries = Libraries::build(&course, &supervisor).expect("they can be built");
    let compiled = compile(versions(&exercises, &folder), &libraries, &supervisor);
    let judged = judge(&compiled, &supervisor);
    let mut table = String::new();
    for ((version, program), judged) in compiled.iter().zip(&judged) {
        let (runs, milliseconds) = (&judged.verdict["runs"], judged.milliseconds);
        let _ = writeln!(table, "{milliseconds:6} ms {:>6} schedules  {}", runs.to_string(), version.name());
        assert_is_judged_rightly(version, judged);
        if version.role == Role::Solution {
            let possible: BTreeSet<_> =
                program.outputs(&supervisor).expect("it is small").into_iter().collect();
            let permitted: BTreeSet<_> = version.exercise.outputs.iter().cloned().collect();
            assert_eq!(possible, permitted, "the outputs of {}", version.exercise.name);
        }
    }
    println!("{table}");
}

#[test]
fn an_exercise_has_a_name_of_its_own_two_wrong_fixes_and_links_that_lead_somewhere() {
    let mut names = BTreeSet::new();
    for exercise in exercises() {
        let name = &exercise.name;
        assert!(names.insert(name.clone()), "there are two exercises {name}");
        assert!(exercise.wrong_fixes.len() >= 2, "{name} has too few wrong fixes");
        let given = read(&exercise.given());
        let links = |word: &str| {
            let start = format!("//! {word}: ");
            let links = given.lines().filter_map(|line| line.strip_prefix(&start)).map(str::to_owned);
            let links: Vec<_> = links.collect();
            assert!(!links.is_empty(), "{name} has no line `{start}`");
            links
        };
        for page in links("Page") {
            let (path, anchor) = page.split_once('#').unwrap_or((&page, ""));
            let text = read(&exercise.folder.join(path));
            assert!(anchors(&text).iter().any(|known| known == anchor), "{name}: {page} has no such section");
        }
        for book in links("Book") {
            assert!(book.starts_with("https://doc.rust-lang.org/"), "{name}: {book}");
        }
        links("Hint");
        let solution = read(&exercise.solution());
        let head = |text: &str| {
            text.lines().take_while(|line| line.starts_with("//!")).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(head(&solution), head(&given), "the solution of {name} has another head");
    }
}

#[test]
fn a_program_that_computes_for_ever_or_grows_without_end_is_ended() {
    let (course, supervisor, folder) = (course(), Supervisor::default(), TempDir::new().unwrap());
    let endless = "use std::sync::atomic::*;\npub(crate) fn main() {\n    let ready = AtomicBool::new(false);\n    \
                   while !ready.load(Ordering::SeqCst) {}\n}\n";
    let growing = "pub(crate) fn main() {\n    for bits in 20.. {\n        \
                   std::hint::black_box(Vec::<u8>::with_capacity(1 << bits));\n    }\n}\n";
    let exercise = exercises().remove(0);
    let scenes = [("endless.rs", endless), ("growing.rs", growing)].map(|(name, text)| {
        let source = folder.path().join(name);
        fs::write(&source, text).expect("it can be written");
        exercise.scene_of(source)
    });
    let libraries = Libraries::build(&course, &supervisor).expect("they can be built");
    let programs =
        libraries.compile_all(&scenes, &supervisor).expect("the compiler runs").expect("they compile");
    let asked = |program: &SceneProgram| program.ask(&exercise.request(), &supervisor);
    let endless = asked(&programs[0]).expect("a verdict");
    let why = endless["wrong"]["message"].as_str().unwrap_or_default();
    assert!(why.starts_with("a run takes more than 20000 steps"), "{endless:#}");
    // Linux keeps the limit of a process's memory; macOS does not.
    if cfg!(target_os = "linux") {
        let growing = asked(&programs[1]).expect_err("it ends").to_string();
        assert!(growing.contains("\nmemory allocation of "), "{growing}");
    }
}
