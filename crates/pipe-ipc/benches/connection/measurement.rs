//! One measurement: the measuring side is started, and prints how long it took.

use std::io::{self, PipeReader, Read, pipe};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::peer::Peer;
use crate::work::{Work, name_of};

/// On a busy machine a measurement takes a few seconds; one that is not done by then hangs.
const LIMIT: Duration = Duration::from_secs(30);

const PEER_IN_PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/connection/peer.py");

/// How long the messages took, from the first that was sent to the acknowledgement of the last.
pub(crate) fn take(work: Work) -> Result<Duration> {
    nanoseconds(work).with_context(|| format!("{} fails at {:?}", work.peer.name(), work.scenario.title()))
}

fn nanoseconds(work: Work) -> Result<Duration> {
    let (reader, writer) = pipe()?;
    let mut command = command(work)?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let measuring = MeasuringSide(command.spawn().context("it cannot be started")?);
    // A `Command` owns its ends of the pipe: with one kept here, the reader would never see the end.
    drop(command);
    let printed = read_to_end(reader, Instant::now() + LIMIT)?;
    measuring.finish(printed.trim())?;
    let nanoseconds = printed.trim().parse().with_context(|| format!("it prints {printed:?}"))?;
    Ok(Duration::from_nanos(nanoseconds))
}

fn command(work: Work) -> io::Result<Command> {
    if work.peer != Peer::Cpython {
        return work.command("measure");
    }
    let mut command = Command::new("python3");
    command.args(["-I", PEER_IN_PYTHON, &name_of(&work.scenario), &work.count.to_string()]);
    Ok(command)
}

/// Everything that both sides print. When it has come to its end, both have ended: the other side inherits it.
fn read_to_end(mut reader: PipeReader, deadline: Instant) -> Result<String> {
    let mut printed = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if pipe_ipc::wait(&[&reader], Some(left))?.is_empty() {
            bail!("it is not done after {} s", LIMIT.as_secs());
        }
        match reader.read(&mut chunk)? {
            0 => return Ok(String::from_utf8_lossy(&printed).into_owned()),
            count => printed.extend_from_slice(&chunk[..count]),
        }
    }
}

/// Dropped, it is killed. The other side then comes to the end of its stream, or writes to nobody, and ends by itself.
struct MeasuringSide(Child);

impl MeasuringSide {
    fn finish(mut self, printed: &str) -> Result<()> {
        let status = self.0.wait()?;
        ensure!(status.success(), "{status}\n{printed}");
        Ok(())
    }
}

impl Drop for MeasuringSide {
    fn drop(&mut self) {
        // Neither can fail for a child that nobody else waits for.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
