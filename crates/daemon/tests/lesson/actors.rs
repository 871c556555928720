//! Who prints which line.

use course_tests::Tidy;
use course_tests::lanes::Scenarios;

/// Nobody joins anybody before the process ends, so no line of one keeps an order with a line of another.
pub(crate) fn scenarios() -> Scenarios {
    let tidy = Tidy::new().line(" this is (main|foo|func).*", "$1", "");
    Scenarios::new().scenario("outlived", tidy.clone()).scenario("cut-off", tidy).cut_off("foo")
}
