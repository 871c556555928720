//! Each program in `wrong/` is wrong, and the fix in its comments fixes it.

use std::process::program;
#[cfg(target_os = "linux")]
use std::real::panic::{self, AssertUnwindSafe};

use course_tests::mistakes::frequency::Frequencies;
use course_tests::mistakes::{Compiled, Mistake, Outcome, summaries};
use course_tests::run::compiler::errors_in;
#[cfg(target_os = "linux")]
use course_tests::run::paused::run_paused;
use exploration::explore::{every_schedule, explore_failing, outcomes};

#[path = "../../wrong/child_never_waited_for.rs"]
mod child_never_waited_for;
#[path = "../../wrong/join_forgotten.rs"]
pub(crate) mod join_forgotten;
#[path = "../../wrong/join_too_late.rs"]
mod join_too_late;

const LESSON: &str = env!("CARGO_MANIFEST_DIR");

fn the_last_line_is_missing(seen: &Outcome) -> bool {
    !seen.lines.iter().any(|line| line == "当前任务:>>>silence 结束运行")
}

#[test]
fn without_a_join_lines_may_be_missing() {
    assert_eq!(
        summaries(&outcomes(join_forgotten::main)),
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
fn with_a_join_no_line_is_missing() {
    Mistake::read(LESSON, "join_forgotten").assert_fix_is("join_remembered", include_str!("mistakes.rs"));
    every_schedule(join_remembered::main).assert_never(the_last_line_is_missing);
}

fn the_last_line_is_not_main_s(seen: &Outcome) -> bool {
    seen.lines.last().is_none_or(|line| line != "main: all done")
}

#[test]
fn main_may_finish_before_the_task_if_it_joins_too_late() {
    assert_eq!(
        summaries(&outcomes(join_too_late::main)),
        [
            "main: all done / 当前任务:>>>silence 正在运行 / 当前任务:>>>silence 结束运行",
            "当前任务:>>>silence 正在运行 / main: all done / 当前任务:>>>silence 结束运行",
            "当前任务:>>>silence 正在运行 / 当前任务:>>>silence 结束运行 / main: all done",
        ]
    );
}

#[test]
fn main_finishes_last_if_it_joins_in_time() {
    Mistake::read(LESSON, "join_too_late").assert_fix_is("join_in_time", include_str!("mistakes.rs"));
    every_schedule(join_in_time::main).assert_never(the_last_line_is_not_main_s);
}

#[test]
fn without_move_it_does_not_compile() {
    let wrong = Mistake::read(LESSON, "move_forgotten");
    let [error] = &errors_in(wrong.source())[..] else { panic!("there should be one error") };
    assert_eq!(error.code, "E0373");
    assert_eq!(
        error.message,
        "closure may outlive the current function, but it borrows `name`, which is owned by the current function"
    );
    assert!(error.line.starts_with("let thread = thread::spawn(|| task(&name));"), "{}", error.line);
}

#[test]
fn with_move_it_compiles() {
    assert_eq!(errors_in(&Mistake::read(LESSON, "move_forgotten").fixed()), []);
}

#[test]
fn a_child_that_is_not_waited_for_is_left_behind_in_every_schedule() {
    let explored = explore_failing(program(child_never_waited_for::main, &[]));
    assert_eq!(explored.failures(), explored.runs());
    let shown = explored.failure().expect("every run fails").to_string();
    assert!(shown.contains("The process `echo this is the child` is never waited for"), "{shown}");
}

// On other systems init waits for orphans, and a test cannot see them.
#[cfg(target_os = "linux")]
#[test]
fn a_child_that_is_not_waited_for_is_a_zombie_while_main_runs_and_an_orphan_after_that() {
    let wrong = Compiled::new(Mistake::read(LESSON, "child_never_waited_for").source());
    let mut was_a_zombie = false;
    let run = || {
        run_paused(&wrong.program(), |program| {
            // Main runs: it has a line to print, and its standard output is full.
            program.children(1)[0].wait_until_zombie();
            was_a_zombie = true;
        })
    };
    let failure = panic::catch_unwind(AssertUnwindSafe(run)).expect_err("the run should fail");
    let failure = failure.downcast::<String>().expect("a formatted message");
    assert!(was_a_zombie, "{failure}");
    assert!(failure.contains("left a process behind"), "{failure}");
}

#[test]
fn a_child_that_is_waited_for_leaves_no_zombie() {
    let mistake = Mistake::read(LESSON, "child_never_waited_for");
    mistake.assert_fix_is("child_waited_for", include_str!("mistakes.rs"));
    let explored = every_schedule(program(child_waited_for::main, &[]));
    assert_eq!(summaries(&explored.outcomes()), ["main read: this is the child"]);
    assert_eq!(Compiled::new(&mistake.fixed()).program().run().output, "main read: this is the child\n");
}

#[test]
fn frequency_of_mistakes() {
    let mut frequencies = Frequencies::of_mistakes(LESSON);
    frequencies.mistake("join_forgotten", &outcomes(join_forgotten::main), the_last_line_is_missing);
    frequencies.mistake("join_too_late", &outcomes(join_too_late::main), the_last_line_is_not_main_s);
    frequencies.assert_recorded();
}

// The fixed programs, to be run under every schedule.

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

mod child_waited_for {
    use std::io;
    use std::process::{Command, Stdio};

    pub(crate) fn main() -> io::Result<()> {
        let mut child = Command::new("echo").arg("this is the child").stdout(Stdio::piped()).spawn()?;
        let output = io::read_to_string(child.stdout.take().unwrap())?;
        print!("main read: {output}");
        child.wait()?;
        Ok(())
    }
}
