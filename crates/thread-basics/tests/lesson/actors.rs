//! Who prints which line.

use course_tests::TraceSpec;
use course_tests::trace::scenarios::Scenarios;

/// Main and the task share nothing: only the task's own two lines keep their order.
pub(crate) fn scenarios() -> Scenarios {
    let spec = TraceSpec::new().event("this is main process!", "main", "").event(
        "当前任务:>>>(silence) .*",
        "$1",
        "",
    );
    Scenarios::new().scenario("thread", spec.clone()).scenario("process", spec)
}
