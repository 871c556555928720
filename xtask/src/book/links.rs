//! The links of a page.

use std::ops::Range;

/// A link in a page: `[words](target)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link<'a> {
    /// Where it leads, as it is written: the path of a file from the page's folder, an anchor, or both; or an address.
    pub target: &'a str,
    /// Where the target stands in the page.
    pub place: Range<usize>,
}

impl<'a> Link<'a> {
    /// Whether it leads out of the workspace.
    #[must_use]
    pub fn leads_away(&self) -> bool {
        self.target.contains("://") || self.target.starts_with("mailto:")
    }

    /// The path, with spaces as they are; empty for a place in the same page. And the anchor, if there is one.
    #[must_use]
    pub fn parts(&self) -> (String, Option<&'a str>) {
        let (path, anchor) =
            self.target.split_once('#').map_or((self.target, None), |(path, anchor)| (path, Some(anchor)));
        (path.replace("%20", " "), anchor)
    }
}

/// All links of a page, in order. What stands in a block of code, or in a span of it, is none.
#[must_use]
pub fn links(page: &str) -> Vec<Link<'_>> {
    let mut found = Vec::new();
    for (line, start) in lines_of_words(page) {
        let mut from = 0;
        while let Some(begins) = line[from..].find("](").map(|place| from + place + 2) {
            let Some(length) = line[begins..].find(')') else { break };
            let is_code = line[..begins].matches('`').count() % 2 == 1;
            if !is_code {
                let place = start + begins..start + begins + length;
                found.push(Link { target: &page[place.clone()], place });
            }
            from = begins + length;
        }
    }
    found
}

/// The anchors of a page: those of its headings, as mdBook and forges make them.
#[must_use]
pub fn anchors(page: &str) -> Vec<String> {
    let headings = lines_of_words(page).into_iter().filter_map(|(line, _)| {
        let words = line.trim_start_matches('#');
        (words.len() < line.len() && words.starts_with(' ')).then_some(words.trim())
    });
    headings.map(anchor).collect()
}

fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|sign| sign.is_alphanumeric() || matches!(sign, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|sign| if sign == ' ' { '-' } else { sign }).collect()
}

/// The lines outside blocks of code, and where each begins.
fn lines_of_words(page: &str) -> Vec<(&str, usize)> {
    let mut in_code = false;
    let mut start = 0;
    let mut lines = Vec::new();
    for line in page.split_inclusive('\n') {
        let fence = line.trim_start().starts_with("```");
        if !fence && !in_code {
            lines.push((line, start));
        }
        in_code ^= fence;
        start += line.len();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "\
# A page: `with` code

See [one](a/b.md), [two](#a-page-with-code) and `[no](link)`, [three](c%20d.snap#x).

```text
[no](link)
# no heading
```

## Which orders?
[away](https://example.org/)
";

    #[test]
    fn links_are_found_outside_code() {
        let targets: Vec<&str> = links(PAGE).iter().map(|link| link.target).collect();
        assert_eq!(targets, ["a/b.md", "#a-page-with-code", "c%20d.snap#x", "https://example.org/"]);
        assert!(links(PAGE).iter().all(|link| PAGE[link.place.clone()] == *link.target));
        assert_eq!(links(PAGE)[2].parts(), ("c d.snap".to_owned(), Some("x")));
        assert!(links(PAGE)[3].leads_away() && !links(PAGE)[0].leads_away());
    }

    #[test]
    fn anchors_are_those_of_the_headings() {
        assert_eq!(anchors(PAGE), ["a-page-with-code", "which-orders"]);
    }
}
