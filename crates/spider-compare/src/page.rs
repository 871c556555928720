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
const PICTURE: [&str; 3] = ["#img img", ".photo-pic img", "#main img"];

/// Where a picture's address stands. Pages that load pictures late have something else in `src`, or nothing.
const SOURCES: [&str; 4] = ["src", "data-pic", "data-src", "data-original"];

/// What a link to the next page of a listing may be called.
const NEXT: [&str; 5] = ["下一页", "下页", "next", "›", "»"];

/// A page: what it says, and where it was found.
#[derive(Debug)]
pub struct Page {
    html: Html,
    address: Url,
    base: Url,
}

impl Page {
    /// Reads the text of the page at `address`. No text is wrong: HTML is defined for every one.
    #[must_use]
    pub fn new(address: &Url, text: &str) -> Self {
        let html = Html::parse_document(text);
        let stated = first_of(&html, &["base[href]"]).first().and_then(|base| base.attr("href"));
        let base = stated.and_then(|stated| address.join(stated).ok()).unwrap_or_else(|| address.clone());
        Self { html, address: address.clone(), base }
    }

    /// The links of a listing to the pictures' own pages, as they stand there, in its order.
    ///
    /// # Errors
    /// When this page has no list of pictures.
    pub fn details(&self) -> Result<Vec<String>> {
        let links = first_of(&self.html, &DETAILS);
        ensure!(!links.is_empty(), "this page has no list of pictures (`.slist` with links in it)");
        let links = links.iter().filter(|link| !self.is_an_advertisement(link));
        Ok(links.filter_map(|link| link.attr("href")).map(str::to_owned).collect())
    }

    /// Whether a link of a listing leads to another site, and stands in an item that is marked as something else.
    fn is_an_advertisement(&self, link: &ElementRef<'_>) -> bool {
        let elements = link.ancestors().filter_map(ElementRef::wrap);
        let item = elements.into_iter().find(|element| element.value().name() == "li");
        let is_marked = item.is_some_and(|item| item.attr("class").is_some());
        let target = link.attr("href").and_then(|target| self.base.join(target).ok());
        is_marked && target.is_some_and(|target| target.host() != self.address.host())
    }

    /// The address of the picture that this page shows, as it stands there.
    ///
    /// # Errors
    /// When this page shows no picture.
    pub fn picture(&self) -> Result<String> {
        let source = selected(&self.html, &PICTURE).flatten().find_map(source_of);
        Ok(source.context("this page shows no picture (`#img img`)")?.to_owned())
    }

