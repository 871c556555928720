//! The Chinese translation, as gettext and mdbook-i18n-helpers have it.
//!
//! `docs/po/zh-CN.po` has a message for each paragraph, heading, table cell and label. One that has changed in English stays
//! English until it is translated again.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use polib::catalog::Catalog;
use polib::message::{CatalogMessageMutView, MessageView};
use polib::po_file;
use pulldown_cmark::{Event, Options, Parser, Tag};

/// The language, as BCP 47 names it.
pub const LANGUAGE: &str = "zh-CN";

/// The folder of the translation, from the root of the workspace.
pub(super) const FOLDER: &str = "docs/po";

/// Words of a message that are the same in every language.
const UNITS: [&str; 8] = ["ns", "ms", "kB", "MB", "KiB", "MiB", "GB", "MB/s"];

/// The messages and their translations.
#[derive(Debug)]
pub struct Translation(BTreeMap<String, Translated>);

/// The translation of a message.
#[derive(Debug)]
struct Translated {
    text: String,
    is_fuzzy: bool,
}

/// How much of the pages is translated.
#[derive(Debug, Default)]
pub struct Coverage {
    translated: usize,
    /// Each message that has no translation, with its places.
    missing: Vec<String>,
    /// Each message whose translation is of an older text.
    fuzzy: Vec<String>,
    /// Translations of messages that are gone.
    gone: usize,
    /// The pages of which less than half is translated.
    pub untranslated_pages: Vec<PathBuf>,
}

impl Translation {
    /// Reads the translation.
    ///
    /// # Errors
    /// If the file cannot be read or parsed.
    pub fn read(root: &Path) -> Result<Self> {
        let messages = messages(&root.join(FOLDER).join(format!("{LANGUAGE}.po")))?;
        Ok(Self(messages.into_iter().map(|(english, _, translated)| (english, translated)).collect()))
    }

    /// Returns the translation of a message; of one that has none, the message.
    #[must_use]
    pub fn of<'a>(&'a self, english: &'a str) -> &'a str {
        self.0.get(english).filter(|found| found.is_valid()).map_or(english, |found| &found.text)
    }

    /// Returns each message that is translated, with its translation.
    pub fn messages(&self) -> impl Iterator<Item = (&str, &str)> {
        let valid = self.0.iter().filter(|(_, translated)| translated.is_valid());
        valid.map(|(english, translated)| (english.as_str(), translated.text.as_str()))
    }

    /// Compares it with the messages of the pages, which mdbook-xgettext has written to the file `template`.
    ///
    /// # Errors
    /// If the file cannot be parsed.
    pub fn coverage(&self, template: &Path) -> Result<Coverage> {
        let mut coverage = Coverage::default();
        let mut pages: BTreeMap<PathBuf, (usize, usize)> = BTreeMap::new();
        let current = messages(template)?;
        for (english, places, _) in current.iter().filter(|(english, ..)| has_words(english)) {
            let found = self.0.get(english);
            let shown = format!("{}: {english}", places.replace("src/", ""));
            match found {
                Some(found) if found.is_valid() => coverage.translated += 1,
                Some(found) if found.is_fuzzy => coverage.fuzzy.push(shown),
                _ => coverage.missing.push(shown),
            }
            // The name of a page can have spaces.
            for page in format!(" {places}").replace('\n', " ").split(" src/").skip(1) {
                let (translated, all) = pages.entry(page.into()).or_default();
                *translated += usize::from(found.is_some_and(Translated::is_valid));
                *all += 1;
            }
        }
        coverage.untranslated_pages =
            pages.into_iter().filter(|(_, (part, all))| 2 * part < *all).map(|(page, _)| page).collect();
        let is_gone = |english: &&String| !current.iter().any(|(other, ..)| other == *english);
        coverage.gone = self.0.keys().filter(is_gone).count();
        Ok(coverage)
    }

    /// Returns a line for each translation whose code or links differ from those of its message.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let fault = |(english, chinese)| {
            let (before, after) = (fixed_parts(english), fixed_parts(chinese));
            let differs = |part: &&String| count(&before, part) != count(&after, part);
            let part = before.iter().chain(&after).find(differs)?;
            Some(format!(
                "{part} (× {} in English) is × {} in: {chinese}",
                count(&before, part),
                count(&after, part)
            ))
        };
        self.messages().filter_map(fault).collect()
    }
}

