//! The other process, and how it acknowledges what it has received.

use std::io::{self, Read, Write};
use std::process::{Child, Stdio};

use anyhow::{Context, Result, ensure};

use crate::work::Work;

/// The other side of a measurement, as the measuring side sees it. Dropped, it is killed.
pub(super) struct OtherSide(Child);

impl OtherSide {
    /// This program again, with its end of the connection as its standard input. It acknowledges over its standard
    /// output.
    pub(super) fn start(work: Work, end: impl Into<Stdio>) -> Result<Self> {
        Self::start_with_output(work, end, Stdio::piped())
    }

    /// The same with an end for each direction.
    pub(super) fn start_with_output(
        work: Work,
        input: impl Into<Stdio>,
        output: impl Into<Stdio>,
    ) -> Result<Self> {
        let child = work.command("answer")?.stdin(input).stdout(output).spawn();
        child.map(Self).context("the other side cannot be started")
    }

    /// Writes a word to its standard input, which must be [`Stdio::piped`], and closes that.
    #[cfg(feature = "peers")]
    pub(super) fn tell(&mut self, word: &str) -> Result<()> {
        let mut input = self.0.stdin.take().context("the other side cannot be told anything")?;
        Ok(input.write_all(word.as_bytes())?)
    }

    /// Waits until it has received all that was sent to it.
    pub(super) fn acknowledged(&mut self) -> Result<()> {
        let output = self.0.stdout.as_mut().context("the other side has nothing to acknowledge with")?;
        output.read_exact(&mut [0]).context("the other side ended before it had received all")
    }

    /// Waits until it has ended.
    pub(super) fn finish(mut self) -> Result<()> {
        let status = self.0.wait()?;
        ensure!(status.success(), "the other side failed: {status}");
        Ok(())
    }
}

impl Drop for OtherSide {
    fn drop(&mut self) {
        // Neither can fail for a child that nobody else waits for.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Receives all messages of `work` one by one, and acknowledges them. `receive` tells how long the message is.
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
