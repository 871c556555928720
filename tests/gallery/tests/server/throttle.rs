use std::thread;
use std::time::Duration;

use gallery::{Fault, Options};

use crate::client::Client;
use crate::open;

#[test]
fn over_a_shared_line_every_picture_arrives_whole_and_all_are_counted() {
    // Slots of the least size, 1,024 bytes, so that no answer goes out at once.
    let options = Options {
        bandwidth: Some(1_000_000),
        connect: Duration::from_millis(5),
        latency: Duration::from_millis(1),
        size: Some(10_000),
        min_concurrent: 8,
        ..Options::default()
    };
    let gallery = open(&options);
    thread::scope(|scope| {
        for picture in &gallery.pictures()[..8] {
            scope.spawn(|| {
                let answer = Client::of(&gallery).get(&picture.path).unwrap();
                assert!(answer.body == picture.bytes(), "{}", picture.file_name);
            });
        }
    });
    let counters = gallery.counters();
    assert_eq!((counters.bytes, counters.connections, counters.peak), (80_000, 8, 8));
}

#[test]
fn a_gallery_closes_at_once_however_slow_its_line_and_however_long_its_delays() {
    for (bandwidth, latency) in [(Some(1), Duration::ZERO), (None, Duration::from_secs(3_600))] {
        let gallery = open(&Options { bandwidth, latency, ..Options::default() });
        let mut client = Client::of(&gallery);
        client.say("GET /4kdongman/ HTTP/1.1\r\n\r\n").unwrap();
        gallery.wait_until(|counters| counters.requests == 1);
        // It waits for its threads; the test hangs when one of them goes on waiting.
        drop(gallery);
        assert!(client.answer().is_err());
    }
}

#[test]
fn an_endless_picture_and_a_stalled_one_do_not_keep_the_gallery_open() {
    let faults = vec![(0, Fault::Endless), (1, Fault::Stalled)];
    let gallery = open(&Options { faults, ..Options::default() });
    let mut visitors: Vec<_> = (0..2).map(|_| Client::of(&gallery)).collect();
    for (client, picture) in visitors.iter_mut().zip(gallery.pictures()) {
        client.say(&format!("GET {} HTTP/1.1\r\n\r\n", picture.path)).unwrap();
    }
    gallery.wait_until(|counters| counters.picture_requests == 2);
    drop(gallery);
}
