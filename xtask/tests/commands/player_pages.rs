//! The player's pages in the book.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use xtask::book::player::write_pages;
use xtask::lessons;
use xtask::supervisor::Supervisor;

/// Opens each page in a frame, one after the other, and lists what its test mode finds.
const TEST_ALL: &str = r#"<!DOCTYPE html><meta charset="utf-8"><ul id="verdicts"></ul><script>
const pages = PAGES;
const frame = document.body.appendChild(document.createElement("iframe"));
frame.width = 1200;
frame.height = 900;
const next = () => { if (pages.length > 0) frame.src = pages[0] + "?test"; else document.title = "done"; };
addEventListener("message", ({ data }) => {
  const verdict = document.createElement("li");
  verdict.textContent = `${pages.shift()}: ${data}`;
  document.querySelector("ul").append(verdict);
  next();
});
next();
</script>"#;

/// The pages that are played in each run of the tests: one of processes and a deadlock, one of threads.
const FEW: [&str; 2] = ["pipe-ipc-end_kept_open.html", "shared-data-read_then_write.html"];

/// How long the browser may take.
const LIMIT: Duration = Duration::from_secs(300);

#[test]
fn the_goals_of_the_pages_can_be_reached_in_a_browser() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is in the workspace");
    let course = lessons::course_in(root).expect("the workspace can be read");
    let (folder, supervisor) = (tempfile::tempdir().expect("a folder"), Supervisor::default());
    let pages = write_pages(&course, folder.path(), &supervisor).unwrap_or_else(|error| panic!("{error:#}"));
    assert!(pages.len() > 20, "{pages:?}");
    for page in &pages {
        let size = fs::metadata(page).expect("it was written").len();
        assert!(size < 200_000, "{} has {size} bytes", page.display());
    }
    let Some(browser) = browser() else { return };
    let mut names: Vec<_> = pages.iter().filter_map(|page| page.file_name()?.to_str()).collect();
    if !all_pages() {
        names.retain(|name| FEW.contains(name));
        println!("played {} of {} pages; all of them with REQUIRE_BROWSER=1", names.len(), pages.len());
    }
    let verdicts = verdicts(&browser, folder.path(), &names, &supervisor);
    let passed = verdicts.iter().filter(|verdict| verdict.contains(".html: passed: ")).count();
    assert_eq!(passed, names.len(), "{verdicts:#?}");
}

/// Returns whether all pages are played, which takes twenty seconds.
fn all_pages() -> bool {
    env::var_os("REQUIRE_BROWSER").is_some()
}

/// Returns the browser; `None` without one, unless `REQUIRE_BROWSER` is set.
fn browser() -> Option<PathBuf> {
    let folders: Vec<_> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    let programs = ["chromium", "chromium-browser", "google-chrome"];
    let found = programs.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    let on_macos = PathBuf::from("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
    let found = found.chain([on_macos]).find(|path| path.is_file());
    if found.is_none() {
        assert!(!all_pages(), "REQUIRE_BROWSER is set, and there is no Chromium");
        println!("skipped: there is no Chromium");
    }
    found
}

/// Returns what the test mode of each page finds.
fn verdicts(browser: &Path, folder: &Path, pages: &[&str], supervisor: &Supervisor) -> Vec<String> {
    let all = folder.join("all.html");
    let pages = serde_json::to_string(pages).expect("names can be written");
    fs::write(&all, TEST_ALL.replace("PAGES", &pages)).expect("it can be written");
    let profile = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(browser);
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]);
    command.args(["--disable-background-networking", "--disable-component-update", "--disable-sync"]);
    command.args(["--virtual-time-budget=600000", "--dump-dom"]);
    command.arg(format!("--user-data-dir={}", profile.path().display()));
    command.arg(format!("file://{}", all.display()));
    let ended = supervisor.run(command, LIMIT).expect("the browser can be run");
    let output = String::from_utf8_lossy(&ended.output).into_owned();
    assert!(!ended.timed_out, "the browser does not end:\n{output}");
    let items = output.split("<li>").skip(1);
    items.filter_map(|item| Some(item.split_once("</li>")?.0.to_owned())).collect()
}
