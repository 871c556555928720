//! The links and the picture of a page, with what is around them.

use anyhow::{Result, ensure};
use html5gum::Token;

use crate::html::{self, OpenElements, Tag, attribute};
use crate::image_source;
use crate::next_link::{self, Sign};

/// The most tags of a page. With the limit of its size, they bound the memory that it takes.
pub(crate) const MAX_TAGS: usize = 100_000;

/// Classes of items that are no pictures.
const ADVERTISEMENTS: [&str; 9] =
    ["ad", "ads", "adv", "advert", "advertisement", "gg", "guanggao", "sponsored", "tuiguang"];

/// The longest text of a link that is kept, in bytes.
const MAX_TEXT: usize = 64;

/// What a page contains. Addresses are as written.
#[derive(Debug, Default)]
pub(crate) struct Content {
    pub(crate) base: Option<String>,
    pub(crate) links: Vec<Link>,
    pub(crate) items: Vec<Item>,
    /// The picture, with its place and whether that is in a `<noscript>`. The smallest of these pairs wins.
    pub(crate) picture: Option<((Place, bool), String)>,
    /// What stands in the place of a picture, if nothing else is known about it.
    pub(crate) placeholder: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) href: String,
    pub(crate) sign: Option<Sign>,
    /// The index of the item that it is in.
    pub(crate) item: Option<usize>,
    pub(crate) has_image: bool,
}

/// An item of a list: an `<li>`, or a link in `.slist` without one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Item {
    pub(crate) list: List,
    pub(crate) has_class: bool,
    /// Whether its class says that it is an advertisement.
    pub(crate) is_advertisement: bool,
    pub(crate) has_image: bool,
}

/// The place of a list: `#main .slist`, `.slist` or `#main`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum List {
    SlistInMain,
    Slist,
    Main,
}

/// The place of a picture: `#img`, `.photo-pic` or `#main`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Img,
    PhotoPic,
    Main,
}

/// What is known about the content of an element.
#[derive(Debug, Clone, Copy, Default)]
struct Around {
    list: Option<List>,
    place: Option<Place>,
    item: Option<usize>,
    has_next_class: bool,
    is_template: bool,
    is_noscript: bool,
}

#[derive(Default)]
struct Reader {
    content: Content,
    open: OpenElements<Around>,
    /// Whether the last link is open, its text, and the text that stands for an image in it.
    is_link: bool,
    text: String,
    alternative: String,
    /// The image of the `<source>` elements before an `<img>`.
    source: Option<String>,
}

/// Reads a page. It is an error if the page has more than [`MAX_TAGS`] tags, or if `check`, which is called often, fails.
pub(crate) fn read(text: &str, check: impl Fn() -> Result<()>) -> Result<Content> {
    let (mut reader, mut tags) = (Reader::default(), 0);
    for (number, token) in html::tokens(text.as_bytes()).enumerate() {
        if number % 256 == 0 {
            check()?;
        }
        match token {
            Token::StartTag(tag) => {
                tags += 1;
                ensure!(tags <= MAX_TAGS, "the page has more than {MAX_TAGS} tags");
                reader.start(&tag);
            }
            Token::EndTag(tag) => reader.end(&String::from_utf8_lossy(&tag.name)),
            Token::String(text) if reader.is_link && reader.text.len() <= MAX_TEXT => {
                reader.text.push_str(&String::from_utf8_lossy(&text));
            }
            _ => {}
        }
    }
    reader.end_link();
    Ok(reader.content)
}

impl Reader {
    fn start(&mut self, tag: &Tag) {
        let name = String::from_utf8_lossy(&tag.name);
        self.open.close_before(&name);
        let around = self.open.innermost();
        let inside = self.inside(tag, &name, around);
        match &*name {
            _ if inside.is_template => {}
            "a" => self.start_link(tag, around),
            "img" | "image" | "amp-img" => self.add_image(tag, around),
            "picture" => self.source = None,
            "source" if self.source.is_none() => self.source = image_source::of_source(tag),
            "base" if self.content.base.is_none() => self.content.base = attribute(tag, "href"),
            "link" if next_link::of_attributes(tag, false) == Some(Sign::RelInHead) => {
                let (href, sign) = (attribute(tag, "href").unwrap_or_default(), Some(Sign::RelInHead));
                self.content.links.push(Link { href, sign, item: None, has_image: false });
            }
            _ => {}
        }
        self.open.open(&name, inside);
    }

