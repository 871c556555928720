//! Who prints which line.

use course_tests::TraceSpec;
use course_tests::trace::scenarios::Scenarios;

pub(crate) fn scenarios() -> Scenarios {
    Scenarios::new()
        .scenario("process", process())
        .scenario("thread", thread())
        .scenario("word-processor", word_processor())
}

/// The processes share nothing; main waits for them all before it prints.
fn process() -> TraceSpec {
    TraceSpec::new().event(r"(process_\d) change .*", "$1", "").event(
        r"\d+",
        "main",
        "process_0 process_1 process_2 process_3 process_4",
    )
}

/// The threads share the number, and come to it in any order.
fn thread() -> TraceSpec {
    TraceSpec::new()
        .event(r"(thread_\d) change .*", "$1", "number")
        .event(r"\d+", "main", "number")
        .identity("thread", r"thread_\d")
}

/// What the display shows, and what the autosave has saved, was typed before. Main waits for all three threads.
fn word_processor() -> TraceSpec {
    TraceSpec::new()
        .event("input 输入了 (.*)", "input", "display_of_$1 autosave_of_$1")
        .event("display 展示了 (.*)", "display", "display_of_$1")
        .event("autosave 保存了 (.*)", "autosave", "autosave_of_$1")
        .event("this is main: .*", "main", "input display autosave")
        .any("folder", "main: (.*)/word-processor.txt")
}
