//! The two processes of a measurement, one module for each peer.

mod bare_loop;
#[cfg(feature = "peers")]
mod ipc_channel;
mod other_side;
mod ours;

use std::time::Duration;

use anyhow::{Result, bail};

use crate::peer::Peer;
use crate::work::Work;

/// Runs the measuring side: starts the other side, sends to it, and returns how long the messages took.
pub(crate) fn measure(work: Work) -> Result<Duration> {
    match work.peer {
        Peer::Ours => ours::measure(work),
        Peer::BareLoop => bare_loop::measure(work),
        #[cfg(feature = "peers")]
        Peer::IpcChannel => ipc_channel::measure(work),
        #[cfg(not(feature = "peers"))]
        Peer::IpcChannel => bail!("ipc-channel is not built"),
        Peer::Cpython => bail!("CPython's sides are in peer.py"),
    }
}

/// Runs the other side, whose end of the connection is its standard input.
pub(crate) fn answer(work: Work) -> Result<()> {
    match work.peer {
        Peer::Ours => ours::answer(work),
        Peer::BareLoop => bare_loop::answer(work),
        #[cfg(feature = "peers")]
        Peer::IpcChannel => ipc_channel::answer(work),
        #[cfg(not(feature = "peers"))]
        Peer::IpcChannel => bail!("ipc-channel is not built"),
        Peer::Cpython => bail!("CPython's sides are in peer.py"),
    }
}
