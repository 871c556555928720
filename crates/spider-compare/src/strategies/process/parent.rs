//! The parent's side: starts child processes, prints their results, and waits for them.
//!
//! Two pipes connect parent and child. The child's standard output carries its [`Report`]; its end of file means that the
//! child has exited. The child's standard input carries nothing: all children share a pipe whose only writer is the parent.
//! When the parent exits, however that happens, the pipe reaches its end of file, and the children exit too.

use std::io::Read;
use std::process::{self, ChildStdout, Command, Stdio};
use std::sync::Arc;

use anyhow::{Context, Error, Result, anyhow};
use os_pipe::{PipeReader, PipeWriter};
use parking_lot::Mutex;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::retry_on_intr;

use super::message::{ARGUMENT, Job, Report};
use crate::crawl::Image;
use crate::download::Saved;
use crate::spider::Spider;

/// The children of a run. Dropping this ends them and waits for them.
pub(super) struct Children<'a> {
    spider: &'a Spider,
    running: Vec<Child<'a>>,
    /// The standard input of every child, which reaches its end of file when `child_stdin_writer` is closed.
    child_stdin: PipeReader,
    /// The only writer of that pipe. A cancellation closes it.
    child_stdin_writer: Arc<Mutex<Option<PipeWriter>>>,
}

struct Child<'a> {
    image: &'a Image,
    process: process::Child,
    stdout: ChildStdout,
    output: Vec<u8>,
}

impl<'a> Children<'a> {
    pub(super) fn new(spider: &'a Spider) -> Result<Self> {
        let (child_stdin, writer) = os_pipe::pipe()?;
        let child_stdin_writer = Arc::new(Mutex::new(Some(writer)));
        let cancelled = Arc::clone(&child_stdin_writer);
        spider.cancel.on_cancel(move || drop(cancelled.lock().take()));
        Ok(Self { spider, running: Vec::new(), child_stdin, child_stdin_writer })
    }

    /// Starts a child for `image`. If that is not possible, the image counts as failed, and the run continues.
    pub(super) fn start(&mut self, image: &'a Image) -> Result<()> {
        match self.spider.site.breaker.check().and_then(|()| self.spawn(image)) {
            Ok(child) => self.running.push(child),
            Err(error) => self.spider.record_result(image, &Err(error))?,
        }
        Ok(())
    }

    fn spawn(&self, image: &'a Image) -> Result<Child<'a>> {
        let spider = self.spider;
        let job = Job {
            image: image.clone(),
            limits: spider.config.limits,
            robots_txt: spider.site.politeness.as_ref().and_then(|politeness| politeness.robots_txt.clone()),
            started: spider.site.recorder.started,
            queued: spider.now(),
        };
        let mut process = Command::new(&spider.config.program)
            .arg(ARGUMENT)
            .arg(serde_json::to_string(&job)?)
            .arg(&spider.config.folder)
            .stdin(self.child_stdin.try_clone()?)
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start a process")?;
        let stdout = process.stdout.take().expect("standard output is piped");
        Ok(Child { image, process, stdout, output: Vec::new() })
    }

    /// Waits until fewer than `limit` children are running, and prints the results of the others.
    pub(super) fn wait_until_fewer_than(&mut self, limit: usize) -> Result<()> {
        while self.running.len() >= limit {
            self.poll()?;
        }
        Ok(())
    }

    /// Waits until a child has written or exited, or the run is cancelled. Reads what the children have written.
    fn poll(&mut self) -> Result<()> {
        // A cancellation closes the writer of `child_stdin`, which becomes ready.
        let mut polled = vec![PollFd::new(&self.child_stdin, PollFlags::IN)];
        polled.extend(self.running.iter().map(|child| PollFd::new(&child.stdout, PollFlags::IN)));
        retry_on_intr(|| poll(&mut polled, None)).context("cannot wait for the child processes")?;
        let is_ready: Vec<_> = polled.iter().skip(1).map(|polled| !polled.revents().is_empty()).collect();
        self.spider.cancel.check()?;
        let mut index = 0;
        for is_ready in is_ready {
            if is_ready && self.running[index].read()? {
                let child = self.running.remove(index);
                self.finish(child)?;
            } else {
                index += 1;
            }
        }
        Ok(())
    }

    /// Waits for a child that has closed its standard output, and records its result. A child without a report has failed.
    fn finish(&self, mut child: Child<'_>) -> Result<()> {
        let status = child.process.wait().context("cannot wait for a child process")?;
        let Ok(report) = serde_json::from_slice::<Report>(&child.output) else {
            let error = anyhow!("the child process ended without a result: {status}");
            return self.spider.record_result(child.image, &Err(error));
        };
        self.spider.site.recorder.add(report.requests);
        let breaker = &self.spider.site.breaker;
        match report.result {
            _ if report.is_rejected => breaker.record_rejection(),
            Ok(Saved::Downloaded(_)) => breaker.reset(),
            // Neither says whether the site would reject a request.
            Ok(Saved::AlreadyPresent) | Err(_) => {}
        }
        self.spider.tally.lock().child_usage += report.usage;
        self.spider.record_result(child.image, &report.result.map_err(Error::msg))
    }
}

impl Drop for Children<'_> {
    fn drop(&mut self) {
        drop(self.child_stdin_writer.lock().take());
        for mut child in self.running.drain(..) {
            // A child that is writing its report must not block.
            drop(child.stdout);
            // Dropping a `Child` does not wait for it. Killing it would leave its temporary file.
            let _ = child.process.wait();
        }
    }
}

impl Child<'_> {
    /// Reads once from its standard output. Returns whether it is at its end of file.
    fn read(&mut self) -> Result<bool> {
        let mut buffer = [0; 4_096];
        let count = self.stdout.read(&mut buffer).context("cannot read from a child process")?;
        self.output.extend_from_slice(&buffer[..count]);
        Ok(count == 0)
    }
}
