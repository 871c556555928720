//! `robots.txt`: RFC 9309, and the `Crawl-delay` that many sites add.

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, percent_encode};

/// What a `robots.txt` says to one robot.
#[derive(Debug, Default)]
pub struct Robots {
    rules: Vec<Rule>,
    /// The seconds from one request to the next that the site asks for: 0 or more.
    pub delay: Option<f64>,
}

#[derive(Debug)]
struct Rule {
    allows: bool,
    /// The normalised pattern, in the pieces between its asterisks.
    pieces: Vec<String>,
    /// Whether the path must end with the last piece.
    ends: bool,
    length: usize,
}

/// A line of a group: `User-agent`, or what it says to these robots, which may be nothing.
enum Line<'a> {
    Agent(&'a str),
    Rule(Option<Rule>),
    Delay(Option<f64>),
}

impl Robots {
    /// Reads the groups for the robot `name`; without any, those for all robots.
    #[must_use]
    pub fn parse(text: &str, name: &str) -> Self {
        let (mut own, mut general) = (None::<Self>, Self::default());
        // Whether the lines that follow are for this robot, and for all.
        let (mut is_own, mut is_general, mut in_rules) = (false, false, true);
        for line in text.trim_start_matches('\u{feff}').split(['\n', '\r']).filter_map(Line::parse) {
            let group = if is_own { own.as_mut() } else { is_general.then_some(&mut general) };
            match (line, group) {
                (Line::Agent(agent), _) => {
                    if in_rules {
                        (is_own, is_general) = (false, false);
                    }
                    is_general |= agent == "*";
                    // What follows the name, such as a version, does not count.
                    let end = |letter: char| !(letter.is_ascii_alphabetic() || matches!(letter, '-' | '_'));
                    if agent.split(end).next().is_some_and(|token| token.eq_ignore_ascii_case(name)) {
                        is_own = true;
                        own.get_or_insert_default();
                    }
                    in_rules = false;
                    continue;
                }
                (Line::Rule(rule), Some(group)) => group.rules.extend(rule),
                (Line::Delay(delay), Some(group)) => group.delay = group.delay.or(delay),
                (_, None) => {}
            }
            in_rules = true;
        }
        own.unwrap_or(general)
    }

    /// Returns whether the robot may request this path, which may have a query. The longest pattern that matches decides;
    /// of two as long, the one that allows it.
    #[must_use]
    pub fn allow(&self, path: &str) -> bool {
        let path = normalized(path);
        let matching = self.rules.iter().filter(|rule| rule.matches(&path));
        matching.max_by_key(|rule| (rule.length, rule.allows)).is_none_or(|rule| rule.allows)
    }
}

impl<'a> Line<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let (key, value) = line.split('#').next()?.split_once(':')?;
        let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
        match key.as_str() {
            "user-agent" => Some(Self::Agent(value)),
            "allow" | "disallow" => Some(Self::Rule(Rule::new(key == "allow", value))),
            "crawl-delay" => Some(Self::Delay(value.parse().ok().filter(|seconds| *seconds >= 0.0))),
            _ => None,
        }
    }
}

impl Rule {
    /// Reads a pattern. An empty one says nothing.
    fn new(allows: bool, pattern: &str) -> Option<Self> {
        let ends = pattern.ends_with('$');
        let pieces: Vec<_> =
            pattern.strip_suffix('$').unwrap_or(pattern).split('*').map(normalized).collect();
        (!pattern.is_empty()).then_some(Self { allows, pieces, ends, length: pattern.len() })
    }

    fn matches(&self, path: &str) -> bool {
        let [first, middle @ ..] = &self.pieces[..] else { return false };
        let Some(mut rest) = path.strip_prefix(first.as_str()) else { return false };
        let Some((last, middle)) = middle.split_last() else { return !self.ends || rest.is_empty() };
        // The first place of each piece leaves the most for the others.
        for piece in middle {
            let Some((_, after)) = rest.split_once(piece.as_str()) else { return false };
            rest = after;
        }
        if self.ends { rest.ends_with(last.as_str()) } else { rest.contains(last.as_str()) }
    }
}

/// Returns a path in the form in which two that mean the same are equal.
fn normalized(path: &str) -> String {
    let mut normal = String::new();
    for part in path.split_inclusive(['/', '?']) {
        let (text, end) = part.split_at(part.trim_end_matches(['/', '?']).len());
        let decoded: Vec<u8> = percent_decode_str(text).collect();
        normal.extend(percent_encode(&decoded, NON_ALPHANUMERIC));
        normal.push_str(end);
    }
    normal
}
