//! Five ways to download the images. `process` and `thread` are the two of the Python original: they start everything, then
//! wait for everything. The others differ in what they run concurrently, and when.

mod overlap;
mod pool;
pub mod process;
mod sequential;
mod thread;
pub mod work_queue;
mod workers;

use anyhow::Result;

use crate::lines;
use crate::spider::Spider;
use crate::strategy::Strategy;

/// Crawls and downloads with `strategy`, and prints the lines. The results are in [`Spider::tally`]. An image that fails
/// is counted there, and is not an error.
pub fn run(strategy: Strategy, spider: &Spider) -> Result<()> {
    let result = match strategy {
        Strategy::Sequential => sequential::sequential(spider),
        Strategy::Process => process::process(spider),
        Strategy::Thread => thread::thread(spider),
        Strategy::Pool => pool::pool(spider),
        Strategy::Overlap => overlap::overlap(spider),
    };
    spider.reporter.clear_progress();
    // After a cancellation, any thread may be the first to fail: the reason counts.
    spider.cancel.check()?;
    result?;
    Ok(spider.reporter.print_line(&lines::finished(spider.now()))?)
}
