//! A child process for one image: this same program, started again with another argument.
//!
//! Its standard input is a lifeline: a pipe whose other end its parent holds and never writes to. When the parent is
//! gone, however it went, the pipe ends, and so does the child. Its standard output is a pipe to the parent, who prints
//! what the child has to say: one line.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{self, Command, ExitStatus, Stdio};
use std::thread;

use anyhow::{Context, Result, anyhow};
use os_pipe::PipeWriter;
use url::Url;

use crate::crawl::Image;
use crate::download;
use crate::report;
use crate::site::Site;
use crate::spider::Spider;

/// The argument that makes the program such a child. Address, title and folder follow.
pub const ARGUMENT: &str = "--download-one";

/// Exit status of a child that has said what became of its image: it is there.
const DOWNLOADED: u8 = 0;
/// The same: it is not. Not 1, which is what a program ends with that could say nothing of the kind.
const FAILED: u8 = 4;
/// Exit status of a child whose parent is gone.
const ORPHANED: u8 = 3;

/// A child process, from its start until it has been waited for.
///
/// Dropped before [`Child::join`], it is killed and waited for, and its half file is removed.
pub(crate) struct Child<'a> {
    image: &'a Image,
    part: PathBuf,
    process: io::Result<process::Child>,
}

impl<'a> Child<'a> {
    /// Starts it. That it could not be started is told by [`Child::join`]: the other images go on.
    pub(crate) fn start(spider: &Spider, image: &'a Image, output: &PipeWriter) -> Self {
        let process = output.try_clone().and_then(|output| {
            Command::new(&spider.program)
                .arg(ARGUMENT)
                .args([image.address.as_str(), &image.title])
                .arg(&spider.folder)
                .stdin(Stdio::piped())
                .stdout(output)
                .spawn()
        });
        Self { image, part: download::part(&spider.folder, image), process }
    }

    /// Waits for its end. The result is whether the image was downloaded; an error is only that a line could not be
    /// printed.
    pub(crate) fn join(mut self) -> Result<bool> {
        match self.wait() {
            Ok(status) if status.code() == Some(DOWNLOADED.into()) => Ok(true),
            Ok(status) if status.code() == Some(FAILED.into()) => Ok(false),
            // It ended without a word, so the word is ours.
            Ok(status) => self.tell(anyhow!("its process ended with {status}")),
            Err(error) => self.tell(error),
        }
    }

    fn wait(&mut self) -> Result<ExitStatus> {
        let process =
            self.process.as_mut().map_err(|error| anyhow!("no process could be started: {error}"))?;
        // `wait` closes the child's standard input first, which is its lifeline: taken out, it stays.
        let lifeline = process.stdin.take();
        let status = process.wait().context("its process cannot be waited for");
        drop(lifeline);
        status
    }

    fn tell(&self, error: anyhow::Error) -> Result<bool> {
        report::line(&report::downloaded(self.image, &Err(error)))?;
        Ok(false)
    }
}

impl Drop for Child<'_> {
    fn drop(&mut self) {
        if let Ok(process) = &mut self.process {
            // A `process::Child` does neither by itself. For one that has been waited for, both do nothing.
            let _ = process.kill();
            let _ = process.wait();
        }
        let _ = fs::remove_file(&self.part);
    }
}

/// What the child does: `arguments` are the address, the title and the folder. The result is its exit status.
///
/// # Errors
/// When the arguments are not these, or nobody reads its line.
pub fn download_one(arguments: &[OsString]) -> Result<u8> {
    let [address, title, folder] = arguments else {
        return Err(anyhow!(
            "{ARGUMENT} is for this program's own use: it takes an address, a title and a folder"
        ));
    };
    let address = Url::parse(&address.to_string_lossy()).context("the image's address")?;
    let image = Image { address, title: title.to_string_lossy().into_owned() };
    let folder = Path::new(folder);
    end_with_parent(download::part(folder, &image))?;
    let result = download::save(&Site::new(&image.address), &image, folder);
    report::line(&report::downloaded(&image, &result))?;
    Ok(if result.is_ok() { DOWNLOADED } else { FAILED })
}

/// Ends this process, and removes its half file, as soon as its standard input ends.
fn end_with_parent(part: PathBuf) -> io::Result<()> {
    let lifeline = move || {
        // Nothing is ever written to it; were something, it would be no end.
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        let _ = fs::remove_file(part);
        process::exit(ORPHANED.into());
    };
    thread::Builder::new().name("lifeline".to_owned()).spawn(lifeline).map(drop)
}
