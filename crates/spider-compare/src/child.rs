//! A child process for one image: this same program, started again with another argument.
//!
//! Its standard input is a lifeline: a pipe whose other end its parent holds and never writes to. When the parent is
//! gone, however it went, the pipe ends, and so does the child. Its standard output is a pipe to the parent, whom it
//! tells what it asked the site for, and what became of its image; the parent prints that.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;
use std::process::{self, Command, ExitStatus};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Error, Result, anyhow};
use os_pipe::{PipeReader, PipeWriter};
use parking_lot::Mutex;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::retry_on_intr;
use serde::{Deserialize, Serialize};

use crate::cancel::Stop;
use crate::crawl::Image;
use crate::download::{self, Folder, Saved};
use crate::lines;
use crate::politeness::Manners;
use crate::recorder::Recorder;
use crate::reporter;
use crate::resource_usage::Usage;
use crate::site::{Limits, Site};
use crate::spider::Spider;
use crate::trace::{Clock, Request};

/// The argument that makes the program such a child. An [`Order`] and the folder follow: a folder's name need not be text,
/// as JSON is.
pub const ARGUMENT: &str = "--download-one";

/// A message of a child is one write into a pipe that all children share. A write of up to 512 bytes into a pipe is whole
/// or not at all on every system (POSIX, `PIPE_BUF`), so that none tears another.
const LONGEST_MESSAGE: usize = 512;

/// How long at most nobody looks whether a child has ended without a word, and whether the run was stopped: neither is a
/// message that could be waited for.
const ROUND: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

/// Exit status of a child whose parent is gone.
const ORPHANED: i32 = 3;

/// What a child is to do.
#[derive(Debug, Serialize, Deserialize)]
pub struct Order {
    place: usize,
    image: Image,
    run: u64,
    limits: Limits,
    /// A stranger's `robots.txt`, if it has one: a redirect may lead to what it forbids. (The system hands on 128 KiB of
    /// it and no more. With a longer one, no child can be started.)
    robots: Option<String>,
    clock: Clock,
    wanted: Duration,
}

/// What a child tells its parent: one line of JSON.
#[derive(Debug, Serialize, Deserialize)]
enum Message {
    /// What it has asked the site for.
    Asked(Request),
    /// What became of its image, and what it took: the end.
    Done { place: usize, line: String, saved: Option<Saved>, refused: bool, usage: Usage },
}

/// The children of one run. Dropped, they are ended and waited for, and their half files are removed.
pub(crate) struct Children<'a> {
    spider: &'a Spider,
    messages: PipeReader,
    /// The beginning of a message whose end has not come yet.
    heard: Vec<u8>,
    output: Option<PipeWriter>,
    lifeline: PipeReader,
    /// Closed, it ends all children. A stop closes it too.
    parents_end: Arc<Mutex<Option<PipeWriter>>>,
    started: Vec<Child<'a>>,
}

/// A child process, from its start until it has been waited for.
struct Child<'a> {
    image: &'a Image,
    part: PathBuf,
    process: io::Result<process::Child>,
    has_told: bool,
    /// It has ended, and all is heard that it has said.
    is_gone: bool,
}

impl<'a> Children<'a> {
    pub(crate) fn new(spider: &'a Spider) -> Result<Self> {
        let (messages, output) = os_pipe::pipe()?;
        let (lifeline, parents_end) = os_pipe::pipe()?;
        let parents_end = Arc::new(Mutex::new(Some(parents_end)));
        let stopped = Arc::clone(&parents_end);
        spider.stop.and_then(move || drop(stopped.lock().take()));
        let (heard, started) = (Vec::new(), Vec::new());
        Ok(Self { spider, messages, heard, output: Some(output), lifeline, parents_end, started })
    }

