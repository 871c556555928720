//! From the text of a page to the links in it.
//!
//! The Python original counts: `//*[@id="main"]/div[4]/ul/li`. What is the fourth `<div>` today was the third for years,
//! while its class stayed the same; so the selectors here ask for classes. Each list of selectors goes from the
//! narrowest to the widest, and the first that finds anything counts.

use anyhow::{Context, Result, ensure};
use scraper::{ElementRef, Html, Selector};
use url::Url;

/// The links from a listing to the pictures' own pages. Advertisements among them are items with a class.
const DETAILS: [&str; 6] = [
    "#main .slist li > a[href*='/tupian/']",
    ".slist li a[href*='/tupian/']",
    "#main .slist li:not([class]) > a[href]",
    ".slist li:not([class]) a[href]",
    "#main > div > ul > li:not([class]) > a[href]",
    "#main li > a[href]",
];

/// The picture on its own page.
const PICTURE: [&str; 4] = ["#img img[src]", ".photo-pic img[src]", "#img img[data-pic]", "#main img[src]"];

/// A page: what it says, and where it was found.
#[derive(Debug)]
pub struct Page {
    html: Html,
    base: Url,
}

impl Page {
    /// Reads the text of the page at `address`. No text is wrong: HTML is defined for every one.
    #[must_use]
    pub fn new(address: &Url, text: &str) -> Self {
        let html = Html::parse_document(text);
        let stated = first_of(&html, &["base[href]"]).first().and_then(|base| base.attr("href"));
        let base = stated.and_then(|stated| address.join(stated).ok()).unwrap_or_else(|| address.clone());
        Self { html, base }
    }

    /// The links of a listing to the pictures' own pages, as they stand there, in its order.
    ///
    /// # Errors
    /// When this page has no list of pictures.
    pub fn details(&self) -> Result<Vec<String>> {
        let links = first_of(&self.html, &DETAILS);
        ensure!(!links.is_empty(), "this page has no list of pictures (`.slist` with links in it)");
        Ok(links.iter().filter_map(|link| link.attr("href")).map(str::to_owned).collect())
    }

    /// The address of the picture that this page shows, as it stands there.
    ///
    /// # Errors
    /// When this page shows no picture.
    pub fn picture(&self) -> Result<String> {
        let images = first_of(&self.html, &PICTURE);
        let source = images.first().and_then(|image| image.attr("src").or_else(|| image.attr("data-pic")));
        Ok(source.context("this page shows no picture (`#img img`)")?.to_owned())
    }

    /// The whole address that a link on this page means.
    ///
    /// # Errors
    /// When it is no address at all.
    pub fn address(&self, link: &str) -> Result<Url> {
        self.base.join(link).with_context(|| format!("{link:?} is no address"))
    }
}

/// What the first selector that finds anything finds.
fn first_of<'a>(html: &'a Html, selectors: &[&str]) -> Vec<ElementRef<'a>> {
    selectors
        .iter()
        .map(|selector| Selector::parse(selector).expect("the selectors above are valid"))
        .map(|selector| html.select(&selector).collect::<Vec<_>>())
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> Page {
        Page::new(&Url::parse("https://pictures.example/4k/").unwrap(), text)
    }

    #[test]
    fn the_list_is_found_at_whatever_place_it_stands() {
        let list = "<div class=slist><ul><li><a href='/tupian/1.html'><img></a></li></ul></div>";
        for before in ["", "<div></div>", "<div></div><div></div><div></div><div></div>"] {
            let page = page(&format!("<div id=main>{before}{list}</div>"));
            assert_eq!(page.details().unwrap(), ["/tupian/1.html"]);
        }
    }

    #[test]
    fn advertisements_are_passed_over() {
        let page = page(
            "<div id=main><div class=slist><ul><li><a href=/a/1><img></a></li>\
             <li class=ad><a href=/buy><img></a></li><li class=ad>buy</li><li><a href=/a/2></a></li></ul></div></div>",
        );
        assert_eq!(page.details().unwrap(), ["/a/1", "/a/2"]);
    }

    #[test]
    fn items_with_a_class_count_where_the_link_itself_tells() {
        let page = page("<ul class=slist><li class=odd><span><a href=/tupian/7.html></a></span></li></ul>");
        assert_eq!(page.details().unwrap(), ["/tupian/7.html"]);
    }

    #[test]
    fn a_page_without_the_list_is_an_error_and_so_is_one_without_a_picture() {
        let page = page("<p>please wait</p>");
        assert!(page.details().unwrap_err().to_string().contains("no list of pictures"));
        assert!(page.picture().unwrap_err().to_string().contains("no picture"));
    }

    #[test]
    fn the_picture_is_the_one_that_the_page_is_about() {
        let page = page(
            "<img src=/logo.png><div id=main><img src=/ad.jpg><div class=photo-pic><a href='' id=img>\
             <img src='/uploads/a.jpg' data-pic='/uploads/b.jpg'></a></div></div>",
        );
        assert_eq!(page.picture().unwrap(), "/uploads/a.jpg");
    }

    #[test]
    fn the_picture_may_stand_in_data_pic_alone() {
        assert_eq!(page("<a id=img><img data-pic=/b.jpg></a>").picture().unwrap(), "/b.jpg");
    }

    #[test]
    fn links_are_relative_to_the_page_or_to_what_it_says_they_are_relative_to() {
        assert_eq!(page("").address(" a.jpg ").unwrap().as_str(), "https://pictures.example/4k/a.jpg");
        let other = page("<base href='/other/'>");
        assert_eq!(other.address("a.jpg").unwrap().as_str(), "https://pictures.example/other/a.jpg");
    }
}
