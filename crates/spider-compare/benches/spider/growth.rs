//! What becomes of time and memory when there is more to download.

use std::path::Path;

use anyhow::{Context, Result};
use gallery::GalleryProcess;
use gallery::Options;
use serde::Serialize;

use crate::contender::Contender;
use crate::plan::Effort;
use crate::progress::Progress;
use crate::run::{self, Run};
use crate::setting::Knobs;

/// Smaller than real ones, so that it is the number of images that grows, and not only the bytes.
const SIZE: usize = 60_000;

/// How the spider is called.
pub(crate) const STRATEGY: &str = "overlap";
pub(crate) const OPTIONS: [&str; 4] = ["--jobs", "32", "--pages", "100"];

/// A gallery of so many images, and a run that brings all of them.
#[derive(Debug, Serialize)]
pub(crate) struct Growth {
    pub(crate) images: usize,
    pub(crate) run: Run,
}

/// One run for each size, at 50 ms.
pub(crate) fn run(effort: Effort) -> Result<Vec<Growth>> {
    let sizes = effort.sizes();
    let progress = Progress::new(sizes.len());
    let measured = sizes.iter().map(|&images| {
        progress.begins("growth", &format!("{images} images"));
        let run = measure(images).with_context(|| format!("of {images} images"))?;
        progress.step();
        Ok(Growth { images, run })
    });
    measured.collect()
}

fn measure(images: usize) -> Result<Run> {
    let options = Options { pictures: images, size: Some(SIZE), ..Knobs::FAR.options() };
    let gallery = GalleryProcess::start(Path::new(run::PROGRAM), &options)?;
    let run = run::take(Contender::Ours(STRATEGY), &gallery, &OPTIONS)?;
    anyhow::ensure!(run.images == images, "{} images have come", run.images);
    Ok(run)
}
