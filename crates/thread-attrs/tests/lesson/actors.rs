//! Who prints which line.

use course_tests::TraceSpec;
use course_tests::trace::scenarios::Scenarios;

/// Main starts the threads and joins them: what it prints before and after keeps its order with theirs. A thread's own
/// line may stand anywhere between its start and its join. The child is started at the very end.
pub(crate) fn scenarios() -> Scenarios {
    let spec = TraceSpec::new()
        .event("main 的进程号:.*|当前活跃的线程数:>>>1", "main", "silence Thread-1")
        .event("(silence|Thread-1) is alive:>>>false", "main", "$1")
        .event("(silence|Thread-1) is alive:>>>true|当前活跃的线程数:.*", "main", "")
        .event("(silence) 的进程号:.*", "$1", "")
        .event("(Thread-1) 的进程号:.*", "$1", "")
        .event("(child process) 的进程号:.*", "$1", "main silence Thread-1")
        .identity("pid", r"进程号:>>>(\d+)");
    Scenarios::new().scenario("", spec)
}
