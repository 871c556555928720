//! The spider: the steps that the strategies share. A step prints its line and counts its result.

use std::path::PathBuf;
use std::time::SystemTime;

use anyhow::{Error, Result, anyhow};
use parking_lot::Mutex;
use serde::Serialize;
use url::Url;

use crate::cancel::{CancelToken, Cancelled};
use crate::crawl::{self, Image, Seen};
use crate::download::{self, Saved};
use crate::lines;
use crate::politeness;
use crate::reporter::Reporter;
use crate::resource_usage::ResourceUsage;
use crate::site::{Limits, Site};
use crate::trace::{Recorder, Request};

/// The configuration of a run.
#[derive(Debug, Clone)]
pub struct Config {
    /// The first page of the listing.
    pub listing: Url,
    /// The number of listing pages.
    pub pages: usize,
    /// The folder for the images, which must exist.
    pub folder: PathBuf,
    /// The executable of child processes: a `spider-compare`, usually this one.
    pub program: PathBuf,
    /// The number of threads of the strategies that have a fixed number.
    pub jobs: Option<usize>,
    /// The limits of the requests.
    pub limits: Limits,
    /// Whether to record each request for `--trace`.
    pub records_requests: bool,
}

/// One run over one listing into one folder. Threads share it.
#[derive(Debug)]
pub struct Spider {
    pub(crate) config: Config,
    pub(crate) site: Site,
    pub(crate) cancel: CancelToken,
    pub(crate) reporter: Reporter,
    seen: Mutex<Seen>,
    tally: Mutex<Tally>,
}

/// The results of a run so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Tally {
    /// Images found, each counted once.
    pub images: usize,
    /// Images downloaded.
    pub downloaded: usize,
    /// Images whose file existed already.
    pub skipped: usize,
    /// Pages and images that failed.
    pub failed: usize,
    /// Bytes of images downloaded.
    pub bytes: u64,
    /// The end of the crawl, when the last address of an image was known: seconds since the start.
    pub crawl_seconds: f64,
    /// CPU time and memory of child processes.
    #[serde(skip)]
    pub(crate) child_usage: ResourceUsage,
}

impl Spider {
    /// Starts a run. An external site is asked for its `robots.txt`.
    ///
    /// # Errors
    /// If that cannot be downloaded or complied with.
    pub fn new(config: Config, cancel: CancelToken, reporter: Reporter) -> Result<Self> {
        let recorder = Recorder::new(SystemTime::now(), config.records_requests);
        let mut site = Site::new(&config.listing, config.limits, recorder, cancel.clone());
        site.fetch_robots_txt().map_err(|error| listing_error(&config.listing, error))?;
        let (seen, tally) = (Mutex::default(), Mutex::default());
        Ok(Self { config, site, cancel, reporter, seen, tally })
    }

    /// Finds all images of the listing, one page after the other, as the Python original does.
    pub(crate) fn crawl(&self) -> Result<Vec<Image>> {
        let mut images = Vec::new();
        for detail in self.details()? {
            images.extend(self.image_of(&detail)?);
        }
        self.finish_crawl()?;
        Ok(images)
    }

    /// Finds the pages of all pictures, one listing page after the other.
    pub(crate) fn details(&self) -> Result<Vec<Url>> {
        let mut details = Vec::new();
        let mut page = Some(self.config.listing.clone());
        for number in 1..=self.config.pages {
            let Some(address) = page else { break };
            let (found, next) = self.listing(&address, number)?;
            details.extend(found);
            page = next;
        }
        Ok(details)
    }

    /// Reads listing page number `number`. Returns the pages of its pictures, and the next listing page if it is wanted. It
    /// is an error if the first page cannot be read; another one counts as failed.
    pub(crate) fn listing(&self, address: &Url, number: usize) -> Result<(Vec<Url>, Option<Url>)> {
        if !self.seen.lock().insert(address) {
            return Ok((Vec::new(), None));
        }
        let listing = match crawl::listing(&self.site, address) {
            Ok(listing) => listing,
            Err(error) if number == 1 => return Err(listing_error(address, error)),
            Err(error) => {
                self.record_page_failure(address.as_str(), &error)?;
                return Ok((Vec::new(), None));
            }
        };
        let mut details = Vec::new();
        for (link, address) in listing.details {
            match address {
                Ok(address) if self.seen.lock().insert(&address) => details.push(address),
                Ok(_) => {}
                Err(error) => self.record_page_failure(&link, &error)?,
            }
        }
        match listing.next.filter(|_| number < self.config.pages) {
            Some((next, Err(error))) => {
                self.record_page_failure(next.as_str(), &error)?;
                Ok((details, None))
            }
            next => Ok((details, next.map(|(next, _)| next))),
        }
    }

