//! A gallery in a child process, so that the CPU time and the memory of the client's process are the client's alone.
//!
//! The child prints its URL on standard output, one line, and serves until its standard input ends. That is a
//! parent-death pipe: the parent holds the other end and writes nothing to it, and the kernel closes it when the parent
//! ends, however it ends. Then the child prints its counters, one line of JSON, and exits.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use process_groups::signals;

use crate::connections::Counters;
use crate::options::Options;
use crate::server::Gallery;

/// How long a program may take to print its URL.
const START_LIMIT: Duration = Duration::from_secs(60);

/// How often [`GalleryProcess::start_unless`] asks whether it is cancelled.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// The argument with which [`GalleryProcess::start`] runs a program. The options follow as JSON. A program that gets it
/// calls [`serve`].
pub const SERVE_ARGUMENT: &str = "--serve-gallery";

/// Serves a gallery in the calling process until standard input ends. `options_json` are its [`Options`]; missing fields
/// have their defaults.
///
/// # Errors
/// Returns an error if the options are invalid or the gallery cannot be started.
pub fn serve(options_json: &str) -> Result<()> {
    // Ctrl-C reaches every process of the terminal's foreground group; this one waits for its parent to end.
    signals::ignore().context("cannot install a signal handler")?;
    serve_between(options_json, io::stdin().lock(), io::stdout().lock())
}

fn serve_between(options_json: &str, mut parent_alive: impl Read, mut output: impl Write) -> Result<()> {
    let options: Options = serde_json::from_str(options_json).context("invalid options of the gallery")?;
    let gallery = Gallery::start(&options).context("cannot start the gallery")?;
    print_line(&mut output, &gallery.url())?;
    // Ends at end of file. An error ends the wait too.
    let _ = io::copy(&mut parent_alive, &mut io::sink());
    print_line(&mut output, &serde_json::to_string(&gallery.close())?)
}

/// Prints a line, unless the reader is gone: then the parent has ended, and so does this process, without an error.
fn print_line(output: &mut impl Write, line: &str) -> Result<()> {
    let written = output.write_all(format!("{line}\n").as_bytes()).and_then(|()| output.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(error).context("cannot write to standard output")
        }
        _ => Ok(()),
    }
}

/// A gallery in a child process. Dropping it kills the process and waits for it.
#[derive(Debug)]
pub struct GalleryProcess {
    process: KillOnDrop,
    output: BufReader<ChildStdout>,
    url: String,
}

impl GalleryProcess {
    /// Runs `program` with [`SERVE_ARGUMENT`] and `options`, and waits until it has printed its URL. It inherits
    /// standard error.
    ///
    /// # Errors
    /// Returns an error if `program` cannot be run, or does not print a URL within a minute.
    pub fn start(program: &Path, options: &Options) -> Result<Self> {
        Self::start_unless(program, options, || false)
    }

    /// Does the same as [`GalleryProcess::start`], until `is_cancelled`: a gallery of a million pictures takes seconds.
    ///
    /// # Errors
    /// As [`GalleryProcess::start`], and if it is cancelled. Then no process is left.
    pub fn start_unless(program: &Path, options: &Options, is_cancelled: impl Fn() -> bool) -> Result<Self> {
        let process = Command::new(program)
            .arg(SERVE_ARGUMENT)
            .arg(serde_json::to_string(options)?)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot run {}", program.display()))?;
        let mut process = KillOnDrop(process);
        let (url, output) = read_url(&mut process.0, is_cancelled).context("the gallery did not start")?;
        Ok(Self { process, output, url })
    }

    /// Returns the URL of the first page.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.process.0.id()
    }

    /// Closes the gallery, waits for its process, and returns its counters.
    ///
    /// # Errors
    /// Returns an error if the process has failed or has not printed its counters.
    pub fn close(mut self) -> Result<Counters> {
        drop(self.process.0.stdin.take());
        let mut counters = String::new();
        self.output.read_to_string(&mut counters).context("cannot read the gallery's counters")?;
        let status = self.process.0.wait().context("cannot wait for the gallery")?;
        ensure!(status.success(), "the gallery failed with {status}");
        serde_json::from_str(&counters).context("invalid counters of the gallery")
    }
}

