//! Who prints which line.

use course_tests::Tidy;
use course_tests::lanes::Scenarios;

/// Main and the task share nothing: only the task's own two lines keep their order.
pub(crate) fn scenarios() -> Scenarios {
    let tidy =
        Tidy::new().line("this is main process!", "main", "").line("当前任务:>>>(silence) .*", "$1", "");
    Scenarios::new().scenario("thread", tidy.clone()).scenario("process", tidy)
}
