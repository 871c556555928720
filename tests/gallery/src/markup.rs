//! The HTML of the gallery: the markup of the site that the lesson was written for, encoded in GBK.

use std::fmt::Write as _;

use encoding_rs::GBK;

use crate::picture::Picture;

/// The path of the category that the gallery shows.
pub(crate) const CATEGORY: &str = "/4kdongman/";

/// The text of pages that ask visitors to come back later.
pub(crate) const PLEASE_WAIT: &str = "请稍候";

/// Returns page `page` of `pages` of the category, with links to these pictures.
pub(crate) fn listing(page: usize, pages: usize, pictures: &[&Picture]) -> Vec<u8> {
    let mut list = String::new();
    for (index, picture) in pictures.iter().enumerate() {
        // The site puts advertisements between the pictures: items with a class and without a link to a picture.
        if index == 5 {
            list.push_str("<li class=\"nextpage\"><script>advertisement();</script></li>\n");
        }
        list.push_str(&list_item(picture));
    }
    let body = format!(
        "<div class=\"classify\">分类</div>\n\
         <div class=\"sort\">排序</div>\n\
         <div class=\"notice\">公告</div>\n\
         <div class=\"slist\"><ul class=\"clearfix\">\n{list}</ul></div>\n\
         <div class=\"page\">{}</div>",
        page_links(page, pages)
    );
    document("4K动漫壁纸", &main(&body))
}

fn list_item(Picture { detail, path, subject, .. }: &Picture) -> String {
    let thumbnail = path.replace(".jpg", "-small.jpg");
    format!(
        "<li><a href=\"{detail}\" target=\"_blank\"><img src=\"{thumbnail}\" alt=\"{subject} 4k壁纸\" />\
         <b>{subject}</b></a></li>\n"
    )
}

/// Returns links to all pages. Page 1 is the category itself, page n is `index_n.html`; `index_1.html` does not exist.
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

/// Returns the detail page of a picture, with the picture at `source` or without a picture.
pub(crate) fn detail(subject: &str, source: Option<&str>) -> Vec<u8> {
    let image = source.map(|source| {
        format!(
            "<a href=\"\" id=\"img\"><img src=\"{source}\" data-pic=\"{source}\" alt=\"{subject}\" \
             title=\"{subject}\"></a>"
        )
    });
    let body = format!(
        "<div class=\"view\"><h1>{subject}</h1>\n<div class=\"photo-pic\">{}</div></div>",
        image.unwrap_or_default()
    );
    document(subject, &main(&body))
}

/// Returns a page that only shows `text`, as for an error.
pub(crate) fn notice(text: &str) -> Vec<u8> {
    document(text, &format!("<p>{text}</p>"))
}

fn main(body: &str) -> String {
    format!("<div id=\"main\" class=\"wrap clearfix\">\n{body}\n</div>")
}

fn document(title: &str, body: &str) -> Vec<u8> {
    let text = format!(
        "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=gbk>\n<title>{title}</title>\n</head>\n\
         <body>\n{body}\n</body>\n</html>\n"
    );
    GBK.encode(&text).0.into_owned()
}