    /// The page of the listing that follows this one: what says so of itself (`rel="next"`), what is called so, or what is
    /// called by the next number, in this order. It may be one that may not be asked for. A link that runs a script leads to
    /// none.
    #[must_use]
    pub fn next(&self) -> Option<Url> {
        let said = first_of(&self.html, &["a[rel~=next][href]", "link[rel~=next][href]"]);
        let links = first_of(&self.html, &["a[href]"]);
        let number = number_of(&self.address).checked_add(1).map(|number| number.to_string());
        let text = |link: &ElementRef<'_>| link.text().collect::<String>().trim().to_lowercase();
        let called = links.iter().find(|link| NEXT.iter().any(|name| text(link).starts_with(name)));
        let numbered = || links.iter().find(|link| Some(text(link)) == number);
        let link = said.first().or(called).or_else(numbered)?;
        let mut next = self.address(link.attr("href")?).ok()?;
        next.set_fragment(None);
        (next != self.address && !next.cannot_be_a_base()).then_some(next)
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
fn first_of<'a>(html: &'a Html, selectors: &'a [&str]) -> Vec<ElementRef<'a>> {
    selected(html, selectors).find(|found| !found.is_empty()).unwrap_or_default()
}

/// What each selector finds.
fn selected<'a>(html: &'a Html, selectors: &'a [&str]) -> impl Iterator<Item = Vec<ElementRef<'a>>> {
    let parsed = selectors.iter().map(|one| Selector::parse(one).expect("the selectors above are valid"));
    parsed.map(|selector| html.select(&selector).collect())
}

/// Where an image comes from, unless it holds its bytes itself, as something that stands in for a picture does.
fn source_of(image: ElementRef<'_>) -> Option<&str> {
    let mut sources = SOURCES.iter().filter_map(|attribute| image.attr(attribute)).map(str::trim);
    sources.find(|source| !source.is_empty() && !source.starts_with("data:"))
}

/// Which page of its listing this address is: the number at the end of `index_2.html`, say; 1 where it has none.
fn number_of(address: &Url) -> u32 {
    let path = address.path();
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let number = stem.rsplit_once(['_', '-']).and_then(|(_, number)| number.parse().ok());
    let asked = address.query_pairs().find(|(name, _)| name == "page" || name == "p");
    number.or_else(|| asked?.1.parse().ok()).unwrap_or(1)
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
    fn an_item_with_a_class_that_leads_to_another_site_is_an_advertisement_and_one_without_is_not() {
        let page = page(
            "<ul class=slist><li class=ad><a href='https://ads.example/?x=/tupian/'></a></li>\
             <li class=odd><a href=/tupian/1.html></a></li><li><a href=//evil.example/tupian/2.html></a></li></ul>",
        );
        assert_eq!(page.details().unwrap(), ["/tupian/1.html", "//evil.example/tupian/2.html"]);
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
    fn a_picture_that_is_loaded_late_is_found_all_the_same() {
        let placeholder = "<a id=img><img src='data:image/gif;base64,R0lGOD' data-src='/a.jpg'></a>";
        assert_eq!(page(placeholder).picture().unwrap(), "/a.jpg");
        assert_eq!(page("<a id=img><img src='' data-original=' /b.jpg '></a>").picture().unwrap(), "/b.jpg");
        let text = "<a id=img><img alt=x></a><div id=main><img src=/c.jpg></div>";
        assert_eq!(page(text).picture().unwrap(), "/c.jpg");
    }

    fn next(address: &str, text: &str) -> Option<String> {
        Page::new(&Url::parse(address).unwrap(), text).next().map(String::from)
    }

    #[test]
    fn the_next_page_is_what_is_called_so_or_has_the_next_number() {
        let first = "https://pictures.example/4k/";
        let second = Some("https://pictures.example/4k/index_2.html".to_owned());
        for link in [
            "<b>1</b><a href=index_2.html>2</a><a href=index_3.html>3</a>",
            "<a href=index_9.html>9</a><a href=index_2.html>下一页</a>",
            "<a href=index_9.html>9</a><a href='index_2.html#top'> Next › </a>",
            "<a href=index_3.html>2</a><a rel='nofollow next' href=index_2.html>more</a>",
            "<link rel=next href=index_2.html>",
        ] {
            assert_eq!(next(first, link), second, "{link}");
        }
        let numbers = "<a href=/4k/>1</a><b>2</b><a href=index_3.html>3</a>";
        assert_eq!(
            next("https://pictures.example/4k/index_2.html", numbers).unwrap().rsplit('/').next(),
            Some("index_3.html")
        );
        assert_eq!(
            next("https://pictures.example/list?page=2", numbers).unwrap().rsplit('/').next(),
            Some("index_3.html")
        );
    }

    #[test]
    fn the_last_page_has_no_next_one() {
        let last = "https://pictures.example/4k/index_3.html";
        assert_eq!(next(last, "<a href=/4k/>1</a><a href=index_2.html>2</a><b>3</b>"), None);
        assert_eq!(next(last, "<a href='' rel=next>下一页</a>"), None);
        let greatest = "https://pictures.example/4k/?page=4294967295";
        assert_eq!(next(greatest, "<a href='?page=1'>1</a><a href='?page=4294967296'>4294967296</a>"), None);
        assert_eq!(next(last, "<a href='javascript:;'>下一页</a>"), None);
        assert_eq!(next(last, ""), None);
    }

    #[test]
    fn links_are_relative_to_the_page_or_to_what_it_says_they_are_relative_to() {
        assert_eq!(page("").address(" a.jpg ").unwrap().as_str(), "https://pictures.example/4k/a.jpg");
        let other = page("<base href='/other/'>");
        assert_eq!(other.address("a.jpg").unwrap().as_str(), "https://pictures.example/other/a.jpg");
    }
}
