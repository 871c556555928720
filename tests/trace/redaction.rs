//! What a specification removes from a line because it varies from run to run.

use std::fmt;
use std::ops::RangeInclusive;

use regex_lite::{Captures, Regex};

/// One declared redaction.
#[derive(Debug, Clone)]
pub(crate) struct Redaction {
    pattern: Regex,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Identity { name: String },
    Duration { seconds: RangeInclusive<f64> },
    Any { name: String },
}

impl Redaction {
    pub(crate) fn identity(name: &str, pattern: Regex) -> Self {
        Self { pattern, kind: Kind::Identity { name: name.to_owned() } }
    }

    pub(crate) fn duration(seconds: RangeInclusive<f64>, pattern: Regex) -> Self {
        Self { pattern, kind: Kind::Duration { seconds } }
    }

    pub(crate) fn any(name: &str, pattern: Regex) -> Self {
        Self { pattern, kind: Kind::Any { name: name.to_owned() } }
    }

    /// Redacts all texts of a run. Identities are numbered in the order of the texts.
    pub(crate) fn redact<'a>(&self, texts: impl Iterator<Item = &'a mut String>) {
        let mut seen: Vec<String> = Vec::new();
        for text in texts {
            *text = self.replace(text, |found| match &self.kind {
                Kind::Identity { name } => {
                    let number = number_of(&mut seen, found);
                    Some(format!("<{name} {number}>"))
                }
                Kind::Duration { seconds } => {
                    let inside = found.parse().is_ok_and(|found: f64| seconds.contains(&found));
                    inside.then(|| "<duration>".to_owned())
                }
                Kind::Any { name } => Some(format!("<any {name}>")),
            });
        }
    }

    /// Returns the text with every match blanked, for decisions that must not depend on what is redacted.
    pub(crate) fn mask(&self, text: &str) -> String {
        self.replace(text, |_| Some("<>".to_owned()))
    }

    /// Replaces each match of the pattern: its first group if it has one, else all of it.
    fn replace(&self, text: &str, mut by: impl FnMut(&str) -> Option<String>) -> String {
        let replaced = self.pattern.replace_all(text, |found: &Captures<'_>| {
            let whole = found.get(0).expect("group 0 is the match");
            let part = found.get(1).unwrap_or(whole);
            let before = &text[whole.start()..part.start()];
            let after = &text[part.end()..whole.end()];
            let replacement = by(part.as_str()).unwrap_or_else(|| part.as_str().to_owned());
            format!("{before}{replacement}{after}")
        });
        replaced.into_owned()
    }
}

impl fmt::Display for Redaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Identity { name } => write!(f, "{name} (numbered by first appearance)"),
            Kind::Duration { seconds } => {
                write!(f, "durations from {} to {} seconds", seconds.start(), seconds.end())
            }
            Kind::Any { name } => f.write_str(name),
        }
    }
}

/// Returns the number of `found`, from 1, by first appearance.
fn number_of(seen: &mut Vec<String>, found: &str) -> usize {
    let index = seen.iter().position(|earlier| earlier == found).unwrap_or_else(|| {
        seen.push(found.to_owned());
        seen.len() - 1
    });
    index + 1
}
