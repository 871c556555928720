//! The README in Chinese, `docs/README.zh-CN.md`: the first page of the Chinese edition, with links to the files of the
//! workspace.

use std::convert::Infallible;
use std::path::Path;

use crate::markdown::{Link, with_targets};

/// Its path from the root of the workspace.
pub const PATH: &str = "docs/README.zh-CN.md";

/// The first line of the English README. In the book, each page has such a link.
pub const LINK: &str = "[中文](docs/README.zh-CN.md)\n\n";

/// Returns the README for the first page of the Chinese edition, as mdBook's Markdown renderer writes it.
#[must_use]
pub fn chinese_readme(root: &Path, page: &str) -> String {
    let target = |link: &Link| {
        let (path, anchor) = link.parts();
        if path.is_empty() {
            return Ok(link.target.to_owned());
        }
        let anchor = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
        let path = match path.strip_suffix("index.md") {
            Some(folder) if folder.is_empty() || folder.ends_with('/') => format!("{folder}README.md"),
            _ => path,
        };
        // The page of a file that is no page has `.md` added.
        let file = path.strip_suffix(".md").filter(|file| root.join(file).is_file()).unwrap_or(&path);
        Ok(format!("../{}{anchor}", file.replace(' ', "%20")))
    };
    let Ok::<_, Infallible>(text) = with_targets(page, target);
    let mut readme = String::from(
        "<!-- `cargo xtask book --language zh-CN` writes this page. -->\n[English](../README.md)\n",
    );
    let is_kept = |line: &&str| !line.starts_with("<!-- ") && !line.starts_with("<p class=");
    for line in text.lines().filter(is_kept) {
        // A heading's anchor, which only mdBook understands.
        let line = if line.starts_with('#') { line.split(" { #").next().unwrap_or(line) } else { line };
        if !(line.is_empty() && readme.ends_with("\n\n")) {
            readme.extend([line, "\n"]);
        }
    }
    readme
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::chinese_readme;

    #[test]
    fn links_lead_to_the_files_of_the_workspace() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("LICENSE"), "").unwrap();
        let page = "<p class=\"language\">English</p>\n\n# 标题 { #title }\n\n<!-- i18n:skip -->\n\n\
                    [a](crates/a/index.md), [b](docs/b.md#c), [c](LICENSE.md), [d](https://x.org/index.md), [e](#title)\n";
        let readme = chinese_readme(root.path(), page);
        let (_, readme) = readme.split_once("(../README.md)\n").unwrap();
        assert_eq!(
            readme,
            "\n# 标题\n\n[a](../crates/a/README.md), [b](../docs/b.md#c), [c](../LICENSE), [d](https://x.org/index.md), [e](#title)\n"
        );
    }
}
