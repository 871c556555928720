//! The spider: what the strategies have in common.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Error, Result, anyhow};
use parking_lot::Mutex;
use url::Url;

use crate::cancel::{Stop, Stopped};
use crate::crawl::{self, Image, Met};
use crate::download::{self, Folder, Saved};
use crate::lines;
use crate::politeness;
use crate::recorder::Recorder;
use crate::reporter::Voice;
use crate::resource_usage::Usage;
use crate::site::{Limits, Site};
use crate::trace::Clock;

/// What a spider is told.
#[derive(Debug, Clone)]
pub struct Task {
    /// The first page of the listing.
    pub listing: Url,
    /// How many pages of it.
    pub pages: usize,
    /// Where the images go: a folder that is there.
    pub folder: PathBuf,
    /// What a child process is started from: a `spider-compare`, be it this very process's own.
    pub program: PathBuf,
    /// How many at a time, for the strategies that are bounded.
    pub jobs: Option<usize>,
    /// How the site is asked.
    pub limits: Limits,
    /// Whether each request is to be remembered.
    pub traced: bool,
}

/// A spider for one listing and one folder. Threads share it.
#[derive(Debug)]
pub struct Spider {
    pub(crate) task: Task,
    pub(crate) site: Site,
    pub(crate) stop: Stop,
    pub(crate) voice: Voice,
    pub(crate) folder: Folder,
    met: Mutex<Met>,
    tally: Mutex<Tally>,
    childrens: Mutex<Usage>,
    unsaid: Mutex<Option<Error>>,
}

/// What became of what a spider came upon.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Images found, each once.
    pub images: usize,
    /// Images downloaded.
    pub downloaded: usize,
    /// Images that were there already.
    pub skipped: usize,
    /// Pages that gave nothing, and images that could not be had.
    pub failed: usize,
    /// Bytes of images downloaded.
    pub bytes: u64,
    /// The crawl's end: when the last address of an image was known.
    pub crawl: Duration,
}

impl Spider {
    /// One that begins now. A stranger's site is asked what it allows.
    ///
    /// # Errors
    /// When it cannot say so, or allows nothing.
    pub fn new(task: Task, stop: Stop, voice: Voice) -> Result<Self> {
        // A process is known to its parent by what it tells of itself.
        let recorder = Recorder::new(Clock::start(), task.traced);
        let mut site = Site::new(&task.listing, task.limits, recorder, stop.clone());
        site.ask_for_manners().map_err(|error| in_vain(&task.listing, error))?;
        let folder = Folder::new(task.folder.clone());
        Ok(Self {
            task,
            folder,
            site,
            stop,
            voice,
            met: Mutex::default(),
            tally: Mutex::default(),
            childrens: Mutex::default(),
            unsaid: Mutex::default(),
        })
    }

    /// Finds the images of the listing: its pages, then each picture's own page, one after the other, as the Python
    /// original does.
    pub(crate) fn crawl(&self) -> Result<Vec<Image>> {
        let mut images = Vec::new();
        for link in self.details()? {
            images.extend(self.image_of(&link)?);
        }
        self.say_crawled()?;
        Ok(images)
    }

    /// The addresses of all pictures' own pages.
    pub(crate) fn details(&self) -> Result<Vec<Url>> {
        let mut details = Vec::new();
        let mut page = Some(self.task.listing.clone());
        for number in 1..=self.task.pages {
            let Some(address) = page else { break };
            let (links, next) = self.listing(&address, number)?;
            details.extend(links);
            page = next;
        }
        Ok(details)
    }

    /// The addresses of the pictures' own pages on one page of the listing, and that of the next page if it is wanted. A page
    /// that gives nothing has a line that says so, but without the first one there is nothing to do.
    pub(crate) fn listing(&self, address: &Url, number: usize) -> Result<(Vec<Url>, Option<Url>)> {
        if !self.met.lock().meet(address) {
            return Ok((Vec::new(), None));
        }
        let listing = match crawl::listing(&self.site, address) {
            Ok(listing) => listing,
            Err(error) if number == 1 || error.is::<Stopped>() => return Err(in_vain(address, error)),
            Err(error) => {
                self.missed(address.as_str(), &error)?;
                return Ok((Vec::new(), None));
            }
        };
        let mut details = Vec::new();
        for (link, address) in listing.details {
            match address {
                Ok(address) if self.met.lock().meet(&address) => details.push(address),
                Ok(_) => {}
                Err(error) => self.missed(&link, &error)?,
            }
        }
        match listing.next.filter(|_| number < self.task.pages) {
            Some((next, Err(error))) => self.missed(next.as_str(), &error).map(|()| (details, None)),
            next => Ok((details, next.map(|(next, _)| next))),
        }
    }

