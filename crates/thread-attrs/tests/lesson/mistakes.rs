//! The program in `wrong/` is wrong, and the fix in its comments fixes it.

use course_tests::mistakes::frequency::Frequencies;
use course_tests::mistakes::{Mistake, Outcome, summaries};
use exploration::explore::{every_schedule, outcomes};

#[path = "../../wrong/counted_too_late.rs"]
mod counted_too_late;

const LESSON: &str = env!("CARGO_MANIFEST_DIR");

/// The number of threads with the thread, then without it.
const TWO_THEN_ONE: &str = "当前活跃的线程数:>>>2 / 当前活跃的线程数:>>>1";

fn it_is_one_too_few(seen: &Outcome) -> bool {
    seen.to_string() != TWO_THEN_ONE
}

#[test]
fn a_thread_that_counts_itself_may_not_be_counted_yet() {
    assert_eq!(
        summaries(&outcomes(counted_too_late::main)),
        ["当前活跃的线程数:>>>1 / 当前活跃的线程数:>>>1", TWO_THEN_ONE]
    );
}

#[test]
fn a_thread_that_is_counted_before_it_starts_is_never_missing_from_the_count() {
    Mistake::read(LESSON, "counted_too_late").assert_fix_is("counted_in_time", include_str!("mistakes.rs"));
    every_schedule(counted_in_time::main).assert_never(it_is_one_too_few);
}

#[test]
fn frequency_of_mistakes() {
    let mut frequencies = Frequencies::of_mistakes(LESSON);
    frequencies.mistake("counted_too_late", &outcomes(counted_too_late::main), it_is_one_too_few);
    frequencies.assert_recorded();
}

// The fixed program, to be run under every schedule.

mod counted_in_time {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    use std::sync::mpsc;
    use std::thread;

    pub(crate) fn main() {
        let active = &AtomicUsize::new(1);
        let (release, gate) = mpsc::channel::<()>();
        thread::scope(|scope| {
            active.fetch_add(1, SeqCst);
            let silence = scope.spawn(move || {
                let _ = gate.recv();
                active.fetch_sub(1, SeqCst);
            });
            println!("当前活跃的线程数:>>>{}", active.load(SeqCst));
            drop(release);
            silence.join().unwrap();
            println!("当前活跃的线程数:>>>{}", active.load(SeqCst));
        });
    }
}
