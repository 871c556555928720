//! A gallery in a process of its own, so that the CPU time and the memory of a spider's process are the spider's alone.
//!
//! The gallery's process says its address, one line on standard output, and is open until its standard input ends: that
//! is its lifeline, a pipe whose other end the spider's process holds and never writes to. Then it says what it has
//! counted, one line of JSON, and ends. However the spider's process goes, its end of the pipe goes with it.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::{Counters, Gallery, Options};

/// The argument that makes the program such a process. The options follow, as JSON.
pub const ARGUMENT: &str = "--serve-gallery";

/// What the gallery's process does. `options_json` are its [`Options`]; what is left out of them is as usual.
///
/// # Errors
/// When these are no options, no gallery can be like that, or no port can be had.
pub fn serve(options_json: &str) -> Result<()> {
    // Ctrl-C reaches every process of a terminal; this one ends when its parent lets go of it.
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, Arc::default()).context("cannot listen for signals")?;
    }
    serve_between(options_json, io::stdin().lock(), io::stdout().lock())
}

fn serve_between(options_json: &str, mut lifeline: impl Read, mut output: impl Write) -> Result<()> {
    let options: Options = serde_json::from_str(options_json).context("the options of the gallery")?;
    let gallery = Gallery::start(&options).context("cannot open the gallery")?;
    say(&mut output, &gallery.url())?;
    // Nothing is ever written to it; were something, it would be no end. An error is one.
    let _ = io::copy(&mut lifeline, &mut io::sink());
    say(&mut output, &serde_json::to_string(&gallery.counters())?)
}

/// One line. Who is gone does not want to hear it, which is no error: this is how the process is to end then.
fn say(output: &mut impl Write, line: &str) -> Result<()> {
    let said = output.write_all(format!("{line}\n").as_bytes()).and_then(|()| output.flush());
    match said {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error).context("standard output"),
        _ => Ok(()),
    }
}

/// A gallery in a process of its own, as its visitors' process sees it.
///
/// Dropped before [`GalleryProcess::close`], its process is killed and waited for.
#[derive(Debug)]
pub struct GalleryProcess {
    process: Child,
    output: BufReader<ChildStdout>,
    url: String,
}

impl GalleryProcess {
    /// Starts `program` with [`ARGUMENT`] and `options`, and waits until it has said its address. What it says on
    /// standard error goes where this process's own does.
    ///
    /// # Errors
    /// When `program` cannot be started, or ends without having said an address.
    pub fn start(program: &Path, options: &Options) -> Result<Self> {
        let mut process = Command::new(program)
            .arg(ARGUMENT)
            .arg(serde_json::to_string(options)?)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let output = process.stdout.take().context("its standard output is no pipe")?;
        // From here on, it is killed and waited for whatever happens.
        let mut annex = Self { process, output: BufReader::new(output), url: String::new() };
        annex.url = annex.address().context("no gallery in a process of its own")?;
        Ok(annex)
    }

    /// The address of its first page.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The id of its process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Closes it, and waits for its end. The result is what was asked of it.
    ///
    /// # Errors
    /// When it has ended before, or ends with an error or without having said what it counted.
    pub fn close(mut self) -> Result<Counters> {
        drop(self.process.stdin.take());
        let mut counters = String::new();
        self.output.read_to_string(&mut counters).context("the gallery's process")?;
        let status = self.process.wait().context("the gallery's process")?;
        ensure!(status.success(), "the gallery's process ended with {status}");
        serde_json::from_str(&counters).context("what the gallery's process has counted")
    }

    fn address(&mut self) -> Result<String> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        match line.trim_end() {
            "" => bail!("its process ended with {}", self.process.wait()?),
            address => Ok(address.to_owned()),
        }
    }
}

impl Drop for GalleryProcess {
    fn drop(&mut self) {
        // A `Child` does neither by itself. For one that has been waited for, both do nothing.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;
    use std::thread;

    use super::*;

    /// The host and port of an address of the gallery.
    fn host(url: &str) -> &str {
        url.trim_start_matches("http://").split('/').next().unwrap_or_default()
    }

    #[test]
    fn a_gallery_is_open_until_its_lifeline_ends_and_then_says_what_it_has_counted() {
        let (lifeline, end) = io::pipe().unwrap();
        let (said, output) = io::pipe().unwrap();
        let serving = thread::spawn(move || serve_between("{\"pictures\": 1}", lifeline, output));
        let mut said = BufReader::new(said);
        let mut url = String::new();
        said.read_line(&mut url).unwrap();

        let mut client = TcpStream::connect(host(&url)).unwrap();
        client.write_all(b"GET /robots.txt HTTP/1.1\r\nConnection: close\r\n\r\n").unwrap();
        client.read_to_end(&mut Vec::new()).unwrap();
        drop(end);

        let mut rest = String::new();
        said.read_to_string(&mut rest).unwrap();
        let counters: Counters = serde_json::from_str(&rest).unwrap();
        assert_eq!((counters.connections, counters.requests, counters.picture_requests), (1, 1, 0));
        serving.join().unwrap().unwrap();
        assert!(TcpStream::connect(host(&url)).is_err(), "it is closed");
    }

    #[test]
    fn nobody_who_listens_is_no_error_and_wrong_options_are() {
        let (said, output) = io::pipe().unwrap();
        drop(said);
        serve_between("{}", io::empty(), output).unwrap();
        for (wrong, why) in [("", "options"), ("{\"colour\": 1}", "colour"), ("{\"size\": 1}", "1 bytes")] {
            let error = serve_between(wrong, io::empty(), io::sink()).unwrap_err();
            assert!(format!("{error:#}").contains(why), "{error:#}");
        }
    }
}
