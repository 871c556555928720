//! Who prints which line.

use course_tests::TraceSpec;
use course_tests::trace::scenarios::Scenarios;

/// Nobody joins anybody before the process ends, so no line of one keeps an order with a line of another.
pub(crate) fn scenarios() -> Scenarios {
    let spec = TraceSpec::new().event(" this is (main|foo|func).*", "$1", "");
    Scenarios::new().scenario("outlived", spec.clone()).scenario("cut-off", spec).cut_off("foo")
}
