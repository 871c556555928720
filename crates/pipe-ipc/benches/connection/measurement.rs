//! One measurement: starts the measuring side, which prints how long the messages took.

use std::io;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use bench_support::{output_within, python};

use crate::peer::Peer;
use crate::work::{Work, name_of};

/// On a busy machine a measurement takes a few seconds; one that takes longer than this hangs.
const LIMIT: Duration = Duration::from_secs(30);

const PEER_IN_PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/connection/peer.py");

/// Returns the time from the first message to the acknowledgement of the last.
///
/// A measuring side that hangs is killed. The other side then reads the end of its stream, or cannot write, and exits.
pub(crate) fn take(work: Work) -> Result<Duration> {
    nanoseconds(work).with_context(|| format!("{} fails at {:?}", work.peer.name(), work.scenario.title()))
}

fn nanoseconds(work: Work) -> Result<Duration> {
    let output = output_within(&mut command(work)?, LIMIT)?;
    let nanoseconds = output.trim().parse().with_context(|| format!("not a number: {output:?}"))?;
    Ok(Duration::from_nanos(nanoseconds))
}

fn command(work: Work) -> io::Result<Command> {
    if work.peer != Peer::Cpython {
        return work.command("measure");
    }
    let mut command = Command::new(python());
    command.args(["-I", PEER_IN_PYTHON, &name_of(&work.scenario), &work.count.to_string()]);
    Ok(command)
}
