//! Who prints which line.

use course_tests::Tidy;
use course_tests::lanes::Scenarios;

pub(crate) fn scenarios() -> Scenarios {
    Scenarios::new()
        .scenario("process", process())
        .scenario("thread", thread())
        .scenario("word-processor", word_processor())
}

/// The processes share nothing; main waits for them all before it prints.
fn process() -> Tidy {
    Tidy::new().line(r"(process_\d) change .*", "$1", "").line(
        r"\d+",
        "main",
        "process_0 process_1 process_2 process_3 process_4",
    )
}

/// The threads share the number, and come to it in any order.
fn thread() -> Tidy {
    Tidy::new()
        .line(r"(thread_\d) change .*", "$1", "number")
        .line(r"\d+", "main", "number")
        .identity("thread", r"thread_\d")
}

/// What the display shows, and what the autosave has saved, was typed before. Main waits for all three threads.
fn word_processor() -> Tidy {
    Tidy::new()
        .line("input 输入了 (.*)", "input", "display_of_$1 autosave_of_$1")
        .line("display 展示了 (.*)", "display", "display_of_$1")
        .line("autosave 保存了 (.*)", "autosave", "autosave_of_$1")
        .line("this is main: .*", "main", "input display autosave")
        .any("folder", "main: (.*)/word-processor.txt")
}
