//! The other process, and how it acknowledges the messages.

use std::io::{self, Read, Write};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use bench_support::KillOnDrop;

use crate::work::Work;

/// The other side of a measurement, as the measuring side sees it.
pub(super) struct OtherSide(KillOnDrop);

impl OtherSide {
    /// Starts this program with `end` as its standard input. It acknowledges over its standard output.
    pub(super) fn start(work: Work, end: impl Into<Stdio>) -> Result<Self> {
        Self::start_with_output(work, end, Stdio::piped())
    }

    /// Starts this program with an end for each direction.
    pub(super) fn start_with_output(
        work: Work,
        input: impl Into<Stdio>,
        output: impl Into<Stdio>,
    ) -> Result<Self> {
        let child = work.command("answer")?.stdin(input).stdout(output).spawn();
        child.map(|child| Self(KillOnDrop(child))).context("cannot start the other side")
    }

    /// Writes `text` to the other side's standard input, which must be [`Stdio::piped`], and closes it.
    #[cfg(feature = "peers")]
    pub(super) fn send(&mut self, text: &str) -> Result<()> {
        let mut input = self.0.0.stdin.take().context("the other side's standard input is not a pipe")?;
        Ok(input.write_all(text.as_bytes())?)
    }

    /// Waits until the other side has received all messages.
    pub(super) fn acknowledged(&mut self) -> Result<()> {
        let output = self.0.0.stdout.as_mut().context("the other side's standard output is not a pipe")?;
        output.read_exact(&mut [0]).context("the other side exited before it had received all messages")
    }

    /// Waits until the other side has exited.
    pub(super) fn finish(mut self) -> Result<()> {
        let status = self.0.0.wait()?;
        ensure!(status.success(), "the other side failed: {status}");
        Ok(())
    }
}

/// Receives the messages of `work` one by one, and acknowledges them. `receive` returns the length of a message.
pub(super) fn receive_all(work: Work, mut receive: impl FnMut() -> Result<usize>) -> Result<()> {
    work.answer(|count| {
        for _ in 0..count {
            work.check(receive()?)?;
        }
        acknowledge()
    })
}

fn acknowledge() -> Result<()> {
    let mut output = io::stdout();
    output.write_all(b"\n")?;
    Ok(output.flush()?)
}