#[derive(Debug)]
struct KillOnDrop(Child);

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        // After `wait`, both do nothing.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Returns the URL that `process` prints, and the reader of what it prints after it.
fn read_url(
    process: &mut Child,
    is_cancelled: impl Fn() -> bool,
) -> Result<(String, BufReader<ChildStdout>)> {
    let output = process.stdout.take().context("its standard output is not a pipe")?;
    let (line, rest) = first_line(output, START_LIMIT, is_cancelled)?;
    if line.is_empty() {
        // If it has ended, this does not change its status.
        let _ = process.kill();
        bail!("it closed its standard output without a URL: {}", process.wait()?);
    }
    ensure!(line.trim_end() != "", "it printed an empty line in place of its URL");
    Ok((line.trim_end().to_owned(), rest))
}

/// Reads a line of `output`. Returns it with its line ending, or an empty string at end of file; and the reader of the
/// rest.
fn first_line<T: Read + Send + 'static>(
    output: T,
    limit: Duration,
    is_cancelled: impl Fn() -> bool,
) -> Result<(String, BufReader<T>)> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut output = BufReader::new(output);
        let mut line = String::new();
        let read = output.read_line(&mut line);
        // The receiver is gone after the limit.
        let _ = sender.send(read.map(|_| (line, output)));
    });
    let start = Instant::now();
    loop {
        ensure!(!is_cancelled(), "cancelled");
        let left = limit.checked_sub(start.elapsed());
        let left = left.with_context(|| format!("it printed no URL within {limit:?}"))?;
        if let Ok(line) = receiver.recv_timeout(left.min(POLL_INTERVAL)) {
            return Ok(line?);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    /// Returns the host and port of a URL.
    fn host(url: &str) -> &str {
        url.trim_start_matches("http://").split('/').next().unwrap_or_default()
    }

    #[test]
    fn the_gallery_serves_until_its_input_ends_and_then_prints_its_counters() {
        let (parent_alive, parent) = io::pipe().unwrap();
        let (printed, output) = io::pipe().unwrap();
        let serving = thread::spawn(move || serve_between("{\"pictures\": 1}", parent_alive, output));
        let mut printed = BufReader::new(printed);
        let mut url = String::new();
        printed.read_line(&mut url).unwrap();

        let mut client = TcpStream::connect(host(&url)).unwrap();
        client.write_all(b"GET /robots.txt HTTP/1.1\r\nConnection: close\r\n\r\n").unwrap();
        client.read_to_end(&mut Vec::new()).unwrap();
        drop(parent);

        let mut rest = String::new();
        printed.read_to_string(&mut rest).unwrap();
        let counters: Counters = serde_json::from_str(&rest).unwrap();
        assert_eq!((counters.connections, counters.requests, counters.picture_requests), (1, 1, 0));
        serving.join().unwrap().unwrap();
        assert!(TcpStream::connect(host(&url)).is_err(), "the port is closed");
    }

    #[test]
    fn a_program_that_prints_nothing_is_not_waited_for_forever() {
        let (output, _held_open) = io::pipe().unwrap();
        let error = first_line(output, Duration::from_millis(1), || false).unwrap_err();
        assert_eq!(error.to_string(), "it printed no URL within 1ms");
    }

    #[test]
    fn a_closed_output_is_not_an_error_and_invalid_options_are() {
        let (printed, output) = io::pipe().unwrap();
        drop(printed);
        serve_between("{}", io::empty(), output).unwrap();
        for (invalid, why) in [("", "options"), ("{\"colour\": 1}", "colour"), ("{\"size\": 1}", "1 bytes")] {
            let error = serve_between(invalid, io::empty(), io::sink()).unwrap_err();
            assert!(format!("{error:#}").contains(why), "{error:#}");
        }
    }
}
