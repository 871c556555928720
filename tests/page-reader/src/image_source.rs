//! Which address of an image a browser shows, once the image is in view and a script has loaded it.

use crate::html::{Tag, attribute};

/// The attributes with several sizes of an image. Scripts copy the first ones to the last one.
const SETS: [&str; 4] = ["data-srcset", "data-lazy-srcset", "data-original-srcset", "srcset"];

/// The attributes with one size of an image: those that scripts copy to `src`, then `src`, then one that they do not copy.
const SOURCES: &str = "data-src data-original data-lazy-src data-lazy data-lazyload data-lazy-load data-ks-lazyload \
                       data-original-src data-actualsrc data-real-src data-echo data-url data-image data-img \
                       lazy-src lazysrc lazyload original real-src _src file zoomfile src data-pic";

/// Those of them that may have another meaning.
const VAGUE: [&str; 4] = ["data-url", "data-image", "data-img", "file"];

/// The names of files that stand for an image which is not loaded yet, without digits at the end.
const PLACEHOLDERS: &str = "imgloading lazyload lazyloading loading placeholder preloader spacer";

/// Names that mean the same only of a GIF or PNG.
const SMALL_PLACEHOLDERS: &str =
    "1x blank empty gray grey lazy load loader none nopic pixel spinner trans transparent";

/// The extensions of pages, and of images that this program does not download.
const OTHERS: [&str; 4] = ["htm", "html", "shtml", "svg"];

const PICTURES: [&str; 8] = [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".avif"];

/// Returns the address of an `<img>` as written, or `None` if it has only a placeholder.
pub(crate) fn of_image(tag: &Tag) -> Option<String> {
    // An image of one pixel counts visitors.
    let is_tiny = |side| attribute(tag, side).is_some_and(|size| matches!(&*size, "0" | "1"));
    if is_tiny("width") && is_tiny("height") {
        return None;
    }
    let sources = SOURCES.split(' ').filter_map(|name| Some((name, attribute(tag, name)?)));
    let sources = sources.filter(|(name, value)| !VAGUE.contains(name) || is_picture(value));
    let sources = sources.map(|(_, value)| value);
    let others = tag.attributes.iter().filter(|(name, _)| name.starts_with(b"data-"));
    let others = others.map(|(_, value)| String::from_utf8_lossy(value).trim().to_owned());
    of_sizes(tag)
        .or_else(|| sources.chain(others.filter(|value| is_picture(value))).find(|one| is_usable(one)))
}

/// Returns the address of the largest image of a `<source>`, if a browser with a wide screen shows one of it.
pub(crate) fn of_source(tag: &Tag) -> Option<String> {
    let kind = attribute(tag, "type").unwrap_or_default().to_ascii_lowercase();
    let is_known = ["", "image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"].contains(&&*kind);
    let media = attribute(tag, "media").unwrap_or_default().to_ascii_lowercase().replace(' ', "");
    let others = ["max-width", "width<", "print", "portrait", "dark"];
    let is_shown = !others.iter().any(|feature| media.contains(feature));
    of_sizes(tag).filter(|_| is_known && is_shown)
}

fn of_sizes(tag: &Tag) -> Option<String> {
    SETS.iter().find_map(|name| largest(&attribute(tag, name)?).map(str::to_owned))
}

/// Returns the address with the greatest width or density in a `srcset`. An address may contain commas, but not end with
/// one (HTML standard, "parse a srcset attribute").
pub fn largest(mut set: &str) -> Option<&str> {
    let mut best = None;
    let mut greatest = 0.0;
    loop {
        set = set.trim_start_matches(|char: char| char.is_ascii_whitespace() || char == ',');
        if set.is_empty() {
            return best;
        }
        let (candidate, rest) = set.split_once(|char: char| char.is_ascii_whitespace()).unwrap_or((set, ""));
        let address = candidate.trim_end_matches(',');
        let has_size = address == candidate;
        let (size, rest) = if has_size { rest.split_once(',').unwrap_or((rest, "")) } else { ("", rest) };
        let size = size.split_ascii_whitespace().find_map(|size| size.strip_suffix(['w', 'x'])?.parse().ok());
        let size: f64 = size.unwrap_or(1.0);
        if size > greatest && is_usable(address) {
            (best, greatest) = (Some(address), size);
        }
        set = rest;
    }
}

/// Returns whether an address may be that of a picture: not of a placeholder or of a page, and not a word such as "true".
fn is_usable(address: &str) -> bool {
    let path = path(address);
    let (stem, extension) = path.rsplit_once('.').unwrap_or((&path, ""));
    let name: String =
        stem.rsplit('/').take(1).flat_map(str::chars).filter(|char| char.is_alphanumeric()).collect();
    let is_name_in = |names: &str| {
        names.split(' ').any(|one| one == name.trim_end_matches(|char: char| char.is_ascii_digit()))
    };
    let is_other = ["data:", "about:", "javascript:", "blob:"].iter().any(|scheme| path.starts_with(scheme));
    let is_placeholder =
        is_name_in(PLACEHOLDERS) || matches!(extension, "gif" | "png") && is_name_in(SMALL_PLACEHOLDERS);
    path.contains(['/', '.']) && !is_other && !OTHERS.contains(&extension) && !is_placeholder
}

/// Returns whether an address ends as that of a picture does.
pub fn is_picture(address: &str) -> bool {
    PICTURES.iter().any(|end| path(address).ends_with(end))
}

fn path(address: &str) -> String {
    address.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase()
}
