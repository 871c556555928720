//! The links of a page.

use std::cell::Cell;

use anyhow::ensure;
use encoding_rs::{Encoding, GBK, UTF_8, UTF_16LE, WINDOWS_1252};
use html5gum::Token;
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
         <li class=box><a href='https://ads.example/'></a></li><li class=odd><a href=/tupian/1.html></a></li><li><a href=//evil.example/tupian/2.html></a></li></ul>",
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

/// The picture of a page, or the error.
fn picture(inside: &str) -> String {
    let page = page(&format!("<div id=main><div class=photo-pic>{inside}</div></div>"));
    page.picture().map_or_else(|error| error.to_string(), str::to_owned)
}

#[test]
fn the_picture_is_the_one_that_a_browser_shows_when_it_is_in_view() {
    for (inside, shown) in [
        // Lazy loading by lazysizes, jQuery, WordPress, Discuz!, echo.js and others.
        ("<img class=lazyload src=/loading.gif data-src=/a.jpg>", "/a.jpg"),
        ("<img class=lazy src=data:image/gif;base64,R0lG data-original=/a.jpg>", "/a.jpg"),
        ("<img src='about:blank' data-lazy-src='/a.jpg'>", "/a.jpg"),
        ("<img src='#' data-lazy=' /a.jpg '>", "/a.jpg"),
        ("<img src='' data-echo='a.jpg'>", "a.jpg"),
        ("<img data-url=/a.jpg>", "/a.jpg"),
        ("<img src=/images/loading.svg data-some-plugin=/a.jpg>", "/a.jpg"),
        ("<img src=/img/1x1.png data-src=/image?id=5>", "/image?id=5"),
        ("<img src=/static/none.gif zoomfile=/a.jpg file=/a.jpg.thumb.jpg>", "/a.jpg.thumb.jpg"),
        ("<img src=/small.jpg data-src=/a.jpg>", "/a.jpg"),
        ("<img src=/a.jpg data-lazy=true data-url=/share.html>", "/a.jpg"),
        ("<img src=/a.jpg data-url=/share?id=5 data-img=/1 file=/f/>", "/a.jpg"),
        ("<img src=data:, data-any=' /a.jpg '>", "/a.jpg"),
        ("<img src=/a.jpg data-id=5 data-pin-media=/b.jpg data-pic=/b.jpg>", "/a.jpg"),
        // Several sizes.
        ("<img src=/s.jpg srcset='/s.jpg 300w, /a.jpg 2048w, /m.jpg 1024w'>", "/a.jpg"),
        ("<img src=/s.jpg srcset='/s.jpg, /a.jpg 1.5x'>", "/a.jpg"),
        ("<img src=/s.jpg srcset='/s.jpg 1x,/c_fill,w_9/a.jpg 2x'>", "/c_fill,w_9/a.jpg"),
        ("<img src=/s.jpg srcset='/s,1.jpg,'>", "/s,1.jpg"),
        ("<img src=/s.jpg srcset=' ,/a.jpg, /b.jpg 1x'>", "/a.jpg"),
        ("<img srcset=data:, data-srcset='\n/s.jpg 1w,\n/a.jpg 2w\n' src=/s.jpg>", "/a.jpg"),
        ("<img srcset='' src=/a.jpg>", "/a.jpg"),
        ("<img srcset='/logo.svg, /a.jpg' src=/s.jpg>", "/a.jpg"),
        ("<img srcset='blank.gif,' src=/a.jpg>", "/a.jpg"),
        // <picture>
        ("<picture><source srcset='/a.webp' type=image/webp><img src=/s.jpg></picture>", "/a.webp"),
        ("<picture><source srcset=/a.jxl type=image/jxl><img src=/s.jpg></picture>", "/s.jpg"),
        (
            "<picture><source srcset=/p.jpg media='(max-width: 600px)'><source data-srcset='/b.avif 2x'><img></picture>",
            "/b.avif",
        ),
        ("<picture><source srcset=/p.jpg></picture><img src=/a.jpg>", "/a.jpg"),
        ("<picture><source srcset=/p.jpg media='(width <= 600px)'><img src=/a.jpg></picture>", "/a.jpg"),
        ("<picture><source srcset=/p.jpg media='(MAX-WIDTH: 600px)'><img src=/a.jpg></picture>", "/a.jpg"),
        // <noscript>, if there is nothing else.
        ("<img src=data:,><noscript><img src=/a.jpg></noscript>", "/a.jpg"),
        ("<noscript><img src=/n.jpg></noscript><img data-src=/a.jpg>", "/a.jpg"),
        ("<noscript><img src=//ads.example/1.gif width=1 height=1></noscript><img src=/a.jpg>", "/a.jpg"),
        // What is not shown.
        ("<!-- <img src=/b.jpg> --><img src=/a.jpg>", "/a.jpg"),
        ("<template><img src=/b.jpg></template><img src=/a.jpg>", "/a.jpg"),
        (
            "<script>'<img src=/b.jpg>'</script><textarea><img src=/b.jpg></textarea><img src=/a.jpg>",
            "/a.jpg",
        ),
        ("<svg><title/><style/><script/><image href=/b.jpg /></svg><img src=/a.jpg>", "/a.jpg"),
        ("<svg/><script/><img src=/b.jpg></script><img src=/a.jpg>", "/a.jpg"),
        ("<IMG SRC=/a.jpg>", "/a.jpg"),
        ("<image src=/a.jpg>", "/a.jpg"),
        ("<b><p></b><i><img src='/a.jpg?x=1&amp;y=2'>", "/a.jpg?x=1&y=2"),
    ] {
        assert_eq!(picture(inside), shown, "{inside}");
    }
}

