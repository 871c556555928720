//! What there is to see in the gallery: its pictures, and the answer to each path.

use std::collections::HashMap;

use super::answer::{Answer, Sent};
use super::markup::{self, CATEGORY, Item};
use super::picture::Picture;
use super::{Fault, Options};

/// Pictures on a full page of the category.
const ON_A_PAGE: usize = 20;

/// All pictures of the gallery, and what is wrong with some.
#[derive(Debug)]
pub(super) struct Content {
    pictures: Vec<Picture>,
    /// What is at the address of each picture and of each detail page.
    places: HashMap<String, Place>,
    faults: Vec<(usize, Fault)>,
}

/// What is at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A page of the category, by its number from 1 on.
    Listing(usize),
    /// The detail page of the picture with this number.
    Detail(usize),
    /// The picture with this number.
    Picture(usize),
}

impl Content {
    pub(super) fn new(options: &Options) -> Self {
        let pictures: Vec<_> =
            (0..options.pictures).map(|number| Picture::new(number, options.size)).collect();
        let places = pictures.iter().enumerate().flat_map(|(number, picture)| {
            [(picture.detail.clone(), Place::Detail(number)), (picture.path.clone(), Place::Picture(number))]
        });
        Self { places: places.collect(), faults: options.faults.clone(), pictures }
    }

    /// The pictures of the first page.
    pub(super) fn first_page(&self) -> &[Picture] {
        self.pictures.chunks(ON_A_PAGE).next().unwrap_or_default()
    }

    /// The pictures of all pages.
    pub(super) fn pictures(&self) -> &[Picture] {
        &self.pictures
    }

    /// Whether `path` is that of a picture, rather than of a page.
    pub(super) fn is_picture(&self, path: &str) -> bool {
        matches!(self.place(path), Some(Place::Picture(_)))
    }

    pub(super) fn answer(&self, path: &str) -> Answer {
        match self.place(path) {
            Some(Place::Listing(page)) => self.listing(page),
            Some(Place::Detail(number)) => self.detail(number),
            Some(Place::Picture(number)) => self.picture(number),
            None => Answer::not_found(),
        }
    }

    fn place(&self, path: &str) -> Option<Place> {
        page_number(path).map(Place::Listing).or_else(|| self.places.get(path).copied())
    }

    /// A category without pictures has an empty first page.
    fn listing(&self, page: usize) -> Answer {
        let pages = self.pictures.len().div_ceil(ON_A_PAGE).max(1);
        if page > pages {
            return Answer::not_found();
        }
        let pictures = self.pictures.iter().skip((page - 1) * ON_A_PAGE).take(ON_A_PAGE);
        let items: Vec<_> = pictures.map(|picture| item(picture, &picture.path)).collect();
        Answer::page(markup::listing(page, pages, &items))
    }

    fn detail(&self, number: usize) -> Answer {
        let picture = &self.pictures[number];
        let source = match self.fault(number) {
            Some(Fault::Source(source)) => source,
            _ => &picture.path,
        };
        Answer::page(markup::detail(&item(picture, source)))
    }

    fn picture(&self, number: usize) -> Answer {
        let picture = Answer::picture(self.pictures[number].body());
        match self.fault(number) {
            None | Some(Fault::Source(_)) => picture,
            Some(Fault::NotFound) => Answer::not_found(),
            Some(Fault::Page) => Answer::page(markup::notice("请稍候")),
            Some(Fault::Disguised) => Answer { body: markup::notice("请稍候").into(), ..picture },
            Some(Fault::CutShort) => Answer { sent: Sent::Half, ..picture },
            Some(Fault::Stalled) => Answer { sent: Sent::HalfAndNoEnd, ..picture },
            Some(Fault::Endless) => Answer { sent: Sent::Endlessly, ..picture },
            Some(Fault::Elsewhere(address)) => Answer::redirect(address),
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
        assert_eq!(pictures.iter().map(Picture::bytes).collect::<BTreeSet<_>>().len(), 20);
        assert_eq!(pictures.iter().map(|picture| picture.bytes().len()).sum::<usize>(), 12_200_000);
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
        for (pictures, pages) in [(24, 2), (20, 1), (21, 2), (2_000, 100), (0, 1), (1, 1)] {
            let content = Content::new(&Options { pictures, ..Options::default() });
            let page = |number| content.answer(&format!("/4kdongman/index_{number}.html")).status;
            assert_eq!(content.answer("/4kdongman/").status, 200, "{pictures} pictures");
            for number in 2..=pages {
                assert_eq!(page(number), 200, "page {number} of {pictures} pictures");
            }
            assert_eq!(page(pages + 1), 404, "{pictures} pictures");
        }
    }

    #[test]
    fn every_picture_has_its_address_and_its_detail_page_and_the_page_leads_to_it() {
        let content = Content::new(&Options { pictures: 45, size: Some(2_000), ..Options::default() });
        for picture in content.pictures() {
            assert!(content.is_picture(&picture.path) && !content.is_picture(&picture.detail));
            assert!(content.answer(&picture.path).body.bytes() == picture.bytes(), "{}", picture.path);
            let page = String::from_utf8_lossy(&content.answer(&picture.detail).body.bytes()).into_owned();
            assert!(page.contains(&picture.path), "{page}");
        }
    }

    #[test]
    fn a_page_is_gbk_and_its_header_does_not_say_so() {
        let content = content();
        let answer = content.answer("/4kdongman/");
        assert_eq!(answer.content_type, "text/html");
        let bytes = answer.body.bytes();
        assert!(std::str::from_utf8(&bytes).is_err());
        let (text, _, wrong) = encoding_rs::GBK.decode(&bytes);
        assert!(!wrong && text.contains("星空下的少女") && text.contains("charset=gbk"));
    }
}
