//! Pages and images at the same time: an image starts as soon as its page is known.

use anyhow::Result;

use super::work_queue::{Work, WorkQueue};
use super::workers::run_workers;
use crate::spider::Spider;

/// The default number of threads: more than a page has pictures, so that no picture waits for a thread.
const JOBS: usize = 32;

/// Starts threads that each claim the next item, of whatever kind.
pub(super) fn overlap(spider: &Spider) -> Result<()> {
    let jobs = spider.jobs(JOBS);
    let queue = WorkQueue::new(spider.config.listing.clone(), jobs);
    run_workers(jobs, || work(spider, &queue))
}

/// Claims one item after the other and pushes the items that it leads to, until all work is done.
fn work(spider: &Spider, queue: &WorkQueue) -> Result<()> {
    while let Some(claimed) = queue.claim() {
        match &claimed.work {
            Work::Listing(address, number) => {
                let (details, next) = spider.listing(address, *number)?;
                claimed.push_follow_ups(details.into_iter().map(Work::Detail));
                claimed.push_follow_ups(next.map(|address| Work::Listing(address, number + 1)));
            }
            Work::Detail(address) => claimed.push_follow_ups(spider.image_of(address)?.map(Work::Image)),
            Work::Image(image) => spider.download(image, None)?,
        }
        let crawl_is_done = claimed.finish();
        if crawl_is_done {
            spider.finish_crawl()?;
        }
    }
    Ok(())
}
