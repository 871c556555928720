//! One run of one contender, in a process of its own.

use std::path::Path;
use std::process::Command;
use std::time::Duration;
use std::{fs, io};

use anyhow::{Context, Result, ensure};
use bench_support::{output_within, python};
use gallery::{GalleryProcess, Options};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use crate::contender::Contender;

const PROGRAM: &str = env!("CARGO_BIN_EXE_spider-compare");
const ORIGINAL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/spider/original.py");

/// On a busy machine the slowest run takes about ten seconds; one that takes longer than this hangs.
const LIMIT: Duration = Duration::from_secs(60);

/// What a spider reports about its run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) images: usize,
    pub(crate) failed: usize,
    pub(crate) bytes: u64,
    pub(crate) total_seconds: f64,
    /// Of the whole process and its children, including their start.
    pub(crate) cpu_seconds: Option<f64>,
    pub(crate) peak_memory_bytes: Option<u64>,
}

/// The output of `--json`.
#[derive(Deserialize)]
struct Output {
    runs: Vec<Run>,
}

/// Starts a gallery in a process of its own.
pub(crate) fn start_gallery(options: &Options) -> Result<GalleryProcess> {
    GalleryProcess::start(Path::new(PROGRAM), options)
}

/// Lets `contender` download the images of the gallery's first page, or of the pages that `options` ask for, into an empty
/// folder, and checks that the images are there.
///
/// # Errors
/// If the contender fails, hangs, or downloads other images than it reports.
pub(crate) fn take(
    contender: Contender,
    gallery: &GalleryProcess,
    options: &[&str],
    folder: &TempDir,
) -> Result<Run> {
    let run = match contender {
        Contender::Ours(strategy) => ours(strategy, gallery, folder.path(), options),
        Contender::Original(workers) => original(workers, gallery, folder.path()),
    };
    let run = run.with_context(|| format!("{} fails", contender.name()))?;
    check(&run, folder.path()).with_context(|| contender.name())?;
    Ok(run)
}

/// Creates a folder for a few images: in memory, if the system has such a place. For minutes after files were deleted, as
/// those of the run before, ext4 takes several times as long to create one.
pub(crate) fn folder_in_memory() -> io::Result<TempDir> {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir())
}

fn ours(strategy: &str, gallery: &GalleryProcess, folder: &Path, options: &[&str]) -> Result<Run> {
    let mut command = Command::new(PROGRAM);
    command.args([strategy, "--url", gallery.url(), "--json", "--out"]).arg(folder).args(options);
    let output = output_within(&mut command, LIMIT)?;
    let parsed: Output =
        serde_json::from_str(&output).with_context(|| format!("cannot read its output {output:?}"))?;
    parsed.runs.into_iter().next().context("its output contains no run")
}

fn original(workers: &str, gallery: &GalleryProcess, folder: &Path) -> Result<Run> {
    let mut command = Command::new(python());
    command.args([ORIGINAL, workers, gallery.url()]).arg(folder);
    // A proxy that the environment names cannot reach this machine's own addresses.
    command.env("NO_PROXY", "127.0.0.1");
    let output = output_within(&mut command, LIMIT)?;
    serde_json::from_str(&output).with_context(|| format!("cannot read its output {output:?}"))
}

/// Checks that all images were downloaded: half of them would take half of the time.
fn check(run: &Run, folder: &Path) -> Result<()> {
    ensure!(run.images > 0 && run.failed == 0, "{} images, {} failed", run.images, run.failed);
    let (mut files, mut bytes) = (0, 0);
    for file in fs::read_dir(folder)? {
        files += 1;
        bytes += file?.metadata()?.len();
    }
    ensure!(
        (files, bytes) == (run.images, run.bytes),
        "it reports {} images of {} bytes, but wrote {files} of {bytes}",
        run.images,
        run.bytes
    );
    Ok(())
}
