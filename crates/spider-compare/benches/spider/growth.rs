//! Time and memory when the number of images grows.

use anyhow::{Context, Result, ensure};
use bench_support::Progress;
use gallery::Options;
use serde::Serialize;

use crate::contender::Contender;
use crate::run::{self, Run};
use crate::setting::Setting;

/// Bytes of an image: fewer than in a real one, so that the number of images grows more than the bytes.
const SIZE: usize = 60_000;

/// The strategy and the options of the spider.
pub(crate) const STRATEGY: &str = "overlap";
pub(crate) const OPTIONS: [&str; 4] = ["--jobs", "32", "--pages", "1000"];

/// A run that downloads all images of a gallery, and their number.
#[derive(Serialize)]
pub(crate) struct Growth {
    pub(crate) images: usize,
    pub(crate) run: Run,
}

/// Measures one run for each number of images, without any latency: what an image costs shows, and no waiting hides it.
pub(crate) fn measure(quick: bool) -> Result<Vec<Growth>> {
    let sizes: &[usize] = if quick { &[20, 200] } else { &[200, 2_000, 20_000] };
    let progress = Progress::new(sizes.len());
    let measured = sizes.iter().map(|&images| {
        let title = format!("{images} images");
        progress.begin("growth", &title);
        let run = download_all(images).context(title)?;
        progress.step();
        Ok(Growth { images, run })
    });
    measured.collect()
}

fn download_all(images: usize) -> Result<Run> {
    let options = Options { pictures: images, size: Some(SIZE), ..Setting::Near.knobs().options() };
    let gallery = run::start_gallery(&options)?;
    let run = run::take(Contender::Ours(STRATEGY), &gallery, &OPTIONS, &tempfile::tempdir()?)?;
    ensure!(run.images == images, "only {} images were found", run.images);
    Ok(run)
}
