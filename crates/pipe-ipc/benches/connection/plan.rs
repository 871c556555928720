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

/// As fast as the system calls alone, but for what a round of measurements varies by.
const AT_THE_LIMIT: Option<f64> = Some(0.95);

/// Batched messages take few system calls, so that what is done for each message counts.
const NEAR_THE_LIMIT: Option<f64> = Some(0.9);

/// Not behind. How far ahead differs by a factor of three from machine to machine.
const AHEAD: Option<f64> = Some(1.0);

/// Returns all parts of a scenario, this crate's first.
pub(crate) fn parts(scenario: Scenario) -> Vec<Part> {
    let ours = |count| Part { peer: Peer::Ours, count, goal: None };
    let cpython = |count| Part { peer: Peer::Cpython, count, goal: AHEAD };
    let bare_loop = |count| Part { peer: Peer::BareLoop, count, goal: AT_THE_LIMIT };
    let ipc_channel = |count| Part { peer: Peer::IpcChannel, count, goal: AHEAD };
    match scenario {
        Scenario::OneWaySmall => {
            vec![ours(200_000), cpython(50_000), bare_loop(200_000), ipc_channel(50_000)]
        }
        Scenario::OneWayPage => vec![ours(100_000), cpython(25_000), bare_loop(100_000)],
        Scenario::TwoWayLarge => vec![ours(1_000), cpython(150), bare_loop(1_000), ipc_channel(1_000)],
        Scenario::StringSmall => vec![ours(150_000), cpython(40_000)],
        Scenario::BytesLarge => vec![ours(300), cpython(80)],
        Scenario::PingPongPipes | Scenario::PingPongTwoWay => {
            vec![ours(20_000), cpython(10_000), bare_loop(20_000)]
        }
        Scenario::BatchedSmall => {
            let bare_loop = Part { goal: NEAR_THE_LIMIT, ..bare_loop(5_000_000) };
            vec![ours(5_000_000), cpython(50_000), bare_loop]
        }
    }
}
