//! What there is to see in the gallery: its pictures, and the answer to each path.

use std::collections::HashMap;
use std::iter;

use crate::Options;
use crate::fault::{Fault, Faults, Resource};
use crate::markup::{self, CATEGORY, Item};
use crate::picture::Picture;
use crate::response::{Delivery, Response};

/// Pictures on a full page of the category.
const ON_A_PAGE: usize = 20;

/// Where robots are told what they may ask for.
const ROBOTS: &str = "/robots.txt";

/// All pictures of the gallery, and what is wrong with some.
#[derive(Debug)]
pub(crate) struct Content {
    pictures: Vec<Picture>,
    /// What is at the address of each picture and of each detail page.
    targets: HashMap<String, Route>,
    faults: Faults,
    robots: Option<String>,
}

/// What is at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    /// A page of the category, by its number from 1 on.
    Listing(usize),
    /// The detail page of the picture with this number.
    Detail(usize),
    /// The picture with this number.
    Picture(usize),
    Robots,
}

impl Content {
    pub(crate) fn new(options: &Options) -> Self {
        let pictures: Vec<_> =
            (0..options.pictures).map(|number| Picture::new(number, options.size)).collect();
        let targets = pictures.iter().enumerate().flat_map(|(number, picture)| {
            [(picture.detail.clone(), Route::Detail(number)), (picture.path.clone(), Route::Picture(number))]
        });
        Self {
            targets: targets.collect(),
            faults: Faults::new(&options.faults),
            robots: options.robots.clone(),
            pictures,
        }
    }

    /// The pictures of the first page.
    pub(crate) fn first_page(&self) -> &[Picture] {
        self.pictures.chunks(ON_A_PAGE).next().unwrap_or_default()
    }

    /// The pictures of all pages.
    pub(crate) fn pictures(&self) -> &[Picture] {
        &self.pictures
    }

    /// Whether `path` is that of a picture, rather than of a page.
    pub(crate) fn is_picture(&self, path: &str) -> bool {
        matches!(self.target(path), Some(Route::Picture(_)))
    }

    /// The answer to one request for `path`. What passes with the requests has then passed by one.
    pub(crate) fn answer(&self, path: &str) -> Response {
        let Some(target) = self.target(path) else { return Response::not_found() };
        if let Some(answer) = self.passing(target) {
            return answer;
        }
        match target {
            Route::Listing(page) => self.listing(page),
            Route::Detail(number) => self.detail(number),
            Route::Picture(number) => self.picture(number, path),
            Route::Robots => self.robots.as_deref().map_or_else(Response::not_found, Response::text),
        }
    }

    /// What is at `path`; a query changes nothing.
    fn target(&self, path: &str) -> Option<Route> {
        let path = path.split('?').next()?;
        if path == ROBOTS {
            return Some(Route::Robots);
        }
        page_number(path).map(Route::Listing).or_else(|| self.targets.get(path).copied())
    }

    /// The answer of a fault that passes, as long as it has not.
    fn passing(&self, target: Route) -> Option<Response> {
        let fault = match target {
            Route::Listing(page) => {
                self.faults.passing(Resource::Listing, |number| number / ON_A_PAGE + 1 == page)
            }
            Route::Detail(detail) => self.faults.passing(Resource::Detail, |number| number == detail),
            Route::Picture(picture) => self.faults.passing(Resource::Picture, |number| number == picture),
            Route::Robots => None,
        };
        match fault? {
            Fault::Unavailable { status, retry_after, .. } => {
                Some(Response::unavailable(*status, retry_after.as_ref()))
            }
            Fault::ConnectionClosed { .. } => Some(Response::closed()),
            _ => None,
        }
    }

    /// A category without pictures has an empty first page.
    fn listing(&self, page: usize) -> Response {
        let pages = self.pictures.len().div_ceil(ON_A_PAGE).max(1);
        if page > pages {
            return Response::not_found();
        }
        let pictures = self.pictures.iter().enumerate().skip((page - 1) * ON_A_PAGE).take(ON_A_PAGE);
        let is_listed_twice = |number| self.faults.lasting(number).any(|fault| *fault == Fault::ListedTwice);
        let items = pictures.flat_map(|(number, picture)| {
            let times = if is_listed_twice(number) { 2 } else { 1 };
            iter::repeat_n(item(picture, &picture.path), times)
        });
        let items: Vec<_> = items.collect();
        Response::page(markup::listing(page, pages, &items))
    }

    fn detail(&self, number: usize) -> Response {
        let picture = &self.pictures[number];
        let page = |source| Response::page(markup::detail(&item(picture, source)));
        let faulty = self.faults.lasting(number).find_map(|fault| match fault {
            Fault::Source(source) => Some(page(source)),
            Fault::DetailWithoutPicture => {
                Some(Response::page(markup::detail_without_picture(picture.subject)))
            }
            Fault::DetailMissing => Some(Response::not_found()),
            _ => None,
        });
        faulty.unwrap_or_else(|| page(&picture.path))
    }

    /// The answer to `asked`, which is the path of the picture, perhaps with a query.
    fn picture(&self, number: usize, asked: &str) -> Response {
        let picture = || Response::picture(self.pictures[number].body());
        let notice = || Response::page(markup::notice("请稍候"));
        let faulty = self.faults.lasting(number).find_map(|fault| match fault {
            Fault::NotFound => Some(Response::not_found()),
            Fault::HtmlInstead => Some(notice()),
            Fault::WrongContentType => Some(Response { body: notice().body, ..picture() }),
            Fault::Truncated => Some(Response { sent: Delivery::Truncated, ..picture() }),
            Fault::Stalled => Some(Response { sent: Delivery::Stalled, ..picture() }),
            Fault::Endless => Some(Response { sent: Delivery::Endless, ..picture() }),
            Fault::Redirect(address) => Some(Response::redirect(address.clone())),
            Fault::RedirectLoop => Some(Response::redirect(self.other_address(number, asked))),
            _ => None,
        });
        faulty.unwrap_or_else(picture)
    }

