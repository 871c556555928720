//! Prepares a page for gettext, so that only its prose is translated.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use crate::markdown::anchors;

/// What mdbook-i18n-helpers reads as: the next block is not translated.
const SKIP: &str = "<!-- i18n:skip -->";

/// Returns the page such that
///
/// - code, and the output of programs, is not translated;
/// - each heading keeps its anchor, because links lead to it;
/// - the text of a `<summary>`, which is HTML, is translated;
/// - the figures of a table (`19 of 100`) have no words.
#[must_use]
pub(super) fn translatable(page: &str) -> String {
    let page = summaries(&without_words_in_figures(page));
    let mut anchors = anchors(&page).into_iter();
    let mut result = String::new();
    let mut copied = 0;
    for (event, range) in Parser::new_ext(&page, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => {
                let line = page[..range.start].rfind('\n').map_or(0, |end| end + 1);
                let indentation = &page[line..range.start];
                result.extend([&page[copied..range.start], SKIP, "\n", indentation]);
                copied = range.start;
            }
            Event::Start(Tag::Heading { .. }) => {
                let end = range.start + page[range.clone()].trim_end().len();
                let anchor = anchors.next().unwrap_or_default();
                result.extend([&page[copied..end], " {#", &anchor, "}"]);
                copied = end;
            }
            _ => {}
        }
    }
    result + &page[copied..]
}

/// Writes `19 of 100` in a cell of a table as `19 / 100`.
fn without_words_in_figures(page: &str) -> String {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let cell = |cell: &str| match cell.trim().split_once(" of ") {
        Some((part, whole)) if is_number(part) && is_number(whole) => format!(" {part} / {whole} "),
        _ => cell.to_owned(),
    };
    let row = |line: &str| line.split('|').map(cell).collect::<Vec<_>>().join("|");
    let line = |line: &str| if line.starts_with('|') { row(line) } else { line.to_owned() };
    page.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Writes what is between `<summary>` and `</summary>` as a paragraph of Markdown.
fn summaries(page: &str) -> String {
    page.replace("<summary>", "<summary>\n\n").replace("</summary>", "\n\n</summary>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_prose_is_translated_and_anchors_stay() {
        let page = "# A *page* with `code`\n\n<details>\n<summary>Predict.</summary>\n\n| a | 1 of 2 | one of 2 |\n|---|---|---|\n\n\
                    1. Do:\n\n   ```rust\n   fn main() {}\n   ```\n";
        assert_eq!(
            translatable(page),
            "# A *page* with `code` {#a-page-with-code}\n\n<details>\n<summary>\n\nPredict.\n\n</summary>\n\n\
             | a | 1 / 2 | one of 2 |\n|---|---|---|\n\n\
             1. Do:\n\n   <!-- i18n:skip -->\n   ```rust\n   fn main() {}\n   ```\n"
        );
    }
}
