//! Two versions of a text, line by line.

use std::fmt::Write as _;

/// So many unchanged lines are shown before and after a changed one.
const AROUND: usize = 3;

/// One line, and in which version it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line<'a> {
    Both(&'a str),
    Removed(&'a str),
    Added(&'a str),
}

/// What has changed from `before` to `after`: removed lines with a `-`, added ones with a `+`, and some of those around.
/// Empty when nothing has.
#[must_use]
pub(super) fn difference(before: &str, after: &str, colour: bool) -> String {
    let lines = compared(&before.lines().collect::<Vec<_>>(), &after.lines().collect::<Vec<_>>());
    let is_changed = |line: &Line| !matches!(line, Line::Both(_));
    let is_shown = |place: usize| {
        let around = place.saturating_sub(AROUND)..lines.len().min(place + AROUND + 1);
        lines[around].iter().any(is_changed)
    };
    let mut told = String::new();
    let mut left_out = false;
    for (place, line) in lines.iter().enumerate() {
        if is_shown(place) {
            let _ = writeln!(told, "{}", shown(*line, colour));
        } else if !left_out {
            told.push_str("    …\n");
        }
        left_out = !is_shown(place);
    }
    if lines.iter().any(is_changed) { told } else { String::new() }
}

fn shown(line: Line, colour: bool) -> String {
    let coloured = |code: u8, line: String| if colour { format!("\x1b[{code}m{line}\x1b[0m") } else { line };
    match line {
        Line::Both(line) => format!("    {line}").trim_end().to_owned(),
        Line::Removed(line) => coloured(31, format!("  - {line}")),
        Line::Added(line) => coloured(32, format!("  + {line}")),
    }
}

/// The lines of both, with as many as possible taken as unchanged.
fn compared<'a>(before: &[&'a str], after: &[&'a str]) -> Vec<Line<'a>> {
    let common = longest_common(before, after);
    let (mut a, mut b) = (0, 0);
    let mut lines = Vec::new();
    while a < before.len() || b < after.len() {
        if a < before.len() && b < after.len() && before[a] == after[b] {
            lines.push(Line::Both(before[a]));
            (a, b) = (a + 1, b + 1);
        } else if b == after.len() || a < before.len() && common[a + 1][b] >= common[a][b + 1] {
            lines.push(Line::Removed(before[a]));
            a += 1;
        } else {
            lines.push(Line::Added(after[b]));
            b += 1;
        }
    }
    lines
}

/// How many lines are common to what begins at line `a` of one and at line `b` of the other, at most: `[a][b]`.
fn longest_common(before: &[&str], after: &[&str]) -> Vec<Vec<usize>> {
    let mut common = vec![vec![0; after.len() + 1]; before.len() + 1];
    for a in (0..before.len()).rev() {
        for b in (0..after.len()).rev() {
            common[a][b] = if before[a] == after[b] {
                common[a + 1][b + 1] + 1
            } else {
                common[a + 1][b].max(common[a][b + 1])
            };
        }
    }
    common
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_differs_in_nothing() {
        assert_eq!(difference("a\nb\n", "a\nb\n", false), "");
        assert_eq!(difference("", "", true), "");
    }

    #[test]
    fn a_removed_line_has_a_minus_and_an_added_one_a_plus_and_the_others_stay() {
        assert_eq!(difference("a\nb\nc", "a\nB\nc", false), "    a\n  - b\n  + B\n    c\n");
        assert_eq!(difference("", "a", false), "  + a\n");
        assert_eq!(difference("a", "", false), "  - a\n");
    }

    #[test]
    fn a_line_that_moves_is_removed_and_added_and_no_other_is() {
        assert_eq!(difference("a\nb\nc\n", "b\nc\na\n", false), "  - a\n    b\n    c\n  + a\n");
    }

    #[test]
    fn lines_far_from_any_change_are_left_out() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        assert_eq!(
            difference(before, &before.replace('5', "five"), false),
            "    …\n    2\n    3\n    4\n  - 5\n  + five\n    6\n    7\n    8\n    …\n"
        );
    }

    #[test]
    fn colour_changes_nothing_but_the_colour() {
        let coloured = difference("a\nb", "a\nc", true);
        assert_eq!(coloured, "    a\n\x1b[31m  - b\x1b[0m\n\x1b[32m  + c\x1b[0m\n");
    }
}
