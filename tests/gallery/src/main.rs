//! The gallery as a program: `cargo run -p gallery -- --help`.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;
use gallery::{Fault, Gallery, Options};
use process_groups::signals;
use serde_json::Value;

/// Serve a website of pictures on 127.0.0.1, with the faults you choose.
///
/// Prints the URL of the first page and serves until Ctrl-C; then prints what clients have asked, as JSON.
///
/// Exit status: 128 and the number of the signal that ended it, 130 for Ctrl-C; 1 if it cannot serve; 2 for wrong
/// arguments.
#[derive(Parser)]
#[command(name = "gallery", verbatim_doc_comment)]
struct Arguments {
    /// Port to listen on; 0 lets the system choose a free one
    #[arg(long, default_value_t = 0)]
    port: u16,

    /// Delay of each response in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0)]
    latency: u64,

    /// Bandwidth of all connections together, in bytes per second [default: unlimited]
    #[arg(long, value_name = "BYTES")]
    bandwidth: Option<u64>,

    /// Number of pictures, twenty per page
    #[arg(long, value_name = "COUNT", default_value_t = 24)]
    pictures: usize,

    /// Size of each picture [default: about 600 kB]
    #[arg(long, value_name = "BYTES")]
    size: Option<usize>,

    /// Fault of a picture, by its number from 0: 3=not-found, 4=truncated, 5='{"redirect":"/a.jpg"}'; may be repeated
    #[arg(long = "fault", value_name = "NUMBER=FAULT", value_parser = parse_fault)]
    faults: Vec<(usize, Fault)>,
}

/// Parses `NUMBER=FAULT`, where the fault is the name of one without parameters, or JSON.
fn parse_fault(text: &str) -> Result<(usize, Fault)> {
    let (number, fault) = text.split_once('=').context("expected NUMBER=FAULT")?;
    let json = if fault.starts_with('{') { serde_json::from_str(fault)? } else { Value::from(fault) };
    Ok((number.parse().context("invalid number of a picture")?, serde_json::from_value(json)?))
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(signal) => ExitCode::from(128 + signal),
        Err(error) => {
            let _ = writeln!(io::stderr(), "gallery: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Serves until a signal arrives, and returns its number.
fn run(arguments: Arguments) -> Result<u8> {
    let options = Options {
        port: arguments.port,
        latency: Duration::from_millis(arguments.latency),
        bandwidth: arguments.bandwidth,
        pictures: arguments.pictures,
        size: arguments.size,
        faults: arguments.faults,
        ..Options::default()
    };
    let (sender, signals) = mpsc::channel();
    // The receiver is gone if the gallery cannot start.
    signals::on_first(move |signal| sender.send(signal).unwrap_or_default())
        .context("cannot install a signal handler")?;
    let gallery = Gallery::start(&options).context("cannot start the gallery")?;
    writeln!(io::stdout(), "{}", gallery.url()).context("cannot write to standard output")?;
    let signal = signals.recv()?;
    let counters = serde_json::to_string(&gallery.close())?;
    // The reader may be gone by now, which changes nothing.
    let _ = writeln!(io::stdout(), "{counters}");
    Ok(u8::try_from(signal)?)
}
