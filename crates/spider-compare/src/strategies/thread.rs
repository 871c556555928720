//! A thread for each image, all at once.

use std::panic;
use std::thread;

use anyhow::Result;

use crate::spider::Spider;

/// As the Python original: crawl, start all, wait for all.
pub(super) fn thread(spider: &Spider) -> Result<()> {
    let images = spider.crawl()?;
    thread::scope(|scope| {
        let mut tasks = Vec::new();
        for image in &images {
            let wanted = spider.now();
            tasks.push(scope.spawn(move || spider.download_since(wanted, image)));
        }
        for task in tasks {
            task.join().unwrap_or_else(|payload| panic::resume_unwind(payload))?;
        }
        Ok(())
    })
}