#[test]
fn a_page_that_shows_only_a_placeholder_is_an_error() {
    for placeholder in [
        "#",
        "data:,",
        "about:blank",
        "javascript:;",
        "/loading.gif",
        "/img/lazy_load.png?1",
        "spacer.gif",
        "/1x1.gif",
        "/pixel_2.png",
        "/placeholder.jpg",
    ] {
        let error = picture(&format!("<img src='{placeholder}'>"));
        assert_eq!(error, format!("this page shows only a placeholder ({placeholder:?})"));
    }
    for real in ["/x.jpg", "/grey.jpg", "/loading-dock-at-night.jpg", "/10x15.png"] {
        assert_eq!(picture(&format!("<img src={real}>")), real);
    }
}

#[test]
fn a_thumbnail_in_a_list_is_not_the_picture_of_the_page() {
    let list = "<div id=main><ul><li><a href=/tupian/1.html><img src=/t.jpg></a></ul></div>";
    assert!(page(list).picture().unwrap_err().to_string().contains("no picture"));
    let slist = "<div id=main><div class=slist><a href=/tupian/1.html><img src=/t.jpg></a></div></div>";
    assert!(page(slist).picture().unwrap_err().to_string().contains("no picture"));
    let full = "<div id=main><ul><li><a href=/full.jpg><img src=/a.jpg></a></ul></div>";
    assert_eq!(page(full).picture().unwrap(), "/a.jpg");
}

/// A list with these items.
fn list(items: &str) -> Vec<String> {
    details(&format!("<div id=main><div class=slist><ul>{items}</ul></div></div>"))
}

#[test]
fn links_that_lead_to_no_page_are_passed_over() {
    let items = "<li><a href='javascript:;'>*</a><a href=/p/1.html></a></li>\
         <li><a href=mailto:a@b.example>m</a><a href=tel:1>t</a><a href=data:,x>d</a><a href=blob:x>b</a><a href='#'>^</a>\
         <a href=''></a><a href=thunder://x>x</a><a name=x>y</a><a href=/p/2.html#top></a></li><li class=clear></li>";
    assert_eq!(list(items), ["/p/1.html", "/p/2.html#top"]);
}

