//! What there is to see in the gallery: its pictures, and the answer to each path.

use super::markup::{self, CATEGORY, Item};
use super::{Fault, Options, jpeg};

/// Pictures on a full page of the category.
const ON_A_PAGE: usize = 20;

/// Pictures in the whole category: a full page, and one that is not.
const IN_ALL: usize = 24;

/// China Standard Time, 21 May 2024, 0 o'clock, in seconds of Unix time: the day of all uploads.
const DAY: usize = 1_716_220_800;

const SUBJECTS: [&str; 6] = ["星空下的少女", "雨后的车站", "海边的夏天", "樱花树下", "云上的城", "冬夜的灯"];

/// One picture of the gallery.
#[derive(Debug)]
pub struct Picture {
    /// The last segment of its path: `162010-17162796101e1c.jpg`, say.
    pub title: String,
    /// Its path, from the root of the gallery.
    pub path: String,
    /// The whole JPEG file.
    pub bytes: Vec<u8>,
    detail: String,
    subject: &'static str,
}

impl Picture {
    /// Number 0 has 562,500 bytes and each further one 5,000 more: 12.2 MB for the first twenty together.
    fn new(number: usize) -> Self {
        let second = 36_000 + number * 1_237;
        let (hour, minute) = (second / 3_600, second / 60 % 60);
        let title = format!(
            "{hour:02}{minute:02}{:02}-{}{:04x}.jpg",
            second % 60,
            DAY + second,
            number * 7_919 % 0x1_0000
        );
        Self {
            detail: format!("/tupian/{}.html", 34_001 + number),
            path: format!("/uploads/allimg/240521/{title}"),
            subject: SUBJECTS[number % SUBJECTS.len()],
            bytes: jpeg::picture(number, 562_500 + 5_000 * number),
            title,
        }
    }
}

/// All pictures of the gallery, and what is wrong with some.
#[derive(Debug)]
pub(super) struct Content {
    pictures: Vec<Picture>,
    faults: Vec<(usize, Fault)>,
}

/// What the gallery answers to a request.
pub(super) struct Answer<'a> {
    /// Code and reason.
    pub(super) status: &'static str,
    pub(super) content_type: &'static str,
    /// Where else to look, for a redirect.
    pub(super) location: Option<&'a str>,
    pub(super) body: std::borrow::Cow<'a, [u8]>,
    /// How much of the body really comes.
    pub(super) sent: Sent,
}

/// How much of a body is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    Whole,
    /// Its first half, then the connection is closed.
    Half,
    /// Its first half, and the connection stays open.
    HalfAndNoEnd,
    /// Again and again, until nobody listens any more.
    Endlessly,
}

impl<'a> Answer<'a> {
    fn page(body: Vec<u8>) -> Self {
        Self {
            status: "200 OK",
            content_type: "text/html",
            location: None,
            body: body.into(),
            sent: Sent::Whole,
        }
    }

    fn picture(bytes: &'a [u8]) -> Self {
        Self { content_type: "image/jpeg", body: bytes.into(), ..Self::page(Vec::new()) }
    }

    fn not_found() -> Self {
        Self { status: "404 Not Found", ..Self::page(markup::notice("页面不存在")) }
    }
}

impl Content {
    pub(super) fn new(options: &Options) -> Self {
        Self { pictures: (0..IN_ALL).map(Picture::new).collect(), faults: options.faults.clone() }
    }

    /// The pictures of the first page.
    pub(super) fn first_page(&self) -> &[Picture] {
        &self.pictures[..ON_A_PAGE]
    }

    /// Whether `path` is that of a picture, rather than of a page.
    pub(super) fn is_picture(&self, path: &str) -> bool {
        self.pictures.iter().any(|picture| picture.path == path)
    }

