//! The Python twin prints only what the lesson can; and where the two languages differ.

use std::fmt::Display;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::real::process::Command;

use crate::guarantees::{FIVE_PROCESSES, FIVE_THREADS, WORD_PROCESSOR};
use crate::scenarios;
use course_tests::guarantees::Outputs;
use course_tests::python::{Twin, count_outputs, output_of};
use course_tests::run::cli_contract::assert_runs_all_in_order;
use course_tests::{Program, Run, TraceSpec};

fn twin() -> Option<Twin> {
    Twin::of(env!("CARGO_MANIFEST_DIR"))
}

fn lesson() -> Program {
    Program::new(env!("CARGO_BIN_EXE_shared-data"))
}

#[test]
fn with_processes_the_twin_has_the_canonical_form_of_the_lesson() {
    let Some(twin) = twin() else { return };
    let snapshot = twin.snapshot("real_run__process");
    let exact = TraceSpec::new();
    let check = |run: &Run| {
        assert_eq!(scenarios().spec("process").canonical_run(run), snapshot);
        FIVE_PROCESSES.assert_allows(&run.output, &exact);
    };
    let runs = twin.check(&["process"], check);
    count_outputs(&runs, &lesson().arg("process"), &exact, FIVE_PROCESSES.outputs().map(Outputs::len));
    twin.check_other_start_methods(&["process"], check);
}

#[test]
fn with_threads_the_twin_prints_only_possible_outputs_of_the_lesson() {
    let Some(twin) = twin() else { return };
    let exact = TraceSpec::new();
    let runs = twin.check(&["thread"], |run| FIVE_THREADS.assert_allows(&run.output, &exact));
    count_outputs(&runs, &lesson().arg("thread"), &exact, FIVE_THREADS.outputs().map(Outputs::len));
}

/// The four lines of the sample have too many orders to explore. So the twin must keep the order that all of them keep;
/// the next test shows that this is exactly what is guaranteed.
#[test]
fn with_the_word_processor_the_twin_has_the_canonical_form_of_the_lesson() {
    let Some(twin) = twin() else { return };
    let snapshot = twin.snapshot("real_run__word-processor");
    let scenarios = scenarios();
    let spec = scenarios.spec("word-processor");
    let runs = twin.check(&["word-processor"], |run| assert_eq!(spec.canonical_run(run), snapshot));
    count_outputs(&runs, &lesson().arg("word-processor"), spec, Some(orders_of(4)));
}

#[test]
fn the_word_processor_can_print_exactly_the_orders_with_one_canonical_form() {
    let scenarios = scenarios();
    let text = |lines: &Vec<String>| scenarios.spec("word-processor").canonical(&lines.join("\n"));
    let mut texts: Vec<_> = WORD_PROCESSOR.all_outputs().iter().map(text).collect();
    texts.dedup();
    assert_eq!(texts.len(), 1, "{}", texts.join("\n"));
    assert_eq!(WORD_PROCESSOR.all_outputs().len(), orders_of(2));
}

/// Returns in how many orders this many lines can be typed, displayed and saved, each displayed and saved after it is
/// typed.
fn orders_of(lines: usize) -> usize {
    fn orders(typed: usize, displayed: usize, saved: usize) -> usize {
        let of = |possible: bool, last: &dyn Fn() -> usize| if possible { last() } else { 0 };
        if typed == 0 {
            return 1;
        }
        of(typed > displayed && typed > saved, &|| orders(typed - 1, displayed, saved))
            + of(displayed > 0, &|| orders(typed, displayed - 1, saved))
            + of(saved > 0, &|| orders(typed, displayed, saved - 1))
    }
    orders(lines, lines, lines)
}

#[test]
fn a_line_is_one_write_by_println_and_two_by_a_print_that_nothing_buffers() {
    let mut lesson = Command::new(env!("CARGO_BIN_EXE_shared-data"));
    let lines = ["thread_0 change before 999\n", "thread_0 change after 1000\n"];
    assert_eq!(writes_of(lesson.args(["work", "thread_0"])), lines);

    let Some(twin) = twin() else { return };
    let mut print = Command::new(twin.python());
    assert_eq!(writes_of(print.args(["-I", "-u", "-c", "print('a line')"])), ["a line", "\n"]);
    let mut write = Command::new(twin.python());
    assert_eq!(writes_of(write.args(["-I", "-c", r"import os; os.write(1, b'a line\n')"])), ["a line\n"]);
}

