//! The program in `wrong/` is wrong, and the fix in its comments fixes it.

use course_tests::mistakes::frequency::Frequencies;
use course_tests::mistakes::{Mistake, Outcome, summaries};
use exploration::explore::{every_schedule, outcomes};

#[path = "../../wrong/daemon_trusted.rs"]
mod daemon_trusted;

const LESSON: &str = env!("CARGO_MANIFEST_DIR");

/// Foo has printed all its lines in order, wherever main's line is.
fn the_work_is_done(seen: &Outcome) -> bool {
    seen.lines.iter().filter(|line| line.starts_with("this is foo")).eq([
        "this is foo begin",
        "this is foo end",
        "this is foo finally",
    ])
}

fn the_work_is_not_done(seen: &Outcome) -> bool {
    !the_work_is_done(seen)
}

#[test]
fn a_daemon_may_be_cut_off_at_any_point_of_its_work() {
    assert_eq!(
        summaries(&outcomes(daemon_trusted::main)),
        [
            "this is foo begin / this is foo end / this is foo finally / this is main",
            "this is foo begin / this is foo end / this is main",
            "this is foo begin / this is foo end / this is main / this is foo finally",
            "this is foo begin / this is main",
            "this is foo begin / this is main / this is foo end",
            "this is foo begin / this is main / this is foo end / this is foo finally",
            "this is main",
            "this is main / this is foo begin",
            "this is main / this is foo begin / this is foo end",
            "this is main / this is foo begin / this is foo end / this is foo finally",
        ]
    );
}

#[test]
fn a_thread_that_is_joined_finishes_its_work() {
    Mistake::read(LESSON, "daemon_trusted").assert_fix_is("joined", include_str!("mistakes.rs"));
    every_schedule(joined::main).assert_never(the_work_is_not_done);
}

#[test]
fn frequency_of_mistakes() {
    let mut frequencies = Frequencies::of_mistakes(LESSON);
    frequencies.mistake("daemon_trusted", &outcomes(daemon_trusted::main), the_work_is_not_done);
    frequencies.assert_recorded();
}

// The fixed program, to be run under every schedule.

mod joined {
    use std::thread;
    use std::time::Duration;

    pub(crate) fn main() {
        let thread = thread::spawn(foo);
        println!("this is main");
        thread.join().unwrap();
    }

    fn foo() {
        let _finally = Finally;
        println!("this is foo begin");
        thread::sleep(Duration::from_millis(100));
        println!("this is foo end");
    }

    struct Finally;

    impl Drop for Finally {
        fn drop(&mut self) {
            println!("this is foo finally");
        }
    }
}
