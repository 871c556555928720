//! The parent's side: starts child processes, prints their results, and waits for them.
//!
//! Two pipes connect parent and child. The child's standard input carries its [`Job`], and stays open: when the parent
//! exits, however that happens, it reaches its end of file, and the child exits too. The child's standard output carries its
//! [`Report`]; its end of file means that the child has exited.

use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{self, ChildStdout, Command, Stdio};

use anyhow::{Context, Error, Result, anyhow};
use os_pipe::PipeReader;
use process_groups::signals;
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
    /// A pipe that reaches its end of file when the run is cancelled.
    cancelled: PipeReader,
}

struct Child<'a> {
    image: &'a Image,
    process: process::Child,
    stdout: ChildStdout,
    output: Vec<u8>,
}

impl<'a> Children<'a> {
    pub(super) fn new(spider: &'a Spider) -> Result<Self> {
        let (cancelled, writer) = os_pipe::pipe()?;
        spider.cancel.on_cancel(move || drop(writer));
        Ok(Self { spider, running: Vec::new(), cancelled })
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
            cookies: spider.site.cookies.lock().clone(),
            started: spider.site.recorder.started,
            queued: spider.now(),
        };
        let job = serde_json::to_string(&job)? + "\n";
        let mut process = Command::new(&spider.config.program)
            .arg(ARGUMENT)
            .arg(&spider.config.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start a process")?;
        // If this fails, the child has exited without a report, which `finish` will see.
        let mut stdin = process.stdin.as_ref().expect("standard input is piped");
        let _ = stdin.write_all(job.as_bytes());
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
        let mut polled = vec![PollFd::new(&self.cancelled, PollFlags::IN)];
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
            if status.signal().is_some() {
                // Ctrl-C reaches the children too, and may end one before this process notices.
                self.spider.cancel.wait(signals::GRACE)?;
            }
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
        self.running.iter_mut().for_each(|child| drop(child.process.stdin.take()));
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
