//! The lesson's mistake: that the program in `wrong/` is wrong, and that what its comments say mends it.

use std::every_schedule;

use course_tests::figures::Figures;
use course_tests::wrong::{Seen, Wrong};

#[path = "../../wrong/counted_too_late.rs"]
mod counted_too_late;

const LESSON: &str = env!("CARGO_MANIFEST_DIR");

/// With the thread, then without it.
const TWO_THEN_ONE: &str = "当前活跃的线程数:>>>2 / 当前活跃的线程数:>>>1";

fn it_is_one_too_few(seen: &Seen) -> bool {
    seen.in_a_line() != TWO_THEN_ONE
}

#[test]
fn a_thread_that_counts_itself_may_not_be_counted_yet() {
    assert_eq!(
        every_schedule(counted_too_late::main).kinds(),
        ["当前活跃的线程数:>>>1 / 当前活跃的线程数:>>>1", TWO_THEN_ONE]
    );
}

#[test]
fn a_thread_that_its_starter_counts_is() {
    Wrong::read(LESSON, "counted_too_late").assert_right_is("counted_in_time", include_str!("wrong.rs"));
    assert_eq!(every_schedule(counted_in_time::main).kinds(), [TWO_THEN_ONE]);
}

#[test]
fn figures_of_how_often_the_mistake_shows() {
    let mut figures = Figures::of_mistakes(LESSON);
    figures.mistake("counted_too_late", &every_schedule(counted_too_late::main), it_is_one_too_few);
    figures.are_on_record();
}

// The right program, to be run under every schedule.

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
