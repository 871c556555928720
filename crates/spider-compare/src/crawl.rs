//! From the address of a listing to the addresses of its images.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use anyhow::{Context, Result};
use url::Url;

use crate::file_name::{self, Taken};
use crate::site::Site;
use crate::trace::Kind;

/// An image to be downloaded.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Image {
    /// Where it is: on the same site as the listing.
    pub address: Url,
    /// What it is called, and kept as: a plain file name that no other image of the crawl has. See [`titles`].
    pub title: String,
}

/// What a listing page links to.
#[derive(Debug)]
pub struct Listing {
    /// Its links to pictures' own pages, in its order, as they stand there; each with its address if it has one that may
    /// be asked for.
    pub details: Vec<(String, Result<Url>)>,
    /// The page that follows, if there is one: its address, and whether it may be asked for.
    pub next: Option<(Url, Result<()>)>,
}

/// Reads one page of a listing.
///
/// # Errors
/// When it cannot be had, or has no list.
pub fn listing(site: &Site, address: &Url) -> Result<Listing> {
    let page = site.page(Kind::Listing, address)?;
    let meant = |link: &String| {
        let mut address = page.address(link)?;
        address.set_fragment(None);
        site.check(&address)?;
        Ok(address)
    };
    let details = page.details()?.into_iter().map(|link| (link.clone(), meant(&link))).collect();
    let next = page.next().map(|next| (next.clone(), site.check(&next)));
    Ok(Listing { details, next })
}

/// Reads the page of one picture. The result is the picture's address.
///
/// # Errors
/// When the page cannot be had or shows no picture, or the picture's address may not be asked for.
pub fn detail(site: &Site, address: &Url) -> Result<Url> {
    let page = site.page(Kind::Detail, address)?;
    let source = page.picture()?;
    let mut address = page.address(&source)?;
    address.set_fragment(None);
    site.check(&address)?;
    file_name::title(&address).with_context(|| format!("the image is {source:?}"))?;
    Ok(address)
}

/// What a crawl has met. It remembers eight bytes an address, so that a long crawl takes little memory; that two of a
/// million addresses are taken for one has odds of one in thirty million.
#[derive(Debug, Default)]
pub struct Met {
    addresses: HashSet<u64>,
    taken: Taken,
}

impl Met {
    /// Whether this address is new.
    pub fn meet(&mut self, address: &Url) -> bool {
        let mut hasher = DefaultHasher::new();
        address.as_str().hash(&mut hasher);
        self.addresses.insert(hasher.finish())
    }

    /// The image at this address, unless it was met before.
    ///
    /// # Errors
    /// When its name is not accepted.
    pub fn image(&mut self, address: Url) -> Result<Option<Image>> {
        file_name::title(&address)?;
        if !self.meet(&address) {
            return Ok(None);
        }
        let title = self.taken.take(&address)?;
        Ok(Some(Image { address, title }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(addresses: &[&str]) -> Vec<String> {
        let mut met = Met::default();
        let images = addresses.iter().map(|address| met.image(Url::parse(address).unwrap()).unwrap());
        images.flatten().map(|image| image.title).collect()
    }

    #[test]
    fn an_image_that_is_shown_twice_is_there_once() {
        assert_eq!(
            titles(&["http://a.example/12345678.jpg", "http://a.example/12345678.jpg"]),
            ["12345678.jpg"]
        );
    }

    #[test]
    fn two_images_of_one_name_are_both_there() {
        let both = titles(&["http://a.example/x/12345678.jpg", "http://a.example/y/12345678.jpg"]);
        assert_eq!(both, ["12345678.jpg", "12345678-539dc30c8da0.jpg"]);
    }
}