    /// Starts one, unless the site has refused too often. That it could not be started is told by [`Children::join`]: the
    /// other images go on.
    pub(crate) fn start(&mut self, image: &'a Image) -> Result<()> {
        if let Err(unwanted) = self.spider.site.refusals().check() {
            return self.spider.failed(image, unwanted);
        }
        let wanted = self.spider.now();
        let process = self.spawn(image, wanted);
        let part = self.spider.folder.part(image);
        self.started.push(Child { image, part, process, has_told: false, is_gone: false });
        Ok(())
    }

    fn spawn(&self, image: &Image, wanted: Duration) -> io::Result<process::Child> {
        let order = Order {
            place: self.started.len(),
            image: image.clone(),
            run: self.spider.folder.run(),
            limits: self.spider.task.limits,
            robots: self.spider.site.manners().and_then(Manners::robots).map(str::to_owned),
            clock: self.spider.site.recorder().clock(),
            wanted,
        };
        let output = self.output.as_ref().ok_or(io::ErrorKind::BrokenPipe)?.try_clone()?;
        Command::new(&self.spider.task.program)
            .arg(ARGUMENT)
            .arg(serde_json::to_string(&order)?)
            .arg(self.spider.folder.path())
            .stdin(self.lifeline.try_clone()?)
            .stdout(output)
            .spawn()
    }

    /// Prints what the children have to say until fewer of them than this are at work.
    pub(crate) fn wait_until_fewer_than(&mut self, most: usize) -> Result<()> {
        while self.at_work() >= most && self.listen()? {}
        Ok(())
    }

    /// How many have neither told the end nor come to it without a word.
    fn at_work(&self) -> usize {
        let at_work = |child: &&Child| child.process.is_ok() && !child.has_told && !child.is_gone;
        self.started.iter().filter(at_work).count()
    }

    /// Waits for all of them to end. A child that ended without a word has failed.
    pub(crate) fn join(mut self) -> Result<()> {
        // The children hold it now: with ours kept, the messages would never end.
        drop(self.output.take());
        while self.listen()? {}
        for child in &mut self.started {
            let ended = child.wait();
            self.spider.stop.check()?;
            if !child.has_told {
                let why =
                    ended.map_or_else(|error| error, |status| anyhow!("its process ended with {status}"));
                self.spider.failed(child.image, why)?;
            }
        }
        Ok(())
    }

    /// Hears what there is to hear, or nothing for the time of a [`ROUND`]. The result is whether more may come.
    fn listen(&mut self) -> Result<bool> {
        let ended: Vec<_> = self.started.iter_mut().map(Child::has_ended).collect();
        let mut some = [0; 4_096];
        let count = if self.is_told()? { Some(self.messages.read(&mut some)?) } else { None };
        self.spider.stop.check()?;
        if count.is_none() {
            // All is heard that those had to say who had ended before.
            self.started.iter_mut().zip(ended).for_each(|(child, ended)| child.is_gone = ended);
        }
        for &byte in &some[..count.unwrap_or(0)] {
            self.heard.push(byte);
            if byte == b'\n' {
                let line = std::mem::take(&mut self.heard);
                self.hear(&line)?;
            }
        }
        Ok(count != Some(0))
    }

    /// Waits until somebody says something or nobody can any more; no longer than a [`ROUND`].
    fn is_told(&self) -> Result<bool> {
        let mut messages = [PollFd::new(&self.messages, PollFlags::IN)];
        let ready = retry_on_intr(|| poll(&mut messages, Some(&ROUND)));
        Ok(ready.context("cannot hear the child processes")? > 0)
    }

    /// One message.
    fn hear(&mut self, line: &[u8]) -> Result<()> {
        match serde_json::from_slice(line) {
            Ok(Message::Asked(request)) => self.spider.site.recorder().add(request),
            Ok(Message::Done { place, line, saved, refused, usage }) => {
                if let Some(child) = self.started.get_mut(place) {
                    child.has_told = true;
                }
                let refusals = self.spider.site.refusals();
                match saved {
                    _ if refused => refusals.count(),
                    Some(Saved::Downloaded(_)) => refusals.forget(),
                    // Nothing was asked for, or nothing came.
                    Some(Saved::There) | None => {}
                }
                self.spider.used(usage);
                self.spider.came(&line, saved)?;
            }
            // From a program that is none of these: whoever it is has its exit status told.
            Err(_) => {}
        }
        Ok(())
    }
}

