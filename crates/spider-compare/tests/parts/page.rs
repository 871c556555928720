//! The links of a page.

use encoding_rs::{Encoding, UTF_8};
use page_reader::Page;
use url::Url;

fn read(address: &str, text: &str, encoding: &'static Encoding) -> Page {
    Page::read(&Url::parse(address).unwrap(), text, encoding, || Ok(())).unwrap()
}

fn page(text: &str) -> Page {
    read("https://pictures.example/4k/", text, UTF_8)
}

/// Returns the links of a listing, without the site. Links that cannot be followed are errors.
fn details(text: &str) -> Vec<String> {
    let shown = |target: page_reader::Target| match target {
        Ok(target) => target.as_str().replace("https://pictures.example", ""),
        Err((link, error)) => format!("{link}: {error}"),
    };
    page(text).details().unwrap().into_iter().map(shown).collect()
}

#[test]
fn the_list_is_found_at_any_position() {
    let list = "<div class=slist><ul><li><a href='/tupian/1.html'><img></a></li></ul></div>";
    for before in ["", "<div></div>", "<div></div><div></div><div></div><div></div>"] {
        assert_eq!(details(&format!("<div id=main>{before}{list}</div>")), ["/tupian/1.html"]);
    }
}

#[test]
fn advertisements_are_ignored() {
    let list = details(
        "<div id=main><div class=slist><ul><li><a href=/a/1><img></a></li>\
         <li class=ad><a href=/buy><img></a></li><li class=ad>buy</li><li><a href=/a/2></a></li></ul></div></div>",
    );
    assert_eq!(list, ["/a/1", "/a/2"]);
}

#[test]
fn an_item_with_a_class_and_a_link_to_another_site_is_an_advertisement() {
    let list = details(
        "<ul class=slist><li class=ad><a href='https://ads.example/?x=/tupian/'></a></li>\
         <li class=odd><a href=/tupian/1.html></a></li><li><a href=//evil.example/tupian/2.html></a></li></ul>",
    );
    assert_eq!(list, ["/tupian/1.html", "https://evil.example/tupian/2.html"]);
}

#[test]
fn an_item_with_a_class_counts_if_its_link_leads_to_a_picture() {
    let list = details("<ul class=slist><li class=odd><span><a href=/tupian/7.html></a></span></li></ul>");
    assert_eq!(list, ["/tupian/7.html"]);
}

#[test]
fn a_page_without_a_list_or_without_a_picture_is_an_error() {
    let page = page("<p>please wait</p>");
    assert!(page.details().unwrap_err().to_string().contains("no list of pictures"));
    assert!(page.picture().unwrap_err().to_string().contains("no picture"));
}

#[test]
fn the_picture_is_the_main_one_of_the_page() {
    let page = page(
        "<img src=/logo.png><div id=main><img src=/ad.jpg><div class=photo-pic><a href='' id=img>\
         <img src='/uploads/a.jpg' data-pic='/uploads/b.jpg'></a></div></div>",
    );
    assert_eq!(page.picture().unwrap(), "/uploads/a.jpg");
}

#[test]
fn the_address_of_the_picture_may_be_only_in_data_pic() {
    assert_eq!(page("<a id=img><img data-pic=/b.jpg></a>").picture().unwrap(), "/b.jpg");
}

#[test]
fn a_picture_that_is_loaded_lazily_is_found() {
    let placeholder = "<a id=img><img src='data:image/gif;base64,R0lGOD' data-src='/a.jpg'></a>";
    assert_eq!(page(placeholder).picture().unwrap(), "/a.jpg");
    assert_eq!(page("<a id=img><img src='' data-original=' /b.jpg '></a>").picture().unwrap(), "/b.jpg");
    let text = "<a id=img><img alt=x></a><div id=main><img src=/c.jpg></div>";
    assert_eq!(page(text).picture().unwrap(), "/c.jpg");
}

fn next(address: &str, text: &str) -> Option<String> {
    read(address, text, UTF_8).next().map(String::from)
}

#[test]
fn the_next_page_is_declared_or_named_or_has_the_next_number() {
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
fn the_last_page_has_no_next_page() {
    let last = "https://pictures.example/4k/index_3.html";
    assert_eq!(next(last, "<a href=/4k/>1</a><a href=index_2.html>2</a><b>3</b>"), None);
    assert_eq!(next(last, "<a href='' rel=next>下一页</a>"), None);
    let greatest = "https://pictures.example/4k/?page=4294967295";
    assert_eq!(next(greatest, "<a href='?page=1'>1</a><a href='?page=4294967296'>4294967296</a>"), None);
    assert_eq!(next(last, "<a href='javascript:;'>下一页</a>"), None);
    assert_eq!(next(last, ""), None);
}

#[test]
fn links_are_relative_to_the_page_or_to_its_base() {
    assert_eq!(page("").resolve(" a.jpg ").unwrap().as_str(), "https://pictures.example/4k/a.jpg");
    let other = page("<base href='/other/'>");
    assert_eq!(other.resolve("a.jpg").unwrap().as_str(), "https://pictures.example/other/a.jpg");
}
