//! The child's side: downloads one image and reports the result.

use std::ffi::OsStr;
use std::path::Path;
use std::{io, thread};

use anyhow::{Context, Result};
use process_groups::signals;

use super::message::{ARGUMENT, Job, Report};
use crate::cancel::{CancelToken, Cancelled};
use crate::download;
use crate::reporter;
use crate::resource_usage::ResourceUsage;
use crate::site::Site;
use crate::trace::Recorder;

/// Downloads the image of `job`, which is JSON, and prints a report.
pub fn run(job: &OsStr, folder: &Path) -> Result<()> {
    let job: Job = serde_json::from_slice(job.as_encoded_bytes())
        .with_context(|| format!("{ARGUMENT} is internal, and takes a job in JSON"))?;
    let cancel = CancelToken::default();
    cancel_with_parent(cancel.clone()).context("cannot watch the parent process")?;
    let recorder = Recorder::new(job.started, true);
    let mut site = Site::new(&job.image.address, job.limits, recorder, cancel);
    if job.robots_txt.is_some() {
        site.apply_robots_txt(job.robots_txt)?;
    }
    let result = download::save(&site, &job.image, folder, Some(job.queued));
    let report = Report {
        result: result.map_err(|error| format!("{error:#}")),
        is_rejected: site.breaker.consecutive() > 0,
        requests: site.recorder.take(),
        usage: ResourceUsage::for_child(),
    };
    Ok(reporter::print_line(&serde_json::to_string(&report)?)?)
}

/// Cancels the download when standard input reaches its end of file, because the parent has exited or has cancelled the
/// run. The download then removes its temporary file. Ctrl-C sends a signal to the whole process group; the child ignores
/// it, because the end of file follows.
fn cancel_with_parent(cancel: CancelToken) -> io::Result<()> {
    signals::ignore()?;
    let watch = move || {
        // Nothing is written to this pipe; it only reports the parent's death.
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        cancel.cancel(Cancelled::ByParent);
    };
    thread::Builder::new().name("parent-death".to_owned()).spawn(watch).map(drop)
}
