//! Which actor prints which line.

use course_tests::TraceSpec;
use course_tests::trace::scenarios::Scenarios;

/// Main and the task share no data: only the two lines of the task are in a fixed order.
pub(crate) fn scenarios() -> Scenarios {
    let spec = TraceSpec::new().event("this is main", "main", "").event("the (task) .*", "$1", "");
    Scenarios::new().scenario("", spec)
}
