//! The remaining work of a crawl, shared by its threads. Crawlers call this the frontier.

use std::collections::VecDeque;

use parking_lot::{Condvar, Mutex};
use url::Url;

use crate::crawl::Image;

/// An item of work.
#[derive(Debug)]
pub enum Work {
    /// Read the listing page at this address. The first one has the number 1.
    Listing(Url, usize),
    /// Read the page of one picture.
    Detail(Url),
    /// Download an image.
    Image(Image),
}

/// A queue that threads claim work from and push work to. It stays short however long the listing is, because work that
/// leads to more work is claimed last.
#[derive(Debug)]
pub struct WorkQueue {
    threads: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    listing: Option<(Url, usize)>,
    details: VecDeque<Url>,
    images: VecDeque<Image>,
    /// Claimed pages, which may lead to more work.
    pages_in_flight: usize,
    /// Whether a thread has failed: no more work is given out.
    is_closed: bool,
}

/// An item that a thread works on. Dropping it without [`Claimed::finish`] means that the thread has failed, and closes the
/// queue.
#[derive(Debug)]
pub struct Claimed<'a> {
    /// The item.
    pub work: Work,
    queue: &'a WorkQueue,
    is_finished: bool,
}

impl WorkQueue {
    /// Creates a queue that starts with a listing, for this number of threads.
    pub fn new(listing: Url, threads: usize) -> Self {
        let state = State { listing: Some((listing, 1)), ..State::default() };
        Self { threads, state: Mutex::new(state), changed: Condvar::new() }
    }

    /// Waits for an item of work. Returns `None` when all work is done, or a thread has failed.
    pub fn claim(&self) -> Option<Claimed<'_>> {
        let mut state = self.state.lock();
        loop {
            if state.is_closed {
                return None;
            }
            if let Some(work) = state.next(self.threads) {
                return Some(Claimed { work, queue: self, is_finished: false });
            }
            if state.is_crawled() {
                return None;
            }
            self.changed.wait(&mut state);
        }
    }
}

impl State {
    /// Removes the next item: images before pages, and a listing page only when there are too few details for all threads,
    /// so that the details do not run out while it is read.
    fn next(&mut self, threads: usize) -> Option<Work> {
        if let Some(image) = self.images.pop_front() {
            return Some(Work::Image(image));
        }
        let listing = if self.details.len() < threads { self.listing.take() } else { None };
        let page = match listing {
            Some((address, number)) => Work::Listing(address, number),
            None => Work::Detail(self.details.pop_front()?),
        };
        self.pages_in_flight += 1;
        Some(page)
    }

    fn is_crawled(&self) -> bool {
        self.listing.is_none() && self.details.is_empty() && self.pages_in_flight == 0
    }
}

impl Claimed<'_> {
    /// Adds the work that this item has led to.
    pub fn push_follow_ups(&self, work: impl IntoIterator<Item = Work>) {
        let mut state = self.queue.state.lock();
        for work in work {
            match work {
                Work::Listing(address, number) => state.listing = Some((address, number)),
                Work::Detail(address) => state.details.push_back(address),
                Work::Image(image) => state.images.push_back(image),
            }
        }
        self.queue.changed.notify_all();
    }

    /// Marks the item as done. Returns `true` for one item only: the page that completes the crawl.
    pub fn finish(mut self) -> bool {
        self.is_finished = true;
        if matches!(self.work, Work::Image(_)) {
            return false;
        }
        let mut state = self.queue.state.lock();
        state.pages_in_flight -= 1;
        self.queue.changed.notify_all();
        state.is_crawled()
    }
}

impl Drop for Claimed<'_> {
    fn drop(&mut self) {
        if !self.is_finished {
            self.queue.state.lock().is_closed = true;
            self.queue.changed.notify_all();
        }
    }
}
