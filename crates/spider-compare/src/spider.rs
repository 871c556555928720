//! The spider: what the strategies have in common.

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use url::Url;

use crate::crawl::{self, Image};
use crate::download;
use crate::report;
use crate::site::Site;

/// A spider for one listing and one folder. Threads share it.
#[derive(Debug)]
pub struct Spider {
    pub(crate) site: Site,
    pub(crate) listing: Url,
    pub(crate) folder: PathBuf,
    pub(crate) program: PathBuf,
}

impl Spider {
    /// A spider for the listing at `listing`, which puts its images into `folder`, and for a child process starts
    /// `program`: a `spider-compare`, be it this very process's own.
    #[must_use]
    pub fn new(listing: Url, folder: PathBuf, program: PathBuf) -> Self {
        Self { site: Site::new(&listing), listing, folder, program }
    }

    /// Finds the listing's images, and prints a line for each page that gave none.
    pub(crate) fn crawl(&self) -> Result<(Vec<Image>, usize)> {
        let found = crawl::crawl(&self.site, &self.listing).map_err(|error| {
            let address = &self.listing;
            anyhow!("cannot take images from {address}: {error:#}; check --url, or leave it out for a local gallery")
        })?;
        for miss in &found.misses {
            report::line(&report::missed(miss))?;
        }
        Ok((found.images, found.misses.len()))
    }

    /// Downloads one image, and prints the line about it. The result is whether it was downloaded; an error is only that
    /// the line could not be printed.
    pub(crate) fn download(&self, image: &Image) -> Result<bool> {
        let result = download::save(&self.site, image, &self.folder);
        report::line(&report::downloaded(image, &result))?;
        Ok(result.is_ok())
    }
}