    /// The same picture under another address, and under the first again.
    fn other_address(&self, number: usize, asked: &str) -> String {
        let path = &self.pictures[number].path;
        if asked == path { format!("{path}?again") } else { path.clone() }
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

    fn with(faults: &[(usize, Fault)]) -> Content {
        Content::new(&Options { faults: faults.to_vec(), ..Options::default() })
    }

    fn text(answer: Response) -> String {
        String::from_utf8_lossy(&answer.body.bytes()).into_owned()
    }

    #[test]
    fn the_first_page_has_twenty_different_pictures_of_12_2_megabytes_together() {
        let content = content();
        let pictures = content.first_page();
        assert_eq!(pictures.len(), 20);
        assert_eq!(pictures.iter().map(|picture| &picture.file_name).collect::<BTreeSet<_>>().len(), 20);
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
    fn there_are_as_many_pages_as_the_pictures_need_and_one_without_any() {
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
    fn every_picture_is_at_its_address_and_its_detail_page_leads_there() {
        let content = Content::new(&Options { pictures: 45, size: Some(2_000), ..Options::default() });
        for picture in content.pictures() {
            assert!(content.is_picture(&picture.path) && !content.is_picture(&picture.detail));
            assert!(content.answer(&picture.path).body.bytes() == picture.bytes(), "{}", picture.path);
            let page = text(content.answer(&picture.detail));
            assert!(page.contains(&picture.path), "{page}");
        }
    }

    #[test]
    fn a_page_is_gbk_and_its_header_does_not_say_so() {
        let answer = content().answer("/4kdongman/");
        assert_eq!(answer.content_type, "text/html");
        let bytes = answer.body.bytes();
        assert!(std::str::from_utf8(&bytes).is_err());
        let (text, _, wrong) = encoding_rs::GBK.decode(&bytes);
        assert!(!wrong && text.contains("星空下的少女") && text.contains("charset=gbk"));
    }

    #[test]
    fn a_fault_at_a_listing_is_at_the_page_that_shows_the_picture() {
        let retry_after = Some("7".to_owned());
        let fault = Fault::Unavailable { times: 1, status: 429, retry_after, at: Resource::Listing };
        let content = with(&[(20, fault)]);
        assert_eq!(content.answer("/4kdongman/").status, 200);
        let second = content.answer("/4kdongman/index_2.html");
        assert_eq!((second.status, second.fields), (429, vec![("Retry-After", "7".to_owned())]));
        assert_eq!(content.answer("/4kdongman/index_2.html").status, 200);
    }

    #[test]
    fn the_first_page_is_the_same_page_under_both_of_its_addresses() {
        let content = with(&[(0, Fault::ConnectionClosed { times: 2, at: Resource::Listing })]);
        assert_eq!(content.answer("/4kdongman/index.html").sent, Delivery::Nothing);
        assert_eq!(content.answer("/4kdongman/").sent, Delivery::Nothing);
        assert_eq!(content.answer("/4kdongman/").sent, Delivery::Whole);
    }

    #[test]
    fn a_redirect_loop_leads_back_to_where_it_began_by_another_address() {
        let content = with(&[(0, Fault::RedirectLoop)]);
        let mut visited = vec![content.pictures()[0].path.clone()];
        for _ in 0..2 {
            let answer = content.answer(visited.last().unwrap());
            assert_eq!(answer.status, 302);
            visited.push(answer.fields[0].1.clone());
        }
        assert_eq!(visited[0], visited[2]);
        assert_ne!(visited[0], visited[1]);
        assert!(content.is_picture(&visited[1]));
    }

    #[test]
    fn a_detail_page_can_be_missing_or_show_nothing_and_its_picture_is_there_all_the_same() {
        let content = with(&[(0, Fault::DetailMissing), (1, Fault::DetailWithoutPicture)]);
        let [missing, broken, ..] = content.pictures() else { panic!("too few pictures") };
        assert_eq!(content.answer(&missing.detail).status, 404);
        let page = content.answer(&broken.detail);
        assert_eq!(page.status, 200);
        assert!(!text(page).contains("<img"));
        for picture in [missing, broken] {
            assert!(content.answer(&picture.path).body.bytes() == picture.bytes());
        }
    }

    #[test]
    fn a_picture_and_its_detail_page_can_both_be_wrong() {
        let content = with(&[(0, Fault::Source("..%2Fa.jpg".to_owned())), (0, Fault::NotFound)]);
        let picture = &content.pictures()[0];
        assert!(text(content.answer(&picture.detail)).contains("src=\"..%2Fa.jpg\""));
        assert_eq!(content.answer(&picture.path).status, 404);
    }

    #[test]
    fn robots_are_told_what_the_options_say_or_nothing() {
        assert_eq!(content().answer("/robots.txt").status, 404);
        let robots = "User-agent: *\nDisallow: /tupian/\n".to_owned();
        let content = Content::new(&Options { robots: Some(robots.clone()), ..Options::default() });
        assert_eq!(text(content.answer("/robots.txt")), robots);
    }
}
