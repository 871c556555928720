//! The spider's own locks and condition variables under every schedule: the files themselves, compiled against the
//! scheduled counterparts of `std` and `parking_lot`.

#![allow(unreachable_pub, reason = "in the spider, these modules are public")]

#[macro_use]
extern crate scheduled_std as std;
extern crate scheduled_parking_lot as parking_lot;

#[expect(dead_code, reason = "only the token is explored")]
#[path = "../src/cancel.rs"]
mod cancel;
#[expect(dead_code, reason = "only the semaphore is explored")]
#[path = "../src/politeness.rs"]
mod politeness;
#[path = "../src/strategies/work_queue.rs"]
mod work_queue;

// What these files import from the rest of the spider.
use spider_compare::{crawl, robots};

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use course_tests::mistakes::summaries;
use exploration::explore::{every_schedule, outcomes};
use url::Url;

use cancel::{CancelToken, Cancelled};
use crawl::Image;
use politeness::Semaphore;
use work_queue::{Claimed, Work, WorkQueue};

fn url(path: &str) -> Url {
    Url::parse("https://pictures.example").expect("a URL").join(path).expect("a URL")
}

/// Does the work of a thread: a listing leads to two details, and each of them to an image. Returns how many of its items
/// have completed the crawl.
fn work(queue: &WorkQueue, images: &AtomicUsize) -> usize {
    let mut completed = 0;
    while let Some(claimed) = queue.claim() {
        match &claimed.work {
            Work::Listing(..) => claimed.push_follow_ups(["/a", "/b"].map(|page| Work::Detail(url(page)))),
            Work::Detail(page) => {
                let file_name = page.path().to_owned();
                claimed.push_follow_ups([Work::Image(Image {
                    address: page.clone(),
                    page: page.clone(),
                    file_name,
                })]);
            }
            Work::Image(_) => {
                images.fetch_add(1, SeqCst);
            }
        }
        completed += usize::from(claimed.finish());
    }
    completed
}

#[test]
fn threads_share_a_queue_until_all_its_work_is_done_once() {
    let _ = every_schedule(|| {
        let (queue, images) = (WorkQueue::new(url("/"), 2), AtomicUsize::new(0));
        let completed = thread::scope(|scope| {
            let other = scope.spawn(|| work(&queue, &images));
            work(&queue, &images) + other.join().expect("it does not panic")
        });
        assert_eq!((completed, images.load(SeqCst)), (1, 2));
    });
}

#[test]
fn a_thread_that_fails_lets_all_others_end() {
    let _ = every_schedule(|| {
        let queue = WorkQueue::new(url("/"), 3);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| queue.claim().map(Claimed::finish));
            }
            // Without `finish`, as after an error.
            drop(queue.claim());
        });
    });
}

#[test]
fn at_most_as_many_threads_as_there_are_permits_have_one_and_each_gets_one() {
    for permits in 1..=2 {
        let _ = every_schedule(move || {
            let (semaphore, held) = (Semaphore::new(permits), AtomicUsize::new(0));
            thread::scope(|scope| {
                for _ in 0..3 {
                    scope.spawn(|| {
                        let _permit = semaphore.acquire();
                        assert!(held.fetch_add(1, SeqCst) < permits, "one permit too many");
                        held.fetch_sub(1, SeqCst);
                    });
                }
            });
        });
    }
}

#[test]
fn a_callback_runs_once_whether_it_is_registered_before_or_during_or_after_the_cancellation() {
    let _ = every_schedule(|| {
        let (token, calls) = (CancelToken::default(), Arc::new(AtomicUsize::new(0)));
        thread::scope(|scope| {
            scope.spawn(|| token.cancel(Cancelled::Signal(2)));
            scope.spawn(|| token.cancel(Cancelled::BrokenPipe));
            let counted = Arc::clone(&calls);
            token.on_cancel(move || {
                counted.fetch_add(1, SeqCst);
            });
        });
        assert_eq!(calls.load(SeqCst), 1);
    });
}

#[test]
fn a_cancellation_ends_a_wait_and_the_first_reason_is_kept() {
    for (limit, results) in [(600, &["Err(Signal(2))", "Ok(())"][..]), (u64::MAX, &["Err(Signal(2))"])] {
        let results_found = outcomes(move || {
            let token = CancelToken::default();
            thread::scope(|scope| {
                scope.spawn(|| token.cancel(Cancelled::Signal(2)));
                println!("{:?}", token.wait(Duration::new(limit, 999_999_999)));
            });
            token.cancel(Cancelled::BrokenPipe);
            assert_eq!(token.check(), Err(Cancelled::Signal(2)));
        });
        assert_eq!(summaries(&results_found), results);
    }
}
