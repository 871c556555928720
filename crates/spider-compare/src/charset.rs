//! From the bytes of a page to its text.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GBK, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};
use encoding_rs::{WINDOWS_1252, X_USER_DEFINED};
use html5gum::Token;
use page_reader::html::{self, Tag, attribute};

/// The number of bytes in which a `<meta>` declares the encoding wherever it stands. After them, only one in the `<head>`
/// does.
const PRESCAN: usize = 1_024;

/// The number of bytes in which the encoding is detected, from the first one on that is not ASCII.
const SAMPLE: usize = 64 << 10;

/// Decodes the bytes of a page, as a browser does. Returns its text and its encoding. `content_type` is the value of that
/// header, and `domain` the top-level domain of the site, if known.
///
/// The encoding is the first of these that there is: that of a byte order mark, of the header, of a `<meta>`, of an XML
/// declaration. Without a declaration, it is UTF-8 if nearly all bytes beyond ASCII are, and otherwise what `chardetng`
/// detects. Invalid bytes become U+FFFD.
///
/// ```
/// use spider_compare::charset;
///
/// assert_eq!(charset::decode(b"<meta charset=gbk>\xCD\xBC", Some("text/html"), None).0, "<meta charset=gbk>图");
/// ```
pub fn decode(bytes: &[u8], content_type: Option<&str>, domain: Option<&str>) -> (String, &'static Encoding) {
    let declared = content_type.and_then(|header| label(header, "charset")).or_else(|| declaration(bytes));
    // `decode` gives precedence to a byte order mark.
    let (text, encoding, _) = declared.unwrap_or_else(|| detect(bytes, domain)).decode(bytes);
    (text.into_owned(), encoding)
}

/// Returns the encoding that a page declares.
fn declaration(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes.get(..6) {
        Some(b"<\0?\0x\0") => return Some(UTF_16LE),
        Some(b"\0<\0?\0x") => return Some(UTF_16BE),
        _ => {}
    }
    let start = &bytes[..bytes.len().min(PRESCAN)];
    let found = start_tags(start).find_map(|tag| meta(&tag));
    let found = found.or_else(|| start_tags(bytes).take_while(is_of_head).find_map(|tag| meta(&tag)));
    let declared = found.or_else(|| xml_declaration(start))?;
    // A declaration that is readable as ASCII cannot be UTF-16.
    let declared = if declared == X_USER_DEFINED { WINDOWS_1252 } else { declared };
    Some(declared.output_encoding())
}

fn start_tags(text: &[u8]) -> impl Iterator<Item = Tag> {
    html::tokens(text).filter_map(|token| if let Token::StartTag(tag) = token { Some(tag) } else { None })
}

/// Returns whether a tag does not end the `<head>`.
fn is_of_head(tag: &Tag) -> bool {
    let names = ["html", "head", "title", "meta", "link", "base", "script", "style", "noscript", "template"];
    names.iter().any(|name| name.as_bytes() == &**tag.name)
}

/// Returns the encoding that a `<meta>` declares.
fn meta(tag: &Tag) -> Option<&'static Encoding> {
    if &**tag.name != b"meta" {
        return None;
    }
    if let Some(charset) = attribute(tag, "charset") {
        return Encoding::for_label(charset.as_bytes());
    }
    attribute(tag, "http-equiv").filter(|value| value.eq_ignore_ascii_case("content-type"))?;
    label(&attribute(tag, "content")?, "charset")
}

fn xml_declaration(bytes: &[u8]) -> Option<&'static Encoding> {
    let declaration = bytes.strip_prefix(b"<?xml")?.split(|&byte| byte == b'>').next()?;
    label(&String::from_utf8_lossy(declaration), "encoding")
}

/// Returns the encoding after `name=`, with or without quotes.
fn label(text: &str, name: &str) -> Option<&'static Encoding> {
    let text = text.to_ascii_lowercase();
    let mut values = text.split(name).skip(1).filter_map(|rest| rest.trim_start().strip_prefix('='));
    let value = values.next()?.trim_start();
    let label = match value.strip_prefix(['"', '\'']) {
        Some(quoted) => quoted.split(['"', '\'']).next(),
        None => value.split(|char: char| char.is_whitespace() || matches!(char, ';' | ',')).next(),
    };
    Encoding::for_label(label?.as_bytes())
}

/// Returns the most probable encoding. A few bytes that are not valid do not make the page one in another encoding: a program
/// may have cut a title off in the middle of a character.
fn detect(bytes: &[u8], domain: Option<&str>) -> &'static Encoding {
    let (mut valid, mut invalid) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().bytes().filter(|byte| !byte.is_ascii()).count();
        invalid += chunk.invalid().len();
    }
    // Text in ISO-2022-JP is ASCII, with escapes.
    if valid >= 3 * invalid && !bytes.contains(&b'\x1B') {
        return UTF_8;
    }
    let start = bytes.iter().position(|&byte| !byte.is_ascii() || byte == b'\x1B').unwrap_or_default();
    let bytes = &bytes[start..bytes.len().min(start + SAMPLE)];
    let guess = |bytes: &[u8]| {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
        detector.feed(bytes, false);
        detector.guess(domain.map(str::as_bytes), Utf8Detection::Allow)
    };
    // The detector rules out an encoding in which a single byte is not valid.
    let is_nearly_valid = |encoding: &&'static Encoding| {
        let (text, has_invalid) = encoding.decode_without_bom_handling(bytes);
        let invalid = text.matches('\u{FFFD}').count();
        let wide = text.chars().filter(|char| !char.is_ascii()).count();
        let is_probable = || guess(&encoding.encode(&text.replace('\u{FFFD}', "")).0) == *encoding;
        has_invalid && 5 * invalid <= wide && is_probable()
    };
    let first = guess(bytes);
    let other = [GBK, BIG5, EUC_JP, EUC_KR, SHIFT_JIS].into_iter().find(is_nearly_valid);
    other.filter(|_| first.is_single_byte()).unwrap_or(first)
}
