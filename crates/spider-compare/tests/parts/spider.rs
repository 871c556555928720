//! The results of a run so far.

use spider_compare::spider::Tally;

#[test]
fn the_progress_never_exceeds_the_total_when_a_page_fails() {
    let all_done = Tally { images: 19, downloaded: 18, failed: 2, ..Tally::default() };
    assert_eq!(all_done.progress(), (20, 20));
    let half_done = Tally { images: 19, downloaded: 8, failed: 1, skipped: 1, ..Tally::default() };
    assert_eq!(half_done.progress(), (10, 19));
}
