//! The work queue of the strategy `overlap`.

use spider_compare::crawl::Image;
use spider_compare::strategies::work_queue::{Claimed, Work, WorkQueue};
use url::Url;

fn url(path: &str) -> Url {
    Url::parse("https://pictures.example").unwrap().join(path).unwrap()
}

fn image(name: &str) -> Work {
    Work::Image(Image { address: url(name), page: url("page"), file_name: name.to_owned() })
}

fn path(claimed: &Claimed<'_>) -> String {
    match &claimed.work {
        Work::Listing(address, _) | Work::Detail(address) => address.path().to_owned(),
        Work::Image(image) => image.address.path().to_owned(),
    }
}

#[test]
fn images_come_before_pages_and_a_listing_comes_before_the_details_run_out() {
    let queue = WorkQueue::new(url("/1"), 2);
    let first = queue.claim().unwrap();
    first.push_follow_ups(["/a", "/b", "/c"].map(|path| Work::Detail(url(path))));
    first.push_follow_ups([Work::Listing(url("/2"), 2)]);
    assert!(!first.finish());
    let a = queue.claim().unwrap();
    assert_eq!(path(&a), "/a");
    let b = queue.claim().unwrap();
    assert_eq!(path(&b), "/b", "two details are enough for two threads");
    a.push_follow_ups([image("a.jpg")]);
    let claimed = [(); 3].map(|()| queue.claim().unwrap());
    assert_eq!(claimed.each_ref().map(path), ["/a.jpg", "/2", "/c"]);
}

#[test]
fn only_the_last_page_completes_the_crawl() {
    let queue = WorkQueue::new(url("/1"), 4);
    let first = queue.claim().unwrap();
    first.push_follow_ups(["/a", "/b"].map(|path| Work::Detail(url(path))));
    assert!(!first.finish());
    let (a, b) = (queue.claim().unwrap(), queue.claim().unwrap());
    b.push_follow_ups([image("b.jpg")]);
    assert!(!b.finish());
    let picture = queue.claim().unwrap();
    assert!(a.finish());
    assert!(!picture.finish());
    assert!(queue.claim().is_none());
}

#[test]
fn an_idle_thread_waits_while_a_page_is_in_flight() {
    let queue = WorkQueue::new(url("/1"), 2);
    let first = queue.claim().unwrap();
    std::thread::scope(|scope| {
        let other = scope.spawn(|| queue.claim().map(|claimed| (path(&claimed), claimed.finish())));
        first.push_follow_ups([Work::Detail(url("/a"))]);
        assert_eq!(other.join().unwrap(), Some(("/a".to_owned(), false)));
    });
    assert!(first.finish());
}

#[test]
fn a_thread_that_fails_closes_the_queue() {
    let queue = WorkQueue::new(url("/1"), 2);
    let first = queue.claim().unwrap();
    first.push_follow_ups([Work::Detail(url("/a"))]);
    drop(first);
    assert!(queue.claim().is_none());
}
