//! The peers of each scenario, the number of messages, and the goals.

use crate::peer::Peer;
use crate::scenario::Scenario;

/// One peer's part in a scenario.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub(crate) peer: Peer,
    /// The number of messages: enough for about a quarter of a second, which is long compared to the clock and to a
    /// change of core, and keeps the whole below three minutes.
    pub(crate) count: u64,
    /// The least ratio of this crate's rate to the peer's.
    pub(crate) goal: Option<f64>,
}

/// At most a tenth slower.
const SLIGHTLY_SLOWER: Option<f64> = Some(0.9);

/// Within a factor of 1.1.
const AS_FAST: Option<f64> = Some(1.0 / 1.1);

/// Returns all parts of a scenario, this crate's first.
pub(crate) fn parts(scenario: Scenario) -> Vec<Part> {
    let ours = |count| Part { peer: Peer::Ours, count, goal: None };
    let cpython = |count, goal| Part { peer: Peer::Cpython, count, goal };
    let bare_loop = |count, goal| Part { peer: Peer::BareLoop, count, goal };
    let ipc_channel = |count, goal| Part { peer: Peer::IpcChannel, count, goal };
    match scenario {
        Scenario::OneWaySmall => vec![
            ours(200_000),
            cpython(50_000, Some(4.0)),
            bare_loop(200_000, SLIGHTLY_SLOWER),
            ipc_channel(50_000, None),
        ],
        Scenario::OneWayPage => {
            vec![ours(100_000), cpython(25_000, Some(2.3)), bare_loop(100_000, None)]
        }
        Scenario::TwoWayLarge => vec![
            ours(1_000),
            cpython(150, Some(6.0)),
            bare_loop(1_000, SLIGHTLY_SLOWER),
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
