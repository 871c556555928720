//! `cargo xtask test`, in a workspace of one package.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::support;

/// A library with a test and an example.
const LIBRARY: &str = "
/// ```
/// assert_eq!(demo::two(), 2);
/// ```
pub fn two() -> u32 { 2 }

#[test]
fn two_is_two() { assert_eq!(two(), 2); }
";

/// Returns what `cargo xtask test` prints if `tests/more.rs` has one test with this body.
fn run(body: &str) -> (Output, String) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let manifest =
        "package.name = 'demo'\npackage.edition = '2024'\nworkspace = {}\nprofile.dev.debug = false\n";
    write("Cargo.toml", manifest);
    write("src/lib.rs", LIBRARY);
    write("tests/more.rs", &format!("#[test]\nfn more() {{ {body} }}\n"));
    let target: &Path = &folder.path().join("target");
    let mut xtask = support::xtask();
    let output = xtask.arg("test").current_dir(&folder).env("CARGO_TARGET_DIR", target).output().unwrap();
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    (output, text)
}

#[test]
fn tests_and_examples_are_counted_and_the_output_of_those_that_pass_is_not_shown() {
    // Cargo runs a test in the folder of its package.
    let (output, text) = run("assert!(std::path::Path::new(\"src/lib.rs\").exists()); println!(\"hidden\")");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    for part in
        ["demo: 1 passed in ", "more: 1 passed in ", "documentation: 1 passed in ", "All 3 test programs"]
    {
        assert!(text.contains(part), "{text}");
    }
    assert!(!text.contains("hidden"), "{text}");
}

#[test]
fn a_test_that_fails_is_shown_and_named_again_at_the_end() {
    let (output, text) = run("panic!(\"as expected\")");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(text.contains("as expected") && text.contains("test more ... FAILED"), "{text}");
    let last = text.lines().last().unwrap_or_default();
    assert!(last.starts_with("Of 3 test programs, 1 failed: ") && last.ends_with(": more"), "{text}");
}
