//! The ways to download the images: one after the other, a process for each, a thread for each.
//!
//! Each reads as the Python original's loops do: start all, then wait for all. What differs is what is started.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::panic;
use std::str::FromStr;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::child::Child;
use crate::crawl::Image;
use crate::report;
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
}

/// What a strategy did, and how long it took.
#[derive(Debug, Clone, Copy)]
pub struct Totals {
    /// Which one.
    pub strategy: Strategy,
    /// How many images there were to download.
    pub images: usize,
    /// How many detail pages and images failed.
    pub failed: usize,
    /// From the start to the last image's address.
    pub crawl: Duration,
    /// From the start to the last image.
    pub total: Duration,
}

/// One after the other, on the thread that asks. The result of each strategy is how many images failed.
fn sequential(spider: &Spider, images: &[Image]) -> Result<usize> {
    let mut failed = 0;
    for image in images {
        failed += usize::from(!spider.download(image)?);
    }
    Ok(failed)
}

/// A process for each image. Its line comes to this process, which prints it.
fn process(spider: &Spider, images: &[Image]) -> Result<usize> {
    let (lines, children_output) = os_pipe::pipe()?;
    let mut tasks = Vec::new();
    for image in images {
        tasks.push(Child::start(spider, image, &children_output));
    }
    // The children hold it now: with ours kept, `lines` would never end.
    drop(children_output);
    for line in BufReader::new(lines).lines() {
        report::line(&line?)?;
    }
    let mut failed = 0;
    for task in tasks {
        failed += usize::from(!task.join()?);
    }
    Ok(failed)
}

/// A thread for each image.
fn thread(spider: &Spider, images: &[Image]) -> Result<usize> {
    thread::scope(|scope| {
        let mut tasks = Vec::new();
        for image in images {
            tasks.push(scope.spawn(|| spider.download(image)));
        }
        let mut failed = 0;
        for task in tasks {
            let downloaded = task.join().unwrap_or_else(|payload| panic::resume_unwind(payload))?;
            failed += usize::from(!downloaded);
        }
        Ok(failed)
    })
}

impl Strategy {
    /// All of them, in the order in which they run.
    pub const ALL: [Self; 3] = [Self::Sequential, Self::Process, Self::Thread];

    /// What it is called on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sequential => "sequential",
            Self::Process => "process",
            Self::Thread => "thread",
        }
    }

    /// Crawls, then downloads, and prints the lines of both.
    ///
    /// # Errors
    /// When the listing gives nothing, or a line cannot be printed. An image that fails has its line, and is counted.
    pub fn run(self, spider: &Spider) -> Result<Totals> {
        let started = Instant::now();
        let (images, missed) = spider.crawl()?;
        let crawl = started.elapsed();
        report::line(&report::crawled(images.len(), crawl))?;
        let failed = match self {
            Self::Sequential => sequential(spider, &images),
            Self::Process => process(spider, &images),
            Self::Thread => thread(spider, &images),
        }?;
        let total = started.elapsed();
        report::line(&report::finished(total))?;
        Ok(Totals { strategy: self, images: images.len(), failed: missed + failed, crawl, total })
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
        found.ok_or_else(|| anyhow::anyhow!("no strategy {name:?}; there are sequential, process and thread"))
    }
}
