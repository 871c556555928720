//! The remaining work of a crawl, shared by its threads. Crawlers call this the frontier.

use std::cell::Cell;
use std::collections::VecDeque;

use parking_lot::{Condvar, Mutex};
use url::Url;

use crate::crawl::Image;

/// An item of work.
#[derive(Debug)]
pub(super) enum Work {
    /// Read a listing page.
    Listing {
        address: Url,
        /// Its number, from 1 on.
        number: usize,
    },
    /// Read the page of one picture.
    Detail(Url),
    /// Download an image.
    Image(Image),
}

/// A queue that threads claim work from and push work to. It stays short however long the listing is, because work that
/// leads to more work is claimed last.
#[derive(Debug)]
pub(super) struct WorkQueue {
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
    is_crawl_reported: bool,
}

/// An item that a thread works on. Dropping it without [`Claimed::finish`] means that the thread has failed, and closes the
/// queue.
#[derive(Debug)]
pub(super) struct Claimed<'a> {
    pub(super) work: Work,
    queue: &'a WorkQueue,
    is_finished: Cell<bool>,
}

impl WorkQueue {
    /// Creates a queue that starts with a listing, for this number of threads.
    pub(super) fn new(listing: Url, threads: usize) -> Self {
        let state = State { listing: Some((listing, 1)), ..State::default() };
        Self { threads, state: Mutex::new(state), changed: Condvar::new() }
    }

    /// Waits for an item of work. Returns `None` when all work is done, or a thread has failed.
    pub(super) fn claim(&self) -> Option<Claimed<'_>> {
        let mut state = self.state.lock();
        loop {
            if state.is_closed {
                return None;
            }
            if let Some(work) = state.next(self.threads) {
                return Some(Claimed { work, queue: self, is_finished: Cell::new(false) });
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
            Some((address, number)) => Work::Listing { address, number },
            None => Work::Detail(self.details.pop_front()?),
        };
        self.pages_in_flight += 1;
        Some(page)
    }

    /// Returns whether all pages have been read.
    fn is_crawled(&self) -> bool {
        self.listing.is_none() && self.details.is_empty() && self.pages_in_flight == 0
    }
}

impl Claimed<'_> {
    /// Adds the work that this item has led to.
    pub(super) fn push_follow_ups(&self, work: impl IntoIterator<Item = Work>) {
        let mut state = self.queue.state.lock();
        for work in work {
            match work {
                Work::Listing { address, number } => state.listing = Some((address, number)),
                Work::Detail(address) => state.details.push_back(address),
                Work::Image(image) => state.images.push_back(image),
            }
        }
        self.queue.changed.notify_all();
    }

    /// Marks the item as done. Returns `true` for one item only: the page that completes the crawl.
    pub(super) fn finish(self) -> bool {
        self.is_finished.set(true);
        let mut state = self.queue.state.lock();
        if matches!(self.work, Work::Image(_)) {
            return false;
        }
        state.pages_in_flight -= 1;
        let completes_crawl = state.is_crawled() && !state.is_crawl_reported;
        state.is_crawl_reported |= completes_crawl;
        self.queue.changed.notify_all();
        completes_crawl
    }
}

impl Drop for Claimed<'_> {
    fn drop(&mut self) {
        if !self.is_finished.get() {
            self.queue.state.lock().is_closed = true;
            self.queue.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> Url {
        Url::parse("https://pictures.example").unwrap().join(path).unwrap()
    }

    fn image(name: &str) -> Work {
        Work::Image(Image { address: url(name), file_name: name.to_owned() })
    }

    fn path(claimed: &Claimed<'_>) -> String {
        match &claimed.work {
            Work::Listing { address, .. } | Work::Detail(address) => address.path().to_owned(),
            Work::Image(image) => image.address.path().to_owned(),
        }
    }

    #[test]
    fn images_come_before_pages_and_a_listing_comes_before_the_details_run_out() {
        let queue = WorkQueue::new(url("/1"), 2);
        let first = queue.claim().unwrap();
        first.push_follow_ups(["/a", "/b", "/c"].map(|path| Work::Detail(url(path))));
        first.push_follow_ups([Work::Listing { address: url("/2"), number: 2 }]);
        assert!(!first.finish());
        let a = queue.claim().unwrap();
        assert_eq!(path(&a), "/a");
        let b = queue.claim().unwrap();
        assert_eq!(path(&b), "/b", "two details are enough for two threads");
        a.push_follow_ups([image("a.jpg")]);
        let claimed = [(); 3].map(|()| queue.claim().unwrap());
        assert_eq!(claimed.each_ref().map(path), ["/a.jpg", "/2", "/c"]);
    }

    #[test]
    fn only_the_last_page_completes_the_crawl() {
        let queue = WorkQueue::new(url("/1"), 4);
        let first = queue.claim().unwrap();
        first.push_follow_ups(["/a", "/b"].map(|path| Work::Detail(url(path))));
        assert!(!first.finish());
        let (a, b) = (queue.claim().unwrap(), queue.claim().unwrap());
        b.push_follow_ups([image("b.jpg")]);
        assert!(!b.finish());
        let picture = queue.claim().unwrap();
        assert!(a.finish());
        assert!(!picture.finish());
        assert!(queue.claim().is_none());
    }

    #[test]
    fn an_idle_thread_waits_while_a_page_is_in_flight() {
        let queue = WorkQueue::new(url("/1"), 2);
        let first = queue.claim().unwrap();
        std::thread::scope(|scope| {
            let other = scope.spawn(|| queue.claim().map(|claimed| (path(&claimed), claimed.finish())));
            first.push_follow_ups([Work::Detail(url("/a"))]);
            assert_eq!(other.join().unwrap(), Some(("/a".to_owned(), false)));
        });
        assert!(first.finish());
    }

    #[test]
    fn a_thread_that_fails_closes_the_queue() {
        let queue = WorkQueue::new(url("/1"), 2);
        let first = queue.claim().unwrap();
        first.push_follow_ups([Work::Detail(url("/a"))]);
        drop(first);
        assert!(queue.claim().is_none());
    }
}
