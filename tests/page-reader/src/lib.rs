//! From the text of a page of a gallery to its links.
//!
//! The Python original counts elements: `//*[@id="main"]/div[4]/ul/li`. For years, that `<div>` was the third one, and had
//! the same class, so this crate looks for classes. Each rule goes from the most specific place to the most general one, and
//! the first that has anything wins.
//!
//! `html` turns text into tags, `content` keeps what is in them, `image_source` and `next_link` know what images and links
//! look like. `image` knows the files of images.

#![allow(clippy::missing_errors_doc, reason = "the first paragraph says when a function fails")]
#![allow(clippy::must_use_candidate, reason = "the crate serves the spider and its tests")]

mod content;
pub mod html;
pub mod image;
pub mod image_source;
mod next_link;

use std::borrow::Cow;
use std::collections::BTreeMap;

use anyhow::{Context, Error, Result, anyhow, bail, ensure};
use encoding_rs::{Encoding, UTF_8};
use url::Url;

use crate::content::{Content, Link, List, Place};

/// The address of a link, or the link as written and why it cannot be followed.
pub type Target = Result<Url, (String, Error)>;

/// The most that the addresses of all links of a page may take, in bytes: a short link can have a long base.
const MAX_ADDRESSES: usize = 16 << 20;

/// The links of a page, and its address.
#[derive(Debug)]
pub struct Page {
    /// The address after redirects.
    pub address: Url,
    base: Url,
    encoding: &'static Encoding,
    content: Content,
}

impl Page {
    /// Reads the text of the page at `address`, which was in this encoding. An error of `check`, which is called often, ends
    /// the work.
    ///
    /// Any text is valid HTML, but more than 100,000 tags are an error, and so are links whose addresses take more than
    /// 16 MiB. The time grows with the length of the text; the memory does too, to at most 20 bytes for each of its bytes.
    pub fn read(
        address: &Url,
        text: &str,
        encoding: &'static Encoding,
        check: impl Fn() -> Result<()>,
    ) -> Result<Self> {
        let content = content::read(text, &check)?;
        let base = content.base.as_deref().and_then(|base| address.join(base).ok());
        let base = base.filter(|base| !base.cannot_be_a_base()).unwrap_or_else(|| address.clone());
        let page = Self { address: address.clone(), base, encoding, content };
        let mut length = 0;
        for link in &page.content.links {
            check()?;
            length += page.resolve(&link.href).map_or(0, |address| address.as_str().len());
            ensure!(
                length <= MAX_ADDRESSES,
                "the addresses of the links take more than {MAX_ADDRESSES} bytes"
            );
        }
        Ok(page)
    }

    /// Returns the page that a browser shows for an image: one that contains only this picture.
    pub fn of_image(address: &Url) -> Self {
        let picture = Some(((Place::Img, false), address.to_string()));
        let (base, content) = (address.clone(), Content { picture, ..Content::default() });
        Self { address: address.clone(), base, encoding: UTF_8, content }
    }

    /// Returns the links of a listing to the pages of single pictures, in order. An item of the list with an image and
    /// without a link is an error, and so is a page without a list.
    pub fn details(&self) -> Result<Vec<Target>> {
        let mut links: BTreeMap<usize, Vec<&Link>> = BTreeMap::new();
        for link in &self.content.links {
            if let Some(item) = link.item.filter(|_| self.leads_elsewhere(link)) {
                links.entry(item).or_default().push(link);
            }
        }
        let list = links.keys().map(|&item| self.content.items[item].list).min();
        let list = list.context("this page has no list of pictures (`.slist` with links in it)")?;
        let items: Vec<_> = (0..).zip(&self.content.items).filter(|(_, item)| item.list == list).collect();
        let has_details = links.values().flatten().any(|link| link.is_detail());
        let has_images = items.iter().any(|(_, item)| item.has_image);
        let mut details = Vec::new();
        for (index, item) in items {
            let mut links = links.remove(&index).unwrap_or_default();
            // Beside images, a link such as "2" leads to another page of the list, and an item of text may be a menu's.
            links.retain(|link| {
                let is_vague = item.list == List::Main && !item.has_image;
                !has_images || link.has_image || link.sign.is_none() && !is_vague
            });
            for is_preferred in [Link::is_detail, |link: &Link| link.has_image] {
                if links.iter().any(|link| is_preferred(link)) {
                    links.retain(|link| is_preferred(link));
                }
            }
            let is_other =
                |link: &&Link| has_details && !link.is_detail() && (item.has_class || !link.has_image);
            let is_advertisement = item.is_advertisement || links.iter().any(is_other);
            if is_advertisement || item.has_class && links.iter().any(|link| self.leads_to_other_host(link)) {
                continue;
            }
            if links.is_empty() && item.has_image {
                let error = anyhow!("an item of the list has an image, but no link to a page");
                details.push(Err((self.address.to_string(), error)));
            }
            details.extend(links.into_iter().map(|link| self.resolve(&link.href)));
        }
        ensure!(!details.is_empty(), "the list of this page has no links to pictures");
        Ok(details)
    }

