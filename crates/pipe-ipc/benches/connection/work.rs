//! The task that both sides of a measurement share.

use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, io};

use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};

use crate::peer::Peer;
use crate::scenario::Scenario;

/// The number of timed messages for one that warms up.
const TIMED_PER_WARM_UP: u64 = 10;

/// Which messages are sent, and how many.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Work {
    pub(crate) peer: Peer,
    pub(crate) scenario: Scenario,
    /// The number of timed messages; those that warm up come before them.
    pub(crate) count: u64,
}

impl Work {
    /// Returns the command that runs this program as one `side` of the measurement.
    pub(crate) fn command(self, side: &str) -> io::Result<Command> {
        let mut command = Command::new(env::current_exe()?);
        command.args([side, &name_of(&self.peer), &name_of(&self.scenario), &self.count.to_string()]);
        Ok(command)
    }

    /// Returns the message, or the content of its object. It is text, so that it can be sent as a string.
    pub(crate) fn message(self) -> Vec<u8> {
        vec![b'x'; self.scenario.size()]
    }

    /// Runs the measuring side, and returns how long the timed messages took. `exchange` is called with the number of
    /// messages to send, and returns when they have been received.
    pub(crate) fn measure(self, mut exchange: impl FnMut(u64) -> Result<()>) -> Result<Duration> {
        exchange(self.warm_up())?;
        let start = Instant::now();
        exchange(self.count)?;
        Ok(start.elapsed())
    }

    /// Runs the other side of [`measure`](Self::measure).
    pub(crate) fn answer(self, mut exchange: impl FnMut(u64) -> Result<()>) -> Result<()> {
        exchange(self.warm_up())?;
        exchange(self.count)
    }

    /// Checks that a message arrived whole.
    pub(crate) fn check(self, length: usize) -> Result<()> {
        ensure!(length == self.scenario.size(), "received a message of {length} bytes");
        Ok(())
    }

    fn warm_up(self) -> u64 {
        self.count / TIMED_PER_WARM_UP + 1
    }
}

/// Returns the name of a value on the command line.
pub(crate) fn name_of(value: &impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}
