use super::{FAR, NEAR, Site, empty, named, odd};
use crate::waterfall::sentence::sentence;

#[test]
fn one_by_one_is_told_with_its_part_of_the_whole() {
    let site = Site { latency: 200_000, images: 20 };
    assert_eq!(
        sentence(&named("thread", site.all())),
        "Detail pages, one by one: 4.01 s of 4.41 s (91 %); then 20 images, all at once: 202 ms."
    );
}

#[test]
fn that_processes_have_to_be_started_is_told_and_what_it_takes_of_the_time() {
    assert_eq!(
        sentence(&named("process", NEAR.all())),
        "Detail pages, one by one: 5.2 ms of 24 ms (22 %); then 20 images, at most 2 at once: 18 ms, \
         of which starting processes took 17 ms."
    );
}

#[test]
fn a_start_that_takes_no_time_to_speak_of_is_not_told() {
    assert!(!sentence(&named("thread", NEAR.all())).contains("starting"));
}

#[test]
fn so_many_at_a_time_is_told_of_both_phases() {
    assert_eq!(
        sentence(&named("pool", FAR.all())),
        "Detail pages, at most 8 at once: 151 ms of 355 ms (42 %); then 20 images, at most 8 at once: 153 ms."
    );
}

#[test]
fn images_that_do_not_wait_for_the_last_detail_page_are_counted() {
    assert_eq!(
        sentence(&named("overlap", FAR.all())),
        "Detail pages, at most 16 at once, and images beside them: 16 of 20 images were asked for before the last detail \
         page had come."
    );
}

#[test]
fn failures_are_counted_and_nothing_is_nothing() {
    assert!(sentence(&odd()[0]).ends_with("; 2 requests failed."));
    assert_eq!(sentence(&empty("x")), "No detail page was asked for, and no image.");
}
