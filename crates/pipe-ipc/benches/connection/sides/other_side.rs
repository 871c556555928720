//! The other process, and how it acknowledges the messages.

use std::io::{self, Read, Write};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use bench_support::KillOnDrop;

use crate::work::Work;

/// The other side of a measurement, as the measuring side sees it.
pub(super) struct OtherSide {
    work: Work,
    process: KillOnDrop,
}

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
        Ok(Self { work, process: KillOnDrop(child.context("cannot start the other side")?) })
    }

    /// Writes `text` to the other side's standard input, which must be [`Stdio::piped`], and closes it.
    #[cfg(feature = "peers")]
    pub(super) fn write_input(&mut self, text: &str) -> Result<()> {
        let input = self.process.0.stdin.take();
        let mut input = input.context("the other side's standard input is not a pipe")?;
        Ok(input.write_all(text.as_bytes())?)
    }

    /// Times `send`, called for each message, until the other side has received the last.
    pub(super) fn time_each(self, mut send: impl FnMut() -> Result<()>) -> Result<Duration> {
        self.time_all(|count| (0..count).try_for_each(|_| send()))
    }

    /// Times `send_all`, called with the number of messages, until the other side has received the last.
    pub(super) fn time_all(mut self, mut send_all: impl FnMut(u64) -> Result<()>) -> Result<Duration> {
        let work = self.work;
        let took = work.measure(|count| {
            send_all(count)?;
            self.wait_for_acknowledgement()
        })?;
        self.finish(took)
    }

    /// Times `round_trip`, which sends a message, receives the answer and returns its length.
    pub(super) fn time_round_trips(self, mut round_trip: impl FnMut() -> Result<usize>) -> Result<Duration> {
        let work = self.work;
        let took = work.measure(|count| (0..count).try_for_each(|_| work.check(round_trip()?)))?;
        self.finish(took)
    }

    fn wait_for_acknowledgement(&mut self) -> Result<()> {
        let output = self.process.0.stdout.as_mut();
        let output = output.context("the other side's standard output is not a pipe")?;
        output.read_exact(&mut [0]).context("the other side exited before it had received all messages")
    }

    /// Waits until the other side has exited, and returns the time.
    fn finish(mut self, took: Duration) -> Result<Duration> {
        let status = self.process.0.wait()?;
        ensure!(status.success(), "the other side failed: {status}");
        Ok(took)
    }
}

/// Receives the messages one by one, and acknowledges them. `receive` returns the length of a message.
pub(super) fn receive_all(work: Work, mut receive: impl FnMut() -> Result<usize>) -> Result<()> {
    work.answer(|count| {
        (0..count).try_for_each(|_| work.check(receive()?))?;
        let mut output = io::stdout();
        output.write_all(b"\n")?;
        Ok(output.flush()?)
    })
}

/// Answers the messages one by one. `echo` receives a message and sends it back.
pub(super) fn echo_all(work: Work, mut echo: impl FnMut() -> Result<()>) -> Result<()> {
    work.answer(|count| (0..count).try_for_each(|_| echo()))
}
