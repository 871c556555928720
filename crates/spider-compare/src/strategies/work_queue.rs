//! What a crawl still has to do, shared by the threads that do it.

use std::collections::VecDeque;

use parking_lot::{Condvar, Mutex};
use url::Url;

use crate::crawl::Image;

/// One thing to do.
#[derive(Debug)]
pub(super) enum Work {
    /// Read a page of the listing.
    Listing {
        address: Url,
        /// Which one it is, from 1 on.
        number: usize,
    },
    /// Read the page of one picture.
    Detail(Url),
    /// Download an image.
    Image(Image),
}

/// All that is to be done, and how much of it somebody does. It stays small, however long the listing is: what leads to
/// more work is taken last.
#[derive(Debug)]
pub(super) struct Frontier {
    /// So many of each suffice to keep everybody busy.
    enough: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    listing: Option<(Url, usize)>,
    details: VecDeque<Url>,
    images: VecDeque<Image>,
    /// Pages that somebody reads: each may lead to more work.
    pages_under_way: usize,
    /// Nothing more is given out: somebody has failed.
    closed: bool,
    crawled: bool,
}

/// Work that somebody does. Dropped, it is done; dropped by somebody who fails, all work is.
#[derive(Debug)]
pub(super) struct Taken<'a> {
    pub(super) work: Work,
    frontier: &'a Frontier,
    is_over: std::cell::Cell<bool>,
}

impl Frontier {
    /// One that begins with a listing, for so many threads.
    pub(super) fn new(listing: Url, threads: usize) -> Self {
        let state = State { listing: Some((listing, 1)), ..State::default() };
        Self { enough: threads, state: Mutex::new(state), changed: Condvar::new() }
    }

    /// The next thing to do, as soon as there is one. Nothing once all is done.
    pub(super) fn take(&self) -> Option<Taken<'_>> {
        let mut state = self.state.lock();
        loop {
            if state.closed {
                return None;
            }
            if let Some(work) = state.next(self.enough) {
                return Some(Taken { work, frontier: self, is_over: false.into() });
            }
            if state.is_crawled() {
                return None;
            }
            self.changed.wait(&mut state);
        }
    }
}

impl State {
    /// An image before a page, since pages lead to images. A page of the listing where there are few other pages, so that
    /// details do not run out while it is read.
    fn next(&mut self, enough: usize) -> Option<Work> {
        if let Some(image) = self.images.pop_front() {
            return Some(Work::Image(image));
        }
        if self.details.len() < enough
            && let Some((address, number)) = self.listing.take()
        {
            self.pages_under_way += 1;
            return Some(Work::Listing { address, number });
        }
        let detail = self.details.pop_front()?;
        self.pages_under_way += 1;
        Some(Work::Detail(detail))
    }

    /// Whether every page has been read.
    fn is_crawled(&self) -> bool {
        self.listing.is_none() && self.details.is_empty() && self.pages_under_way == 0
    }
}

impl Taken<'_> {
    /// Adds what this work has led to.
    pub(super) fn leads_to(&self, work: impl IntoIterator<Item = Work>) {
        let mut state = self.frontier.state.lock();
        for work in work {
            match work {
                Work::Listing { address, number } => state.listing = Some((address, number)),
                Work::Detail(address) => state.details.push_back(address),
                Work::Image(image) => state.images.push_back(image),
            }
        }
        self.frontier.changed.notify_all();
    }

    /// This work is done. Whether it was that of the last page, which only one is told.
    pub(super) fn was_the_last_page(self) -> bool {
        self.is_over.set(true);
        let mut state = self.frontier.state.lock();
        if matches!(self.work, Work::Image(_)) {
            return false;
        }
        state.pages_under_way -= 1;
        let last = state.is_crawled() && !state.crawled;
        state.crawled |= last;
        self.frontier.changed.notify_all();
        last
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        if !self.is_over.get() {
            self.frontier.state.lock().closed = true;
            self.frontier.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> Url {
        Url::parse("https://pictures.example").unwrap().join(path).unwrap()
    }

    fn image(title: &str) -> Work {
        Work::Image(Image { address: url(title), title: title.to_owned() })
    }

    /// What is taken: its path.
    fn name(taken: &Taken<'_>) -> String {
        match &taken.work {
            Work::Listing { address, .. } | Work::Detail(address) => address.path().to_owned(),
            Work::Image(image) => image.address.path().to_owned(),
        }
    }

    #[test]
    fn images_are_taken_before_pages_and_a_listing_before_details_run_out() {
        let frontier = Frontier::new(url("/1"), 2);
        let first = frontier.take().unwrap();
        first.leads_to(["/a", "/b", "/c"].map(|path| Work::Detail(url(path))));
        first.leads_to([Work::Listing { address: url("/2"), number: 2 }]);
        assert!(!first.was_the_last_page());
        let a = frontier.take().unwrap();
        assert_eq!(name(&a), "/a");
        let b = frontier.take().unwrap();
        assert_eq!(name(&b), "/b", "two are enough for two threads");
        a.leads_to([image("a.jpg")]);
        let taken = [(); 3].map(|()| frontier.take().unwrap());
        assert_eq!(taken.each_ref().map(name), ["/a.jpg", "/2", "/c"]);
    }

    #[test]
    fn whoever_ends_the_last_page_is_told_and_nobody_else() {
        let frontier = Frontier::new(url("/1"), 4);
        let first = frontier.take().unwrap();
        first.leads_to(["/a", "/b"].map(|path| Work::Detail(url(path))));
        assert!(!first.was_the_last_page());
        let (a, b) = (frontier.take().unwrap(), frontier.take().unwrap());
        b.leads_to([image("b.jpg")]);
        assert!(!b.was_the_last_page());
        let picture = frontier.take().unwrap();
        assert!(a.was_the_last_page());
        assert!(!picture.was_the_last_page());
        assert!(frontier.take().is_none());
    }

    #[test]
    fn who_has_nothing_to_do_waits_while_somebody_may_find_more() {
        let frontier = Frontier::new(url("/1"), 2);
        let first = frontier.take().unwrap();
        std::thread::scope(|scope| {
            let other =
                scope.spawn(|| frontier.take().map(|taken| (name(&taken), taken.was_the_last_page())));
            first.leads_to([Work::Detail(url("/a"))]);
            assert_eq!(other.join().unwrap(), Some(("/a".to_owned(), false)));
        });
        assert!(first.was_the_last_page());
    }

    #[test]
    fn who_fails_ends_it_for_all() {
        let frontier = Frontier::new(url("/1"), 2);
        let first = frontier.take().unwrap();
        first.leads_to([Work::Detail(url("/a"))]);
        drop(first);
        assert!(frontier.take().is_none());
    }
}
