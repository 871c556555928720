//! From the text of a page to the links in it.
//!
//! The Python original counts elements: `//*[@id="main"]/div[4]/ul/li`. For years, that `<div>` was the third one, and had
//! the same class, so the selectors here use classes. Each list goes from the most specific selector to the most general
//! one, and the first that matches anything wins.

use anyhow::{Context, Result, ensure};
use scraper::{ElementRef, Html, Selector};
use url::Url;

/// The links of a listing to the pages of single pictures. Items with a class may be advertisements.
const DETAILS: [&str; 6] = [
    "#main .slist li > a[href*='/tupian/']",
    ".slist li a[href*='/tupian/']",
    "#main .slist li:not([class]) > a[href]",
    ".slist li:not([class]) a[href]",
    "#main > div > ul > li:not([class]) > a[href]",
    "#main li > a[href]",
];

/// The picture on its own page.
const PICTURE: [&str; 3] = ["#img img", ".photo-pic img", "#main img"];

/// The attributes with a picture's address. Pages that load pictures lazily have a placeholder in `src`, or nothing.
const SOURCES: [&str; 4] = ["src", "data-pic", "data-src", "data-original"];

/// How the text of a link to the next listing page begins.
const NEXT: [&str; 5] = ["下一页", "下页", "next", "›", "»"];

/// A parsed page and its address.
#[derive(Debug)]
pub struct Page {
    html: Html,
    address: Url,
    base: Url,
}

impl Page {
    /// Parses the text of the page at `address`. Any text is valid HTML.
    pub fn new(address: &Url, text: &str) -> Self {
        let html = Html::parse_document(text);
        let declared = select_first(&html, &["base[href]"]).first().and_then(|base| base.attr("href"));
        let base = declared.and_then(|base| address.join(base).ok()).unwrap_or_else(|| address.clone());
        Self { html, address: address.clone(), base }
    }

    /// Returns the links of a listing to the pages of single pictures, as written, in order. A page without
    /// such a list is an error.
    pub fn details(&self) -> Result<Vec<String>> {
        let links = select_first(&self.html, &DETAILS);
        ensure!(!links.is_empty(), "this page has no list of pictures (`.slist` with links in it)");
        let links = links.iter().filter(|link| !self.is_advertisement(link));
        Ok(links.filter_map(|link| link.attr("href")).map(str::to_owned).collect())
    }

    /// Returns whether a link of a listing leads to another site and is in an item with a class.
    fn is_advertisement(&self, link: &ElementRef<'_>) -> bool {
        let mut elements = link.ancestors().filter_map(ElementRef::wrap);
        let item = elements.find(|element| element.value().name() == "li");
        let is_marked = item.is_some_and(|item| item.attr("class").is_some());
        let target = link.attr("href").and_then(|target| self.base.join(target).ok());
        is_marked && target.is_some_and(|target| target.host() != self.address.host())
    }

    /// Returns the address of the picture on this page, as written. A page without one is an error.
    pub fn picture(&self) -> Result<String> {
        let source = select(&self.html, &PICTURE).flatten().find_map(source_of);
        Ok(source.context("this page shows no picture (`#img img`)")?.to_owned())
    }

    /// Returns the address of the next page of a listing: that of a link with `rel="next"`, with a text such as "next", or
    /// with the next number as its text, in this order. The address may be on another site. Scripts are not followed.
    pub fn next(&self) -> Option<Url> {
        let declared = select_first(&self.html, &["a[rel~=next][href]", "link[rel~=next][href]"]);
        let links = select_first(&self.html, &["a[href]"]);
        let number = page_number(&self.address).checked_add(1).map(|number| number.to_string());
        let text = |link: &ElementRef<'_>| link.text().collect::<String>().trim().to_lowercase();
        let named = links.iter().find(|link| NEXT.iter().any(|name| text(link).starts_with(name)));
        let numbered = || links.iter().find(|link| Some(text(link)) == number);
        let link = declared.first().or(named).or_else(numbered)?;
        let mut next = self.resolve(link.attr("href")?).ok()?;
        next.set_fragment(None);
        (next != self.address && !next.cannot_be_a_base()).then_some(next)
    }

    /// Returns the absolute address of a link on this page, or an error if it is not valid.
    pub fn resolve(&self, link: &str) -> Result<Url> {
        self.base.join(link).with_context(|| format!("{link:?} is not a valid address"))
    }
}

/// Returns the matches of the first selector that matches anything.
fn select_first<'a>(html: &'a Html, selectors: &'a [&str]) -> Vec<ElementRef<'a>> {
    select(html, selectors).find(|matches| !matches.is_empty()).unwrap_or_default()
}

/// Returns the matches of each selector.
fn select<'a>(html: &'a Html, selectors: &'a [&str]) -> impl Iterator<Item = Vec<ElementRef<'a>>> {
    let parsed = selectors.iter().map(|one| Selector::parse(one).expect("the selectors above are valid"));
    parsed.map(|selector| html.select(&selector).collect())
}

/// Returns the source of an image, unless it is a `data:` placeholder.
fn source_of(image: ElementRef<'_>) -> Option<&str> {
    let mut sources = SOURCES.iter().filter_map(|attribute| image.attr(attribute)).map(str::trim);
    sources.find(|source| !source.is_empty() && !source.starts_with("data:"))
}

/// Returns the number of a listing page: that at the end of a name such as `index_2.html`, or of the query's `page` or `p`;
/// without either, 1.
fn page_number(address: &Url) -> u32 {
    let path = address.path();
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let number = stem.rsplit_once(['_', '-']).and_then(|(_, number)| number.parse().ok());
    let query = address.query_pairs().find(|(name, _)| name == "page" || name == "p");
    number.or_else(|| query?.1.parse().ok()).unwrap_or(1)
}
