//! The gallery's pages: the markup of the site that the lesson was made for, as GBK bytes.

use std::fmt::Write as _;

use encoding_rs::GBK;

/// The category that the gallery shows.
pub(crate) const CATEGORY: &str = "/4kdongman/";

/// What a listing shows of one picture.
#[derive(Clone, Copy)]
pub(crate) struct Item<'a> {
    /// The path of its detail page.
    pub(crate) detail: &'a str,
    /// The path of the picture itself.
    pub(crate) source: &'a str,
    /// What it shows.
    pub(crate) subject: &'a str,
}

/// Page `page` of the category, from 1 on.
pub(crate) fn listing(page: usize, pages: usize, items: &[Item<'_>]) -> Vec<u8> {
    let mut list = String::new();
    for (place, item) in items.iter().enumerate() {
        // The site puts its advertisements between the pictures: an item with a class, and without a picture's link.
        if place == 5 {
            list.push_str("<li class=\"nextpage\"><script>advertisement();</script></li>\n");
        }
        list.push_str(&list_item(item));
    }
    let body = format!(
        "<div id=\"main\" class=\"wrap clearfix\">\n\
         <div class=\"classify\">分类</div>\n\
         <div class=\"sort\">排序</div>\n\
         <div class=\"notice\">公告</div>\n\
         <div class=\"slist\"><ul class=\"clearfix\">\n{list}</ul></div>\n\
         <div class=\"page\">{}</div>\n\
         </div>",
        page_links(page, pages)
    );
    document("4K动漫壁纸", &body)
}

fn list_item(Item { detail, source, subject }: &Item<'_>) -> String {
    let thumbnail = source.replace(".jpg", "-small.jpg");
    format!(
        "<li><a href=\"{detail}\" target=\"_blank\"><img src=\"{thumbnail}\" alt=\"{subject} 4k壁纸\" />\
         <b>{subject}</b></a></li>\n"
    )
}

/// Page 1 is the category itself, page n is `index_n.html`; there is no `index_1.html`.
fn page_links(page: usize, pages: usize) -> String {
    let mut links = String::new();
    for other in 1..=pages {
        let _ = match other {
            _ if other == page => write!(links, "<b>{other}</b>"),
            1 => write!(links, "<a href=\"{CATEGORY}\">1</a>"),
            _ => write!(links, "<a href=\"{CATEGORY}index_{other}.html\">{other}</a>"),
        };
    }
    links
}

/// The page of one picture.
pub(crate) fn detail(Item { source, subject, .. }: &Item<'_>) -> Vec<u8> {
    let body = format!(
        "<div id=\"main\" class=\"wrap clearfix\">\n\
         <div class=\"view\"><h1>{subject}</h1>\n\
         <div class=\"photo-pic\"><a href=\"\" id=\"img\"><img src=\"{source}\" data-pic=\"{source}\" \
         alt=\"{subject}\" title=\"{subject}\"></a></div></div>\n\
         </div>"
    );
    document(subject, &body)
}

/// The page of one picture that has lost it.
pub(crate) fn detail_without_picture(subject: &str) -> Vec<u8> {
    let body = format!(
        "<div id=\"main\" class=\"wrap clearfix\">\n\
         <div class=\"view\"><h1>{subject}</h1>\n\
         <div class=\"photo-pic\"></div></div>\n\
         </div>"
    );
    document(subject, &body)
}

/// What the site answers when there is nothing under an address, or nothing for this client.
pub(crate) fn notice(text: &str) -> Vec<u8> {
    document(text, &format!("<p>{text}</p>"))
}

fn document(title: &str, body: &str) -> Vec<u8> {
    let text = format!(
        "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=gbk>\n<title>{title}</title>\n</head>\n\
         <body>\n{body}\n</body>\n</html>\n"
    );
    GBK.encode(&text).0.into_owned()
}
