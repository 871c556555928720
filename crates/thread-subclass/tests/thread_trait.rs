//! What the lesson's trait guarantees beyond the lines that the lesson prints.

use std::fs;
use std::path::Path;
use std::thread::JoinHandle;

use course_tests::run::compiler::{errors_in, errors_of};

/// Replaces `println!` in the lesson below: prints nothing, and panics where the lesson's thread would print.
macro_rules! println {
    ($($line:tt)*) => { assert!(!format!($($line)*).starts_with("silence"), "run has a bug") };
}

#[allow(dead_code, reason = "the lesson's program as a whole; these tests use its trait")]
#[path = "../src/main.rs"]
mod lesson;

use lesson::{MyThread, Thread};

struct Doubles(u32);

impl Thread for Doubles {
    type Output = u32;

    fn run(self) -> u32 {
        assert!(self.0 < 100, "{} is too much", self.0);
        self.0 * 2
    }
}

#[test]
fn join_returns_what_run_returned() {
    assert_eq!(Doubles(21).start().join().expect("it does not panic"), 42);
}

#[test]
fn join_returns_the_panic_of_run() {
    let panic = Doubles(100).start().join().expect_err("it panics");
    let message = panic.downcast_ref::<String>().expect("a formatted message");
    assert_eq!(message, "100 is too much");
}

#[test]
#[should_panic(expected = "the thread panicked")]
fn when_the_lesson_s_thread_panics_main_does_too() {
    lesson::subclass_main();
}

#[test]
fn start_takes_the_thread_by_value() {
    // Compiles only for `start(self)`, not for `start(&self)`.
    let start: fn(MyThread) -> JoinHandle<()> = MyThread::start;
    let _ = start;
}

#[test]
fn starting_twice_does_not_compile() {
    let wrong = Path::new(env!("CARGO_MANIFEST_DIR")).join("wrong/started_twice.rs");
    let errors = errors_of(&wrong);
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(errors[0].code, "E0382");
    assert_eq!(errors[0].message, "use of moved value: `thread`");
    assert_eq!(errors[0].line, "let again = thread.start();");
}

#[test]
fn starting_once_compiles() {
    let once: String =
        wrong_program().lines().filter(|line| !line.contains("again")).flat_map(line).collect();
    assert_eq!(errors_in(&once), []);
}

#[test]
fn the_wrong_program_has_the_trait_of_the_lesson() {
    let lesson = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/main.rs"));
    assert_eq!(the_trait(&wrong_program()), the_trait(&lesson.expect("the lesson can be read")));
}

fn wrong_program() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("wrong/started_twice.rs");
    fs::read_to_string(path).expect("the program can be read")
}

fn the_trait(program: &str) -> String {
    let begins = |line: &&str| !line.starts_with("pub(crate) trait Thread");
    let ends = |line: &&str| *line != "}";
    let found: String = program.lines().skip_while(begins).take_while(ends).flat_map(line).collect();
    assert!(!found.is_empty(), "the program has no trait Thread");
    found
}

fn line(line: &str) -> [&str; 2] {
    [line, "\n"]
}
