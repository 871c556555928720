//! A few threads that take one item after the other: first the pages, then the images.

use anyhow::Result;
use parking_lot::Mutex;

use super::workers::run_workers;
use crate::spider::Spider;

/// The default number of threads.
const JOBS: usize = 8;

/// Runs the pages, then the images, through the same pool.
pub(super) fn pool(spider: &Spider) -> Result<()> {
    let details = spider.details()?;
    let found = Mutex::new(Vec::new());
    for_each_concurrent(spider.jobs(JOBS), details.iter().enumerate(), |(index, detail)| {
        let image = spider.image_of(detail)?;
        found.lock().extend(image.map(|image| (index, image)));
        Ok(())
    })?;
    spider.finish_crawl()?;
    let mut images = found.into_inner();
    images.sort_by_key(|(index, _)| *index);
    for_each_concurrent(spider.jobs(JOBS), images.iter(), |(_, image)| spider.download(image, None))
}

/// Calls `work` for each item, on this number of threads. A thread ends at its first error.
fn for_each_concurrent<T: Send>(
    threads: usize,
    items: impl ExactSizeIterator<Item = T> + Send,
    work: impl Fn(T) -> Result<()> + Sync,
) -> Result<()> {
    let threads = threads.min(items.len());
    let queue = Mutex::new(items);
    let take = || queue.lock().next();
    run_workers(threads, || {
        while let Some(item) = take() {
            work(item)?;
        }
        Ok(())
    })
}
