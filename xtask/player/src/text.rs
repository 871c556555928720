//! Fitting a text into columns of a terminal.

use std::mem;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Cuts a text that is wider than `width`, and ends it with "…".
pub(crate) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let (begin, _) = split(text, width.saturating_sub(1));
    if width == 0 { String::new() } else { format!("{begin}…") }
}

/// Breaks a text into lines of at most `width` columns: between words, or inside a word that is wider, before a dot if there
/// is one.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(2);
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in text.split(' ') {
        if !line.is_empty() && line.width() + 1 + word.width() > width {
            lines.push(mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        while line.width() > width {
            let (begin, _) = split(&line, width);
            let at = begin.rfind('.').filter(|at| at * 3 >= begin.len()).unwrap_or(begin.len());
            let rest = line.split_off(at);
            lines.push(mem::replace(&mut line, rest));
        }
    }
    lines.push(line);
    lines
}

/// Splits a text after the characters that fit into `width` columns.
fn split(text: &str, width: usize) -> (&str, &str) {
    let mut used = 0;
    let end = text.char_indices().find(|(_, character)| {
        used += character.width().unwrap_or(0);
        used > width
    });
    text.split_at(end.map_or(text.len(), |(index, _)| index))
}

#[cfg(test)]
mod tests {
    use super::{cut, wrap};

    #[test]
    fn a_text_is_broken_between_words_and_a_long_word_inside() {
        assert_eq!(wrap("will take the lock", 9), ["will take", "the lock"]);
        assert_eq!(wrap("a number.store(1)", 8), ["a", "number", ".store(1", ")"]);
        assert_eq!(wrap("n.store(100)", 8), ["n.store(", "100)"]);
        assert_eq!(wrap("", 8), [""]);
    }

    #[test]
    fn a_chinese_character_takes_two_columns() {
        assert_eq!(wrap("数据数据", 5), ["数据", "数据"]);
        assert_eq!(cut("数据数据", 6), "数据…");
    }

    #[test]
    fn a_text_that_fits_is_not_cut() {
        assert_eq!(cut("reads", 5), "reads");
        assert_eq!(cut("reads", 4), "rea…");
    }
}
