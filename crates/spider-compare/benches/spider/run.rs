//! One run of one contender, in a process of its own.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use gallery::GalleryProcess;
use serde::{Deserialize, Serialize};

use crate::child;
use crate::contender::Contender;
use crate::machine;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_spider-compare");
const ORIGINAL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/spider/original.py");

/// What a run says of itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) images: usize,
    pub(crate) failed: usize,
    pub(crate) bytes: u64,
    pub(crate) total_seconds: f64,
    /// Of the whole process and its children, their start included.
    pub(crate) cpu_seconds: Option<f64>,
    pub(crate) peak_memory_bytes: Option<u64>,
}

/// What `--json` prints.
#[derive(Deserialize)]
struct Printed {
    runs: Vec<Run>,
}

/// Lets `contender` bring the images of the gallery's first page, or of as many pages as `options` say, and looks whether
/// they are there.
///
/// # Errors
/// When it fails, hangs, or brings other images than it says.
pub(crate) fn take(contender: Contender, gallery: &GalleryProcess, options: &[&str]) -> Result<Run> {
    let folder = tempfile::tempdir()?;
    let run = match contender {
        Contender::Ours(strategy) => ours(strategy, gallery, folder.path(), options),
        Contender::Original(manner) => original(manner, gallery, folder.path()),
    };
    let run = run.with_context(|| format!("{} fails", contender.name()))?;
    check(&run, folder.path()).with_context(|| contender.name())?;
    Ok(run)
}

fn ours(strategy: &str, gallery: &GalleryProcess, folder: &Path, options: &[&str]) -> Result<Run> {
    let mut command = Command::new(PROGRAM);
    command.args([strategy, "--url", gallery.url(), "--json", "--out"]).arg(folder).args(options);
    let printed = child::output_of(&mut command)?;
    let printed: Printed =
        serde_json::from_str(&printed).with_context(|| format!("it prints {printed:?}"))?;
    printed.runs.into_iter().next().context("it tells of no run")
}

fn original(manner: &str, gallery: &GalleryProcess, folder: &Path) -> Result<Run> {
    let mut command = Command::new(machine::python());
    command.args([ORIGINAL, manner, gallery.url()]).arg(folder);
    // A proxy that the environment names cannot reach this machine's own addresses.
    command.env("NO_PROXY", "127.0.0.1");
    let printed = child::output_of(&mut command)?;
    serde_json::from_str(&printed).with_context(|| format!("it prints {printed:?}"))
}

/// Half of the images would be had in half of the time.
fn check(run: &Run, folder: &Path) -> Result<()> {
    ensure!(run.images > 0 && run.failed == 0, "{} images, {} failed", run.images, run.failed);
    let (mut files, mut bytes) = (0, 0);
    for file in fs::read_dir(folder)? {
        files += 1;
        bytes += file?.metadata()?.len();
    }
    let (images, said) = (run.images, run.bytes);
    ensure!((files, bytes) == (images, said), "says {images} images of {said} bytes, has {files} of {bytes}");
    Ok(())
}
