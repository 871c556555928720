//! The output of `cargo test`, shortened for the reader of a lesson.

use std::collections::HashSet;
use std::fmt::Write as _;

/// The path of a lesson's file in the messages about its tests, which include the lesson's program as a module.
const AS_MODULE: &str = "/tests/lesson/../../src/";

/// What a test panics with if it needs a value that another test failed to compute.
const POISONED: &str = "LazyLock instance has previously been poisoned";

/// How many lines of a reason are shown, counted from its beginning and from its end.
const MAX_LINES: usize = 100;

/// How much of a line is shown.
const MAX_COLUMNS: usize = 1000;

/// Splits the output of `cargo test` into the compiler's and the tests'; the latter is `None` if they were not run.
///
/// The compiler compiles a lesson's program twice, as a program and as a module of its tests. A message about both is
/// returned once. Cargo's last line about each, which is not separated from the next message, is left out.
pub(super) fn split_output(output: &str) -> (String, Option<String>) {
    let output = output.replace(AS_MODULE, "/src/");
    let begins = |line: &str| line.starts_with("running ") && line.trim_end().ends_with(['t', 's']);
    let mut offset = 0;
    for line in output.split_inclusive('\n') {
        if begins(line) {
            let (by_compiler, by_tests) = output.split_at(offset);
            return (without_repetitions(by_compiler), Some(failures(by_tests)));
        }
        offset += line.len();
    }
    (without_repetitions(&output), None)
}

fn without_repetitions(by_compiler: &str) -> String {
    let is_summary = |line: &&str| {
        anstream::adapter::strip_str(line).to_string().starts_with("error: could not compile `")
    };
    let messages: String = by_compiler.split_inclusive('\n').filter(|line| !is_summary(line)).collect();
    let mut known = HashSet::new();
    let messages = messages.trim_start().split_inclusive("\n\n");
    messages.filter(|message| known.insert(message.trim())).collect()
}

/// Returns the name of each failed test and below it the reason; all of the output if it does not have the usual form.
fn failures(by_tests: &str) -> String {
    let from = by_tests.find("\nfailures:\n");
    let to = by_tests.rfind("\nfailures:\n");
    let (Some(from), Some(to)) = (from, to) else {
        return shortened(by_tests.trim_matches('\n')).join("\n");
    };
    let mut text = String::new();
    for test in by_tests[from..to].split("\n---- ").skip(1) {
        let (name, output) = test.split_once(" stdout ----\n").unwrap_or((test, ""));
        let _ = writeln!(text, "{name}");
        for line in shortened(&reason(output)) {
            let _ = writeln!(text, "{}", format!("  {line}").trim_end());
        }
        text.push('\n');
    }
    text.trim_end().to_owned()
}

/// Returns the lines of a text that a program may have printed: without the middle of a long text, and of a long line
/// only its beginning.
fn shortened(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| !is_about_the_test_run(line));
    let mut lines: Vec<_> = lines.map(|line| line.chars().take(MAX_COLUMNS).collect()).collect();
    let omitted = lines.len().saturating_sub(2 * MAX_LINES);
    if omitted > 0 {
        let note = format!("[{omitted} lines are omitted]");
        lines.splice(MAX_LINES..MAX_LINES + omitted, [note]);
    }
    lines
}

/// Returns the message of the first panic in the output of a test. Other panics follow from it, except those of the lesson,
/// whose output can be part of the message.
fn reason(output: &str) -> String {
    let mut lines = output.lines().skip_while(|line| location(line).is_none());
    let Some(first) = lines.next() else { return output.trim().to_owned() };
    let is_another = |line: &str| location(line).is_some_and(|location| !is_of_lesson(location));
    let message = lines.take_while(|line| !is_another(line)).filter(|line| !is_about_the_test_run(line));
    let message = [first].into_iter().chain(message).filter_map(|line| match location(line) {
        Some(location) => is_of_lesson(location).then(|| format!("panicked at {location}")),
        None => Some(line.to_owned()),
    });
    // How std shows the panic of a thread that is joined; the panic itself is shown too.
    match message.collect::<Vec<_>>().join("\n").replace(": Any { .. }", "").trim() {
        POISONED => "depends on a test that failed".to_owned(),
        message => message.to_owned(),
    }
}

/// Returns the location of a panic, if the line is the first of its message.
fn location(line: &str) -> Option<&str> {
    line.strip_prefix("thread '")?.split_once(" panicked at ").map(|(_, location)| location)
}

/// Returns whether a location is in the lesson's program. Paths outside the workspace of the copy are absolute.
fn is_of_lesson(location: &str) -> bool {
    !location.starts_with('/') && location.contains("src/")
}

