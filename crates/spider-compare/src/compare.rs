//! A whole run: the strategies that the command line asks for, each with its own folder and its own gallery.

use std::env;
use std::fs::File;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::ValueEnum;
use gallery::{GalleryProcess, Options};
use process_groups::signals;
use url::Url;

use crate::args::Args;
use crate::cancel::CancelToken;
use crate::output_dir::OutputDir;
use crate::reporter::{self, Reporter};
use crate::resource_usage::ResourceUsage;
use crate::site::Limits;
use crate::spider::{Config, Spider};
use crate::stats::RunStats;
use crate::strategy::Strategy;
use crate::{lines, politeness, strategies, table, trace};

/// Runs the strategies, and prints their lines, then the table if there are several. Returns the number of pages and images
/// that failed.
pub fn run(args: &Args, cancel: &CancelToken) -> Result<usize> {
    let output = args.out.as_deref().map_or_else(OutputDir::temporary, OutputDir::create)?;
    let output = output.remove_on_cancel(cancel);
    let trace = args.trace.as_ref().map(|path| File::create(path).with_context(|| cannot_write(path)));
    let reporter = if args.json { Reporter::quiet() } else { Reporter::stdout(cancel) };
    let mut runner = Runner { args, cancel, reporter, trace: trace.transpose()? };
    let mut runs = Vec::new();
    if let Some(strategy) = args.strategy {
        runs.push(runner.run(strategy, &output.path)?);
    } else {
        for &strategy in Strategy::value_variants() {
            runner.reporter.print_line(&lines::heading(strategy))?;
            let folder = OutputDir::create(&output.path.join(strategy.to_string()))?.remove_on_cancel(cancel);
            runs.push(runner.run(strategy, &folder.path)?);
        }
        runner.reporter.print_line(&table::table(&runs))?;
    }
    if args.json {
        reporter::print_line(&serde_json::json!({ "runs": runs }).to_string())?;
    }
    Ok(runs.iter().map(|run| run.tally.failed).sum())
}

struct Runner<'a> {
    args: &'a Args,
    cancel: &'a CancelToken,
    reporter: Reporter,
    trace: Option<File>,
}

impl Runner<'_> {
    /// Runs one strategy, with a new gallery unless a site is given.
    fn run(&mut self, strategy: Strategy, folder: &Path) -> Result<RunStats> {
        let Args { pages, jobs, timeout, retries, polite, .. } = *self.args;
        let program = env::current_exe().context("cannot find the path of this program")?;
        let options = gallery_options(self.args);
        let (listing, gallery) = if let Some(listing) = &self.args.url {
            (listing.clone(), None)
        } else {
            let gallery = GalleryProcess::start_unless(&program, &options, || self.cancel.check().is_err());
            if gallery.is_err() {
                self.cancel.wait(signals::GRACE)?;
            }
            let gallery = gallery.context("cannot start the built-in gallery")?;
            (Url::parse(gallery.url())?, Some(gallery))
        };
        let usage = ResourceUsage::start();
        let limits = Limits { timeout, retries, polite, crawl_delay: politeness::CRAWL_DELAY };
        let (folder, keeps_requests) = (folder.to_owned(), self.trace.is_some());
        let config = Config { listing, pages, folder, program, jobs, limits, keeps_requests };
        let spider = Spider::new(config, self.cancel.clone(), self.reporter.clone())?;
        strategies::run(strategy, &spider)?;
        let (total, usage) = (spider.now(), usage.elapsed());
        let counters =
            gallery.map(GalleryProcess::close).transpose().context("the built-in gallery failed")?;
        let gallery = counters.map(|counters| (&options, counters));
        let stats = RunStats::new(strategy, &spider, total, usage, gallery);
        self.reporter.print_line(&table::summary(&stats))?;
        if let (Some(file), Some(path)) = (&mut self.trace, &self.args.trace) {
            let seconds = [stats.tally.crawl_seconds, total];
            trace::write(file, strategy, seconds, &spider.site.recorder.take())
                .with_context(|| cannot_write(path))?;
        }
        Ok(stats)
    }
}

fn gallery_options(args: &Args) -> Options {
    let Args { latency, connect, bandwidth, pictures, size, .. } = *args;
    let (latency, connect) = (Duration::from_millis(latency), Duration::from_millis(connect));
    Options { latency, connect, bandwidth, pictures, size, ..Options::default() }
}

fn cannot_write(trace: &Path) -> String {
    format!("cannot write the trace {}; check --trace", trace.display())
}
