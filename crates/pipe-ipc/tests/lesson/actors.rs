//! Who prints which line.

use course_tests::Tidy;
use course_tests::lanes::Scenarios;

pub(crate) fn scenarios() -> Scenarios {
    Scenarios::new()
        .scenario("duplex", pipe())
        .scenario("simplex", pipe())
        .scenario("queue", queue())
        .member("consumer(customer[12])消费了.*", "$1")
}

/// What is consumed was produced before.
fn pipe() -> Tidy {
    Tidy::new().line(r"producer(producer\d)生产了\d", "$1", "$0").line(
        "consumer(customer1)消费了(.*)",
        "$1",
        "$2",
    )
}

/// As above; which of the two customers gets what is not promised.
fn queue() -> Tidy {
    Tidy::new()
        .line(r"producer(producer\d)生产了\d", "$1", "$0")
        .crowd(r"consumercustomer[12]消费了(.*)", "customers", "$1")
        .any("customer", "consumer(customer[12])消费了")
}
