//! A test that runs itself once more, in a process of its own.

use std::{env, thread};

use course_tests::Program;

/// Set in the process of its own; what it is to do there.
const ROLE: &str = "ROLE_IN_THIS_TEST";

/// What the test is to do, if this is a process of its own.
pub(crate) fn role() -> Option<String> {
    env::var(ROLE).ok()
}

/// The test that calls this, in a process of its own with that much address space, in KiB.
pub(crate) fn in_the_role_of(role: &str, kibibytes: u32) -> Program {
    let test = thread::current().name().expect("a test has a name").to_owned();
    Program::new("/bin/sh")
        .args(["-c", &format!(r#"ulimit -v {kibibytes}; exec "$@""#), "sh"])
        .args(["/usr/bin/env", "RUST_TEST_THREADS=1", &format!("{ROLE}={role}")])
        .arg(env::current_exe().expect("a test is a program"))
        .args([&test, "--exact", "--nocapture"])
}

/// Runs it, and holds that it comes to a good end.
pub(crate) fn assert_succeeds(program: &Program, role: &str) {
    let run = program.run();
    assert!(run.status.success(), "as {role}: {}\n{}", run.status, run.output);
    assert!(run.output.contains("1 passed"), "it did not run:\n{}", run.output);
}
