//! Who prints which line.

use course_tests::Tidy;
use course_tests::lanes::Scenarios;

/// Main and the task share nothing: only the task's own two lines keep their order.
pub(crate) fn scenarios() -> Scenarios {
    let tidy = Tidy::new().line("this is main", "main", "").line("the (task) .*", "$1", "");
    Scenarios::new().scenario("", tidy)
}
