//! Who prints which line.

use course_tests::TraceSpec;
use course_tests::trace::scenarios::Scenarios;

/// Main and the thread share nothing: only the thread's own two lines keep their order.
pub(crate) fn scenarios() -> Scenarios {
    let spec =
        TraceSpec::new().event("this is a main process", "main", "").event("(silence) is .*", "$1", "");
    Scenarios::new().scenario("", spec)
}
