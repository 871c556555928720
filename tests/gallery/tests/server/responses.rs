use std::io;

use gallery::{Fault, Options, Resource};

use crate::client::Client;
use crate::open;

fn unavailable(status: u16, retry_after: Option<&str>, at: Resource) -> Fault {
    Fault::Unavailable { times: 2, status, retry_after: retry_after.map(str::to_owned), at }
}

/// The path of the first picture's detail page.
const DETAIL: &str = "/tupian/34001.html";

#[test]
fn what_is_unavailable_says_so_twice_and_then_comes_over_the_same_connection() {
    for (at, status) in [(Resource::Picture, 503), (Resource::Detail, 429), (Resource::Listing, 500)] {
        let faults = vec![(0, unavailable(status, Some("1.5 or so"), at))];
        let gallery = open(&Options { faults, ..Options::default() });
        let path = match at {
            Resource::Picture => &gallery.pictures()[0].path,
            Resource::Detail => DETAIL,
            Resource::Listing => "/4kdongman/",
        };
        let mut client = Client::of(&gallery);
        for _ in 0..2 {
            let answer = client.get(path).unwrap();
            assert_eq!((answer.status, answer.field("Retry-After")), (status, Some("1.5 or so")));
        }
        assert_eq!(client.get(path).unwrap().status, 200, "{path}");
        assert_eq!((gallery.counters().requests, gallery.counters().connections), (3, 1));
    }
}

#[test]
fn without_a_time_to_wait_none_is_named() {
    let faults = vec![(0, unavailable(408, None, Resource::Detail))];
    let gallery = open(&Options { faults, ..Options::default() });
    assert_eq!(Client::of(&gallery).get(DETAIL).unwrap().field("Retry-After"), None);
}

#[test]
fn what_is_refused_has_no_answer_and_the_next_connection_may_have_one() {
    let faults = vec![(0, Fault::ConnectionClosed { times: 1, at: Resource::Picture })];
    let gallery = open(&Options { faults, ..Options::default() });
    let picture = &gallery.pictures()[0];
    let error = Client::of(&gallery).get(&picture.path).unwrap_err();
    assert!(matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset), "{error}");
    assert!(Client::of(&gallery).get(&picture.path).unwrap().body == picture.bytes());
    assert_eq!(gallery.counters().picture_requests, 2);
}

#[test]
fn whoever_does_not_say_what_it_is_gets_nothing_where_that_is_required() {
    for (required, status) in [(true, 403), (false, 200)] {
        let gallery = open(&Options { require_user_agent: required, ..Options::default() });
        let mut client = Client::of(&gallery);
        client.say("GET /4kdongman/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").unwrap();
        assert_eq!(client.answer().unwrap().status, status);
        assert_eq!(client.get("/4kdongman/").unwrap().status, 200);
    }
}

#[test]
fn robots_txt_is_a_request_like_any_other() {
    let robots = Some("User-agent: *\nDisallow: /uploads/\n".to_owned());
    let gallery = open(&Options { robots: robots.clone(), ..Options::default() });
    let answer = Client::of(&gallery).get("/robots.txt").unwrap();
    assert_eq!(String::from_utf8(answer.body).ok(), robots);
    assert_eq!((gallery.counters().requests, gallery.counters().picture_requests), (1, 0));
}

#[test]
fn nonsense_costs_its_sender_the_connection_and_nobody_else_anything() {
    let gallery = open(&Options::default());
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(100_000));
    for nonsense in ["\r\n\r\n", "\u{0}\u{1}\r\n\r\n", "GET\r\n\r\n", &long] {
        let mut client = Client::of(&gallery);
        // The gallery may hang up before all of it has been said.
        let _ = client.say(nonsense);
        assert!(client.answer().is_err(), "{nonsense:.20}");
    }
    assert_eq!(Client::of(&gallery).get("/4kdongman/").unwrap().status, 200);
}
