//! The Chinese translation of the pages, `docs/po/zh-CN.po`.

use std::collections::BTreeMap;
use std::fs;

use pulldown_cmark::{Event, Parser, TagEnd};
use regex_lite::Regex;
use serde::Deserialize;
use xtask::book::{Translation, readme};
use xtask::lessons::root;
use xtask::markdown::links;
use xtask::scene::scenes_in;

fn translation() -> Translation {
    Translation::read(&root().expect("the workspace")).expect("the translation can be read")
}

/// Returns the text with a mark for each piece of code, and without the targets of links.
fn prose(markdown: &str) -> String {
    let text = |event| match event {
        Event::Text(text) => Some(text.to_string()),
        Event::Code(_) => Some("`".to_owned()),
        // After `。**` a space is needed.
        Event::End(TagEnd::Strong) => Some("*".to_owned()),
        _ => None,
    };
    Parser::new(markdown).filter_map(text).collect()
}

#[test]
fn a_translation_keeps_all_code_links_and_tags() {
    let faults = translation().faults();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_message_with_a_term_has_its_translation() {
    #[derive(Deserialize)]
    struct Terms {
        terms: BTreeMap<String, String>,
    }
    let path = root().expect("the workspace").join("docs/po/terms.toml");
    let terms: Terms = toml::from_str(&fs::read_to_string(path).expect("the terms")).expect("they are TOML");
    assert!(!terms.terms.is_empty());
    let translation = translation();
    let messages: Vec<_> =
        translation.messages().map(|(english, chinese)| (prose(english), chinese)).collect();
    let mut wrong = Vec::new();
    for (term, chinese) in &terms.terms {
        let word = Regex::new(&format!("(?i)(^|[^\\w./-]){term}(s|es|ed|ing)?($|[^\\w./-]|[.]\\s|[.]$)"))
            .expect("a pattern");
        for (english, translated) in &messages {
            if word.is_match(english) && !translated.contains(chinese.as_str()) {
                wrong.push(format!("{term} is {chinese}: {english}\n    {translated}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn punctuation_is_chinese_and_there_is_a_space_between_chinese_and_latin_words() {
    let han = "[\u{4E00}-\u{9FFF}]";
    let wrong = Regex::new(&format!("{han}[,;:?!]|{han}[A-Za-z0-9`]|[A-Za-z0-9`]{han}|[，。；：、] "))
        .expect("a pattern");
    // What programs print is quoted.
    let quoted = Regex::new("“[^”]*”").expect("a pattern");
    let mut found = Vec::new();
    for (_, translated) in translation().messages() {
        let text = prose(translated);
        let unquoted = quoted.replace_all(&text, "“”").into_owned();
        if let Some(part) = wrong.find(&unquoted) {
            found.push(format!("{}: {text}", part.as_str()));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_player_has_chinese_words_for_each_text_of_its_script_and_each_scene() {
    let root = root().expect("the workspace");
    let read = |name: &str| fs::read_to_string(root.join("docs/player").join(name)).expect("it can be read");
    let words: BTreeMap<String, String> =
        serde_json::from_str(&read("zh-CN.json")).expect("the words are JSON");
    let script = read("player.js");
    let value = Regex::new(r"\$\{[^}]*\}").expect("a pattern");
    let texts = Regex::new(r"\bt`([^`]*)`").expect("a pattern");
    let mut keys: Vec<String> =
        texts.captures_iter(&script).map(|found| value.replace_all(&found[1], "{}").into_owned()).collect();
    assert!(keys.len() > 50, "{keys:?}");
    for lesson in xtask::lessons::all().expect("the lessons") {
        for scene in scenes_in(lesson.folder(), &lesson.name).expect("the scenes") {
            keys.extend(scene.goals.into_iter().map(|goal| goal.name).chain([scene.title]));
        }
    }
    keys.retain(|key| !words.contains_key(key));
    assert!(keys.is_empty(), "docs/player/zh-CN.json has no words for {keys:#?}");
}

#[test]
fn the_readme_links_to_the_chinese_one_whose_links_lead_to_files() {
    let root = root().expect("the workspace");
    let english = fs::read_to_string(root.join("README.md")).expect("the README");
    assert!(english.starts_with(readme::LINK), "the first line of README.md is not {:?}", readme::LINK);
    let chinese = fs::read_to_string(root.join(readme::PATH)).expect("the Chinese README");
    let links: Vec<_> = links(&chinese).into_iter().filter(|link| !link.is_external()).collect();
    assert!(links.len() > 10, "{links:?}");
    for link in links {
        let path = root.join("docs").join(link.parts().0);
        assert!(path.is_file() || link.target.starts_with('#'), "{} links to {}", readme::PATH, link.target);
    }
}
