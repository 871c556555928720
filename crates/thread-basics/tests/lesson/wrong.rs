//! The lesson's mistakes: that each program in `wrong/` is wrong, and that what its comments say mends it.

use std::every_schedule;
#[cfg(target_os = "linux")]
use std::panic::{self, AssertUnwindSafe};

use course_tests::compiler::errors_in;
use course_tests::figures::Figures;
#[cfg(target_os = "linux")]
use course_tests::held::held;
use course_tests::wrong::{Built, Seen, Wrong};

#[path = "../../wrong/join_forgotten.rs"]
pub(crate) mod join_forgotten;
#[path = "../../wrong/join_too_late.rs"]
mod join_too_late;

const LESSON: &str = env!("CARGO_MANIFEST_DIR");

fn the_last_line_is_missing(seen: &Seen) -> bool {
    !seen.lines.iter().any(|line| line == "当前任务:>>>silence 结束运行")
}

#[test]
fn where_the_join_is_forgotten_lines_may_be_missing() {
    assert_eq!(
        every_schedule(join_forgotten::main).kinds(),
        [
            "this is main process!",
            "this is main process! / 当前任务:>>>silence 正在运行",
            "this is main process! / 当前任务:>>>silence 正在运行 / 当前任务:>>>silence 结束运行",
            "当前任务:>>>silence 正在运行 / this is main process!",
            "当前任务:>>>silence 正在运行 / this is main process! / 当前任务:>>>silence 结束运行",
            "当前任务:>>>silence 正在运行 / 当前任务:>>>silence 结束运行 / this is main process!",
        ]
    );
}

#[test]
fn with_the_join_every_line_is_there() {
    Wrong::read(LESSON, "join_forgotten").assert_right_is("join_remembered", include_str!("wrong.rs"));
    assert_eq!(every_schedule(join_remembered::main).how_many(the_last_line_is_missing), 0);
}

fn the_last_line_is_not_main_s(seen: &Seen) -> bool {
    seen.lines.last().is_none_or(|line| line != "main: all done")
}

#[test]
fn where_the_join_comes_too_late_main_may_be_done_before_the_task() {
    assert_eq!(
        every_schedule(join_too_late::main).kinds(),
        [
            "main: all done / 当前任务:>>>silence 正在运行 / 当前任务:>>>silence 结束运行",
            "当前任务:>>>silence 正在运行 / main: all done / 当前任务:>>>silence 结束运行",
            "当前任务:>>>silence 正在运行 / 当前任务:>>>silence 结束运行 / main: all done",
        ]
    );
}

#[test]
fn with_the_join_in_time_main_is_done_last() {
    Wrong::read(LESSON, "join_too_late").assert_right_is("join_in_time", include_str!("wrong.rs"));
    assert_eq!(every_schedule(join_in_time::main).how_many(the_last_line_is_not_main_s), 0);
}

#[test]
fn without_move_it_does_not_compile() {
    let wrong = Wrong::read(LESSON, "move_forgotten");
    let [error] = &errors_in(wrong.source())[..] else { panic!("there should be one error") };
    assert_eq!(error.code, "E0373");
    assert_eq!(
        error.message,
        "closure may outlive the current function, but it borrows `name`, which is owned by the current function"
    );
    assert!(error.line.starts_with("let thread = thread::spawn(|| task(&name));"), "{}", error.line);
}

#[test]
fn with_move_it_does() {
    assert_eq!(errors_in(&Wrong::read(LESSON, "move_forgotten").right()), []);
}

// Elsewhere the system's first process waits for what a program leaves, and nobody can tell.
#[cfg(target_os = "linux")]
#[test]
fn a_child_that_nobody_waits_for_is_a_zombie_while_main_lives_and_then_left_behind() {
    let wrong = Built::new(Wrong::read(LESSON, "child_never_waited_for").source());
    let mut was_a_zombie = false;
    let run = || {
        held(&wrong.program(), |program| {
            // Main lives: it has a line to print, and nobody reads it yet.
            program.children(1)[0].becomes_a_zombie();
            was_a_zombie = true;
        })
    };
    let failure = panic::catch_unwind(AssertUnwindSafe(run)).expect_err("the run should fail");
    let failure = failure.downcast::<String>().expect("a formatted message");
    assert!(was_a_zombie, "{failure}");
    assert!(failure.contains("left a process behind"), "{failure}");
}

#[test]
fn a_child_that_is_waited_for_is_not() {
    let right = Built::new(&Wrong::read(LESSON, "child_never_waited_for").right());
    let run = right.program().run();
    assert!(run.status.success());
    assert_eq!(run.output, "main read: this is the child\n");
}

#[test]
fn figures_of_how_often_the_mistakes_show() {
    let mut figures = Figures::of_mistakes(LESSON);
    figures.mistake("join_forgotten", &every_schedule(join_forgotten::main), the_last_line_is_missing);
    figures.mistake("join_too_late", &every_schedule(join_too_late::main), the_last_line_is_not_main_s);
    figures.are_on_record();
}

// The right programs, to be run under every schedule.

mod join_remembered {
    use std::thread;
    use std::time::Duration;

    pub(crate) fn main() {
        let thread = thread::spawn(|| task("silence"));
        println!("this is main process!");
        thread.join().unwrap();
    }

    fn task(name: &str) {
        println!("当前任务:>>>{name} 正在运行");
        thread::sleep(Duration::from_millis(100));
        println!("当前任务:>>>{name} 结束运行");
    }
}

mod join_in_time {
    use std::thread;
    use std::time::Duration;

    pub(crate) fn main() {
        let thread = thread::spawn(|| task("silence"));
        thread.join().unwrap();
        println!("main: all done");
    }

    fn task(name: &str) {
        println!("当前任务:>>>{name} 正在运行");
        thread::sleep(Duration::from_millis(1));
        println!("当前任务:>>>{name} 结束运行");
    }
}
