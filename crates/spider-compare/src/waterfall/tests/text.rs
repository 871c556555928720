use unicode_width::UnicodeWidthStr;

use super::{FAR, NEAR, Site, empty, named, odd};
use crate::waterfall::text;

#[test]
fn five_strategies_at_a_far_site() {
    insta::assert_snapshot!(text(&FAR.all(), 100));
}

#[test]
fn processes_and_threads_at_a_near_site() {
    insta::assert_snapshot!(text(&[named("process", NEAR.all()), named("thread", NEAR.all())], 80));
}

#[test]
fn runs_that_fail_or_take_no_time_or_ask_for_nothing() {
    insta::assert_snapshot!(text(&odd(), 80));
}

#[test]
fn no_line_is_wider_than_it_may_be() {
    for columns in (0..=200).step_by(5) {
        let wide = "很长的名字".repeat(50);
        for traces in [FAR.all(), NEAR.all(), odd(), vec![empty(&wide)]] {
            for line in text(&traces, columns).lines() {
                assert!(line.width() <= columns.max(40), "{columns}: {line:?}");
            }
        }
    }
}

#[test]
fn five_strategies_take_40_to_70_lines_however_many_images_there_are() {
    for images in [20, 200, 2_000] {
        for columns in [80, 120, 200] {
            let lines = text(&Site { images, ..FAR }.all(), columns).lines().count();
            assert!((40..=70).contains(&lines), "{images} images, {columns} columns: {lines} lines");
        }
    }
}

#[test]
fn a_name_cannot_move_the_cursor() {
    let text = text(&[empty("a\u{1b}[2J\r\nb")], 80);
    assert!(text.contains("a\u{fffd}[2J\u{fffd}\u{fffd}b"), "{text:?}");
}