    /// Returns the address of the picture on this page, as written. A page without one is an error.
    pub fn picture(&self) -> Result<&str> {
        let Content { picture, placeholder, .. } = &self.content;
        match (picture, placeholder) {
            (Some((_, source)), _) => Ok(source),
            (None, Some(source)) => bail!("this page shows only a placeholder ({source:?})"),
            (None, None) => bail!("this page shows no picture (`#img img`)"),
        }
    }

    /// Returns the address of the next page of a listing, which may be on another site. Scripts are not followed.
    ///
    /// It is that of the first of these: a link with `rel=next`; one with a text, title, label or class such as "next"; one
    /// whose text is an arrow; one whose text is the next number.
    pub fn next(&self) -> Option<Url> {
        let items = &self.content.items;
        let is_thumbnail = |item: usize| items[item].has_image && items[item].list < List::Main;
        let is_of_list = |link: &&Link| !link.item.is_some_and(is_thumbnail) && self.leads_elsewhere(link);
        let links = self.content.links.iter().filter(is_of_list);
        let links = links.filter_map(|link| Some((link.sign?, self.resolve(&link.href).ok()?)));
        let mut next = next_link::next(links.collect(), &self.address)?;
        next.set_fragment(None);
        Some(next)
    }

    /// Returns the absolute address of a link on this page, or the link and an error if it is not valid. As the URL standard
    /// says, its query is encoded as the page is.
    pub fn resolve(&self, link: &str) -> Target {
        let encode: &dyn Fn(&str) -> Cow<'_, [u8]> = &|query| encode_query(query, self.encoding);
        let options = Url::options().base_url(Some(&self.base)).encoding_override(Some(encode));
        let error = |error| (link.to_owned(), anyhow!("{link:?} is not a valid address: {error}"));
        options.parse(link).map_err(error)
    }

    /// Returns whether a link leads to another page, unlike `#top` and `mailto:`. One that is not valid may.
    fn leads_elsewhere(&self, link: &Link) -> bool {
        self.resolve(&link.href).map_or(true, |mut target| {
            target.set_fragment(self.address.fragment());
            matches!(target.scheme(), "http" | "https") && target != self.address
        })
    }

    fn leads_to_other_host(&self, link: &Link) -> bool {
        let host = |address: &Url| {
            let host = address.host_str().unwrap_or_default();
            host.strip_prefix("www.").unwrap_or(host).to_owned()
        };
        self.resolve(&link.href).is_ok_and(|target| host(&target) != host(&self.address))
    }
}

impl Link {
    fn is_detail(&self) -> bool {
        self.href.contains("/tupian/")
    }
}

/// Encodes a query. A character that the encoding does not have becomes `&#NNNN;`.
fn encode_query<'a>(query: &'a str, encoding: &'static Encoding) -> Cow<'a, [u8]> {
    let (bytes, _, has_unmappable) = encoding.encode(query);
    if !has_unmappable {
        return bytes;
    }
    let encode = |char: char| match encoding.encode(char.encode_utf8(&mut [0; 4])) {
        (_, _, true) => format!("%26%23{}%3B", u32::from(char)).into_bytes(),
        (bytes, ..) => bytes.into_owned(),
    };
    query.chars().flat_map(encode).collect()
}