#[test]
fn each_item_of_a_list_counts_whatever_its_links_look_like() {
    for (items, links) in [
        (
            "<li><a href=/p/1><img></a><a href=/p/1>t</a><a href=/u/9>by x</a><li><a href=/p/2><img></a>",
            "/p/1 /p/2",
        ),
        (
            "<li class=first><a href=/p/1><img></a><li><a href=/p/2><img></a><li class=last><a href=/p/3><img></a>",
            "/p/1 /p/2 /p/3",
        ),
        ("<li><a href=/tupian/1><img></a><li><a href=/fengjing/2><img></a>", "/tupian/1 /fengjing/2"),
        (
            "<li><a href=/tupian/1><img></a><li><a href=/vip>join</a><li class=ad><a href=/app><img></a>",
            "/tupian/1",
        ),
        ("<li><a href=/uploads/1.jpg><img src=t.jpg></a>", "/uploads/1.jpg"),
        ("<li class=box><a href=//ads.example/1><img></a><li class=box><a href=/p/1><img></a>", "/p/1"),
        (
            "<li class=box><a href=//www.pictures.example/2><img></a><li class=box><a href=/p/1><img></a>",
            "https://www.pictures.example/2 /p/1",
        ),
        (
            "<li><a href=/p/1><img></a><li><a href=index_2.html>2</a><li><a href=index_2.html>下一页</a>",
            "/p/1",
        ),
        ("<li><a href=/p/1>1</a><li><a href=/p/2>2</a>", "/p/1 /p/2"),
        ("<li><div><a href=/p/1>x<li><a href=/p/2>y</ul><p><li><a href=/p/3>z", "/p/1 /p/2 /p/3"),
        (
            "</ul><a href=/p/1><img></a><div><a href=/p/2><img></a></div><a href=/more>more</a>",
            "/p/1 /p/2 /more",
        ),
        ("<noscript><li><a href=/p/1><img></a></noscript>", "/p/1"),
    ] {
        assert_eq!(list(items).join(" ").replace("/4k/", ""), links, "{items}");
    }
}

#[test]
fn elements_end_where_a_browser_ends_them() {
    for (items, links) in [
        ("<li><a href=/p/1><img></a><li><a href=/p/2><img></a></li><a href=/p/3><img></a>", "/p/1 /p/2 /p/3"),
        ("<li><a href=/p/1><img></a><ul></li><a href=/p/2>x</a></ul></li>", "/p/1"),
        ("<li><a href=/p/1><img></a><section></li><a href=/p/2>x</a>", "/p/1 /p/2"),
        ("<table><tr><td><li><a href=/p/1><img></a><td><a href=/p/2><img></a></table>", "/p/1 /p/2"),
    ] {
        assert_eq!(list(items).join(" "), links, "{items}");
    }
    let cells = "<table><tr><td class=slist><a href=/p/1><img></a><td><a href=/p/2><img></a></table>";
    assert_eq!(details(cells), ["/p/1"]);
    let unclosed = "<a name=top><ul class=slist><li><a href=/p/1><img></a><li><a href=/p/2><img></a></ul>";
    assert_eq!(details(unclosed), ["/p/1", "/p/2"]);
    assert_eq!(
        picture("<p id=img><div><img src=/b.jpg></div><span id=img><img src=/a.jpg></span>"),
        "/a.jpg"
    );
}

#[test]
fn the_list_in_the_most_specific_place_counts() {
    let side = "<ul class=slist><li><a href=/s/1><img></a></ul>";
    let menu = "<ul><li><a href=/about>about</a></ul>";
    let main = "<ul class=slist><li><a href=/p/1><img></a><li><a href=/p/2>2nd</a></ul>";
    assert_eq!(details(&format!("{side}<div id=main>{menu}{main}</div>")), ["/p/1", "/p/2"]);
    assert_eq!(details(&format!("{side}<div id=main>{menu}</div>")), ["/s/1"]);
    let plain = main.replace("class=slist", "");
    assert_eq!(details(&format!("<div class=slist><div id=main>{plain}</div></div>")), ["/p/1", "/p/2"]);
    assert_eq!(details(&format!("<div id=main>{menu}{plain}</div>")), ["/p/1"]);
}

#[test]
fn an_item_that_has_an_image_and_leads_nowhere_is_an_error() {
    for link in
        ["<a href='javascript:show(1)'><img src=t.jpg></a>", "<img src=t.jpg>", "<a><img src=t.jpg></a>"]
    {
        let links = list(&format!("<li>{link}</li><li><a href=/p/2><img></a></li>"));
        assert!(links[0].contains("has an image, but no link") && links[1] == "/p/2", "{links:?}");
    }
    assert!(list("<li><a href='http://[/'>x</a>")[0].contains("not a valid address"));
}

#[test]
fn a_list_that_is_empty_is_an_error() {
    for items in ["", "<li></li>", "<li><a href='#'><img></a></li>", "<li class=ad><a href=/buy></a>"] {
        let text = format!("<div id=main><div class=slist><ul>{items}</ul></div></div>");
        assert!(page(&text).details().is_err(), "{items}");
    }
}

