//! The Python twin prints only what the lesson can.

use crate::guarantees::ATTRS;
use crate::scenarios;
use course_tests::guarantees::Outputs;
use course_tests::python::{Twin, count_outputs, output_of};
use course_tests::run::assertions::assert_success;
use course_tests::{Program, Run};

fn twin() -> Option<Twin> {
    Twin::of(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_twin_prints_only_possible_outputs_of_the_lesson() {
    let Some(twin) = twin() else { return };
    let snapshot = twin.snapshot("real_run__attrs");
    let scenarios = scenarios();
    let spec = scenarios.spec("");
    let check = |run: &Run| {
        ATTRS.assert_allows(&run.output, spec);
        // This compares which lines have the same pid.
        assert_eq!(spec.canonical_run(run), snapshot);
    };
    let lesson = Program::new(env!("CARGO_BIN_EXE_thread-attrs"));
    let runs = twin.check(&[], check);
    count_outputs(&runs, &lesson, spec, ATTRS.outputs().map(Outputs::len));
    twin.check_other_start_methods(&[], check);
}

#[test]
fn the_twin_ends_one_thread_after_the_other_and_then_starts_a_process() {
    let Some(twin) = twin() else { return };
    let mut main = twin.events(&[]).remove("main").expect("main does something");
    main.retain(|event| !event.starts_with("prints "));
    assert_eq!(
        main,
        [
            "starts Thread task",
            "starts Thread task",
            "joins task",
            "joins task",
            "starts Process pid_of child process",
            "joins pid_of child process",
        ]
    );
}

#[test]
fn the_twin_has_the_same_command_line_as_the_lesson() {
    let Some(twin) = twin() else { return };
    twin.assert_cli_contract(&["takes no arguments"]);
}

#[test]
fn the_twin_ends_after_whichever_line_its_standard_output_is_closed() {
    let Some(twin) = twin() else { return };
    // After no thread, one, and two are started: they wait for gates that main must still open.
    for lines in [1, 3, 5] {
        let run = twin.program_read_for(lines).run();
        assert_success(&run);
        assert_eq!(run.lines().count(), lines, "{}", run.output);
    }
}

/// All threads of a process have the same current folder; on Linux each thread has its own priority.
#[test]
fn threads_see_a_change_of_the_process_and_an_earlier_child_does_not() {
    let Some(printed) = output_of(
        "\
import multiprocessing, os, sys, threading
fork = multiprocessing.get_context('fork')
def look(wait, tell):
    wait()
    tell((os.getcwd(), os.getpriority(os.PRIO_PROCESS, 0)))
changed, seen = threading.Event(), []
thread = threading.Thread(target=look, args=(changed.wait, seen.append))
ours, theirs = fork.Pipe()
child = fork.Process(target=look, args=(theirs.recv, theirs.send))
child.start()
thread.start()
folder, priority = os.getcwd(), os.getpriority(os.PRIO_PROCESS, 0)
os.chdir('/')
os.nice(1)
changed.set()
ours.send('changed')
thread.join()
print('thread', seen[0][0] == '/', sys.platform != 'linux' or seen[0][1] == priority)
print('child', ours.recv() == (folder, priority))
child.join()
",
    ) else {
        return;
    };
    assert_eq!(printed, "thread True True\nchild True\n");
}
