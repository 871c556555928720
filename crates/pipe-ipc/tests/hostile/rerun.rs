//! Runs a test again in a child process.

use std::{env, thread};

use course_tests::Program;

/// Set in the child process: what the test does there.
const ROLE: &str = "ROLE_IN_THIS_TEST";

/// Returns what the test does in this process, if it is the child.
pub(crate) fn role() -> Option<String> {
    env::var(ROLE).ok()
}

/// Returns the calling test as a program with a limited address space, in KiB.
pub(crate) fn in_the_role_of(role: &str, kibibytes: u32) -> Program {
    let test = thread::current().name().expect("a test has a name").to_owned();
    Program::new("/bin/sh")
        .args(["-c", &format!(r#"ulimit -v {kibibytes}; exec "$@""#), "sh"])
        .args(["/usr/bin/env", "RUST_TEST_THREADS=1", &format!("{ROLE}={role}")])
        .arg(env::current_exe().expect("the path of the test is known"))
        .args([&test, "--exact", "--nocapture"])
}

/// Runs the program and asserts that it succeeds.
pub(crate) fn assert_succeeds(program: &Program, role: &str) {
    let run = program.run();
    assert!(run.status.success(), "as {role}: {}\n{}", run.status, run.output);
    assert!(run.output.contains("1 passed"), "it did not run:\n{}", run.output);
}
