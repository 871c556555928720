//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::RangedU64ValueParser;
use clap::{Parser, value_parser};
use url::Url;

use crate::strategy::Strategy;

/// Downloads the images of a gallery in five ways, and compares them.
///
/// Without --url, the program starts a gallery of its own on this machine. Other sites get few requests at a time, and
/// only those that their robots.txt allows. A page may have 4 MiB and 100000 tags, and takes at most 100 MiB of memory. The
/// exit status is 0 if every image was downloaded, or if standard output was closed early; 1 if something failed; 2 for a
/// wrong command line; 128 plus the signal's number after a signal (130 for Ctrl-C).
#[derive(Debug, Clone, Parser)]
#[command(name = "spider-compare", allow_negative_numbers = true)]
pub struct Args {
    /// How to download; without it, all five run in this order, and a table compares them
    pub strategy: Option<Strategy>,

    /// Download from this listing page (http or https) instead of the built-in gallery
    #[arg(long, value_name = "URL", value_parser = listing)]
    pub url: Option<Url>,

    /// Number of listing pages to crawl, 1 to 1000000; if the listing has fewer, a line says so, which is no failure
    #[arg(long, value_name = "COUNT", default_value = "1", value_parser = count(1..=1_000_000))]
    pub pages: usize,

    /// Folder for the images, with a subfolder per strategy if several run; images that exist already are skipped
    /// [default: a temporary folder, removed at the end]
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,

    /// Number of threads of pool and overlap, 1 to 256; for other sites, at most 4 [default: 8 and 32]
    #[arg(long, value_name = "COUNT", value_parser = count(1..=256))]
    pub jobs: Option<usize>,

    /// Time limit of one request, and of the work on its page, 0.001 to 3600
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub timeout: Duration,

    /// Number of retries of a request that failed for a transient reason: connection refused or lost, 408, 429, 5xx; 0 to
    /// 10
    #[arg(long, value_name = "COUNT", default_value = "2", value_parser = value_parser!(u32).range(0..=10))]
    pub retries: u32,

    /// Treat a site on this machine like any other: robots.txt, few requests at a time, a delay between pages
    #[arg(long)]
    pub polite: bool,

    /// Print one JSON object at the end instead of lines
    #[arg(long)]
    pub json: bool,

    /// Write every request to this file, as JSON lines; `cargo xtask waterfall FILE --svg PICTURE` draws it
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,

    /// Latency of the built-in gallery per request, 0 to 10000
    #[arg(long, value_name = "MILLISECONDS", default_value = "50", value_parser = value_parser!(u64).range(..=10_000), conflicts_with = "url")]
    pub latency: u64,

    /// Additional latency of the built-in gallery per connection, 0 to 10000
    #[arg(long, value_name = "MILLISECONDS", default_value = "0", value_parser = value_parser!(u64).range(..=10_000), conflicts_with = "url")]
    pub connect: u64,

    /// Bandwidth of the built-in gallery in bytes per second, shared by all connections, 1000 or more, for example
    /// 20000000 [default: unlimited]
    #[arg(long, value_name = "BYTES", value_parser = value_parser!(u64).range(1_000..=1 << 40), conflicts_with = "url")]
    pub bandwidth: Option<u64>,

    /// Number of pictures in the built-in gallery, 20 per page, 1 to 1000000
    #[arg(long, value_name = "COUNT", default_value = "24", value_parser = count(1..=1_000_000), conflicts_with = "url")]
    pub pictures: usize,

    /// Size of each picture in the built-in gallery, 2000 to 33554432 [default: 562500 to 657500]
    #[arg(long, value_name = "BYTES", value_parser = count(2_000..=32 << 20), conflicts_with = "url")]
    pub size: Option<usize>,

    /// Folder of a child process of the strategy `process`.
    #[arg(long, hide = true, allow_hyphen_values = true, exclusive = true)]
    pub download_one: Option<PathBuf>,

    /// Options of the built-in gallery's process, as JSON.
    #[arg(long, hide = true, allow_hyphen_values = true, exclusive = true)]
    pub serve_gallery: Option<String>,
}

fn count(range: std::ops::RangeInclusive<u64>) -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(range)
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds| (0.001..=3_600.0).contains(seconds));
    seconds.map(Duration::from_secs_f64).ok_or_else(|| "must be a number from 0.001 to 3600".to_owned())
}

/// Parses the value of `--url`.
fn listing(text: &str) -> Result<Url, String> {
    let advice = "use an http or https URL, such as https://pictures.example/4k/";
    let url = Url::parse(text).map_err(|error| format!("{error}; {advice}"))?;
    let is_http = matches!(url.scheme(), "http" | "https");
    is_http.then_some(url).ok_or_else(|| format!("the scheme is neither http nor https; {advice}"))
}

/// Returns the message of an error on a single line, without clap's usage and hints.
pub fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let message = text.split("\n\n").next().unwrap_or_default().trim_start_matches("error: ");
    let words = message.split_whitespace().collect::<Vec<_>>().join(" ");
    // In a URL that is wrong, a password may be anywhere before the last `@`.
    match words.find('\'').zip(words.rfind('@')).filter(|(start, end)| start < end) {
        Some((start, end)) => format!("{}***{}; see --help", &words[..=start], &words[end..]),
        None => words + "; see --help",
    }
}
