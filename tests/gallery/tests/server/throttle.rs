use std::thread;
use std::time::Duration;

use gallery::{Fault, Options};

use crate::client::Client;
use crate::start;

#[test]
fn with_a_shared_bandwidth_every_picture_arrives_whole_and_is_counted() {
    // Slots of the smallest size, 1,024 bytes, so that every response takes several.
    let options = Options {
        bandwidth: Some(1_000_000),
        connect: Duration::from_millis(5),
        latency: Duration::from_millis(1),
        size: Some(10_000),
        min_concurrent: 8,
        ..Options::default()
    };
    let gallery = start(&options);
    thread::scope(|scope| {
        for picture in &gallery.first_page()[..8] {
            scope.spawn(|| {
                let response = Client::connect(&gallery.url()).get(&picture.path).unwrap();
                assert!(response.body == picture.bytes(), "{}", picture.file_name);
            });
        }
    });
    let counters = gallery.counters();
    assert_eq!((counters.bytes, counters.connections, counters.peak), (80_000, 8, 8));
}

#[test]
fn shutdown_ends_throttled_and_delayed_responses() {
    for (bandwidth, latency) in [(Some(1), Duration::ZERO), (None, Duration::from_secs(3_600))] {
        let gallery = start(&Options { bandwidth, latency, ..Options::default() });
        let mut client = Client::connect(&gallery.url());
        client.send("GET /4kdongman/ HTTP/1.1\r\n\r\n").unwrap();
        gallery.wait_until(|counters| counters.requests == 1);
        // This waits for the threads of the gallery: the test hangs if one of them keeps sleeping.
        drop(gallery);
        assert!(client.receive().is_err());
    }
}

#[test]
fn shutdown_ends_endless_and_stalled_responses() {
    let faults = vec![(0, Fault::Endless), (1, Fault::Stalled)];
    let gallery = start(&Options { faults, ..Options::default() });
    let mut clients: Vec<_> = (0..2).map(|_| Client::connect(&gallery.url())).collect();
    for (client, picture) in clients.iter_mut().zip(gallery.first_page()) {
        client.send(&format!("GET {} HTTP/1.1\r\n\r\n", picture.path)).unwrap();
    }
    gallery.wait_until(|counters| counters.picture_requests == 2);
    drop(gallery);
}