    pub(super) fn answer(&self, path: &str) -> Answer<'_> {
        if let Some(page) = page_number(path)
            && let Some(listing) = self.listing(page)
        {
            return Answer::page(listing);
        }
        let number = self.pictures.iter().position(|picture| picture.detail == path || picture.path == path);
        match number {
            Some(number) if self.pictures[number].detail == path => self.detail(number),
            Some(number) => self.picture(number),
            None => Answer::not_found(),
        }
    }

    fn listing(&self, page: usize) -> Option<Vec<u8>> {
        let mut pages = self.pictures.chunks(ON_A_PAGE);
        let (count, pictures) = (pages.len(), pages.nth(page - 1)?);
        let items: Vec<_> = pictures.iter().map(|picture| item(picture, &picture.path)).collect();
        Some(markup::listing(page, count, &items))
    }

    fn detail(&self, number: usize) -> Answer<'_> {
        let picture = &self.pictures[number];
        let source = match self.fault(number) {
            Some(Fault::Source(source)) => source,
            _ => &picture.path,
        };
        Answer::page(markup::detail(&item(picture, source)))
    }

    fn picture(&self, number: usize) -> Answer<'_> {
        let picture = Answer::picture(&self.pictures[number].bytes);
        match self.fault(number) {
            None | Some(Fault::Source(_)) => picture,
            Some(Fault::NotFound) => Answer::not_found(),
            Some(Fault::Page) => Answer::page(markup::notice("请稍候")),
            Some(Fault::Disguised) => Answer { body: markup::notice("请稍候").into(), ..picture },
            Some(Fault::CutShort) => Answer { sent: Sent::Half, ..picture },
            Some(Fault::Stalled) => Answer { sent: Sent::HalfAndNoEnd, ..picture },
            Some(Fault::Endless) => Answer { sent: Sent::Endlessly, ..picture },
            Some(Fault::Elsewhere(address)) => {
                Answer { status: "302 Found", location: Some(address), ..Answer::page(Vec::new()) }
            }
        }
    }

    fn fault(&self, number: usize) -> Option<&Fault> {
        self.faults.iter().find(|(faulty, _)| *faulty == number).map(|(_, fault)| fault)
    }
}

fn item<'a>(picture: &'a Picture, source: &'a str) -> Item<'a> {
    Item { detail: &picture.detail, source, subject: picture.subject }
}

/// Which page of the category a path means, if any.
fn page_number(path: &str) -> Option<usize> {
    match path.strip_prefix(CATEGORY)? {
        "" | "index.html" => Some(1),
        other => {
            let number = other.strip_prefix("index_")?.strip_suffix(".html")?.parse().ok()?;
            (number > 1).then_some(number)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn content() -> Content {
        Content::new(&Options::default())
    }

    #[test]
    fn the_first_page_has_twenty_different_pictures_of_12_2_megabytes_together() {
        let content = content();
        let pictures = content.first_page();
        assert_eq!(pictures.len(), 20);
        assert_eq!(pictures.iter().map(|picture| &picture.title).collect::<BTreeSet<_>>().len(), 20);
        assert_eq!(pictures.iter().map(|picture| &picture.bytes).collect::<BTreeSet<_>>().len(), 20);
        assert_eq!(pictures.iter().map(|picture| picture.bytes.len()).sum::<usize>(), 12_200_000);
    }

    #[test]
    fn page_one_is_the_category_or_its_index_and_there_is_no_index_1() {
        assert_eq!(page_number("/4kdongman/"), Some(1));
        assert_eq!(page_number("/4kdongman/index.html"), Some(1));
        assert_eq!(page_number("/4kdongman/index_2.html"), Some(2));
        for path in ["/4kdongman/index_1.html", "/4kdongman/index_0.html", "/4kdongman", "/"] {
            assert_eq!(page_number(path), None, "{path}");
        }
    }

    #[test]
    fn a_page_beyond_the_last_is_not_found() {
        assert_eq!(content().answer("/4kdongman/index_2.html").status, "200 OK");
        assert_eq!(content().answer("/4kdongman/index_3.html").status, "404 Not Found");
    }

    #[test]
    fn a_page_is_gbk_and_its_header_does_not_say_so() {
        let content = content();
        let answer = content.answer("/4kdongman/");
        assert_eq!(answer.content_type, "text/html");
        assert!(std::str::from_utf8(&answer.body).is_err());
        let (text, _, wrong) = encoding_rs::GBK.decode(&answer.body);
        assert!(!wrong && text.contains("星空下的少女") && text.contains("charset=gbk"));
    }
}
