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

/// How long the browser may take.
const LIMIT: Duration = Duration::from_secs(300);

#[test]
fn every_page_is_written_and_with_require_browser_its_goals_are_reached_in_a_browser() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is in the workspace");
    let course = lessons::course_in(root).expect("the workspace can be read");
    let (folder, supervisor) = (tempfile::tempdir().expect("a folder"), Supervisor::default());
    let pages = write_pages(&course, folder.path(), &supervisor).unwrap_or_else(|error| panic!("{error:#}"));
    assert!(pages.len() > 20, "{pages:?}");
    for page in &pages {
        let size = fs::metadata(page).expect("it was written").len();
        assert!(size < 200_000, "{} has {size} bytes", page.display());
    }
    if env::var_os("REQUIRE_BROWSER").is_none() {
        println!("no page was played: that takes REQUIRE_BROWSER=1, a Chromium and twenty seconds");
        return;
    }
    let names: Vec<_> = pages.iter().filter_map(|page| page.file_name()?.to_str()).collect();
    let verdicts = verdicts(folder.path(), &names, &supervisor);
    let passed = verdicts.iter().filter(|verdict| verdict.contains(".html: passed: ")).count();
    assert_eq!(passed, names.len(), "{verdicts:#?}");
}

/// Returns the browser.
fn browser() -> PathBuf {
    let folders: Vec<_> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    let programs = ["chromium", "chromium-browser", "google-chrome"];
    let found = programs.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    let on_macos = PathBuf::from("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
    let found = found.chain([on_macos]).find(|path| path.is_file());
    found.expect("REQUIRE_BROWSER is set, and there is no Chromium")
}

/// Returns what the test mode of each page finds.
fn verdicts(folder: &Path, pages: &[&str], supervisor: &Supervisor) -> Vec<String> {
    let all = folder.join("all.html");
    let pages = serde_json::to_string(pages).expect("names can be written");
    fs::write(&all, TEST_ALL.replace("PAGES", &pages)).expect("it can be written");
    let profile = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(browser());
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
