//! Who prints which line.

use course_tests::TraceSpec;
use course_tests::trace::scenarios::Scenarios;

pub(crate) fn scenarios() -> Scenarios {
    Scenarios::new()
        .scenario("duplex", pipe())
        .scenario("simplex", pipe())
        .scenario("queue", queue())
        .member("consumer(customer[12])消费了.*", "$1")
}

/// What is consumed was produced before.
fn pipe() -> TraceSpec {
    TraceSpec::new().event(r"producer(producer\d)生产了\d", "$1", "$0").event(
        "consumer(customer1)消费了(.*)",
        "$1",
        "$2",
    )
}

/// As above; which of the two customers gets what is not promised.
fn queue() -> TraceSpec {
    TraceSpec::new()
        .event(r"producer(producer\d)生产了\d", "$1", "$0")
        .unordered_actor(r"consumercustomer[12]消费了(.*)", "customers", "$1")
        .any("customer", "consumer(customer[12])消费了")
}
