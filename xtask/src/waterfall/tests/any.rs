use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

use super::xml::{elements, numbers};
use crate::trace::{Kind, Request, Trace};
use crate::waterfall::{svg, text};

/// Most often a time that a run takes; sometimes none, or more than any clock has.
fn time() -> impl Strategy<Value = Duration> {
    prop_oneof![
        8 => (0..3_000_000_u64).prop_map(Duration::from_micros),
        1 => Just(Duration::ZERO),
        1 => any::<Duration>(),
        1 => Just(Duration::MAX),
    ]
}

fn request() -> impl Strategy<Value = Request> {
    let kind = prop::sample::select(vec![Kind::Robots, Kind::Listing, Kind::Detail, Kind::Image]);
    let times = (time(), time(), prop::option::of(time()), time());
    (kind, any::<String>(), times, any::<u64>(), prop::option::of(any::<String>())).prop_map(
        |(kind, name, (wanted, sent, answered, ended), bytes, failure)| Request {
            kind,
            name,
            wanted,
            sent,
            answered,
            ended,
            bytes,
            failure,
        },
    )
}

fn trace() -> impl Strategy<Value = Trace> {
    (any::<String>(), time(), time(), vec(request(), 0..160))
        .prop_map(|(strategy, crawl, total, requests)| Trace { strategy, crawl, total, requests })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_the_runs_were_the_picture_is_xml_and_within_its_width(traces in vec(trace(), 0..4)) {
        let elements = elements(&svg(&traces));
        prop_assert!(numbers(&elements).iter().all(|number| number.is_finite()));
        for bar in elements.iter().filter(|element| element.name == "rect" && element.attributes.contains_key("x")) {
            let number = |name: &str| bar.attributes[name].parse::<f64>().unwrap();
            prop_assert!(number("width") >= 0.0 && number("x") + number("width") <= 960.0, "{bar:?}");
        }
    }

    #[test]
    fn whatever_the_runs_were_the_text_is_within_its_width(traces in vec(trace(), 0..4), columns in 0..220_usize) {
        for line in text(&traces, columns).lines() {
            prop_assert!(line.width() <= columns.max(40), "{line:?}");
        }
    }
}
