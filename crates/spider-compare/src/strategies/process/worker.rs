//! The child's side: downloads one image and reports the result.

use std::path::Path;
use std::{io, process, thread};

use anyhow::{Context, Result};
use parking_lot::Mutex;
use process_groups::signals;

use super::message::{ARGUMENT, Job, Report};
use crate::cancel::{CancelToken, Cancelled};
use crate::download;
use crate::reporter;
use crate::resource_usage::ResourceUsage;
use crate::site::Site;
use crate::trace::Recorder;

/// Downloads the image of the job on standard input into `folder`, and prints a report.
pub fn run(folder: &Path) -> Result<()> {
    signals::ignore().context("cannot install a signal handler")?;
    let mut job = String::new();
    if io::stdin().read_line(&mut job).context("cannot read the job")? == 0 {
        return Ok(()); // The parent has exited.
    }
    let job: Job = serde_json::from_str(&job)
        .with_context(|| format!("{ARGUMENT} is internal, and takes a job in JSON from standard input"))?;
    let cancel = CancelToken::default();
    cancel_with_parent(cancel.clone()).context("cannot watch the parent process")?;
    let recorder = Recorder::new(job.started, true);
    let mut site = Site::new(&job.image.address, job.limits, recorder, cancel);
    if job.robots_txt.is_some() {
        site.apply_robots_txt(job.robots_txt)?;
    }
    site.cookies = Mutex::new(job.cookies);
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
    let watch = move || {
        // Nothing follows the job; the end of file reports the parent's death.
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        cancel.cancel(Cancelled::ByParent);
        // It may be connecting, and then it has no file yet.
        thread::sleep(signals::GRACE);
        process::exit(1);
    };
    thread::Builder::new().name("parent-death".to_owned()).spawn(watch).map(drop)
}
