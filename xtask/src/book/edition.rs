//! What the pages of an edition, English or Chinese, have besides their text.

use std::path::Path;

use course_tests::guarantees::in_chinese;

use super::translatable::translatable;
use super::translation::LANGUAGE;

/// An edition of the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// English, alone.
    English,
    /// English, with a link on each page to the same page in Chinese.
    EnglishOfTwo,
    /// Chinese, before gettext: its prose is still English.
    Chinese,
}

impl Edition {
    /// Returns the text of a page, which stands at `path` in the book.
    #[must_use]
    pub fn page(self, path: &Path, text: &str) -> String {
        let up = "../".repeat(path.components().count() - 1);
        let page = path.with_extension("html");
        let page = page.to_string_lossy().replace(' ', "%20");
        match self {
            Self::English => text.to_owned(),
            Self::EnglishOfTwo => link(&format!("{up}{LANGUAGE}/{page}"), LANGUAGE, "中文") + text,
            Self::Chinese => {
                link(&format!("../{up}{page}"), "en", "English") + &translatable(&chinese_guarantees(text))
            }
        }
    }
}

/// A link to the same page of another edition. HTML, because gettext does not translate it.
fn link(target: &str, language: &str, name: &str) -> String {
    format!(
        "<p class=\"language\"><a href=\"{target}\" lang=\"{language}\" hreflang=\"{language}\">{name}</a></p>\n\n"
    )
}

/// Translates the guarantees that a page includes.
fn chinese_guarantees(page: &str) -> String {
    let mut included = false;
    let mut result = String::new();
    for line in page.split_inclusive('\n') {
        if line.starts_with("<!-- ") {
            included = line.starts_with("<!-- include: ") && line.contains("guarantees");
        }
        result += &if included { in_chinese(line) } else { line.to_owned() };
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_links_to_the_same_page_of_the_other_edition() {
        let path = Path::new("crates/daemon/a b.snap.md");
        assert_eq!(Edition::English.page(path, "text\n"), "text\n");
        let english = Edition::EnglishOfTwo.page(path, "text\n");
        assert!(english.contains("\"../../zh-CN/crates/daemon/a%20b.snap.html\""), "{english}");
        let chinese = Edition::Chinese.page(path, "text\n");
        assert!(chinese.contains("\"../../../crates/daemon/a%20b.snap.html\""), "{chinese}");
    }

    #[test]
    fn guarantees_are_chinese_and_other_code_is_not() {
        let page = "<!-- include: guarantees: always -->\n```text\nfound\n\nalways\n  a\n```\n<!-- end -->\n\n```text\nalways\n```\n";
        let chinese = chinese_guarantees(page);
        assert_eq!(chinese, page.replacen("\nalways\n", "\n必然\n", 1));
    }
}
