//! The lines that a spider prints.

use anyhow::anyhow;
use spider_compare::lines::page_failed;

#[test]
fn a_line_has_no_control_characters_and_a_limited_length() {
    assert_eq!(page_failed("a\nb", &anyhow!("c\r\u{1b}d")), "当前抓取 a b 失败! c  d");
    let prefix = "当前抓取 / 失败! ".chars().count();
    let line = |length| page_failed("/", &anyhow!("图".repeat(length - prefix)));
    assert!(line(400).ends_with("图图") && line(400).chars().count() == 400);
    assert!(line(401).ends_with("图…") && line(401).chars().count() == 400);
}
