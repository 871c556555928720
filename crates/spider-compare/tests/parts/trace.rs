//! The record of the requests.

use std::time::SystemTime;

use spider_compare::strategy::Strategy;
use spider_compare::trace::{self, Counts, Kind, Recorder, Request};

fn recorder(records_requests: bool) -> Recorder {
    Recorder::new(SystemTime::now(), records_requests)
}

fn request(sent: f64, finished: f64) -> Request {
    let (kind, name) = (Kind::Image, "1.jpg".to_owned());
    Request { kind, name, queued: 0.0, sent, first_byte: None, finished, bytes: 5, error: None }
}

#[test]
fn requests_in_flight_at_the_same_time_are_counted() {
    let recorder = recorder(false);
    let first = recorder.begin(Kind::Image, "1.jpg", None);
    let second = recorder.begin(Kind::Image, "2.jpg", None);
    drop((first, second));
    drop(recorder.begin(Kind::Listing, "", None));
    assert_eq!(recorder.counts(), Counts { requests: 3, listings: 1, peak: 2 });
    assert!(recorder.take().is_empty());
}

#[test]
fn recorded_requests_have_their_bytes_and_their_error() {
    let recorder = recorder(true);
    let mut listing = recorder.begin(Kind::Listing, "index.html", None);
    listing.first_byte();
    listing.add_bytes(7);
    drop(listing);
    recorder.begin(Kind::Detail, &"1".repeat(100), None).fail("404\nNot Found");
    let [listing, detail] = &recorder.take()[..] else { panic!("not two requests") };
    assert_eq!((listing.kind, listing.bytes, listing.error.as_deref()), (Kind::Listing, 7, None));
    assert!(listing.first_byte.is_some());
    assert_eq!((detail.kind, detail.name.chars().count()), (Kind::Detail, 64));
    assert_eq!(detail.error.as_deref(), Some("404 Not Found"));
}

#[test]
fn requests_of_child_processes_are_counted_by_their_times() {
    let recorder = recorder(false);
    recorder.add(vec![request(0.0, 0.010), request(0.005, 0.015)]);
    recorder.add(vec![request(0.010, 0.020)]);
    assert_eq!(recorder.counts(), Counts { requests: 3, listings: 0, peak: 2 });
}

#[test]
fn a_trace_has_a_line_per_run_and_a_line_per_request() {
    let mut output = Vec::new();
    trace::write(&mut output, Strategy::Pool, [0.25, 0.5], &[request(0.0, 0.125)]).unwrap();
    trace::write(&mut output, Strategy::Overlap, [0.0, 0.0], &[]).unwrap();
    assert_eq!(
        String::from_utf8(output).unwrap(),
        "{\"run\":{\"crawl_seconds\":0.25,\"strategy\":\"pool\",\"total_seconds\":0.5}}\n\
         {\"request\":{\"bytes\":5,\"finished\":0.125,\"kind\":\"image\",\"name\":\"1.jpg\",\"queued\":0.0,\"sent\":0.0}}\n\
         {\"run\":{\"crawl_seconds\":0.0,\"strategy\":\"overlap\",\"total_seconds\":0.0}}\n"
    );
}