/// Returns whether a line is about repeating the test, and not about the lesson.
fn is_about_the_test_run(line: &str) -> bool {
    line.starts_with("note: run with `RUST_BACKTRACE=")
        || line.ends_with(" has been running for over 60 seconds")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_output_of_the_compiler_and_that_of_the_tests_are_separated() {
        assert_eq!(split_output("\nerror: no\n"), ("error: no\n".to_owned(), None));
        let passed = "\nrunning 2 tests\n..\ntest result: ok. 2 passed\n";
        assert_eq!(split_output(passed).0, "");
        assert!(split_output(passed).1.is_some());
        let failed = "warning: unused\n\nrunning 1 test\nt --- FAILED\n\nfailures:\n\n---- t stdout ----\nwhy\n\n\
            failures:\n    t\n\ntest result: FAILED. 0 passed\n\nerror: test failed, to rerun pass `--bin a`\n";
        assert_eq!(split_output(failed), ("warning: unused\n\n".to_owned(), Some("t\n  why".to_owned())));
    }

    #[test]
    fn tests_that_are_killed_are_shown_with_all_their_output() {
        let killed = "running 1 test\nerror: test failed\n\nCaused by: signal 9\n";
        assert_eq!(split_output(killed).1.as_deref(), Some(killed.trim_end()));
    }

    #[test]
    fn a_message_about_the_program_and_its_copy_in_the_tests_is_shown_once() {
        let message = |path: &str| format!("warning: unused\n --> crates/a{path}main.rs:1:1\n\n");
        let output = message("/src/") + &message("/tests/lesson/../../src/") + "warning: another\n\n";
        assert_eq!(split_output(&output).0, message("/src/") + "warning: another\n\n");
    }

    #[test]
    fn the_errors_of_both_are_shown_once_without_the_line_of_cargo_between_them() {
        let errors = |path: &str, target: &str| {
            format!(
                "error: one\n --> crates/a{path}main.rs:1:1\n\nerror: two\n --> crates/a{path}main.rs:2:2\n\n\
                \x1b[1merror\x1b[0m: could not compile `a` ({target}) due to 2 previous errors\n"
            )
        };
        let output = errors("/src/", "bin \"a\"") + &errors("/tests/lesson/../../src/", "test \"lesson\"");
        let expected =
            "error: one\n --> crates/a/src/main.rs:1:1\n\nerror: two\n --> crates/a/src/main.rs:2:2\n\n";
        assert_eq!(split_output(&output), (expected.to_owned(), None));
    }

    #[test]
    fn the_reason_of_a_failure_is_its_first_panic_without_the_place_in_the_test_library() {
        let output = "\nthread '<unnamed>' (7) panicked at /course/tests/run.rs:1:2:\n`a` left a process behind\n\n\
            note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n\n\
            thread 't' (8) panicked at /course/tests/run.rs:3:4:\nevery run succeeds: Any { .. }\n";
        assert_eq!(reason(output), "`a` left a process behind");
        let joined = "thread 't' panicked at /course/tests/run.rs:1:2:\nmain panicked: the thread panicked: Any { .. }\n";
        assert_eq!(reason(joined), "main panicked: the thread panicked");
    }

    #[test]
    fn a_panic_of_the_lesson_is_shown_with_its_place_also_in_a_message_of_the_test_library() {
        let output = "thread 't' panicked at /course/tests/run.rs:1:2:\nexit status 101; it printed:\nboil\n\
            thread 'main' (7) panicked at crates/a/src/main.rs:3:4:\nno cake\n";
        assert_eq!(
            reason(output),
            "exit status 101; it printed:\nboil\npanicked at crates/a/src/main.rs:3:4:\nno cake"
        );
    }

    #[test]
    fn the_reason_contains_no_poisoned_value() {
        let poisoned = format!("thread 't' panicked at /rustc/lazy_lock.rs:1:2:\n{POISONED}\n");
        assert_eq!(reason(&poisoned), "depends on a test that failed");
    }

    #[test]
    fn a_counterexample_is_shown_whole() {
        let table = "a schedule lets the program fail.\n\nline │ main\n─────┼─────\n  12 │ takes the lock\n\n\
            Deadlock: no thread or process can take another step.\n\nchoices: 0*2";
        let output =
            format!("thread 't' panicked at /course/tests/exploration/src/explore.rs:1:2:\n{table}\n\n");
        assert_eq!(reason(&output), table);
    }

    #[test]
    fn the_middle_of_a_long_reason_is_omitted() {
        let lines = shortened(&("y\n".repeat(1000) + &"x".repeat(5000)));
        assert_eq!((lines.len(), &*lines[100]), (201, "[801 lines are omitted]"));
        assert_eq!(lines[200].len(), MAX_COLUMNS);
    }

    #[test]
    fn the_reason_of_a_test_without_a_panic_is_all_its_output() {
        assert_eq!(reason("Error: no cake\n\n"), "Error: no cake");
    }
}