    /// The image that the page at `detail` shows, unless another has shown it before. A page that shows none has a line
    /// that says so.
    pub(crate) fn image_of(&self, detail: &Url) -> Result<Option<Image>> {
        let found = crawl::detail(&self.site, detail).and_then(|address| self.met.lock().image(address));
        match found {
            Ok(image) => {
                self.tally.lock().images += usize::from(image.is_some());
                self.voice.progress(&self.tally());
                Ok(image)
            }
            Err(error) => self.missed(detail.path(), &error).map(|()| None),
        }
    }

    /// Downloads one image, and prints the line about it. An error is only that the line could not be printed, or that
    /// the run was stopped.
    pub(crate) fn download(&self, image: &Image) -> Result<()> {
        self.save(image, None)
    }

    /// The same on a thread that was wanted at this moment, and started for this image alone.
    pub(crate) fn download_since(&self, wanted: Duration, image: &Image) -> Result<()> {
        // At a stranger's site, it is not only the start that takes time, but the wait for a turn.
        self.save(image, (!self.site.is_a_strangers()).then_some(wanted))
    }

    fn save(&self, image: &Image, wanted: Option<Duration>) -> Result<()> {
        let saved = download::save(&self.site, image, &self.folder, wanted);
        self.stop.check()?;
        self.came(&lines::saved(image, &saved), saved.ok())
    }

    /// The same of an image that could not even be begun.
    pub(crate) fn failed(&self, image: &Image, why: Error) -> Result<()> {
        self.came(&lines::saved(image, &Err(why)), None)
    }

    /// Counts what became of an image, and prints the line about it.
    pub(crate) fn came(&self, line: &str, saved: Option<Saved>) -> Result<()> {
        {
            let mut tally = self.tally.lock();
            match saved {
                Some(Saved::Downloaded(bytes)) => {
                    tally.downloaded += 1;
                    tally.bytes += bytes;
                }
                Some(Saved::There) => tally.skipped += 1,
                None => tally.failed += 1,
            }
        }
        self.voice.progress(&self.tally());
        self.say(line)
    }

    /// Adds what a child process has used.
    pub(crate) fn used(&self, usage: Usage) {
        *self.childrens.lock() += usage;
    }

    /// What child processes have used, up to now.
    #[must_use]
    pub fn childrens_usage(&self) -> Usage {
        *self.childrens.lock()
    }

    fn missed(&self, link: &str, error: &Error) -> Result<()> {
        self.stop.check()?;
        self.tally.lock().failed += 1;
        self.say(&lines::missed(link, error))
    }

    /// Prints how many images were found, and when the last one was.
    pub(crate) fn say_crawled(&self) -> Result<()> {
        let images = {
            let mut tally = self.tally.lock();
            tally.crawl = self.now();
            tally.images
        };
        self.say(&lines::crawled(images, self.tally().crawl))
    }

    /// Prints a line. If it cannot be printed, nobody needs the rest: the run is stopped.
    pub(crate) fn say(&self, line: &str) -> Result<()> {
        let Err(error) = self.voice.line(line) else { return Ok(()) };
        self.unsaid.lock().get_or_insert(error);
        self.stop.set(Stopped::Otherwise);
        Err(Stopped::Otherwise.into())
    }

    /// Why the run has really ended, if somebody was stopped.
    pub(crate) fn cause_of(&self, error: Error) -> Error {
        let stopped = error.downcast_ref() == Some(&Stopped::Otherwise);
        stopped.then(|| self.unsaid.lock().take()).flatten().unwrap_or(error)
    }

    /// What became of everything, up to now.
    #[must_use]
    pub fn tally(&self) -> Tally {
        *self.tally.lock()
    }

    /// The time since the start.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.site.recorder().clock().now()
    }

    /// How many at a time: as many as were asked for, or `otherwise`; fewer of a stranger's site.
    pub(crate) fn jobs(&self, otherwise: usize) -> usize {
        let jobs = self.task.jobs.unwrap_or(otherwise).max(1);
        if self.site.is_a_strangers() { jobs.min(politeness::AT_A_TIME) } else { jobs }
    }
}

/// Without its listing, a spider has nothing to do.
fn in_vain(listing: &Url, error: Error) -> Error {
    if error.is::<Stopped>() {
        return error;
    }
    anyhow!("cannot take images from {listing}: {error:#}; check --url, or leave it out for a local gallery")
}
