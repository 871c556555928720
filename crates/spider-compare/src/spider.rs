//! The spider: the steps that the strategies share. Each step prints its line and counts its result.

use std::path::PathBuf;
use std::time::SystemTime;

use anyhow::{Error, Result, anyhow, ensure};
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
use crate::trace::Recorder;

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
    /// The number of threads of `pool` and `overlap`.
    pub jobs: Option<usize>,
    /// The limits of the requests.
    pub limits: Limits,
    /// Whether to keep each request for `--trace`.
    pub keeps_requests: bool,
}

/// One run over one listing into one folder. Threads share it.
pub struct Spider {
    pub(crate) config: Config,
    /// The site of the listing.
    pub site: Site,
    pub(crate) cancel: CancelToken,
    pub(crate) reporter: Reporter,
    seen: Mutex<Seen>,
    pub(crate) tally: Mutex<Tally>,
}

/// The results of a run so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Tally {
    /// Listing pages read.
    pub pages: usize,
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
    /// When the crawl ended and the address of every image was known, in seconds since the start.
    pub crawl_seconds: f64,
    /// CPU time and memory of child processes.
    #[serde(skip)]
    pub child_usage: ResourceUsage,
}

impl Tally {
    /// Returns how many images are done, and how many there are so far. Pages that failed count as done.
    pub fn progress(&self) -> (usize, usize) {
        let done = self.downloaded + self.skipped + self.failed;
        (done, self.images.max(done))
    }
}

impl Spider {
    /// Starts a run: downloads the `robots.txt` of an external site. It is an error if that fails, or if the site asks for
    /// a crawl delay that is too long.
    pub fn new(config: Config, cancel: CancelToken, reporter: Reporter) -> Result<Self> {
        let recorder = Recorder::new(SystemTime::now(), config.keeps_requests);
        let mut site = Site::new(&config.listing, config.limits, recorder, cancel.clone());
        site.fetch_robots_txt().map_err(|error| listing_error(&config.listing, error))?;
        Ok(Self { config, site, cancel, reporter, seen: Mutex::default(), tally: Mutex::default() })
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
        let (mut details, mut number) = (Vec::new(), 0);
        let mut next = Some(self.config.listing.clone());
        while let Some(address) = next {
            number += 1;
            let (found, following) = self.listing(&address, number)?;
            details.extend(found);
            next = following;
        }
        Ok(details)
    }

    /// Reads listing page number `number`. Returns the pages of its pictures, and the next listing page if it is wanted. A
    /// listing page that cannot be read counts as failed; if it is the first one, that is an error. If there are fewer pages
    /// than wanted, a line says so.
    pub(crate) fn listing(&self, address: &Url, number: usize) -> Result<(Vec<Url>, Option<Url>)> {
        let listing = crawl::listing(&self.site, address).and_then(|listing| {
            let mut seen = self.seen.lock();
            let is_new = seen.insert_listing(&listing.address);
            seen.insert_listing(address);
            ensure!(is_new, "redirected to {}, which was read before", listing.address);
            Ok(listing)
        });
        let crawl::Listing { address: own, details: targets, next } = match listing {
            Ok(listing) => listing,
            Err(error) if number == 1 => return Err(listing_error(address, error)),
            Err(error) => return self.record_page_failure(address.as_str(), &error).map(|()| (vec![], None)),
        };
        self.tally.lock().pages += 1;
        let mut details = Vec::new();
        for target in targets {
            match target {
                Ok(address) if self.seen.lock().insert_detail(&address) => details.push(address),
                Ok(_) => {}
                Err((link, error)) => self.record_page_failure(&link, &error)?,
            }
        }
        let next = match next {
            _ if number >= self.config.pages => None,
            Some(Ok(next)) if !self.seen.lock().is_listing(&next) => Some(next),
            Some(Err((link, error))) => self.record_page_failure(&link, &error).map(|()| None)?,
            _ => self
                .reporter
                .print_line(&lines::no_next_page(&own, number, self.config.pages))
                .map(|()| None)?,
        };
        Ok((details, next))
    }

    /// Reads the page of one picture. Returns its image, unless another page has shown the same one, which a line says. A
    /// page without an image counts as failed.
    pub(crate) fn image_of(&self, detail: &Url) -> Result<Option<Image>> {
        let found = crawl::detail(&self.site, detail, |address| self.seen.lock().is_listing(address));
        let insert = |address: Url| {
            // A link to the picture itself is on the listing.
            let page = if address == *detail { &self.config.listing } else { detail };
            self.seen.lock().insert_image(address, page)
        };
        match found.and_then(insert) {
            Ok(None) => Ok(self.reporter.print_line(&lines::same_image(detail)).map(|()| None)?),
            Ok(image) => {
                self.tally.lock().images += 1;
                self.show_progress();
                Ok(image)
            }
            Err(error) => self.record_page_failure(lines::path(detail), &error).map(|()| None),
        }
    }

    /// Downloads an image. A failed download is counted, and is not an error. `queued` is when the image's own thread was
    /// requested from the system, if it has one.
    pub(crate) fn download(&self, image: &Image, queued: Option<f64>) -> Result<()> {
        // At an external site, a thread also waits for a slot, which is not the cost of starting it.
        let queued = queued.filter(|_| !self.site.is_external());
        self.record_result(image, &download::save(&self.site, image, &self.config.folder, queued))
    }

    /// Counts the result of an image and prints the line about it, unless the run is cancelled.
    pub(crate) fn record_result(&self, image: &Image, result: &Result<Saved>) -> Result<()> {
        self.cancel.check()?;
        {
            let mut tally = self.tally.lock();
            match result {
                Ok(Saved::Downloaded(bytes)) => {
                    tally.downloaded += 1;
                    tally.bytes += bytes;
                }
                Ok(Saved::AlreadyPresent) => tally.skipped += 1,
                Err(_) => tally.failed += 1,
            }
        }
        self.show_progress();
        Ok(self.reporter.print_line(&lines::downloaded(image, result))?)
    }

    fn record_page_failure(&self, link: &str, error: &Error) -> Result<()> {
        self.cancel.check()?;
        self.tally.lock().failed += 1;
        Ok(self.reporter.print_line(&lines::page_failed(link, error))?)
    }

    /// Records the end of the crawl, and prints the line about it.
    pub(crate) fn finish_crawl(&self) -> Result<()> {
        let (images, seconds) = (self.tally().images, self.now());
        self.tally.lock().crawl_seconds = seconds;
        Ok(self.reporter.print_line(&lines::crawled(images, seconds))?)
    }

    fn show_progress(&self) {
        let (done, total) = self.tally().progress();
        self.reporter.set_progress(done, total);
    }

    /// Returns the results so far.
    pub fn tally(&self) -> Tally {
        *self.tally.lock()
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

/// Adds advice to the error of a listing without which the run cannot continue.
fn listing_error(listing: &Url, error: Error) -> Error {
    if error.is::<Cancelled>() {
        return error;
    }
    anyhow!("cannot crawl {listing}: {error:#}; check --url, or omit it to use the built-in gallery")
}
