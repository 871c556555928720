//! From the address of a listing to the addresses of its images.

use std::collections::HashSet;
use std::io::Read;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::charset;
use crate::file_name::{self, UsedNames};
use crate::page::Page;
use crate::site::Site;
use crate::trace::Kind;

/// An image to download.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Image {
    /// Its address, on the same site as the listing.
    pub(crate) address: Url,
    /// Its file name, which no other image of the crawl has.
    pub(crate) file_name: String,
}

/// The links of a listing page.
#[derive(Debug)]
pub(crate) struct Listing {
    /// The links to the pages of single pictures, as written, each with its address if that may be requested.
    pub(crate) details: Vec<(String, Result<Url>)>,
    /// The address of the next page, if there is one, and whether it may be requested.
    pub(crate) next: Option<(Url, Result<()>)>,
}

/// Downloads and parses a page.
pub(crate) fn fetch_page(site: &Site, kind: Kind, address: &Url) -> Result<Page> {
    site.with_retries(|attempt| {
        let mut response = site.get(kind, address, attempt, None)?;
        let mut bytes = Vec::new();
        response.read_to_end(&mut bytes)?;
        Ok(Page::new(&response.address, &charset::decode(&bytes, response.content_type.as_deref())))
    })
}

/// Reads a listing page.
pub(crate) fn listing(site: &Site, address: &Url) -> Result<Listing> {
    let page = fetch_page(site, Kind::Listing, address)?;
    let details = page.details()?.into_iter().map(|link| {
        let address = allowed_address(site, &page, &link);
        (link, address)
    });
    let next = page.next().map(|next| (next.clone(), site.check(&next)));
    Ok(Listing { details: details.collect(), next })
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

/// The addresses and file names of a crawl so far. An address takes eight bytes, so that a long crawl fits in memory; the
/// probability that two of a million addresses have the same hash is one in thirty million.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    addresses: HashSet<u64>,
    names: UsedNames,
}

impl Seen {
    /// Adds an address. Returns whether it is new.
    pub(crate) fn insert(&mut self, address: &Url) -> bool {
        self.addresses.insert(file_name::hash(address.as_str()))
    }

    /// Adds the image at `address`. Returns `None` if it has been added before.
    pub(crate) fn insert_image(&mut self, address: Url) -> Result<Option<Image>> {
        file_name::from_address(&address)?;
        if !self.insert(&address) {
            return Ok(None);
        }
        let file_name = self.names.insert(&address)?;
        Ok(Some(Image { address, file_name }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file_names(addresses: &[&str]) -> Vec<String> {
        let mut seen = Seen::default();
        let images = addresses.iter().map(|address| seen.insert_image(Url::parse(address).unwrap()).unwrap());
        images.flatten().map(|image| image.file_name).collect()
    }

    #[test]
    fn an_image_that_is_linked_twice_appears_once() {
        let address = "http://a.example/12345678.jpg";
        assert_eq!(file_names(&[address, address]), ["12345678.jpg"]);
    }

    #[test]
    fn two_images_with_the_same_name_get_different_file_names() {
        let names = file_names(&["http://a.example/x/12345678.jpg", "http://a.example/y/12345678.jpg"]);
        assert_eq!(names, ["12345678.jpg", "12345678-539dc30c8da0.jpg"]);
    }
}