#[test]
fn a_query_is_encoded_as_the_page_is_and_a_path_in_utf_8() {
    let resolve = |encoding| {
        let page = read("http://a.example/", "", encoding);
        page.resolve("/图?k=图&n=é#图").unwrap().as_str().replace("http://a.example/%E5%9B%BE", "")
    };
    assert_eq!(resolve(UTF_8), "?k=%E5%9B%BE&n=%C3%A9#%E5%9B%BE");
    assert_eq!(resolve(UTF_16LE), "?k=%E5%9B%BE&n=%C3%A9#%E5%9B%BE");
    assert_eq!(resolve(GBK), "?k=%CD%BC&n=%A8%A6#%E5%9B%BE");
    assert_eq!(resolve(WINDOWS_1252), "?k=%26%2322270%3B&n=%E9#%E5%9B%BE");
}

#[test]
fn a_base_that_is_none_is_ignored() {
    for base in [
        "<base>",
        "<base target=_blank>",
        "<base href='http://['>",
        "<base href='data:,x'>",
        "<base href='javascript:;'>",
    ] {
        assert_eq!(
            page(base).resolve("a.jpg").unwrap().as_str(),
            "https://pictures.example/4k/a.jpg",
            "{base}"
        );
    }
    let second =
        page("<base target=_blank><template><base href=/x/></template><base href=/y/><base href=/z/>");
    assert_eq!(second.resolve("a.jpg").unwrap().path(), "/y/a.jpg");
}

#[test]
fn a_link_to_the_next_page_is_known_by_what_pages_use() {
    for link in [
        "<a href=index_2.html>下一頁</a>",
        "<a href=index_2.html>[下一页]</a>",
        "<a href=index_2.html>&gt;</a>",
        "<a href=index_2.html>→</a>",
        "<a href=index_2.html>»</a>",
        "<a class=next href=index_2.html>Weitere</a>",
        "<li class=next><a href=index_2.html>more <span>→</span></a></li>",
        "<a class=nxt href=index_2.html></a>",
        "<a class='page-numbers next' href=index_2.html>...</a>",
        "<a href=index_2.html title=下一页><i></i></a>",
        "<a href=index_2.html aria-label='Next page'><svg><title>x</title></svg></a>",
        "<a href=index_2.html><img alt=下一页 src=/n.gif></a>",
        "<a href=index_2.html>NEXT &raquo;</a>",
        "<a href=index_2.html>Older posts</a>",
        "<a href=index_2.html>第2页</a>",
        "<a rel=nofollow,next href=/x>x</a><a href=index_2.html>2</a><a href=index_9.html>»</a>",
        "<a href='javascript:;'>下一页</a><a href=index_2.html>2</a>",
        "<a href='#' class=next>下一页</a><a href=index_2.html>下一页</a>",
        "<a href=/4k/index_1.html>1</a><a href=index_2.html>2</a><a href=index_3.html>3</a>",
        "<div class=slist><li><a href=/tupian/9.html><img>next</a></div><a href=index_2.html>2</a>",
        "<a href=/tupian/9.html>如何翻到下一页</a><a href=/tupian/9.html title='The next page of my life'>x</a>\
         <a href=index_2.html>2</a>",
    ] {
        assert_eq!(
            next("https://pictures.example/4k/", link).as_deref(),
            Some("https://pictures.example/4k/index_2.html"),
            "{link}"
        );
    }
    let fifth = "<a href=/c/1>1</a><a href=/c/3>3</a><a href=/c/4>4</a><b>5</b><a href=/c/6>6</a>";
    for query in ["page=5&n=20", "paged=5", "p=5", "pg=5", "pn=5"] {
        let address = format!("https://a.example/c/9?{query}");
        assert_eq!(next(&address, fifth).as_deref(), Some("https://a.example/c/6"), "{address}");
    }
    let category = "<b>1</b><a href=25_2.html>2</a><a href=25_3.html>3</a>";
    let second = next("https://a.example/list/25.html", category);
    assert_eq!(second.as_deref(), Some("https://a.example/list/25_2.html"));
    let third = "<a href=/c/1>1</a><a href=/c/2>2</a><b>3</b><a href=/c/4>4</a><a href=/c/5>5</a><a href=/c/90>90</a>";
    for address in [
        "https://a.example/c/3",
        "https://a.example/c/page/3/",
        "https://a.example/c?page=3&n=20",
        "https://a.example/c/x",
    ] {
        assert_eq!(next(address, third).as_deref(), Some("https://a.example/c/4"), "{address}");
    }
}

