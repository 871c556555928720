//! The encoding of a page.

use encoding_rs::{BIG5, EUC_JP, EUC_KR, GBK, SHIFT_JIS, UTF_8, WINDOWS_1251};
use spider_compare::charset;

/// Decodes a page of a site without a top-level domain.
fn decode(page: &[u8], content_type: Option<&str>) -> String {
    charset::decode(page, content_type, None).0
}

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
fn a_declaration_counts_in_the_first_1024_bytes_and_after_them_only_in_the_head() {
    for (before, is_declared) in [
        (" ".repeat(2_000), true),
        (format!("<html><head><!--{}--><title>x</title><script>1</script>", "x".repeat(2_000)), true),
        ("<body>".to_owned(), true),
        (format!("<body>{}", " ".repeat(1_024)), false),
        (format!("<head>{}<p>", " ".repeat(1_024)), false),
    ] {
        let page = [before.as_bytes(), b"<meta charset=big5>", GBK_BYTES].concat();
        assert_eq!(decode(&page, None).ends_with("星空"), !is_declared, "{before}");
    }
}

#[test]
fn what_looks_like_a_declaration_in_another_place_is_ignored() {
    for other in [
        "<!-- <meta charset=gbk> -->",
        "<!--><!-- > <meta charset=gbk> -->",
        "<meta name=description content='how to set charset=gbk'>",
        "<meta data-charset=gbk>",
        "<meta name=charset content=gbk>",
        "<meta http-equiv=refresh content='0; charset=gbk'>",
        "<meta content='text/html; charset=gbk'>",
        "<meta charset=none>",
        "<metal charset=gbk>",
        "<link charset=gbk>",
        "<p title='<meta charset=gbk>'>",
        "<script>'<meta charset=gbk>'</script>",
        "<style>/*<meta charset=gbk>*/</style>",
        "<title><meta charset=gbk></title>",
        "<textarea><meta charset=gbk></textarea>",
        "</meta charset=gbk>",
        "<!meta charset=gbk>",
        "<? <meta charset=gbk>",
        "<p>charset=gbk</p>",
    ] {
        let page = format!("{other}<meta charset=utf-8>星空");
        assert!(decode(page.as_bytes(), None).ends_with("星空"), "{other}");
    }
}

#[test]
fn a_declaration_that_contradicts_the_bytes_before_it_means_another_encoding() {
    assert!(decode("<meta charset=utf-16le>星空".as_bytes(), None).ends_with("星空"));
    assert!(decode(b"<meta charset=x-user-defined>\xE9", None).ends_with('é'));
    assert_eq!(decode(b"<\0?\0x\0\x1F\x66", None), "<?x星");
    assert_eq!(decode(b"\0<\0?\0x\x66\x1F", None), "<?x星");
}

#[test]
fn an_xml_declaration_counts_unless_there_is_another_one() {
    let xml = |more: &[u8]| [b"<?xml version='1.0' encoding = \"gbk\"?>", more].concat();
    assert!(decode(&xml(b"\xC4\xA3"), None).ends_with('模'));
    assert!(decode(&xml("<meta charset=utf-8>星空".as_bytes()), None).ends_with("星空"));
    assert!(decode(&xml("星空".as_bytes()), Some("text/html; charset=utf-8")).ends_with("星空"));
}

#[test]
fn the_encoding_is_detected_if_none_is_declared() {
    let texts = [
        (GBK, "高清动漫壁纸图片下载 星空 女孩"),
        (BIG5, "高清動漫桌布圖片下載 星空 女孩"),
        (SHIFT_JIS, "アニメの壁紙をダウンロードする"),
        (EUC_JP, "アニメの壁紙をダウンロードする"),
        (EUC_KR, "애니메이션 배경화면 다운로드"),
        (WINDOWS_1251, "Скачать обои на рабочий стол"),
        (UTF_8, "图"),
        (UTF_8, "ascii"),
    ];
    for (encoding, text) in texts {
        let page = format!("<title>{text}</title>");
        let bytes = encoding.encode(&page).0;
        assert_eq!(decode(&bytes, Some("text/html")), page, "{}", encoding.name());
        let damaged = [&bytes, &b"<p>\xFF</p>"[..], &bytes].concat();
        let is_same = decode(&damaged, None).starts_with(&page);
        assert!(is_same, "{}: {}", encoding.name(), decode(&damaged, None));
    }
    assert_eq!(decode(GBK_BYTES, None), "星空");
    assert_eq!(decode(b"\x1B$B@1\x1B(B", None), "星");
}

#[test]
fn one_byte_that_is_not_valid_does_not_change_the_encoding_of_the_page() {
    for cut in [&b"\xFF"[..], b"\xE6\x98", b"\xA0"] {
        let page = ["<p>星空</p>".as_bytes(), cut, b"</p>"].concat();
        assert!(decode(&page, None).starts_with("<p>星空</p>\u{FFFD}"), "{}", cut.escape_ascii());
    }
    let page = [&b"<meta charset=gbk>\xFF"[..], GBK_BYTES].concat();
    assert!(decode(&page, None).ends_with("空"));
}

#[test]
fn a_page_of_which_more_than_a_quarter_is_not_utf_8_is_in_another_encoding() {
    // 12 bytes that could be UTF-8, and 8 that are not.
    let page = "<title>图片夜色 动漫壁纸 星空</title>";
    assert_eq!(decode(&GBK.encode(page).0, None), page);
}

#[test]
fn a_bad_byte_after_nothing_but_chinese_does_not_change_the_encoding() {
    let text = "高清动漫壁纸图片下载星空女孩";
    let bytes = [&GBK.encode(text).0, &b"\xFF"[..]].concat();
    assert!(decode(&bytes, None).starts_with(text), "{}", decode(&bytes, None));
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