/// `string.digits` is an example of a variable of a module. (The last two lines stop a helper that `spawn` starts.)
#[test]
fn a_forked_process_sees_current_data_and_a_spawned_one_initial_data() {
    let Some(printed) = output_of(
        "\
import multiprocessing, string
string.digits = 'changed'
for method in ('fork', 'spawn'):
    context = multiprocessing.get_context(method)
    receiver, sender = context.Pipe(False)
    task = 'import string; sender.send(string.digits); string.digits = None'
    process = context.Process(target=exec, args=(task, {'sender': sender}))
    process.start()
    print(method, receiver.recv())
    process.join()
print('parent', string.digits)
from multiprocessing import resource_tracker
resource_tracker._resource_tracker._stop()
",
    ) else {
        return;
    };
    assert_eq!(printed, "fork changed\nspawn 0123456789\nparent changed\n");
}

#[test]
fn adding_one_is_a_read_and_then_a_write_in_python_too() {
    let Some(printed) = output_of(
        "\
import dis
def work():
    global number
    number += 1
print(*(step.opname for step in dis.get_instructions(work) if step.argval == 'number'))
",
    ) else {
        return;
    };
    assert_eq!(printed, "LOAD_GLOBAL STORE_GLOBAL\n");
}

/// Returns what a program writes to its standard output, one text for each write. It must be little: the socket, which
/// separates the writes, holds a few of them, and they are read after the program has ended.
fn writes_of(command: &mut Command) -> Vec<String> {
    let (ours, theirs) = UnixDatagram::pair().expect("a socket");
    let status = command.stdout(OwnedFd::from(theirs)).status().expect("it starts");
    assert!(status.success(), "{command:?}: {status}");
    ours.set_nonblocking(true).expect("a socket can be so");
    let mut piece = [0; 1000];
    let next = || ours.recv(&mut piece).ok().map(|size| String::from_utf8_lossy(&piece[..size]).into_owned());
    std::iter::from_fn(next).collect()
}

/// Returns what main does: it starts all `workers`, then joins them all, then prints `last`.
fn all_at_a_time(kind: &str, workers: &[impl Display], last: &str) -> Vec<String> {
    let starts = workers.iter().map(|worker| format!("starts {kind} {worker}"));
    let joins = workers.iter().map(|worker| format!("joins {worker}"));
    starts.chain(joins).chain([format!("prints {last}")]).collect()
}

#[test]
fn the_twin_starts_five_processes_before_it_joins_one_and_its_own_number_stays_999() {
    let Some(twin) = twin() else { return };
    let events = twin.events(&["process"]);
    assert_eq!(
        events["main"],
        all_at_a_time("Process", &[0, 1, 2, 3, 4].map(|i| format!("work process_{i}")), "999")
    );
}

#[test]
fn the_twin_starts_five_threads_that_each_hold_the_lock_from_their_first_line_to_their_last() {
    let Some(twin) = twin() else { return };
    let events = twin.events(&["thread"]);
    let threads = [0, 1, 2, 3, 4].map(|i| format!("locked_work thread_{i}"));
    assert_eq!(events["main"], all_at_a_time("Thread", &threads, "1004"));
    for thread in &threads {
        let [locks, before, after, unlocks] = &events[thread][..] else { panic!("{events:?}") };
        assert_eq!([locks, unlocks], ["locks", "unlocks"]);
        assert!(before.contains("change before") && after.contains("change after"), "{events:?}");
    }
}

#[test]
fn the_twin_saves_what_was_typed_beside_its_file_and_then_renames_it() {
    let Some(twin) = twin() else { return };
    let events = twin.events(&["word-processor"]);
    let [threads @ .., _, file] = &events["main"][..] else { panic!("{events:?}") };
    assert_eq!(
        threads,
        &all_at_a_time("Thread", &["take_input", "display", "autosave word-processor.txt"], "")[..6]
    );
    assert_eq!(
        file,
        "removes word-processor.txt \
         ['线程共享同一份文档', '一个线程接收输入', '一个线程展示文档', '一个线程自动保存']"
    );
    let renames = "renames word-processor.txt.part to word-processor.txt";
    assert!(events["autosave word-processor.txt"].iter().any(|event| event == renames), "{events:?}");
}

#[test]
fn the_twin_has_the_same_command_line_as_the_lesson() {
    let Some(twin) = twin() else { return };
    twin.assert_cli_contract(&["process", "thread", "word-processor"]);
    assert_runs_all_in_order(&twin.program(), &scenarios());
}