impl Drop for Children<'_> {
    fn drop(&mut self) {
        drop(self.parents_end.lock().take());
    }
}

impl Child<'_> {
    /// Whether it has been started, and has ended. Once this is true, nothing is left of it in the system.
    fn has_ended(&mut self) -> bool {
        self.process.as_mut().is_ok_and(|process| !matches!(process.try_wait(), Ok(None)))
    }

    fn wait(&mut self) -> Result<ExitStatus> {
        match &mut self.process {
            Ok(process) => process.wait().context("its process cannot be waited for"),
            Err(error) => Err(anyhow!("no process could be started: {error}")),
        }
    }
}

impl Drop for Child<'_> {
    fn drop(&mut self) {
        if let Ok(process) = &mut self.process {
            // A `process::Child` does neither by itself. For one that has been waited for, both do nothing.
            let _ = process.kill();
            let _ = process.wait();
        }
        let _ = fs::remove_file(&self.part);
    }
}

/// What the child does with its order, in JSON, and its folder.
///
/// # Errors
/// When it is no order, or nobody hears what the child has to say.
pub fn download_one(order: &OsStr, folder: &OsStr) -> Result<()> {
    let order: Order = serde_json::from_slice(order.as_encoded_bytes())
        .with_context(|| format!("{ARGUMENT} is for this program's own use, and takes an order in JSON"))?;
    let folder = Folder::of_run(folder.into(), order.run);
    end_with_parent(folder.part(&order.image))?;
    let recorder = Recorder::new(order.clock, true);
    let mut site = Site::new(&order.image.address, order.limits, recorder, Stop::default());
    if let Some(robots) = &order.robots {
        site.obey(Some(robots.as_bytes()))?;
    }
    let saved = download::save(&site, &order.image, &folder, Some(order.wanted));
    for request in site.recorder().take() {
        tell(&Message::Asked(request))?;
    }
    tell_the_end(&order, &saved, site.refusals().in_a_row() > 0)
}

/// The end of the story, told so shortly that it fits into one message.
fn tell_the_end(order: &Order, saved: &Result<Saved, Error>, refused: bool) -> Result<()> {
    let place = order.place;
    let line = lines::saved(&order.image, saved);
    let mut shortest = line.chars().count();
    loop {
        let line = lines::shortened(&line, shortest);
        let saved = saved.as_ref().ok().copied();
        let done = Message::Done { place, line, saved, refused, usage: Usage::of_a_child() };
        let told = tell(&done);
        if told.as_ref().is_err_and(Error::is::<TooLong>) && shortest > 0 {
            shortest = shortest * 3 / 4;
            continue;
        }
        return told;
    }
}

/// A message that would not be one write.
#[derive(Debug)]
struct TooLong;

impl std::fmt::Display for TooLong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a message of more than {LONGEST_MESSAGE} bytes")
    }
}

impl std::error::Error for TooLong {}

fn tell(message: &Message) -> Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    if line.len() > LONGEST_MESSAGE {
        return Err(TooLong.into());
    }
    reporter::write(&line)
}

/// Ends this process, and removes its half file, as soon as its standard input ends.
fn end_with_parent(part: PathBuf) -> io::Result<()> {
    let lifeline = move || {
        // Nothing is ever written to it; were something, it would be no end.
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        let _ = fs::remove_file(part);
        process::exit(ORPHANED);
    };
    thread::Builder::new().name("lifeline".to_owned()).spawn(lifeline).map(drop)
}
