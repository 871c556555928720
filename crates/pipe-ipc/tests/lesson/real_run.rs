//! Real runs of the program.

use std::collections::BTreeMap;
use std::real::process::{Command, Stdio};
#[cfg(target_os = "linux")]
use std::real::{ffi::OsStr, fs, os::unix::ffi::OsStrExt};
use std::time::Duration;

use crate::scenarios;
use course_tests::run::assertions::{assert_prints_lines_of, assert_success};
use course_tests::run::cli_contract::{
    assert_ends_quietly_when_stdout_is_closed, assert_rejects_unknown_scenarios, assert_runs_all_in_order,
};
use course_tests::run::interrupted::assert_a_signal_leaves_nothing;
use course_tests::{Program, Run};
use real_pipe_ipc::pipe;

/// The tutorial's listing.
const LISTING: &str = include_str!("../listings/pipe.txt");

fn program() -> Program {
    Program::new(env!("CARGO_BIN_EXE_pipe-ipc"))
}

#[test]
fn a_signal_at_any_moment_leaves_nothing_behind() {
    assert_a_signal_leaves_nothing(&program(), Duration::from_millis(15));
}

#[test]
fn over_a_two_way_connection_the_consumer_gets_everything_in_order_and_then_the_end() {
    let run = program().arg("duplex").run();
    insta::assert_snapshot!("duplex", scenarios().spec("duplex").canonical_run(&run));
    assert_prints_lines_of(LISTING, &run);
}

#[test]
fn over_a_one_way_pipe_the_consumer_gets_everything_in_order_and_then_the_end() {
    let run = program().arg("simplex").run();
    insta::assert_snapshot!("simplex", scenarios().spec("simplex").canonical_run(&run));
    assert_prints_lines_of(LISTING, &run);
}

#[test]
fn through_a_queue_nothing_is_lost_or_doubled_and_each_producer_keeps_its_order() {
    let run = program().arg("queue").run();
    assert_each_item_once(&run);
    assert_order_kept_for_each_customer(&run);
    insta::assert_snapshot!("queue", scenarios().spec("queue").canonical_run(&run));
}

// Other systems refuse such a name.
#[cfg(target_os = "linux")]
#[test]
fn the_folder_for_temporary_files_may_have_a_name_that_is_not_utf8() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path().join(OsStr::from_bytes(b"t\xff"));
    fs::create_dir(&folder).expect("a folder");
    assert_success(&program().arg("queue").temporary_files_in(&folder).run());
    assert_eq!(fs::read_dir(&folder).expect("it can be read").count(), 0, "its lock files are removed");
}

#[test]
fn the_consumer_stops_at_the_end_of_file_and_at_no_message() {
    let (receiver, mut sender) = pipe().expect("a pipe");
    let consumer = Command::new(env!("CARGO_BIN_EXE_pipe-ipc"))
        .args(["simplex", "consumer", "customer1"])
        .stdin(receiver)
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let items: Vec<_> = (0..20).map(|item| format!("producerproducer1生产了{item}")).collect();
    for item in &items {
        sender.send(item).expect("the consumer receives");
    }
    drop(sender);
    let output = consumer.wait_with_output().expect("it ends");
    assert!(output.status.success());
    let expected: String = items.iter().map(|item| format!("consumercustomer1消费了{item}\n")).collect();
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
}

#[test]
fn without_an_argument_it_runs_all_three_one_after_the_other() {
    assert_runs_all_in_order(&program(), &scenarios());
}

#[test]
fn an_unknown_scenario_is_rejected_in_one_line() {
    assert_rejects_unknown_scenarios(&program(), &["duplex", "simplex", "queue"]);
}

#[test]
fn it_ends_quietly_when_its_standard_output_is_closed() {
    for scenario in ["duplex", "simplex", "queue"] {
        assert_ends_quietly_when_stdout_is_closed(&program().arg(scenario));
    }
    assert_ends_quietly_when_stdout_is_closed(&program());
}

#[test]
fn a_child_that_is_started_by_hand_reports_what_is_missing() {
    for role in [&["duplex", "producer", "x"][..], &["simplex", "consumer", "x"]] {
        let run = program().args(role).run();
        assert_eq!(run.status.code(), Some(1));
        assert!(run.output.contains("not a pipe or a socket"), "{}", run.output);
    }
}

/// Returns what each customer consumed, in its order.
fn consumed(run: &Run) -> BTreeMap<&str, Vec<&str>> {
    let mut consumed: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for line in run.lines() {
        if let Some((customer, item)) = line.split_once("消费了") {
            consumed.entry(customer).or_default().push(item);
        }
    }
    consumed
}

fn assert_each_item_once(run: &Run) {
    assert_success(run);
    let mut produced: Vec<_> = run.lines().filter(|line| !line.contains("消费了")).collect();
    let mut consumed: Vec<_> = consumed(run).into_values().flatten().collect();
    produced.sort_unstable();
    consumed.sort_unstable();
    assert_eq!(produced.len(), 10, "{}", run.output);
    assert_eq!(produced, consumed);
}

fn assert_order_kept_for_each_customer(run: &Run) {
    for (customer, items) in consumed(run) {
        for producer in ["producer1", "producer2"] {
            let from: Vec<_> = items.iter().filter(|item| item.contains(producer)).collect();
            assert!(from.is_sorted(), "{customer} got out of order: {from:?}");
        }
    }
}
