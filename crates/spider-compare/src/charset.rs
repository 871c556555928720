//! From the bytes of a page to its text.

use encoding_rs::{Encoding, GBK, UTF_8};

/// The number of bytes in which a page must declare its encoding, by the HTML standard.
const DECLARATION: usize = 1_024;

/// Decodes the bytes of a page. `content_type` is the value of that header, if present.
///
/// The encoding is the first of these that there is: that of a byte order mark, of the header, of a `<meta>` in the first
/// 1,024 bytes. Without a declaration, it is UTF-8 if the bytes are valid UTF-8, and otherwise GBK, as is common for Chinese
/// pages. Invalid bytes become U+FFFD.
///
/// ```
/// use spider_compare::charset;
///
/// assert_eq!(charset::decode(b"<meta charset=gbk>\xCD\xBC", Some("text/html")), "<meta charset=gbk>图");
/// ```
pub fn decode(bytes: &[u8], content_type: Option<&str>) -> String {
    let declared = content_type
        .and_then(|header| label(header.as_bytes()))
        .or_else(|| declaration(&bytes[..bytes.len().min(DECLARATION)]));
    let assumed = if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { GBK };
    // `decode` gives precedence to a byte order mark.
    declared.unwrap_or(assumed).decode(bytes).0.into_owned()
}

/// Returns the encoding of the first `<meta>` that declares one.
fn declaration(head: &[u8]) -> Option<&'static Encoding> {
    let head = head.to_ascii_lowercase();
    let starts = head.windows(5).enumerate().filter(|(_, window)| *window == b"<meta");
    let mut tags = starts.map(|(start, _)| {
        let tag = &head[start..];
        &tag[..tag.iter().position(|&byte| byte == b'>').unwrap_or(tag.len())]
    });
    // A declaration that is readable as ASCII cannot be UTF-16; the standard then requires UTF-8.
    tags.find_map(label).map(Encoding::output_encoding)
}

/// Returns the encoding after `charset=`, in a header or in a tag.
fn label(text: &[u8]) -> Option<&'static Encoding> {
    let text = text.to_ascii_lowercase();
    let after = text.windows(7).position(|window| window == b"charset")? + 7;
    let value = text[after..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
    let end = value.iter().position(|byte| b"\"' \t\r\n;/>".contains(byte)).unwrap_or(value.len());
    Encoding::for_label(&value[..end])
}
