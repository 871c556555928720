//! The two processes of a measurement.

mod bare_loop;
#[cfg_attr(not(feature = "peers"), path = "ipc_channel_missing.rs")]
mod ipc_channel;
mod other_side;
mod ours;

use std::time::Duration;

use anyhow::{Result, bail};

use crate::peer::Peer;
use crate::work::Work;

/// Starts the other side, sends to it, and tells how long that took.
pub(crate) fn measure(work: Work) -> Result<Duration> {
    match work.peer {
        Peer::Ours => ours::measure(work),
        Peer::BareLoop => bare_loop::measure(work),
        Peer::IpcChannel => ipc_channel::measure(work),
        Peer::Cpython => bail!("CPython's sides are in peer.py"),
    }
}

/// Is the other side, whose end of the connection is its standard input.
pub(crate) fn answer(work: Work) -> Result<()> {
    match work.peer {
        Peer::Ours => ours::answer(work),
        Peer::BareLoop => bare_loop::answer(work),
        Peer::IpcChannel => ipc_channel::answer(work),
        Peer::Cpython => bail!("CPython's sides are in peer.py"),
    }
}
