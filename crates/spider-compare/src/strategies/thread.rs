//! A thread for each image, all at once.

use std::panic;
use std::thread::{self, Builder};

use anyhow::{Result, anyhow};

use crate::spider::Spider;

/// As the Python original: crawl, start all, wait for all.
pub(super) fn thread(spider: &Spider) -> Result<()> {
    let images = spider.crawl()?;
    thread::scope(|scope| {
        let mut tasks = Vec::new();
        for image in &images {
            let wanted = spider.now();
            let task = Builder::new().spawn_scoped(scope, move || spider.download_since(wanted, image));
            tasks.push((image, task));
        }
        for (image, task) in tasks {
            match task {
                Ok(task) => task.join().unwrap_or_else(|payload| panic::resume_unwind(payload))?,
                Err(error) => spider.failed(image, anyhow!("no thread could be started: {error}"))?,
            }
        }
        Ok(())
    })
}
