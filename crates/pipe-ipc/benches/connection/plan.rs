//! Who is measured in which scenario, with how many messages, and what is to be reached.

use crate::peer::Peer;
use crate::scenario::Scenario;

/// One peer's part in a scenario.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub(crate) peer: Peer,
    /// Chosen so that a measurement takes a quarter of a second or so: long beside the clock and a change of core, and
    /// the whole stays below three minutes.
    pub(crate) count: u64,
    /// At least so many times as fast as this peer is this crate to be.
    pub(crate) goal: Option<f64>,
}

/// No slower than a tenth.
const HARDLY_SLOWER: Option<f64> = Some(0.9);

/// Within a factor of 1.1.
const AS_FAST: Option<f64> = Some(1.0 / 1.1);

/// All parts of a scenario, this crate's first.
pub(crate) fn parts(scenario: Scenario) -> Vec<Part> {
    match scenario {
        Scenario::OneWaySmall => vec![
            ours(200_000),
            cpython(50_000, Some(4.0)),
            bare_loop(200_000, HARDLY_SLOWER),
            ipc_channel(50_000, None),
        ],
        Scenario::OneWayPage => {
            vec![ours(100_000), cpython(25_000, Some(2.3)), bare_loop(100_000, None)]
        }
        Scenario::TwoWayLarge => vec![
            ours(1_000),
            cpython(150, Some(6.0)),
            bare_loop(1_000, HARDLY_SLOWER),
            ipc_channel(1_000, AS_FAST),
        ],
        Scenario::StringSmall => vec![ours(150_000), cpython(40_000, Some(4.0))],
        Scenario::BytesLarge => vec![ours(300), cpython(80, Some(4.0))],
        Scenario::PingPongPipes => {
            vec![ours(20_000), cpython(10_000, Some(1.7)), bare_loop(20_000, None)]
        }
        Scenario::PingPongTwoWay => {
            vec![ours(20_000), cpython(10_000, None), bare_loop(20_000, None)]
        }
        Scenario::BatchedSmall => {
            vec![ours(5_000_000), cpython(50_000, Some(50.0)), bare_loop(5_000_000, None)]
        }
    }
}

fn ours(count: u64) -> Part {
    Part { peer: Peer::Ours, count, goal: None }
}

fn cpython(count: u64, goal: Option<f64>) -> Part {
    Part { peer: Peer::Cpython, count, goal }
}

fn bare_loop(count: u64, goal: Option<f64>) -> Part {
    Part { peer: Peer::BareLoop, count, goal }
}

fn ipc_channel(count: u64, goal: Option<f64>) -> Part {
    Part { peer: Peer::IpcChannel, count, goal }
}
