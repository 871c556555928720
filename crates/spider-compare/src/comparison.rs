//! A whole run: each strategy that is asked for, on a folder of its own, against a gallery of its own.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use url::Url;

use crate::command_line::Arguments;
use crate::gallery::{Gallery, Options};
use crate::output::Output;
use crate::report;
use crate::spider::Spider;
use crate::strategies::{Strategy, Totals};

/// Runs the strategies, prints their lines, and the table if there are several. The result is theirs, in order.
///
/// # Errors
/// When the listing gives nothing, a folder cannot be written, or standard output cannot. An image that fails is no
/// error, but counted in [`Totals::failed`].
pub fn run(arguments: &Arguments) -> Result<Vec<Totals>> {
    let listing = arguments.url.as_deref().map(listing_address).transpose()?;
    let mut output = match &arguments.out {
        Some(folder) => Output::named(folder)?,
        None => Output::temporary()?,
    };
    if let Some(strategy) = arguments.strategy {
        let totals = run_one(strategy, arguments, listing, output.root().to_owned())?;
        return Ok(vec![totals]);
    }
    let mut all = Vec::new();
    for strategy in Strategy::ALL {
        report::line(&report::heading(strategy))?;
        let folder = output.folder(strategy.name())?;
        all.push(run_one(strategy, arguments, listing.clone(), folder)?);
    }
    report::line(&report::table(&all))?;
    Ok(all)
}

/// One strategy, with a gallery that nobody else has visited unless a site is given.
fn run_one(
    strategy: Strategy,
    arguments: &Arguments,
    listing: Option<Url>,
    folder: PathBuf,
) -> Result<Totals> {
    let program = env::current_exe().context("cannot find this program's own file")?;
    if let Some(listing) = listing {
        return strategy.run(&Spider::new(listing, folder, program));
    }
    let gallery = Gallery::start(&Options { latency: arguments.latency, ..Options::default() });
    let gallery = gallery.context("cannot open the local gallery")?;
    let listing = Url::parse(&gallery.url()).context("the local gallery's address")?;
    strategy.run(&Spider::new(listing, folder, program))
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
