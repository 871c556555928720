//! A few threads, each of which takes one thing after the other: first the pages, then the images.

use anyhow::Result;
use parking_lot::Mutex;

use super::workers::workers;
use crate::crawl::Image;
use crate::spider::Spider;

/// As many as a pool of threads has unless told otherwise.
const JOBS: usize = 8;

/// Twice the same: what is to be done lies on a heap, and whoever is free takes the next.
pub(super) fn pool(spider: &Spider) -> Result<()> {
    let details = spider.details()?;
    let found = Mutex::new(Vec::new());
    side_by_side(spider.jobs(JOBS), details.iter().enumerate(), |(place, detail)| {
        let image = spider.image_of(detail)?;
        found.lock().extend(image.map(|image| (place, image)));
        Ok(())
    })?;
    spider.say_crawled()?;
    let images = in_the_listings_order(found.into_inner());
    side_by_side(spider.jobs(JOBS), images.iter(), |image| spider.download(image))
}

/// Does `work` for each of these, on so many threads. The first error ends it.
fn side_by_side<T: Send>(
    threads: usize,
    heap: impl ExactSizeIterator<Item = T> + Send,
    work: impl Fn(T) -> Result<()> + Sync,
) -> Result<()> {
    let threads = threads.min(heap.len());
    let heap = Mutex::new(heap);
    let take = || heap.lock().next();
    workers(threads, || {
        while let Some(one) = take() {
            work(one)?;
        }
        Ok(())
    })
}

fn in_the_listings_order(mut found: Vec<(usize, Image)>) -> Vec<Image> {
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, image)| image).collect()
}
