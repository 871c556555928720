//! What both sides of a measurement have to do.

use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, io};

use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};

use crate::peer::Peer;
use crate::scenario::Scenario;

/// So many messages are sent for one that warms up.
const FOR_ONE_THAT_WARMS_UP: u64 = 10;

/// Which messages are sent, and how many.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Work {
    pub(crate) peer: Peer,
    pub(crate) scenario: Scenario,
    /// Of the messages in the time that is kept; those that warm up come before them.
    pub(crate) count: u64,
}

impl Work {
    /// This program again, as one `side` of it.
    pub(crate) fn command(self, side: &str) -> io::Result<Command> {
        let mut command = Command::new(env::current_exe()?);
        command.args([side, &name_of(&self.peer), &name_of(&self.scenario), &self.count.to_string()]);
        Ok(command)
    }

    /// The message, or what is in it. It is text, so that it can be sent as a string.
    pub(crate) fn message(self) -> Vec<u8> {
        vec![b'x'; self.scenario.size()]
    }

    /// The measuring side: `exchange` is called with the number of messages that it is to send, and returns when they
    /// have been received.
    pub(crate) fn measure(self, mut exchange: impl FnMut(u64) -> Result<()>) -> Result<Duration> {
        exchange(self.warming_up())?;
        let start = Instant::now();
        exchange(self.count)?;
        Ok(start.elapsed())
    }

    /// The other side of [`measure`](Self::measure).
    pub(crate) fn answer(self, mut exchange: impl FnMut(u64) -> Result<()>) -> Result<()> {
        exchange(self.warming_up())?;
        exchange(self.count)
    }

    /// Whether a message has come whole.
    pub(crate) fn check(self, length: usize) -> Result<()> {
        ensure!(length == self.scenario.size(), "a message of {length} bytes has come");
        Ok(())
    }

    fn warming_up(self) -> u64 {
        self.count / FOR_ONE_THAT_WARMS_UP + 1
    }
}

/// How a value stands on a command line.
pub(crate) fn name_of(value: &impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}
