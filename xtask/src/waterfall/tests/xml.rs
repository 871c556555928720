//! Whether a text is XML, as far as the picture uses it.

use std::collections::BTreeMap;

/// An element's begin.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: BTreeMap<String, String>,
    /// What stands between it and the next tag.
    pub(super) text: String,
}

impl Element {
    pub(super) fn class(&self) -> &str {
        self.attributes.get("class").map_or("", String::as_str)
    }
}

/// All elements of `text`, in order. It panics where it is no XML.
pub(super) fn elements(text: &str) -> Vec<Element> {
    let mut elements = Vec::new();
    let mut open = Vec::new();
    let text = text.trim_end().strip_prefix('<').expect("a tag first");
    for piece in text.split('<') {
        let (tag, after) = piece.split_once('>').unwrap_or_else(|| panic!("a tag without end: {piece:?}"));
        check_text(after);
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
            continue;
        }
        let element = element(tag.strip_suffix('/').unwrap_or(tag), after);
        if !tag.ends_with('/') {
            open.push(element.name.clone());
        }
        elements.push(element);
    }
    assert!(open.is_empty(), "left open: {open:?}");
    elements
}

fn element(tag: &str, after: &str) -> Element {
    let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    let mut attributes = BTreeMap::new();
    while let Some((name, value)) = rest.split_once("=\"") {
        let (value, others) = value.split_once('"').expect("the end of a value");
        check_text(value);
        let again = attributes.insert(name.trim().to_owned(), value.to_owned());
        assert!(again.is_none(), "{name} twice in {tag:?}");
        rest = others;
    }
    assert_eq!(rest.trim(), "", "in {tag:?}");
    assert!(!name.is_empty() && name.chars().all(|letter| letter.is_ascii_lowercase()), "{tag:?}");
    Element { name: name.to_owned(), attributes, text: after.to_owned() }
}

fn check_text(text: &str) {
    for (at, _) in text.match_indices('&') {
        let known = ["&amp;", "&lt;", "&gt;", "&quot;"];
        assert!(known.iter().any(|known| text[at..].starts_with(known)), "a bare & in {text:?}");
    }
    let refused =
        |symbol: char| (symbol.is_control() && symbol != '\n') || matches!(symbol, '\u{fffe}' | '\u{ffff}');
    assert!(!text.contains(refused), "what XML refuses in {text:?}");
}

/// All numbers of `elements` that say where something is. It panics where one is none.
pub(super) fn numbers(elements: &[Element]) -> Vec<f64> {
    let places = ["x", "y", "width", "height", "d", "viewBox"];
    let values = elements.iter().flat_map(|element| &element.attributes);
    let values = values.filter(|(name, value)| places.contains(&name.as_str()) && *value != "100%");
    let words = values.flat_map(|(_, value)| value.split(['M', 'V', 'L', ' ']));
    let words = words.filter(|word| !word.is_empty());
    words.map(|word| word.parse().unwrap_or_else(|_| panic!("no number: {word:?}"))).collect()
}
