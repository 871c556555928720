//! Text from a site, which can have any length and any characters.

/// Replaces the user name and the password of each address in `text`, such as `https://user:password@pictures.example/`.
pub fn redacted(text: &str) -> String {
    let mut parts = text.split("//");
    let mut redacted = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let authority = part.split(['/', '\\', '?', '#']).next().unwrap_or_default();
        let user = authority.rfind('@').unwrap_or_default();
        redacted += if user > 0 { "//***" } else { "//" };
        redacted += &part[user..];
    }
    redacted
}

/// Redacts addresses, and replaces control characters by spaces. A text of more than `max` characters is cut off there, and
/// ends in an ellipsis.
pub(crate) fn single_line(text: &str, max: usize) -> String {
    let text = redacted(text);
    let mut chars = text.chars().map(|char| if char.is_control() { ' ' } else { char });
    let mut line: String = chars.by_ref().take(max).collect();
    if chars.next().is_some() {
        line.pop();
        line.push('…');
    }
    line
}
