//! The ways to download the images. Each reads as the Python original's loops do: start all, then wait for all. What
//! differs is what is started, and when.

mod overlap;
mod pool;
mod process;
mod sequential;
mod thread;
mod work_queue;
mod workers;

use std::fmt;
use std::str::FromStr;

use anyhow::{Result, anyhow};

use crate::lines;
use crate::spider::Spider;

/// How the images are downloaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// One after the other.
    Sequential,
    /// A child process for each image, all at once.
    Process,
    /// A thread for each image, all at once.
    Thread,
    /// A few threads, which take one page, and then one image, after the other.
    Pool,
    /// Threads which take whatever there is to do: an image as soon as its page is known.
    Overlap,
}

impl Strategy {
    /// All of them, in the order in which they run.
    pub const ALL: [Self; 5] = [Self::Sequential, Self::Process, Self::Thread, Self::Pool, Self::Overlap];

    /// What it is called on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sequential => "sequential",
            Self::Process => "process",
            Self::Thread => "thread",
            Self::Pool => "pool",
            Self::Overlap => "overlap",
        }
    }

    /// The names of all, as a sentence lists them.
    #[must_use]
    pub fn names() -> String {
        let [first @ .., last] = Self::ALL.map(Self::name);
        format!("{} and {last}", first.join(", "))
    }

    /// Crawls and downloads, and prints the lines of both. What became of everything is [`Spider::tally`].
    ///
    /// # Errors
    /// When the listing gives nothing, a line cannot be printed, or the run is stopped. An image that fails has its line,
    /// and is counted.
    pub fn run(self, spider: &Spider) -> Result<()> {
        self.run_to_its_end(spider).map_err(|error| spider.cause_of(error))
    }

    fn run_to_its_end(self, spider: &Spider) -> Result<()> {
        let ran = match self {
            Self::Sequential => sequential::sequential(spider),
            Self::Process => process::process(spider),
            Self::Thread => thread::thread(spider),
            Self::Pool => pool::pool(spider),
            Self::Overlap => overlap::overlap(spider),
        };
        spider.voice.end();
        ran?;
        spider.say(&lines::finished(spider.now()))
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Strategy {
    type Err = anyhow::Error;

    fn from_str(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|strategy| strategy.name() == name);
        found.ok_or_else(|| anyhow!("no strategy {name:?}; there are {}", Self::names()))
    }
}