#[test]
fn a_link_that_only_mentions_the_next_page_does_not_lead_there() {
    for link in [
        "<a href=/9.html>下一页的风景</a>",
        "<a href=/9.html>Next to you</a>",
        "<a href=/9.html title='next to the sea'>x</a>",
        "<a href=/9.html class='nextgen gallery'>x</a>",
        "<a href=/9.html rel=prev>1</a>",
        "<a href=/9.html>«</a><a href=/9.html>...</a>",
        "<template><a href=/9.html>next</a></template>",
        "<!--<a href=/9.html>next</a>-->",
        "<link rel=stylesheet title=next href=/9.css>",
    ] {
        assert_eq!(next("https://pictures.example/4k/", link), None, "{link}");
    }
}

#[test]
fn a_page_may_nest_thousands_of_elements_and_have_thousands_of_attributes() {
    let list = "<div id=main><div class=slist><ul><li><a href=/p/1><img></a><li><a href=/p/2><img></a></ul></div></div>";
    let attributes: String = (0..9_000).map(|number| format!(" a{number}=1")).collect();
    let formatting: String = (0..2_400).map(|number| format!("<b id={number}>")).collect();
    for before in [
        "<div>".repeat(9_000),
        "<object>".repeat(9_000),
        "<svg><g>".repeat(4_000),
        "<table><tr><td>".repeat(2_000),
        "<span></p></li>".repeat(3_000),
        format!("<p{attributes}>"),
        format!("<p>{formatting}</p>{}", "<p>x".repeat(2_400)),
    ] {
        assert_eq!(details(&format!("{before}{list}")), ["/p/1", "/p/2"], "{}", &before[..20]);
    }
}

#[test]
fn of_the_attributes_of_a_tag_the_first_thousand_are_kept() {
    let many: String = (0..2_000).map(|number| format!(" a{number}={number}")).collect();
    let text = format!("<p{many}><b c=d>");
    let tags = page_reader::html::tokens(text.as_bytes()).map(|token| match token {
        Token::StartTag(tag) => tag.attributes,
        other => panic!("{other:?}"),
    });
    let [many, one] = tags.collect::<Vec<_>>().try_into().unwrap();
    let last = many.get(&b"a999"[..]).map(|value| value.to_vec());
    assert_eq!((many.len(), last, one.len()), (1_000, Some(b"999".to_vec()), 1));
}

#[test]
fn links_with_a_long_base_are_an_error_before_their_addresses_fill_the_memory() {
    let address = Url::parse("https://pictures.example/").unwrap();
    let links = "<div class=slist>".to_owned() + &"<a href=x><img></a>".repeat(30_000);
    let page = format!("<base href='/{}/'>{links}", "a".repeat(2 << 20));
    let error = Page::read(&address, &page, UTF_8, || Ok(())).unwrap_err().to_string();
    assert_eq!(error, "the addresses of the links take more than 16777216 bytes");
    assert_eq!(details(&links).len(), 30_000);
}

#[test]
fn an_item_may_have_its_image_beside_its_link() {
    let items = "<div id=main><ul><li><img src=t.jpg><a href=/p/1>one</a><li><img src=t.jpg><a href=/p/2>two</a></ul></div>";
    assert_eq!(details(items), ["/p/1", "/p/2"]);
}

#[test]
fn a_page_with_too_many_tags_is_an_error_and_so_is_one_whose_time_is_over() {
    let address = Url::parse("https://pictures.example/").unwrap();
    let error = Page::read(&address, &"<a>".repeat(100_001), UTF_8, || Ok(())).unwrap_err();
    assert_eq!(error.to_string(), "the page has more than 100000 tags");
    let checks = Cell::new(0);
    let check = || {
        checks.set(checks.get() + 1);
        ensure!(checks.get() < 10, "cancelled");
        Ok(())
    };
    let error = Page::read(&address, &"<a>".repeat(99_000), UTF_8, check).unwrap_err();
    assert_eq!((error.to_string().as_str(), checks.get()), ("cancelled", 10));
}
