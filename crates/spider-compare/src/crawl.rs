//! From the address of a listing to the addresses of its images.

use std::collections::HashSet;
use std::io::Read;

use anyhow::{Context, Result, ensure};
use page_reader::{Page, Target, image};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::charset;
use crate::file_name::{self, UsedNames};
use crate::site::{FetchError, Site};
use crate::trace::Kind;

/// An image to download.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Its address, on the same site as the listing.
    pub address: Url,
    /// The page that leads to it.
    pub page: Url,
    /// Its file name, which no other image of the crawl has.
    pub file_name: String,
}

/// A page of a listing.
pub(crate) struct Listing {
    /// Its address after redirects.
    pub(crate) address: Url,
    /// The pages of its pictures.
    pub(crate) details: Vec<Target>,
    /// The next listing page, if there is one.
    pub(crate) next: Option<Target>,
}

/// Downloads and reads a page, as for a link on the first listing page, or finds that there is an image at its address.
fn fetch_page(site: &Site, kind: Kind, address: &Url) -> Result<Page> {
    let from = (*address != site.home).then_some(&site.home);
    site.with_retries(|attempt| {
        let mut response = site.get(kind, address, from, attempt, None)?;
        let mut bytes = Vec::new();
        response.by_ref().take(64 << 10).read_to_end(&mut bytes)?;
        if image::check_of(&bytes).is_some() {
            return Ok(Page::of_image(&response.address));
        }
        response.read_to_end(&mut bytes)?;
        let domain =
            response.address.domain().and_then(|host| host.rsplit('.').find(|label| !label.is_empty()));
        let (text, encoding) = charset::decode(&bytes, response.content_type.as_deref(), domain);
        Page::read(&response.address, &text, encoding, site.time_limit()).map_err(FetchError::from)
    })
}

/// Reads a listing page.
pub(crate) fn listing(site: &Site, address: &Url) -> Result<Listing> {
    let page = fetch_page(site, Kind::Listing, address)?;
    let check_time = site.time_limit();
    let checked = |target| check_time().map(|()| allowed(site, target));
    let details = page.details()?.into_iter().map(checked).collect::<Result<_>>()?;
    Ok(Listing { details, next: page.next().map(|next| allowed(site, Ok(next))), address: page.address })
}

/// Reads the page of one picture, and returns the address of the picture. A link may lead to the picture itself, too. It is
/// an error if the page redirects to another one for which `is_listing` is true: the picture is gone.
pub(crate) fn detail(site: &Site, address: &Url, is_listing: impl Fn(&Url) -> bool) -> Result<Url> {
    if page_reader::image_source::is_picture(address.path()) {
        return Ok(address.clone());
    }
    let page = fetch_page(site, Kind::Detail, address)?;
    let is_home = page.address.path() == "/" && page.address.query().is_none();
    let is_gone = page.address != *address && (is_home || is_listing(&page.address));
    ensure!(!is_gone, "redirected to {}, which is not the page of a picture", page.address);
    let source = page.picture()?;
    let address = allowed(site, page.resolve(source)).map_err(|(_, error)| error)?;
    file_name::from_address(&address).with_context(|| format!("the image is {source:?}"))?;
    Ok(address)
}

/// Returns the target of a link without its fragment, unless the site does not allow it.
fn allowed(site: &Site, target: Target) -> Target {
    let mut address = target?;
    address.set_fragment(None);
    site.check(&address).map_err(|error| (address.to_string(), error))?;
    Ok(address)
}

/// The addresses and file names of a crawl so far, as hashes of eight bytes, so that a long crawl fits in memory. The
/// probability that two of a million addresses have the same hash is one in thirty million.
#[derive(Debug, Default)]
pub struct Seen {
    listings: HashSet<u64>,
    details: HashSet<u64>,
    images: HashSet<u64>,
    names: UsedNames,
}

impl Seen {
    /// Adds the address of a listing page. Returns whether it is new.
    pub fn insert_listing(&mut self, address: &Url) -> bool {
        self.listings.insert(file_name::hash(address.as_str()))
    }

    /// Returns whether this is the address of a listing page.
    pub fn is_listing(&self, address: &Url) -> bool {
        self.listings.contains(&file_name::hash(address.as_str()))
    }

    /// Adds the address of the page of a picture. Returns whether it is new, and not that of a listing page.
    pub fn insert_detail(&mut self, address: &Url) -> bool {
        !self.is_listing(address) && self.details.insert(file_name::hash(address.as_str()))
    }

    /// Adds the image at `address`, to which `page` leads. Returns `None` if it has been added before, and an error if its
    /// name is not safe.
    pub fn insert_image(&mut self, address: Url, page: &Url) -> Result<Option<Image>> {
        file_name::from_address(&address)?;
        if !self.images.insert(file_name::hash(address.as_str())) {
            return Ok(None);
        }
        let file_name = self.names.insert(&address)?;
        Ok(Some(Image { address, page: page.clone(), file_name }))
    }
}
