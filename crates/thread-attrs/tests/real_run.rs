//! The real program, its output tidied.

use course_tests::manners::{assert_ends_quietly_when_nobody_reads, assert_refuses_other_scenarios};
use course_tests::{Program, Tidy};

fn program() -> Program {
    Program::new(env!("CARGO_BIN_EXE_thread-attrs"))
}

/// Main starts the threads and joins them: what it prints before and after keeps its order with theirs. A thread's own
/// line may stand anywhere between its start and its join. The child is started at the very end.
fn tidy() -> Tidy {
    Tidy::new()
        .line("main 的进程号:.*|当前活跃的线程数:>>>1", "main", "silence Thread-1")
        .line("(silence|Thread-1) is alive:>>>false", "main", "$1")
        .line("(silence|Thread-1) is alive:>>>true|当前活跃的线程数:.*", "main", "")
        .line("(silence) 的进程号:.*", "$1", "")
        .line("(Thread-1) 的进程号:.*", "$1", "")
        .line("(child process) 的进程号:.*", "$1", "main silence Thread-1")
        .identity("pid", r"进程号:>>>(\d+)")
}

#[test]
fn one_process_has_one_pid_and_its_threads_are_counted() {
    insta::assert_snapshot!("attrs", tidy().run(&program().run()));
}

#[test]
fn any_argument_is_refused_in_one_line() {
    assert_refuses_other_scenarios(&program(), &["one alone"]);
}

#[test]
fn it_ends_quietly_when_nobody_reads() {
    assert_ends_quietly_when_nobody_reads(&program());
}
