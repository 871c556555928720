//! Pages and images side by side: an image is begun as soon as its page is known.

use anyhow::Result;

use super::work_queue::{Frontier, Work};
use super::workers::workers;
use crate::spider::Spider;

/// More than a page has pictures, so that nobody waits for a thread.
const JOBS: usize = 32;

/// All threads do the same: whatever there is to do.
pub(super) fn overlap(spider: &Spider) -> Result<()> {
    let jobs = spider.jobs(JOBS);
    let frontier = Frontier::new(spider.task.listing.clone(), jobs);
    workers(jobs, || work(spider, &frontier))
}

/// Takes one thing after the other, and puts onto the frontier what it leads to, until nothing is left and nobody can
/// find more.
fn work(spider: &Spider, frontier: &Frontier) -> Result<()> {
    while let Some(taken) = frontier.take() {
        match &taken.work {
            Work::Listing { address, number } => {
                let (details, next) = spider.listing(address, *number)?;
                taken.leads_to(details.into_iter().map(Work::Detail));
                taken.leads_to(next.map(|address| Work::Listing { address, number: number + 1 }));
            }
            Work::Detail(address) => taken.leads_to(spider.image_of(address)?.map(Work::Image)),
            Work::Image(image) => spider.download(image)?,
        }
        if taken.was_the_last_page() {
            spider.say_crawled()?;
        }
    }
    Ok(())
}
