//! What is tested of `spider-compare`, beside the parts that `src/` tests by themselves. No test measures time: the
//! gallery counts what is asked of it, and waits where a test must see several requests at once.

/// Every line that the lesson prints has an actor.
mod actors;

/// What each scenario prints: one canonical form for all its runs.
mod real_run;

/// Which files are there in the end, and how they were asked for.
mod images;

/// A gallery in which something is wrong: what is right is there, what is wrong is not, and is told.
mod faults;

/// Orders that are often seen but not guaranteed.
mod coincidences;

/// How the program ends: wrong arguments, a closed output, a killed parent.
mod endings;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;
use std::{panic, thread};

use course_tests::Program;
use course_tests::trace::scenarios::Scenarios;
use spider_compare::gallery::{Gallery, Options};
use spider_compare::site::Limits;
use spider_compare::spider::{Spider, Task};
use spider_compare::stop::Stop;
use spider_compare::voice::Voice;
use url::Url;

const PROGRAM: &str = env!("CARGO_BIN_EXE_spider-compare");

const STRATEGIES: [&str; 5] = ["sequential", "process", "thread", "pool", "overlap"];

/// Bytes of a picture, where it does not matter how many: what is tested is no faster for more.
const SMALL: usize = 2_000;

/// The scenarios of the lesson, and which actor prints which line: see `actors.toml`.
fn scenarios() -> Scenarios {
    Scenarios::of(env!("CARGO_MANIFEST_DIR"))
}

fn spider(strategy: &str) -> Program {
    Program::new(PROGRAM).arg(strategy)
}

/// Far longer than a program or its child needs to see that it is to end, and shorter than its patience with a silent site.
const SOON: Duration = Duration::from_secs(15);

/// Small pictures, and nothing wrong.
fn small() -> Options {
    Options { size: Some(SMALL), ..Options::default() }
}

fn open(options: &Options) -> Gallery {
    Gallery::start(options).expect("a gallery on this machine")
}

/// What a spider is told that takes the first page of this gallery.
fn task(gallery: &Gallery, folder: &Path, limits: Limits) -> Task {
    Task {
        listing: Url::parse(&gallery.url()).expect("an address"),
        pages: 1,
        folder: folder.to_owned(),
        program: PathBuf::from(PROGRAM),
        jobs: None,
        limits,
        traced: false,
    }
}

/// A spider that does so, and says nothing.
fn quiet(task: Task, stop: &Stop) -> Spider {
    Spider::new(task, stop.clone(), Voice::silent()).expect("a gallery that allows something")
}

/// Everything that a stranger's site is shown, but for the pauses, which take long and are tested elsewhere.
fn politely() -> Limits {
    Limits { polite: true, pause: Duration::ZERO, ..Limits::default() }
}

/// Work on a thread of its own, which nobody waits for longer than [`SOON`]: what hangs fails one test, and not all.
struct Aside<T>(mpsc::Receiver<T>);

impl<T: Send + 'static> Aside<T> {
    fn begin(work: impl FnOnce() -> T + Send + 'static) -> Self {
        let (tell, ended) = mpsc::channel();
        // Too late, nobody listens any more.
        thread::spawn(move || drop(tell.send(work())));
        Self(ended)
    }

    /// What it comes to.
    #[track_caller]
    fn soon(self) -> T {
        self.0.recv_timeout(SOON).unwrap_or_else(|error| panic!("not at its end after {SOON:?}: {error}"))
    }
}

/// What `check` gives for each of these strategies. At once: most of what it does is wait.
fn at_once<'a, T: Send>(strategies: &[&'a str], check: impl Fn(&'a str) -> T + Sync) -> Vec<T> {
    let check = &check;
    thread::scope(|scope| {
        let checks: Vec<_> = strategies.iter().map(|&one| scope.spawn(move || check(one))).collect();
        checks.into_iter().map(|one| one.join().unwrap_or_else(|panic| panic::resume_unwind(panic))).collect()
    })
}

/// The names of all files in `folder`, and what is in them.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries
        .map(|entry| {
            let entry = entry.expect("an entry of the folder");
            let bytes = fs::read(entry.path()).expect("a file that can be read");
            (entry.file_name().into_string().expect("a name in UTF-8"), bytes)
        })
        .collect()
}

/// The gallery's pictures, as [`files`] would show them.
fn pictures(gallery: &Gallery) -> BTreeMap<String, Vec<u8>> {
    gallery.pictures().iter().map(|picture| (picture.title.clone(), picture.bytes())).collect()
}

/// As `assert_eq!`, without printing megabytes.
#[track_caller]
fn assert_same_files(ours: &BTreeMap<String, Vec<u8>>, theirs: &BTreeMap<String, Vec<u8>>) {
    assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>());
    for (title, bytes) in ours {
        assert!(*bytes == theirs[title], "{title} has other bytes than the gallery's");
    }
}
