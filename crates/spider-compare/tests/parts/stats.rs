//! The statistics of a run.

use std::time::Duration;

use gallery::Options;
use spider_compare::stats::limit;

#[test]
fn the_limit_is_a_latency_per_listing_page_plus_two_plus_the_transfer() {
    let latency = |latency| Options { latency: Duration::from_millis(latency), ..Options::default() };
    assert_eq!(limit(&latency(50), 1, 12_200_000), Some(0.15));
    assert_eq!(limit(&latency(50), 4, 0), Some(0.3));
    let narrow = Options { bandwidth: Some(12_500_000), ..latency(50) };
    assert_eq!(limit(&narrow, 1, 25_000_000), Some(2.15));
    assert_eq!(limit(&Options::default(), 1, 1), None);
}
