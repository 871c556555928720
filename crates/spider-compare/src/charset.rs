//! From the bytes of a page to its text, whatever it is written in.

use encoding_rs::{Encoding, GBK, UTF_8};

/// Where a page may declare its character set: the HTML standard asks for the first 1,024 bytes, and so do browsers.
const DECLARATION: usize = 1_024;

/// The text of a page.
///
/// `content_type` is the header of that name, if there was one. The character set is, in this order: that of a byte
/// order mark, that of the header, that of a `<meta>` in the first 1,024 bytes, UTF-8 if the bytes are valid as such,
/// and GBK, which pages in Chinese that declare nothing are written in. What cannot be decoded becomes U+FFFD.
///
/// ```
/// use spider_compare::charset;
///
/// assert_eq!(charset::decode(b"<meta charset=gbk>\xCD\xBC", Some("text/html")), "<meta charset=gbk>图");
/// ```
#[must_use]
pub fn decode(bytes: &[u8], content_type: Option<&str>) -> String {
    let declared = content_type
        .and_then(|header| label(header.as_bytes()))
        .or_else(|| declaration(&bytes[..bytes.len().min(DECLARATION)]));
    let assumed = if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { GBK };
    // `decode` looks for a byte order mark first, and honours it.
    declared.unwrap_or(assumed).decode(bytes).0.into_owned()
}

/// The character set of the first `<meta>` that names one.
fn declaration(head: &[u8]) -> Option<&'static Encoding> {
    let head = head.to_ascii_lowercase();
    let starts = head.windows(5).enumerate().filter(|(_, window)| *window == b"<meta");
    let mut tags = starts.map(|(start, _)| {
        let tag = &head[start..];
        &tag[..tag.iter().position(|&byte| byte == b'>').unwrap_or(tag.len())]
    });
    // A page whose declaration can be read as ASCII is not UTF-16, whatever it says: the standard takes UTF-8 then.
    tags.find_map(label).map(Encoding::output_encoding)
}

/// The encoding that follows `charset=`, in a header or in a tag.
fn label(text: &[u8]) -> Option<&'static Encoding> {
    let text = text.to_ascii_lowercase();
    let after = text.windows(7).position(|window| window == b"charset")? + 7;
    let value = text[after..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
    let end = value.iter().position(|byte| b"\"' \t\r\n;/>".contains(byte)).unwrap_or(value.len());
    Encoding::for_label(&value[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    const GBK_BYTES: &[u8] = b"\xD0\xC7\xBF\xD5";

    #[test]
    fn the_header_comes_before_the_meta() {
        let page = "<meta charset=gbk>星空".as_bytes();
        assert_eq!(decode(page, Some("text/html; charset=UTF-8")), "<meta charset=gbk>星空");
    }

    #[test]
    fn a_meta_is_found_in_each_of_its_spellings() {
        let spellings: [&[u8]; 5] = [
            b"<meta charset=gbk>",
            b"<META CharSet = 'GB2312' />",
            b"<meta charset=\"gbk\"/>",
            b"<meta name=viewport><meta http-equiv=\"Content-Type\" content=\"text/html; charset=gbk\">",
            b"<meta charset=gbk/>",
        ];
        for spelling in spellings {
            let page = [spelling, GBK_BYTES].concat();
            assert!(decode(&page, Some("text/html")).ends_with("星空"), "{}", spelling.escape_ascii());
        }
    }

    #[test]
    fn a_meta_counts_even_where_the_bytes_are_valid_utf_8() {
        assert_eq!(decode(b"<meta charset=gbk>\xC4\xA3", None), "<meta charset=gbk>模");
    }

    #[test]
    fn without_a_declaration_valid_utf_8_is_utf_8_and_anything_else_is_gbk() {
        assert_eq!(decode("星空".as_bytes(), Some("text/html")), "星空");
        assert_eq!(decode(GBK_BYTES, None), "星空");
    }

    #[test]
    fn a_declaration_beyond_the_first_1024_bytes_or_outside_a_meta_does_not_count() {
        let late = [vec![b' '; DECLARATION], b"<meta charset=big5>".to_vec(), GBK_BYTES.to_vec()].concat();
        assert!(decode(&late, None).ends_with("星空"));
        let loose = [&b"<p>charset=big5</p>"[..], GBK_BYTES].concat();
        assert!(decode(&loose, None).ends_with("星空"));
    }

    #[test]
    fn an_unknown_label_is_passed_over() {
        let page = [&b"<meta charset=gbk>"[..], GBK_BYTES].concat();
        assert!(decode(&page, Some("text/html; charset=none")).ends_with("星空"));
    }

    #[test]
    fn a_byte_order_mark_comes_before_everything() {
        let page = [&b"\xEF\xBB\xBF"[..], "星空".as_bytes()].concat();
        assert_eq!(decode(&page, Some("text/html; charset=gbk")), "星空");
    }
}
