//! The Python twin prints only what the lesson can; and where the two languages differ.

use exploration::explore::every_schedule;

use crate::guarantees::{PROCESS, THREAD};
use crate::mistakes::join_forgotten;
use crate::scenarios;
use course_tests::guarantees::Outputs;
use course_tests::python::{Twin, count_outputs, output_of};
use course_tests::run::cli_contract::assert_runs_all_in_order;
use course_tests::{Program, Run};

const LAST_LINE: &str = "当前任务:>>>silence 结束运行";

fn twin() -> Option<Twin> {
    Twin::of(env!("CARGO_MANIFEST_DIR"))
}

fn lesson() -> Program {
    Program::new(env!("CARGO_BIN_EXE_thread-basics"))
}

#[test]
fn with_a_thread_the_twin_prints_only_possible_outputs_of_the_lesson() {
    let Some(twin) = twin() else { return };
    let scenarios = scenarios();
    let spec = scenarios.spec("thread");
    let runs = twin.check(&["thread"], |run| THREAD.assert_allows(&run.output, spec));
    count_outputs(&runs, &lesson().arg("thread"), spec, THREAD.outputs().map(Outputs::len));
}

#[test]
fn with_a_process_the_twin_has_the_canonical_form_of_the_lesson() {
    let Some(twin) = twin() else { return };
    let snapshot = twin.snapshot("real_run__process");
    let scenarios = scenarios();
    let spec = scenarios.spec("process");
    let same = |run: &Run| {
        assert_eq!(spec.canonical_run(run), snapshot);
        PROCESS.assert_allows(&run.output, spec);
    };
    let runs = twin.check(&["process"], same);
    count_outputs(&runs, &lesson().arg("process"), spec, PROCESS.outputs().map(Outputs::len));
    twin.check_other_start_methods(&["process"], same);
}

#[test]
fn the_twin_starts_a_thread_or_a_process_before_main_prints_and_joins_the_process_after_that() {
    let Some(twin) = twin() else { return };
    assert_eq!(
        twin.events(&["thread"])["main"],
        ["starts Thread task silence", "prints this is main process!"]
    );
    assert_eq!(
        twin.events(&["process"])["main"],
        ["starts Process task silence", "prints this is main process!", "joins task silence"]
    );
}

#[test]
fn without_a_join_rust_may_lose_the_last_line_and_python_never_does() {
    let complete = |lines: &Vec<String>| lines.iter().any(|line| line == LAST_LINE);
    let forgotten = every_schedule(join_forgotten::main);
    assert!(!forgotten.all_outputs().iter().all(complete), "no schedule loses the last line");
    // The test above compares each run of the twin with these outputs.
    assert!(THREAD.all_outputs().iter().all(complete));

    // It joins no thread: see the test above.
    let Some(twin) = twin() else { return };
    let run = twin.program().arg("thread").run();
    assert!(run.lines().any(|line| line == LAST_LINE), "the last line is missing:\n{}", run.output);
}

#[test]
fn the_twin_has_the_same_command_line_as_the_lesson() {
    let Some(twin) = twin() else { return };
    twin.assert_cli_contract(&["thread", "process"]);
    assert_runs_all_in_order(&twin.program(), &scenarios());
}

#[test]
fn threading_and_multiprocessing_have_seven_classes_and_the_seven_names_of_a_thread_in_common() {
    let Some(printed) = output_of(
        "\
import multiprocessing, threading
def compare(threads, processes):
    print(*sorted(threads & processes))
    print(len(threads - processes) > 0, len(processes - threads) > 0)
compare(set(threading.__all__), set(multiprocessing.__all__))
compare(*({name for name in dir(kind) if name[0] != '_'} for kind in (threading.Thread, multiprocessing.Process)))
",
    ) else {
        return;
    };
    assert_eq!(
        printed,
        "Barrier BoundedSemaphore Condition Event Lock RLock Semaphore\n\
         True True\n\
         daemon ident is_alive join name run start\n\
         True True\n"
    );
}
