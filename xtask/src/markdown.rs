//! Links, headings and code of a page in Markdown.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// How many columns of code fit on a page of the book in a window of 1,200 pixels; see `docs/book.css`.
pub const CODE_COLUMNS: usize = 100;

/// A link or an image: `[text](target)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link<'a> {
    /// The target as it is written: the path of a file from the page's folder, an anchor, or both; or a URL.
    pub target: &'a str,
    /// The byte range of the target in the page.
    pub range: Range<usize>,
}

impl<'a> Link<'a> {
    /// Returns whether the target is a URL.
    #[must_use]
    pub fn is_external(&self) -> bool {
        self.target.contains("://") || self.target.starts_with("mailto:")
    }

    /// Returns the path, which is empty for an anchor in the same page, and the anchor, if there is one.
    #[must_use]
    pub fn parts(&self) -> (String, Option<&'a str>) {
        let (path, anchor) =
            self.target.split_once('#').map_or((self.target, None), |(path, anchor)| (path, Some(anchor)));
        (path.replace("%20", " "), anchor)
    }
}

/// Returns all inline links and images of a page, in order.
#[must_use]
pub fn links(page: &str) -> Vec<Link<'_>> {
    let events = Parser::new_ext(page, Options::ENABLE_TABLES).into_offset_iter();
    let link = |(event, range): (Event, Range<usize>)| {
        let (Event::End(TagEnd::Link | TagEnd::Image), Some(text)) = (event, page.get(range.clone())) else {
            return None;
        };
        // The others, such as `<https://…>`, are URLs.
        let range = range.start + text.rfind("](")? + 2..range.end - 1;
        Some(Link { target: &page[range.clone()], range })
    };
    events.filter_map(link).collect()
}

/// Returns a page in which each link to a file has another target, the one that `target` returns.
///
/// # Errors
/// Those of `target`.
pub fn with_targets<E>(page: &str, mut target: impl FnMut(&Link) -> Result<String, E>) -> Result<String, E> {
    let mut result = String::new();
    let mut copied = 0;
    for link in links(page).into_iter().filter(|link| !link.is_external()) {
        result.extend([&page[copied..link.range.start], &target(&link)?]);
        copied = link.range.end;
    }
    Ok(result + &page[copied..])
}

/// Returns the anchors of a page's headings, as mdBook and GitHub derive them.
#[must_use]
pub fn anchors(page: &str) -> Vec<String> {
    let mut anchors = Vec::new();
    let mut heading: Option<String> = None;
    for event in Parser::new(page) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => anchors.extend(heading.take().map(|text| anchor(&text))),
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            _ => {}
        }
    }
    anchors
}

fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|sign| sign.is_alphanumeric() || matches!(sign, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|sign| if sign == ' ' { '-' } else { sign }).collect()
}

/// Returns the text of each fenced code block of a page.
#[must_use]
pub fn code_blocks(page: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut block: Option<String> = None;
    for event in Parser::new(page) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => block = Some(String::new()),
            Event::End(TagEnd::CodeBlock) => blocks.extend(block.take()),
            Event::Text(text) => {
                if let Some(block) = &mut block {
                    block.push_str(&text);
                }
            }
            _ => {}
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "\
# A page: `with` code

See [one](a/b.md), [two](#a-page-with-code) and `[no](link)`, [three](c%20d.snap#x), ![picture](e.svg).

```text
[no](link)
# no heading
```

| table |
|---|
| [four [4]](f.md) |

## Which orders?
[url](https://example.org/)
";

    #[test]
    fn links_are_found_outside_code() {
        let targets: Vec<&str> = links(PAGE).iter().map(|link| link.target).collect();
        let expected =
            ["a/b.md", "#a-page-with-code", "c%20d.snap#x", "e.svg", "f.md", "https://example.org/"];
        assert_eq!(targets, expected);
        assert!(links(PAGE).iter().all(|link| PAGE[link.range.clone()] == *link.target));
        assert_eq!(links(PAGE)[2].parts(), ("c d.snap".to_owned(), Some("x")));
        assert!(links(PAGE)[5].is_external() && !links(PAGE)[0].is_external());
    }

    #[test]
    fn anchors_are_those_of_the_headings() {
        assert_eq!(anchors(PAGE), ["a-page-with-code", "which-orders"]);
    }

    #[test]
    fn code_blocks_are_the_fenced_ones() {
        assert_eq!(code_blocks(PAGE), ["[no](link)\n# no heading\n"]);
    }
}
