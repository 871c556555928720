//! A panic of the task reaches main. In Python the exception is printed, and `join` does not report it.

/// Replaces `println!` in the lesson below: prints nothing, and panics where the task would print.
macro_rules! println {
    ($($line:tt)*) => { assert!(!format!($($line)*).starts_with("当前任务"), "the task has a bug") };
}

#[allow(dead_code, reason = "the lesson's program as a whole; its task is made to panic")]
#[path = "../src/main.rs"]
mod lesson;

#[test]
#[should_panic(expected = "the task panicked")]
fn when_the_task_panics_main_does_too() {
    lesson::thread_main();
}
