//! What the lesson guarantees: its own file under every schedule.

use std::process::program;
use std::real::env;
use std::real::sync::LazyLock;

use course_tests::{Program, TraceSpec, assert_guarantees, assert_keeps_guarantees};
use exploration::Exploration;
use exploration::explore::{every_schedule, guarantees_of_every_schedule};

use crate::{lesson, scenarios};

/// How many schedules of the queue each test run tries.
const SAMPLE: usize = 2_000;

pub(crate) static DUPLEX: LazyLock<Exploration> =
    LazyLock::new(|| every_schedule(program(lesson::main, &["duplex"])));

pub(crate) static SIMPLEX: LazyLock<Exploration> =
    LazyLock::new(|| every_schedule(program(lesson::main, &["simplex"])));

#[test]
fn guarantees_of_the_two_way_connection() {
    assert_guarantees!("duplex", DUPLEX.guarantees(scenarios().spec("duplex")));
}

#[test]
fn guarantees_of_the_one_way_pipe() {
    assert_guarantees!("simplex", SIMPLEX.guarantees(scenarios().spec("simplex")));
}

/// The queue has about half a million orders of dependent steps (for fewer items n, C(2n, n) orders of the puts times
/// 2^(2n + 1) ways to share the gets and the two ends). `EXPLORE_ALL=1 cargo test -p pipe-ipc guarantees_of_the_queue` runs
/// them all and compares the snapshots; it takes minutes. Otherwise a sample must keep what the snapshots guarantee.
#[test]
fn guarantees_of_the_queue() {
    let queue = program(lesson::main, &["queue"]);
    let scenarios = scenarios();
    let spec = scenarios.spec("queue");
    if env::var_os("EXPLORE_ALL").is_some() {
        assert_guarantees!("queue", guarantees_of_every_schedule(queue, spec));
    } else {
        let sample = Exploration::sample(SAMPLE, queue).expect("it can be explored");
        sample.assert_succeeds();
        assert_keeps_guarantees!("queue", sample.guarantees(spec));
    }
}

#[test]
fn the_listing_of_the_tutorial_and_real_runs_are_possible() {
    for (scenario, explored) in [("duplex", &DUPLEX), ("simplex", &SIMPLEX)] {
        let real = Program::new(env!("CARGO_BIN_EXE_pipe-ipc")).arg(scenario).run();
        explored.assert_allows(&real.output, &TraceSpec::new());
        explored.assert_allows(include_str!("../listings/pipe.txt"), &TraceSpec::new());
    }
}
