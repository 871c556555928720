//! From the address of a listing to the addresses of its images: the listing, then each detail page, one by one, as the
//! Python original does.

use std::collections::HashSet;

use anyhow::{Context, Result};
use url::Url;

use crate::site::Site;
use crate::titles::{self, Taken};

/// An image to be downloaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Where it is: on the same site as the listing.
    pub address: Url,
    /// What it is called, and kept as: a plain file name that no other image of the crawl has.
    pub title: String,
}

/// Something that the listing links to and that gave no image.
#[derive(Debug)]
pub struct Miss {
    /// The link, as it stands in the listing.
    pub link: String,
    /// What was wrong.
    pub error: anyhow::Error,
}

/// What a crawl found.
#[derive(Debug, Default)]
pub struct Crawl {
    /// Each image once, in the listing's order.
    pub images: Vec<Image>,
    /// What gave no image.
    pub misses: Vec<Miss>,
    taken: Taken,
    seen: HashSet<Url>,
}

/// Reads the listing, and each page that it links to.
///
/// # Errors
/// When the listing cannot be read, or has no list. A detail page that fails is one of [`Crawl::misses`].
pub fn crawl(site: &Site, listing: &Url) -> Result<Crawl> {
    let page = site.page(listing)?;
    let mut crawl = Crawl::default();
    for link in page.details()? {
        let found = page.address(&link).and_then(|detail| crawl.follow(site, detail));
        if let Err(error) = found {
            crawl.misses.push(Miss { link, error });
        }
    }
    Ok(crawl)
}

impl Crawl {
    /// Reads one detail page, unless it has been read before.
    fn follow(&mut self, site: &Site, mut detail: Url) -> Result<()> {
        detail.set_fragment(None);
        if !self.seen.insert(detail.clone()) {
            return Ok(());
        }
        let page = site.page(&detail)?;
        let source = page.picture()?;
        let address = page.address(&source)?;
        site.check(&address)?;
        self.add(address).with_context(|| format!("the image is {source:?}"))
    }

    /// Adds an image, unless it is there already.
    fn add(&mut self, mut address: Url) -> Result<()> {
        address.set_fragment(None);
        let title = titles::title(&address)?;
        if self.seen.insert(address.clone()) {
            let title = self.taken.take(&title);
            self.images.push(Image { address, title });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(addresses: &[&str]) -> Vec<String> {
        let mut crawl = Crawl::default();
        for address in addresses {
            crawl.add(Url::parse(address).unwrap()).unwrap();
        }
        crawl.images.into_iter().map(|image| image.title).collect()
    }

    #[test]
    fn an_image_that_is_shown_twice_is_there_once() {
        assert_eq!(titles(&["http://a.example/1.jpg", "http://a.example/1.jpg#top"]), ["1.jpg"]);
    }

    #[test]
    fn two_images_of_one_name_are_both_there() {
        assert_eq!(titles(&["http://a.example/x/1.jpg", "http://a.example/y/1.jpg"]), ["1.jpg", "1-2.jpg"]);
    }
}
