//! A thread for each image, all at once.

use std::panic;
use std::thread::{self, Builder};

use anyhow::{Result, anyhow};

use crate::spider::Spider;

/// Like the Python original: crawl, start all threads, wait for all threads.
pub(super) fn thread(spider: &Spider) -> Result<()> {
    let images = spider.crawl()?;
    thread::scope(|scope| {
        let mut tasks = Vec::new();
        for image in &images {
            let queued = Some(spider.now());
            let download = move || spider.download(image, queued);
            tasks.push((image, Builder::new().spawn_scoped(scope, download)));
        }
        for (image, task) in tasks {
            match task {
                Ok(task) => task.join().unwrap_or_else(|payload| panic::resume_unwind(payload))?,
                Err(error) => {
                    let error = anyhow!("cannot start a thread: {error}");
                    spider.record_result(image, &Err(error))?;
                }
            }
        }
        Ok(())
    })
}