impl Translated {
    fn is_valid(&self) -> bool {
        !self.is_fuzzy && !self.text.is_empty()
    }
}

impl Coverage {
    /// Returns the counts, then a line for each message that is not translated.
    #[must_use]
    pub fn report(&self) -> String {
        let (missing, fuzzy, gone) = (self.missing.len(), self.fuzzy.len(), self.gone);
        let all = self.translated + missing + fuzzy;
        let mut report = format!(
            "{} of {all} messages are translated; {missing} missing, {fuzzy} fuzzy, {gone} gone\n",
            self.translated
        );
        for (state, messages) in [("missing", &self.missing), ("fuzzy", &self.fuzzy)] {
            for message in messages {
                let _ = writeln!(report, "{state}: {message}");
            }
        }
        report
    }
}

/// Returns each message of a file of gettext: the English text, its pages (`src/index.md`), and its translation.
fn messages(path: &Path) -> Result<Vec<(String, String, Translated)>> {
    let parsed = parse(path)?;
    let message = |message: &dyn MessageView| {
        let text = message.msgstr().unwrap_or_default().to_owned();
        let translated = Translated { text, is_fuzzy: message.is_fuzzy() };
        (message.msgid().to_owned(), message.source().to_owned(), translated)
    };
    Ok(parsed.messages().filter(|found| !found.msgid().is_empty()).map(message).collect())
}

/// Removes the messages that need no translation, such as figures, from a file of gettext.
///
/// # Errors
/// If the file cannot be parsed or written.
pub(super) fn keep_words(path: &Path) -> Result<()> {
    let mut parsed = parse(path)?;
    for mut message in parsed.messages_mut() {
        if !has_words(message.msgid()) {
            message.delete();
        }
    }
    po_file::write_to_file(&parsed, path).with_context(|| format!("cannot write {}", path.display()))
}

fn parse(path: &Path) -> Result<Catalog> {
    let parse = || -> Result<Catalog> {
        check_lines(&fs::read_to_string(path)?)?;
        po_file::parse(path).map_err(|error| anyhow!("{error}"))
    };
    parse().with_context(|| format!("cannot parse {}", path.display()))
}

/// Checks what polib takes as it is: that each line is a comment or a complete string, and no mark of a merge conflict, say.
fn check_lines(text: &str) -> Result<()> {
    let mut is_new = true;
    for (index, line) in text.lines().enumerate() {
        let (keyword, string) = line.split_once(' ').unwrap_or_default();
        let is_keyword = matches!(keyword, "msgctxt" | "msgid" | "msgstr");
        let string = if is_keyword { string } else { line };
        let is_string = string.len() > 1 && string.starts_with('"') && string.ends_with('"');
        let is_comment = line.is_empty() || line.starts_with('#');
        // A message begins after an empty line.
        let begins = is_keyword && keyword != "msgstr";
        ensure!(
            is_comment || is_string && begins == is_new,
            "line {} is not one of a message after an empty line: {line}",
            index + 1
        );
        is_new = is_comment && (line.is_empty() || is_new);
    }
    Ok(())
}

/// Returns whether a message needs a translation: it has a word that is neither code, nor a path, nor a unit.
fn has_words(message: &str) -> bool {
    // The title of a page that shows a file, whose name can have words: `guarantees of process.snap`.
    if ["crates/", "tests/"].iter().any(|folder| message.starts_with(folder)) {
        return false;
    }
    let mut text = String::new();
    for event in Parser::new_ext(message, Options::ENABLE_TABLES) {
        if let Event::Text(part) = event {
            text = text + &part + " ";
        }
    }
    let is_word = |word: &str| {
        let name = |sign: char| matches!(sign, '/' | '_' | '.' | ':');
        let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
        letters > 1 && !word.trim_matches(name).contains(name) && !UNITS.contains(&word)
    };
    text.split([' ', '\n', '(', ')', ',', ';', '|']).any(is_word)
}

/// Returns what a translation must not change: the code, and the targets of links and pictures.
fn fixed_parts(message: &str) -> Vec<String> {
    let part = |event| match event {
        Event::Code(code) => Some(format!("`{code}`")),
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url.to_string()),
        // `*` and `_` do not always begin emphasis between Chinese characters.
        Event::InlineHtml(tag) if !matches!(&*tag, "<em>" | "</em>") => Some(tag.to_string()),
        _ => None,
    };
    Parser::new_ext(message, Options::ENABLE_TABLES).filter_map(part).collect()
}

