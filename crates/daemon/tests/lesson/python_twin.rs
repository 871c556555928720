//! The Python twin prints only what the lesson can: at the end of main the two languages do the same.

use exploration::Exploration;

use course_tests::guarantees::Outputs;
use course_tests::python::{Twin, count_outputs, output_of};
use course_tests::{Program, TraceSpec};

use crate::guarantees::{CUT_OFF, OUTLIVED};

fn twin() -> Option<Twin> {
    Twin::of(env!("CARGO_MANIFEST_DIR"))
}

/// Asserts that the twin prints only what the lesson's scenario prints under some schedule.
fn check(twin: &Twin, name: &str, orders: &Exploration) {
    let lesson = Program::new(env!("CARGO_BIN_EXE_daemon"));
    let exact = TraceSpec::new();
    let runs = twin.check(&[name], |run| orders.assert_allows(&run.output, &exact));
    count_outputs(&runs, &lesson.arg(name), &exact, orders.outputs().map(Outputs::len));
}

#[test]
fn the_twin_prints_only_possible_outputs_of_outlived() {
    let Some(twin) = twin() else { return };
    check(&twin, "outlived", &OUTLIVED);
}

#[test]
fn the_twin_prints_only_possible_outputs_of_cut_off() {
    let Some(twin) = twin() else { return };
    check(&twin, "cut-off", &CUT_OFF);
}

#[test]
fn foo_is_a_daemon_of_the_twin_and_no_thread_is_joined() {
    let Some(twin) = twin() else { return };
    let main =
        |first: &str, second: &str| [first.to_owned(), second.to_owned(), "prints this is main".to_owned()];
    assert_eq!(
        twin.events(&["outlived"])["main"],
        main("starts daemon Thread foo 1", "starts Thread func 3")
    );
    assert_eq!(
        twin.events(&["cut-off"])["main"],
        main("starts daemon Thread foo 30", "starts Thread func 1")
    );
}

#[test]
fn the_twin_has_the_same_command_line_as_the_lesson() {
    let Some(twin) = twin() else { return };
    twin.assert_cli_contract(&["outlived", "cut-off"]);
}

#[test]
fn without_an_argument_the_twin_runs_both_one_after_the_other() {
    let Some(twin) = twin() else { return };
    let run = twin.program().run();
    let beginnings = run.lines().filter(|line| line.ends_with("main")).count();
    assert_eq!(beginnings, 2, "{}", run.output);
}

/// The other thread waits for the daemon, and the daemon for the end of main: so the order is guaranteed. (After its end
/// main waits for the other thread, but not for the daemon.)
#[test]
fn a_daemon_runs_on_while_the_others_are_waited_for_and_ends_with_the_process() {
    let Some(printed) = output_of(
        "\
import os, threading
runs_on, never = threading.Event(), threading.Event()
def daemon():
    threading.main_thread().join()
    os.write(1, b'main is over, and the daemon runs on\\n')
    runs_on.set()
    never.wait()
    os.write(1, b'the daemon ends\\n')
def other():
    runs_on.wait()
    os.write(1, b'the other is waited for\\n')
threading.Thread(target=daemon, daemon=True).start()
threading.Thread(target=other).start()
os.write(1, b'this is main\\n')
",
    ) else {
        return;
    };
    assert_eq!(printed, "this is main\nmain is over, and the daemon runs on\nthe other is waited for\n");
}
