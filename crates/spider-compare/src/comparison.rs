//! A whole run: each strategy that is asked for, on a folder of its own, against a gallery of its own.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use url::Url;

use crate::command_line::Arguments;
use crate::figures::{self, Figures};
use crate::output::Output;
use crate::report;
use crate::site::Limits;
use crate::spider::{Spider, Task};
use crate::stop::Stop;
use crate::strategies::Strategy;
use crate::trace::Trace;
use crate::usage::Usage;
use crate::voice::{self, Voice};
use gallery::GalleryProcess;
use gallery::Options;

/// What runs came to: their figures, and their requests.
type Runs = Vec<(Figures, Trace)>;

/// Runs the strategies, and prints their lines, the table if there are several, and what else was asked for. The result
/// is their figures, in order.
///
/// # Errors
/// When the listing gives nothing, a folder or the picture cannot be written, standard output cannot, or the run is
/// stopped. An image that fails is no error, but counted in [`Figures::failed`].
pub fn run(arguments: &Arguments, stop: &Stop) -> Result<Vec<Figures>> {
    let listing = arguments.url.as_deref().map(listing_address).transpose()?;
    let mut output = match &arguments.out {
        Some(folder) => Output::named(folder)?,
        None => Output::temporary()?,
    };
    let one = Runner { arguments, listing, program: this_program()?, stop };
    let voice = if arguments.json { Voice::silent() } else { Voice::aloud() };
    let runs = match arguments.strategy {
        Some(strategy) => vec![one.run(strategy, output.root(), &voice)?],
        None => one.run_all(&mut output, &voice)?,
    };
    let figures: Vec<_> = runs.into_iter().map(|(figures, _)| figures).collect();
    if arguments.strategy.is_none() {
        voice.line(&report::table(&figures))?;
    }
    if arguments.json {
        voice::line(&serde_json::json!({ "runs": figures }).to_string())?;
    }
    Ok(figures)
}

/// Runs one strategy as often as it is asked to.
struct Runner<'a> {
    arguments: &'a Arguments,
    listing: Option<Url>,
    program: PathBuf,
    stop: &'a Stop,
}

impl Runner<'_> {
    fn run_all(&self, output: &mut Output, voice: &Voice) -> Result<Runs> {
        let mut runs = Runs::new();
        for strategy in Strategy::ALL {
            voice.line(&report::heading(strategy))?;
            let folder = output.folder(strategy.name())?;
            runs.push(self.run(strategy, &folder, voice)?);
        }
        Ok(runs)
    }

    /// One strategy, with a gallery that nobody else has visited unless a site is given.
    fn run(&self, strategy: Strategy, folder: &Path, voice: &Voice) -> Result<(Figures, Trace)> {
        let options = self.options();
        let gallery = match &self.listing {
            Some(_) => None,
            None => Some(
                GalleryProcess::start(&self.program, &options).context("cannot open the local gallery")?,
            ),
        };
        let listing = match (&self.listing, &gallery) {
            (Some(listing), _) => listing.clone(),
            (None, gallery) => {
                let address = gallery.as_ref().map(GalleryProcess::url).unwrap_or_default();
                Url::parse(address).context("the local gallery's address")?
            }
        };
        let before = Usage::begin();
        let spider = Spider::new(self.task(strategy, listing, folder), self.stop.clone(), voice.clone())?;
        strategy.run(&spider)?;
        let total = spider.now();
        let usage = before.since();
        let counters = gallery.map(GalleryProcess::close).transpose().context("the local gallery")?;
        let gallery = counters.map(|counters| (&options, counters));
        let figures = Figures::of(strategy, &spider, total, usage, gallery);
        voice.line(&report::summary(&figures))?;
        Ok((figures, figures::trace(strategy, &spider, total)))
    }

    fn task(&self, strategy: Strategy, listing: Url, folder: &Path) -> Task {
        let Arguments { pages, jobs, timeout, retries, polite, .. } = *self.arguments;
        Task {
            listing,
            pages,
            folder: folder.to_owned(),
            program: self.program.clone(),
            jobs,
            limits: Limits { timeout, retries, polite, ..Limits::default() },
            // How many children were at work together is told by their requests alone.
            traced: strategy == Strategy::Process,
        }
    }

    fn options(&self) -> Options {
        let Arguments { latency, connect, bandwidth, .. } = *self.arguments;
        let pictures = self.arguments.pictures;
        Options { latency, connect, bandwidth, pictures, size: self.arguments.size, ..Options::default() }
    }
}

fn this_program() -> Result<PathBuf> {
    env::current_exe().context("cannot find this program's own file")
}

/// The address that was given as `--url`.
fn listing_address(text: &str) -> Result<Url> {
    let example = "give the address of a listing, such as https://pictures.example/4k/";
    let address = match Url::parse(text) {
        Ok(address) => address,
        Err(error) => bail!("--url {text:?} is no address ({error}); {example}"),
    };
    let scheme = address.scheme();
    ensure!(matches!(scheme, "http" | "https"), "--url {text:?} is {scheme}, not http or https; {example}");
    Ok(address)
}
