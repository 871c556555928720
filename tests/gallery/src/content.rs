//! The content of the gallery: its pictures, and the response to each path.

use std::collections::HashMap;

use crate::body::Body;
use crate::fault::{Fault, Faults, Resource};
use crate::markup::{self, CATEGORY};
use crate::options::Options;
use crate::picture::Picture;
use crate::response::{Delivery, Response};

/// Pictures per page of the category.
const PER_PAGE: usize = 20;

/// The pictures of a gallery and their faults.
#[derive(Debug)]
pub(crate) struct Content {
    /// The pictures of all pages.
    pub(crate) pictures: Vec<Picture>,
    /// The paths of all pictures and detail pages.
    routes: HashMap<String, Route>,
    faults: Faults,
    robots: Option<String>,
}

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    /// A page of the category, by its number from 1.
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
        let routes = pictures.iter().enumerate().flat_map(|(number, picture)| {
            [(picture.detail.clone(), Route::Detail(number)), (picture.path.clone(), Route::Picture(number))]
        });
        Self {
            routes: routes.collect(),
            faults: Faults::new(&options.faults),
            robots: options.robots.clone(),
            pictures,
        }
    }

    pub(crate) fn first_page(&self) -> &[Picture] {
        self.pictures.chunks(PER_PAGE).next().unwrap_or_default()
    }

    pub(crate) fn is_picture(&self, path: &str) -> bool {
        matches!(self.route(path), Some(Route::Picture(_)))
    }

    /// Returns the response to a request for `path`, and uses up one occurrence of a transient fault.
    pub(crate) fn response(&self, path: &str) -> Response {
        let Some(route) = self.route(path) else { return Response::error(404) };
        if let Some(response) = self.transient_fault(route) {
            return response;
        }
        match route {
            Route::Listing(page) => self.listing(page),
            Route::Detail(number) => self.detail(number),
            Route::Picture(number) => self.picture(number, path),
            Route::Robots => self.robots_txt(),
        }
    }

    fn robots_txt(&self) -> Response {
        let Some(text) = &self.robots else { return Response::error(404) };
        Response::new("text/plain; charset=utf-8", Body(vec![text.clone().into_bytes().into()]))
    }

    /// Returns what `path` leads to, without regard to its query.
    fn route(&self, path: &str) -> Option<Route> {
        let path = path.split('?').next()?;
        if path == "/robots.txt" {
            return Some(Route::Robots);
        }
        let listing = page_number(path).filter(|page| *page <= self.pages()).map(Route::Listing);
        listing.or_else(|| self.routes.get(path).copied())
    }

    fn transient_fault(&self, route: Route) -> Option<Response> {
        let (resource, numbers) = match route {
            Route::Listing(page) => (Resource::Listing, (page - 1) * PER_PAGE..page * PER_PAGE),
            Route::Detail(number) => (Resource::Detail, number..number + 1),
            Route::Picture(number) => (Resource::Picture, number..number + 1),
            Route::Robots => return None,
        };
        match self.faults.next_transient(resource, &numbers)? {
            Fault::Unavailable { status, retry_after, .. } => {
                let fields = retry_after.iter().map(|value| ("Retry-After", value.clone())).collect();
                Some(Response { fields, ..Response::error(*status) })
            }
            Fault::ConnectionClosed { .. } => {
                Some(Response { delivery: Delivery::Nothing, ..Response::page(Vec::new()) })
            }
            permanent => unreachable!("{permanent:?} is not transient"),
        }
    }

    /// Returns the number of pages. A category without pictures has one empty page.
    fn pages(&self) -> usize {
        self.pictures.len().div_ceil(PER_PAGE).max(1)
    }

    fn listing(&self, page: usize) -> Response {
        let mut listed = Vec::new();
        for (number, picture) in self.pictures.iter().enumerate().skip((page - 1) * PER_PAGE).take(PER_PAGE) {
            listed.push(picture);
            if self.faults.permanent(number).any(|fault| *fault == Fault::ListedTwice) {
                listed.push(picture);
            }
        }
        Response::page(markup::listing(page, self.pages(), &listed))
    }

    fn detail(&self, number: usize) -> Response {
        let picture = &self.pictures[number];
        let page = |source| Response::page(markup::detail(picture.subject, source));
        let faulty = self.faults.permanent(number).find_map(|fault| match fault {
            Fault::Source(source) => Some(page(Some(source))),
            Fault::DetailWithoutPicture => Some(page(None)),
            Fault::DetailMissing => Some(Response::error(404)),
            _ => None,
        });
        faulty.unwrap_or_else(|| page(Some(&picture.path)))
    }

    /// Returns the response to a request for a picture at `path`, which may have a query.
    fn picture(&self, number: usize, path: &str) -> Response {
        let picture = || Response::new("image/jpeg", self.pictures[number].body());
        let delivered = |delivery| Some(Response { delivery, ..picture() });
        let notice = || Response::page(markup::notice(markup::PLEASE_WAIT));
        let faulty = self.faults.permanent(number).find_map(|fault| match fault {
            Fault::NotFound => Some(Response::error(404)),
            Fault::HtmlInstead => Some(notice()),
            Fault::WrongContentType => Some(Response { body: notice().body, ..picture() }),
            Fault::Truncated => delivered(Delivery::Truncated),
            Fault::Stalled => delivered(Delivery::Stalled),
            Fault::Endless => delivered(Delivery::Endless),
            Fault::Redirect(location) => Some(Response::redirect(location.clone())),
            Fault::RedirectLoop => Some(Response::redirect(self.other_path(number, path))),
            _ => None,
        });
        faulty.unwrap_or_else(picture)
    }

    /// Returns a second path of the picture for its first one, and the first one for all others.
    fn other_path(&self, number: usize, path: &str) -> String {
        let first = &self.pictures[number].path;
        if path == first { format!("{first}?again") } else { first.clone() }
    }
}