fn count(parts: &[String], part: &String) -> usize {
    parts.iter().filter(|other| *other == part).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(folder: &Path, name: &str, messages: &[(&str, &str, &str)]) -> PathBuf {
        let header = "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n\n".to_owned();
        let message = |(before, english, chinese): &(&str, &str, &str)| {
            format!("{before}\nmsgid \"{english}\"\nmsgstr \"{chinese}\"\n\n")
        };
        let path = folder.join(name);
        fs::create_dir_all(folder).unwrap();
        fs::write(&path, header + &messages.iter().map(message).collect::<String>()).unwrap();
        path
    }

    fn translation(root: &Path, messages: &[(&str, &str, &str)]) -> Translation {
        file(&root.join(FOLDER), "zh-CN.po", messages);
        Translation::read(root).unwrap()
    }

    #[test]
    fn a_message_is_translated_missing_fuzzy_or_gone() {
        let root = tempfile::tempdir().unwrap();
        let translation = translation(
            root.path(),
            &[
                ("", "one word", "一个词"),
                ("#, fuzzy", "an old word", "旧词"),
                ("", "empty word", ""),
                ("", "gone", "没了"),
            ],
        );
        let template = file(
            root.path(),
            "messages.pot",
            &[
                ("#: src/a.md src/b.md", "one word", ""),
                ("#: src/a.md", "an old word", ""),
                ("#: src/c.md", "empty word", ""),
                ("#: src/c.md src/d e.md", "a new word", ""),
                ("#: src/c.md", "`code` 12 ms", ""),
            ],
        );
        assert_eq!(messages(&template).unwrap().len(), 5);
        keep_words(&template).unwrap();
        assert_eq!(messages(&template).unwrap().len(), 4);
        let coverage = translation.coverage(&template).unwrap();
        assert_eq!(
            coverage.report(),
            "1 of 4 messages are translated; 2 missing, 1 fuzzy, 1 gone\nmissing: c.md: empty word\n\
             missing: c.md d e.md: a new word\nfuzzy: a.md: an old word\n"
        );
        assert_eq!(coverage.untranslated_pages, [PathBuf::from("c.md"), PathBuf::from("d e.md")]);
        assert_eq!(translation.of("one word"), "一个词");
        assert_eq!(translation.of("an old word"), "an old word");
    }

    #[test]
    fn lost_code_and_changed_links_are_faults() {
        let root = tempfile::tempdir().unwrap();
        let messages = [
            ("", "`a` and [b](c.md)", "[b](c.md) 和 `a`"),
            ("", "`a` twice `a`", "`a` 两次"),
            ("", "see [b](c.md)", "见 [b](d.md)"),
        ];
        let faults = translation(root.path(), &messages).faults();
        assert_eq!(
            faults,
            ["`a` (× 2 in English) is × 1 in: `a` 两次", "c.md (× 1 in English) is × 0 in: 见 [b](d.md)",]
        );
    }

    #[test]
    fn a_file_that_cannot_be_parsed_is_an_error_that_names_it() {
        let root = tempfile::tempdir().unwrap();
        for message in [
            ("", "a\\q", "b"),
            ("<<<<<<< HEAD", "a", "b"),
            ("", "a\"\nmsgstr \"b\"\nmsgid \"c", "d"),
            ("", "a\"\nmsgstr \"b\nmsgstr \"", "c"),
        ] {
            let path = file(&root.path().join(FOLDER), "zh-CN.po", &[message]);
            let error = format!("{:#}", Translation::read(root.path()).unwrap_err());
            assert!(error.starts_with(&format!("cannot parse {}: ", path.display())), "{error}");
        }
    }

    #[test]
    fn code_paths_and_figures_need_no_translation() {
        for message in
            ["`code`, `more`", "[`a`](b.md)", "19 / 100", "1.5 ms", "crates/a/b of c.snap", "src/main.rs"]
        {
            assert!(!has_words(message), "{message}");
        }
        for message in ["a word", "[link](b.md)", "pipe-ipc", "*always*", "threads, `code`"] {
            assert!(has_words(message), "{message}");
        }
    }
}
