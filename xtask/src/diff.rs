//! The changes between two versions of a text, line by line.

use std::fmt::Write as _;

use similar::{ChangeTag, TextDiff};

use crate::terminal::{GREEN, RED, styled};

/// How many unchanged lines are shown before and after a change.
const CONTEXT: usize = 3;

/// Returns the lines that differ between `before` and `after`, removed ones with a `-`, added ones with a `+`, and some
/// unchanged lines around them. Empty if nothing differs.
#[must_use]
pub fn difference(before: &str, after: &str) -> String {
    let (before, after): (Vec<_>, Vec<_>) = (before.lines().collect(), after.lines().collect());
    let diff = TextDiff::from_slices(&before, &after);
    let mut text = String::new();
    let mut shown_until = 0;
    for group in diff.grouped_ops(CONTEXT) {
        if group.first().is_some_and(|op| op.old_range().start > shown_until) {
            text.push_str("    …\n");
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let _ = writeln!(text, "{}", line(change.tag(), change.value()));
        }
        shown_until = group.last().map_or(0, |op| op.old_range().end);
    }
    if !text.is_empty() && shown_until < before.len() {
        text.push_str("    …\n");
    }
    text
}

fn line(tag: ChangeTag, text: &str) -> String {
    match tag {
        ChangeTag::Equal => format!("    {text}").trim_end().to_owned(),
        ChangeTag::Delete => styled(format_args!("  - {text}"), RED),
        ChangeTag::Insert => styled(format_args!("  + {text}"), GREEN),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(before: &str, after: &str) -> String {
        anstream::adapter::strip_str(&difference(before, after)).to_string()
    }

    #[test]
    fn equal_texts_have_no_difference() {
        assert_eq!(difference("a\nb\n", "a\nb\n"), "");
        assert_eq!(difference("", ""), "");
    }

    #[test]
    fn a_removed_line_has_a_minus_and_an_added_one_a_plus() {
        assert_eq!(plain("a\nb\nc", "a\nB\nc"), "    a\n  - b\n  + B\n    c\n");
        assert_eq!(plain("", "a"), "  + a\n");
        assert_eq!(plain("a", ""), "  - a\n");
    }

    #[test]
    fn a_line_that_moves_is_removed_and_added() {
        assert_eq!(plain("a\nb\nc\n", "b\nc\na\n"), "  - a\n    b\n    c\n  + a\n");
    }

    #[test]
    fn lines_far_from_a_change_are_omitted() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        assert_eq!(
            plain(before, &before.replace('5', "five")),
            "    …\n    2\n    3\n    4\n  - 5\n  + five\n    6\n    7\n    8\n    …\n"
        );
    }

    #[test]
    fn a_removed_line_is_red_and_an_added_one_green() {
        let coloured = difference("a\nb", "a\nc");
        assert_eq!(coloured, "    a\n\x1b[31m  - b\x1b[0m\n\x1b[32m  + c\x1b[0m\n");
    }
}