/// Returns the number of the category's page at `path`, if it is one.
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

    fn text(response: &Response) -> String {
        String::from_utf8_lossy(&response.body.to_bytes()).into_owned()
    }

    #[test]
    fn the_first_page_has_twenty_different_pictures_with_12_2_megabytes_in_total() {
        let content = content();
        let pictures = content.first_page();
        assert_eq!(pictures.len(), 20);
        assert_eq!(pictures.iter().map(|picture| &picture.file_name).collect::<BTreeSet<_>>().len(), 20);
        assert_eq!(pictures.iter().map(Picture::bytes).collect::<BTreeSet<_>>().len(), 20);
        assert_eq!(pictures.iter().map(|picture| picture.bytes().len()).sum::<usize>(), 12_200_000);
    }

    #[test]
    fn page_1_is_the_category_or_its_index_and_index_1_does_not_exist() {
        assert_eq!(page_number("/4kdongman/"), Some(1));
        assert_eq!(page_number("/4kdongman/index.html"), Some(1));
        assert_eq!(page_number("/4kdongman/index_2.html"), Some(2));
        for path in ["/4kdongman/index_1.html", "/4kdongman/index_0.html", "/4kdongman", "/"] {
            assert_eq!(page_number(path), None, "{path}");
        }
    }

    #[test]
    fn the_number_of_pages_follows_from_the_number_of_pictures_and_is_at_least_one() {
        for (pictures, pages) in [(24, 2), (20, 1), (21, 2), (2_000, 100), (0, 1), (1, 1)] {
            let content = Content::new(&Options { pictures, ..Options::default() });
            let page = |number| content.response(&format!("/4kdongman/index_{number}.html")).status;
            assert_eq!(content.response("/4kdongman/").status, 200, "{pictures} pictures");
            for number in 2..=pages {
                assert_eq!(page(number), 200, "page {number} of {pictures} pictures");
            }
            assert_eq!(page(pages + 1), 404, "{pictures} pictures");
        }
    }

    #[test]
    fn every_picture_is_at_its_path_and_its_detail_page_links_to_it() {
        let content = Content::new(&Options { pictures: 45, size: Some(2_000), ..Options::default() });
        for picture in &content.pictures {
            assert!(content.is_picture(&picture.path) && !content.is_picture(&picture.detail));
            assert!(content.response(&picture.path).body.to_bytes() == picture.bytes(), "{}", picture.path);
            let page = text(&content.response(&picture.detail));
            assert!(page.contains(&picture.path), "{page}");
        }
    }

    #[test]
    fn a_page_is_in_gbk_and_its_content_type_does_not_name_the_character_set() {
        let response = content().response("/4kdongman/");
        assert_eq!(response.content_type, "text/html");
        let bytes = response.body.to_bytes();
        assert!(std::str::from_utf8(&bytes).is_err());
        let (text, _, wrong) = encoding_rs::GBK.decode(&bytes);
        assert!(!wrong && text.contains("星空下的少女") && text.contains("charset=gbk"));
    }

    #[test]
    fn a_listing_fault_affects_the_page_that_lists_the_picture() {
        let retry_after = Some("7".to_owned());
        let fault = Fault::Unavailable { times: 1, status: 429, retry_after, at: Resource::Listing };
        let content = with(&[(20, fault)]);
        assert_eq!(content.response("/4kdongman/").status, 200);
        let second = content.response("/4kdongman/index_2.html");
        assert_eq!((second.status, second.fields), (429, vec![("Retry-After", "7".to_owned())]));
        assert_eq!(content.response("/4kdongman/index_2.html").status, 200);
    }

    #[test]
    fn both_paths_of_the_first_page_share_its_faults() {
        let content = with(&[(0, Fault::ConnectionClosed { times: 2, at: Resource::Listing })]);
        assert_eq!(content.response("/4kdongman/index.html").delivery, Delivery::Nothing);
        assert_eq!(content.response("/4kdongman/").delivery, Delivery::Nothing);
        assert_eq!(content.response("/4kdongman/").delivery, Delivery::Whole);
    }

    #[test]
    fn a_redirect_loop_goes_through_two_paths_of_the_picture() {
        let content = with(&[(0, Fault::RedirectLoop)]);
        let mut visited = vec![content.pictures[0].path.clone()];
        for _ in 0..2 {
            let response = content.response(visited.last().unwrap());
            assert_eq!(response.status, 302);
            visited.push(response.fields[0].1.clone());
        }
        assert_eq!(visited[0], visited[2]);
        assert_ne!(visited[0], visited[1]);
        assert!(content.is_picture(&visited[1]));
    }

    #[test]
    fn a_faulty_detail_page_does_not_affect_the_picture() {
        let content = with(&[(0, Fault::DetailMissing), (1, Fault::DetailWithoutPicture)]);
        let [missing, broken, ..] = &content.pictures[..] else { panic!("too few pictures") };
        assert_eq!(content.response(&missing.detail).status, 404);
        let page = content.response(&broken.detail);
        assert_eq!(page.status, 200);
        assert!(!text(&page).contains("<img"));
        for picture in [missing, broken] {
            assert!(content.response(&picture.path).body.to_bytes() == picture.bytes());
        }
    }

    #[test]
    fn a_picture_and_its_detail_page_can_both_have_a_fault() {
        let content = with(&[(0, Fault::Source("..%2Fa.jpg".to_owned())), (0, Fault::NotFound)]);
        let picture = &content.pictures[0];
        assert!(text(&content.response(&picture.detail)).contains("src=\"..%2Fa.jpg\""));
        assert_eq!(content.response(&picture.path).status, 404);
    }

    #[test]
    fn robots_txt_has_the_text_of_the_options_or_gives_404() {
        assert_eq!(content().response("/robots.txt").status, 404);
        let robots = "User-agent: *\nDisallow: /tupian/\n".to_owned();
        let content = Content::new(&Options { robots: Some(robots.clone()), ..Options::default() });
        assert_eq!(text(&content.response("/robots.txt")), robots);
    }
}
