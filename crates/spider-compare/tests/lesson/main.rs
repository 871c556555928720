//! The tests of the program as a whole. No test measures time: the gallery counts its requests, and waits where a test must
//! see several of them at once.

/// Every line that the lesson prints has an actor.
mod actors;

/// The output of each scenario, in canonical form.
mod real_run;

/// The files at the end of a run, and the requests for them.
mod images;

/// What real sites do.
mod real_sites;

/// A site whose responses are bytes.
mod raw_site;

/// Faults of the site: the rest is downloaded, and each fault is reported.
mod faults;

/// Pages as other sites have them: what is followed, and what is reported.
mod pages;

/// Orders that are often seen but not guaranteed.
mod coincidences;

/// Exit: wrong arguments, a closed standard output, signals, a killed parent.
mod endings;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use std::{panic, thread};

use course_tests::Program;
use course_tests::trace::scenarios::Scenarios;
use gallery::{Gallery, Options};
use spider_compare::cancel::CancelToken;
use spider_compare::reporter::Reporter;
use spider_compare::site::Limits;
use spider_compare::spider::{Config, Spider};
use url::Url;

const PROGRAM: &str = env!("CARGO_BIN_EXE_spider-compare");

const STRATEGIES: [&str; 5] = ["sequential", "process", "thread", "pool", "overlap"];

/// The size of a picture in tests where it does not matter.
const SMALL: usize = 2_000;

/// The scenarios of the lesson, and which actor prints which line: see `actors.toml`.
fn scenarios() -> Scenarios {
    Scenarios::of(env!("CARGO_MANIFEST_DIR"))
}

fn spider(strategy: &str) -> Program {
    Program::new(PROGRAM).arg(strategy)
}

/// Far longer than a program or its child needs to end, and shorter than its time limit for a silent site.
const SOON: Duration = Duration::from_secs(15);

/// Small pictures and no faults.
fn small() -> Options {
    Options { size: Some(SMALL), ..Options::default() }
}

fn open(options: &Options) -> Gallery {
    Gallery::start(options).expect("a gallery on this machine")
}

/// The configuration of a run over the first page of this gallery.
fn config(gallery: &Gallery, folder: &Path, limits: Limits) -> Config {
    Config {
        listing: Url::parse(&gallery.url()).expect("an address"),
        pages: 1,
        folder: folder.to_owned(),
        program: PathBuf::from(PROGRAM),
        jobs: None,
        limits,
        keeps_requests: false,
    }
}

/// A spider that prints nothing.
fn quiet(config: Config, cancel: &CancelToken) -> Spider {
    Spider::new(config, cancel.clone(), Reporter::quiet()).expect("a gallery whose robots.txt is accepted")
}

/// The limits of a site on this machine.
fn limits() -> Limits {
    Limits { timeout: Duration::from_secs(60), retries: 2, polite: false, crawl_delay: Duration::ZERO }
}

/// The limits of an external site, without the crawl delay, which is tested elsewhere.
fn politely() -> Limits {
    Limits { polite: true, ..limits() }
}

/// Work on a thread of its own with the time limit [`SOON`]: if it hangs, one test fails, and not the whole run.
struct Background<T>(mpsc::Receiver<T>);

impl<T: Send + 'static> Background<T> {
    fn start(work: impl FnOnce() -> T + Send + 'static) -> Self {
        let (sender, finished) = mpsc::channel();
        // After the time limit, the receiver is gone.
        thread::spawn(move || drop(sender.send(work())));
        Self(finished)
    }

    /// Waits for the result.
    #[track_caller]
    fn join_soon(self) -> T {
        self.0.recv_timeout(SOON).unwrap_or_else(|error| panic!("not finished after {SOON:?}: {error}"))
    }
}

/// Waits until `condition` is true, with a time limit far above what that takes: if it hangs, one test fails.
#[track_caller]
fn wait_until(condition: impl Fn() -> bool) {
    let (start, limit) = (Instant::now(), Duration::from_secs(60));
    while !condition() {
        assert!(start.elapsed() < limit, "the condition is not true after {limit:?}");
        thread::yield_now();
    }
}

/// Calls `check` for each of these strategies, concurrently: most of its time is waiting.
fn at_once<'a, T: Send>(strategies: &[&'a str], check: impl Fn(&'a str) -> T + Sync) -> Vec<T> {
    let check = &check;
    thread::scope(|scope| {
        let checks: Vec<_> = strategies.iter().map(|&one| scope.spawn(move || check(one))).collect();
        checks.into_iter().map(|one| one.join().unwrap_or_else(|panic| panic::resume_unwind(panic))).collect()
    })
}

/// The names and contents of all files in `folder`.
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

/// The gallery's pictures, in the form of [`files`].
fn pictures(gallery: &Gallery) -> BTreeMap<String, Vec<u8>> {
    gallery.first_page().iter().map(|picture| (picture.file_name.clone(), picture.bytes())).collect()
}

/// As `assert_eq!`, without printing megabytes.
#[track_caller]
fn assert_same_files(ours: &BTreeMap<String, Vec<u8>>, theirs: &BTreeMap<String, Vec<u8>>) {
    assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>());
    for (title, bytes) in ours {
        assert!(*bytes == theirs[title], "{title} has other bytes than the gallery's");
    }
}
