//! Who prints which line.

use course_tests::Tidy;
use course_tests::lanes::Scenarios;

/// Main and the thread share nothing: only the thread's own two lines keep their order.
pub(crate) fn scenarios() -> Scenarios {
    let tidy = Tidy::new().line("this is a main process", "main", "").line("(silence) is .*", "$1", "");
    Scenarios::new().scenario("", tidy)
}
