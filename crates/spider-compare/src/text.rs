//! Text from a site, which can have any length and any characters.

/// Replaces control characters by spaces. A text of more than `max` characters is cut off there, and ends in an ellipsis.
pub(crate) fn single_line(text: &str, max: usize) -> String {
    let mut chars = text.chars().map(|char| if char.is_control() { ' ' } else { char });
    let mut line: String = chars.by_ref().take(max).collect();
    if chars.next().is_some() {
        line.pop();
        line.push('…');
    }
    line
}
