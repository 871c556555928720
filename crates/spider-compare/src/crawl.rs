//! From the address of a listing to the addresses of its images.

use std::collections::HashSet;

use anyhow::{Context, Error, Result};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::charset;
use crate::file_name::{self, UsedNames};
use crate::page::Page;
use crate::site::Site;
use crate::trace::Kind;

/// An image to download.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Its address, on the same site as the listing.
    pub address: Url,
    /// The page that shows it.
    pub page: Url,
    /// Its file name, which no other image of the crawl has.
    pub file_name: String,
}

/// The address of a link, or the link as written and why its address may not be requested.
pub(crate) type Target = Result<Url, (String, Error)>;

/// Downloads and parses a page.
fn fetch_page(site: &Site, kind: Kind, address: &Url) -> Result<Page> {
    site.with_retries(|attempt| {
        let mut response = site.get(kind, address, None, attempt, None)?;
        let bytes = response.read_all()?;
        Ok(Page::new(&response.address, &charset::decode(&bytes, response.content_type.as_deref())))
    })
}

/// Reads a listing page. Returns the pages of its pictures, and the next listing page, if there is one.
pub(crate) fn listing(site: &Site, address: &Url) -> Result<(Vec<Target>, Option<Target>)> {
    let page = fetch_page(site, Kind::Listing, address)?;
    let target = |link: String| allowed_address(site, &page, &link).map_err(|error| (link, error));
    let details = page.details()?.into_iter().map(target).collect();
    Ok((details, page.next().map(|next| target(next.into()))))
}

/// Reads the page of one picture, and returns the address of the picture.
pub(crate) fn detail(site: &Site, address: &Url) -> Result<Url> {
    let page = fetch_page(site, Kind::Detail, address)?;
    let source = page.picture()?;
    let address = allowed_address(site, &page, &source)?;
    file_name::from_address(&address).with_context(|| format!("the image is {source:?}"))?;
    Ok(address)
}

fn allowed_address(site: &Site, page: &Page, link: &str) -> Result<Url> {
    let mut address = page.resolve(link)?;
    address.set_fragment(None);
    site.check(&address)?;
    Ok(address)
}

/// The addresses and file names of a crawl so far, as hashes of eight bytes, so that a long crawl fits in memory. The
/// probability that two of a million addresses have the same hash is one in thirty million.
#[derive(Debug, Default)]
pub struct Seen {
    addresses: HashSet<u64>,
    names: UsedNames,
}

impl Seen {
    /// Adds an address. Returns whether it is new.
    pub fn insert(&mut self, address: &Url) -> bool {
        self.addresses.insert(file_name::hash(address.as_str()))
    }

    /// Adds the image at `address`, which `page` shows. Returns `None` if it has been added before, and an error if its name
    /// is not safe.
    pub fn insert_image(&mut self, address: Url, page: &Url) -> Result<Option<Image>> {
        file_name::from_address(&address)?;
        if !self.insert(&address) {
            return Ok(None);
        }
        let file_name = self.names.insert(&address)?;
        Ok(Some(Image { address, page: page.clone(), file_name }))
    }
}
