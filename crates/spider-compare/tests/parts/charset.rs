//! The encoding of a page.

use spider_compare::charset::decode;

const GBK_BYTES: &[u8] = b"\xD0\xC7\xBF\xD5";

#[test]
fn the_header_takes_precedence_over_a_meta_tag() {
    let page = "<meta charset=gbk>星空".as_bytes();
    assert_eq!(decode(page, Some("text/html; charset=UTF-8")), "<meta charset=gbk>星空");
}

#[test]
fn a_meta_tag_is_found_in_each_of_its_spellings() {
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
fn a_meta_tag_counts_even_if_the_bytes_are_valid_utf_8() {
    assert_eq!(decode(b"<meta charset=gbk>\xC4\xA3", None), "<meta charset=gbk>模");
}

#[test]
fn valid_utf_8_without_a_declaration_is_utf_8_and_anything_else_is_gbk() {
    assert_eq!(decode("星空".as_bytes(), Some("text/html")), "星空");
    assert_eq!(decode(GBK_BYTES, None), "星空");
}

#[test]
fn a_declaration_after_the_first_1024_bytes_or_outside_of_a_meta_tag_is_ignored() {
    let late = [vec![b' '; 1_024], b"<meta charset=big5>".to_vec(), GBK_BYTES.to_vec()].concat();
    assert!(decode(&late, None).ends_with("星空"));
    let loose = [&b"<p>charset=big5</p>"[..], GBK_BYTES].concat();
    assert!(decode(&loose, None).ends_with("星空"));
}

#[test]
fn an_unknown_encoding_is_ignored() {
    let page = [&b"<meta charset=gbk>"[..], GBK_BYTES].concat();
    assert!(decode(&page, Some("text/html; charset=none")).ends_with("星空"));
}

#[test]
fn a_byte_order_mark_takes_precedence_over_everything() {
    let page = [&b"\xEF\xBB\xBF"[..], "星空".as_bytes()].concat();
    assert_eq!(decode(&page, Some("text/html; charset=gbk")), "星空");
}