    /// Returns what is known about the content of an element in another one.
    fn inside(&mut self, tag: &Tag, name: &str, around: Around) -> Around {
        let id = attribute(tag, "id").unwrap_or_default();
        let class = attribute(tag, "class");
        let has_class =
            |name| class.iter().flat_map(|class| class.split_ascii_whitespace()).any(|one| one == name);
        let mut inside = around;
        if id == "main" {
            inside.list = around.list.or(Some(List::Main));
        }
        if has_class("slist") {
            let is_outside = matches!(around.list, None | Some(List::Slist));
            inside.list = Some(if is_outside { List::Slist } else { List::SlistInMain });
        }
        let places = [
            (id == "img", Place::Img),
            (has_class("photo-pic"), Place::PhotoPic),
            (id == "main", Place::Main),
        ];
        let own = places.into_iter().filter(|(is_here, _)| *is_here).map(|(_, place)| place);
        inside.place = own.chain(around.place).min();
        if let ("li", Some(list)) = (name, inside.list) {
            inside.item = Some(self.content.items.len());
            let (has_class, is_advertisement) =
                (class.is_some(), ADVERTISEMENTS.iter().any(|name| has_class(name)));
            self.content.items.push(Item { list, has_class, is_advertisement, has_image: false });
        }
        inside.has_next_class = next_link::has_next_class(tag);
        inside.is_template |= name == "template";
        inside.is_noscript |= name == "noscript";
        inside
    }

    fn end(&mut self, name: &str) {
        match name {
            "a" => self.end_link(),
            "picture" => self.source = None,
            _ => {}
        }
        self.open.close_at(name);
    }

    fn start_link(&mut self, tag: &Tag, around: Around) {
        self.end_link();
        let Some(href) = attribute(tag, "href") else { return };
        let mut item = around.item;
        if let (None, Some(list @ (List::SlistInMain | List::Slist))) = (item, around.list) {
            item = Some(self.content.items.len());
            let (has_class, is_advertisement, has_image) = (false, false, false);
            self.content.items.push(Item { list, has_class, is_advertisement, has_image });
        }
        let sign = next_link::of_attributes(tag, around.has_next_class);
        self.content.links.push(Link { href, sign, item, has_image: false });
        self.is_link = true;
    }

    fn end_link(&mut self) {
        let (text, alternative) = (std::mem::take(&mut self.text), std::mem::take(&mut self.alternative));
        let text = if text.trim().is_empty() { alternative } else { text };
        if let Some(link) = self.content.links.last_mut().filter(|_| self.is_link && text.len() <= MAX_TEXT) {
            link.sign = link.sign.into_iter().chain(next_link::of_text(&text)).min();
        }
        self.is_link = false;
    }

    fn add_image(&mut self, tag: &Tag, around: Around) {
        let link = self.content.links.last_mut().filter(|_| self.is_link);
        let item = around.item.or_else(|| link.as_ref()?.item);
        if let Some(item) = item {
            self.content.items[item].has_image = true;
        }
        let is_thumbnail =
            item.is_some() && link.as_ref().is_some_and(|link| !image_source::is_picture(&link.href));
        if let Some(link) = link {
            link.has_image = true;
            self.alternative = attribute(tag, "alt").unwrap_or_default();
        }
        let source = self.source.take().or_else(|| image_source::of_image(tag));
        let Some(place) = around.place.filter(|place| *place < Place::Main || !is_thumbnail) else { return };
        let Some(source) = source else {
            return self.content.placeholder =
                self.content.placeholder.take().or_else(|| attribute(tag, "src"));
        };
        let key = (place, around.is_noscript);
        let is_better = self.content.picture.as_ref().is_none_or(|(best, _)| key < *best);
        if is_better {
            self.content.picture = Some((key, source));
        }
    }
}
