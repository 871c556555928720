//! Numbers in words, and names made harmless.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::trace::Kind;

/// A time in seconds, as one says it: `102 s`, `4.43 s`, `171 ms`, `0.3 ms`.
pub(super) fn seconds(time: f64) -> String {
    let milliseconds = time * 1e3;
    if time >= 99.995 {
        format!("{time:.0} s")
    } else if milliseconds >= 999.5 {
        format!("{time:.2} s")
    } else if milliseconds >= 9.95 {
        format!("{milliseconds:.0} ms")
    } else if time > 0.0 {
        format!("{milliseconds:.1} ms")
    } else {
        "0 ms".to_owned()
    }
}

/// An amount of bytes: `1.23 GB`, `12.2 MB`, `9.0 kB`, `12 B`.
pub(super) fn bytes(count: u64) -> String {
    if count < 1_000 {
        return format!("{count} B");
    }
    #[expect(clippy::cast_precision_loss, reason = "three digits of it are shown")]
    let count = count as f64;
    if count >= 999_950_000.0 {
        format!("{:.2} GB", count / 1e9)
    } else if count >= 999_950.0 {
        format!("{:.1} MB", count / 1e6)
    } else {
        format!("{:.1} kB", count / 1e3)
    }
}

/// So many of these: `1 request`, `2,041 requests`.
pub(super) fn counted(count: usize, of: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {of}{plural}", thousands(count))
}

/// With a comma before every third digit from the end.
pub(super) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let comma = |index: usize| index > 0 && (digits.len() - index).is_multiple_of(3);
    let digits = digits.chars().enumerate();
    digits.map(|(index, digit)| if comma(index) { format!(",{digit}") } else { digit.to_string() }).collect()
}

/// How many hundredths of `whole` a `part` is: `(94 %)`; nothing if there is no whole.
pub(super) fn share(part: f64, whole: f64) -> String {
    if whole > 0.0 { format!(" ({:.0} %)", (part / whole).min(1.0) * 1e2) } else { String::new() }
}

/// `text` in lines of at most so many columns. A single word that is longer has a line of its own.
pub(super) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// At most so many columns of `text`; where there is more, it ends with a sign for that.
pub(super) fn shortened(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    // The last column is that of the sign which says that there was more.
    let mut used = 1;
    let fits = |symbol: &char| {
        used += symbol.width().unwrap_or(0);
        used <= columns
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

/// What one request of this kind asks for.
pub(super) fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Robots => "robots.txt",
        Kind::Listing => "listing",
        Kind::Detail => "detail",
        Kind::Image => "image",
    }
}

/// Without what moves a terminal's cursor, and what XML does not allow.
pub(super) fn plain(text: &str) -> String {
    let harmful = |symbol: char| symbol.is_control() || matches!(symbol, '\u{fffe}' | '\u{ffff}');
    text.replace(harmful, "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_three_digits_or_so_and_never_a_thousand_milliseconds() {
        let said = [0.0, 0.000_31, 0.009_96, 0.171_4, 0.999_6, 4.428, 99.999].map(seconds);
        assert_eq!(said, ["0 ms", "0.3 ms", "10 ms", "171 ms", "1.00 s", "4.43 s", "100 s"]);
    }

    #[test]
    fn bytes_have_three_digits_or_so() {
        let said = [999, 1_000, 999_949, 999_950, 12_240_000, 1_226_000_000].map(bytes);
        assert_eq!(said, ["999 B", "1.0 kB", "999.9 kB", "1.0 MB", "12.2 MB", "1.23 GB"]);
    }

    #[test]
    fn a_text_is_broken_between_words_and_cut_within_them() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("图片 图片", 4), ["图片", "图片"]);
        assert_eq!(shortened("图片图片", 6), "图片…");
        assert_eq!(shortened("图片图片", 8), "图片图片");
    }
}