    /// Reads the page of one picture. Returns its image, unless another page has shown the same one. A page without an
    /// image counts as failed.
    pub(crate) fn image_of(&self, detail: &Url) -> Result<Option<Image>> {
        let found = crawl::detail(&self.site, detail);
        match found.and_then(|address| self.seen.lock().insert_image(address)) {
            Ok(image) => {
                self.tally.lock().images += usize::from(image.is_some());
                self.show_progress();
                Ok(image)
            }
            Err(error) => self.record_page_failure(detail.path(), &error).map(|()| None),
        }
    }

    /// Downloads an image. It is an error if the line about it cannot be printed, or the run is cancelled; an image that
    /// cannot be downloaded counts as failed.
    pub(crate) fn download(&self, image: &Image) -> Result<()> {
        self.record_result(image, &download::save(&self.site, image, &self.config.folder, None))
    }

    /// Downloads an image on a thread of its own, which was requested from the system at `queued`.
    pub(crate) fn download_queued(&self, image: &Image, queued: f64) -> Result<()> {
        // At an external site, the thread also waits for a slot, which is not the cost of starting it.
        let queued = (!self.site.is_external()).then_some(queued);
        self.record_result(image, &download::save(&self.site, image, &self.config.folder, queued))
    }

    /// Counts the result of an image and prints the line about it, unless the run is cancelled.
    pub(crate) fn record_result(&self, image: &Image, result: &Result<Saved>) -> Result<()> {
        self.cancel.check()?;
        let mut tally = self.tally.lock();
        let line = match result {
            Ok(Saved::Downloaded(bytes)) => {
                tally.downloaded += 1;
                tally.bytes += bytes;
                lines::downloaded(&image.file_name)
            }
            Ok(Saved::AlreadyPresent) => {
                tally.skipped += 1;
                lines::skipped(&image.file_name)
            }
            Err(error) => {
                tally.failed += 1;
                lines::download_failed(&image.file_name, &image.address, error)
            }
        };
        drop(tally);
        self.show_progress();
        Ok(self.reporter.print_line(&line)?)
    }

    fn record_page_failure(&self, link: &str, error: &Error) -> Result<()> {
        self.cancel.check()?;
        self.tally.lock().failed += 1;
        Ok(self.reporter.print_line(&lines::page_failed(link, error))?)
    }

    /// Adds what a child process has used.
    pub(crate) fn add_child_usage(&self, usage: ResourceUsage) {
        let mut tally = self.tally.lock();
        tally.child_usage = tally.child_usage + usage;
    }

    /// Records the end of the crawl, and prints the line about it.
    pub(crate) fn finish_crawl(&self) -> Result<()> {
        let (images, seconds) = (self.tally().images, self.now());
        self.tally.lock().crawl_seconds = seconds;
        Ok(self.reporter.print_line(&lines::crawled(images, seconds))?)
    }

    fn show_progress(&self) {
        let tally = self.tally();
        self.reporter.set_progress(tally.downloaded + tally.skipped + tally.failed, tally.images);
    }

    /// Returns the results so far.
    #[must_use]
    pub fn tally(&self) -> Tally {
        *self.tally.lock()
    }

    /// Removes and returns the recorded requests, in the order in which they were sent.
    #[must_use]
    pub fn take_requests(&self) -> Vec<Request> {
        self.site.take_requests()
    }

    /// Returns the seconds since the start of the run.
    pub(crate) fn now(&self) -> f64 {
        self.site.recorder.now()
    }

    /// Returns the number of threads: `--jobs`, or this default; fewer for an external site.
    pub(crate) fn jobs(&self, default: usize) -> usize {
        let jobs = self.config.jobs.unwrap_or(default).max(1);
        if self.site.is_external() { jobs.min(politeness::MAX_CONCURRENT) } else { jobs }
    }
}

/// Describes the error of a listing that is needed to go on.
fn listing_error(listing: &Url, error: Error) -> Error {
    if error.is::<Cancelled>() {
        return error;
    }
    anyhow!("cannot crawl {listing}: {error:#}; check --url, or omit it to use the built-in gallery")
}
