use std::io;

use gallery::{Fault, Options, Resource};

use crate::client::Client;
use crate::start;

fn unavailable(status: u16, retry_after: Option<&str>, at: Resource) -> Fault {
    Fault::Unavailable { times: 2, status, retry_after: retry_after.map(str::to_owned), at }
}

/// The path of the first detail page.
const DETAIL: &str = "/tupian/34001.html";

#[test]
fn an_unavailable_resource_gives_an_error_status_and_then_200_on_the_same_connection() {
    for (at, status) in [(Resource::Picture, 503), (Resource::Detail, 429), (Resource::Listing, 500)] {
        let faults = vec![(0, unavailable(status, Some("1.5 or so"), at))];
        let gallery = start(&Options { faults, ..Options::default() });
        let path = match at {
            Resource::Picture => &gallery.first_page()[0].path,
            Resource::Detail => DETAIL,
            Resource::Listing => "/4kdongman/",
        };
        let mut client = Client::connect(&gallery.url());
        for _ in 0..2 {
            let response = client.get(path).unwrap();
            assert_eq!((response.status, response.field("Retry-After")), (status, Some("1.5 or so")));
        }
        assert_eq!(client.get(path).unwrap().status, 200, "{path}");
        assert_eq!((gallery.counters().requests, gallery.counters().connections), (3, 1));
    }
}

#[test]
fn retry_after_is_absent_without_a_value() {
    let faults = vec![(0, unavailable(408, None, Resource::Detail))];
    let gallery = start(&Options { faults, ..Options::default() });
    assert_eq!(Client::connect(&gallery.url()).get(DETAIL).unwrap().field("Retry-After"), None);
}

#[test]
fn a_closed_connection_gets_no_response_and_the_next_connection_does() {
    let faults = vec![(0, Fault::ConnectionClosed { times: 1, at: Resource::Picture })];
    let gallery = start(&Options { faults, ..Options::default() });
    let picture = &gallery.first_page()[0];
    let error = Client::connect(&gallery.url()).get(&picture.path).unwrap_err();
    assert!(matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset), "{error}");
    assert!(Client::connect(&gallery.url()).get(&picture.path).unwrap().body == picture.bytes());
    assert_eq!(gallery.counters().picture_requests, 2);
}

#[test]
fn a_request_without_user_agent_gets_403_if_one_is_required() {
    for (required, status) in [(true, 403), (false, 200)] {
        let gallery = start(&Options { require_user_agent: required, ..Options::default() });
        let mut client = Client::connect(&gallery.url());
        client.send("GET /4kdongman/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").unwrap();
        assert_eq!(client.receive().unwrap().status, status);
        assert_eq!(client.get("/4kdongman/").unwrap().status, 200);
    }
}

#[test]
fn robots_txt_is_counted_as_a_request() {
    let robots = Some("User-agent: *\nDisallow: /uploads/\n".to_owned());
    let gallery = start(&Options { robots: robots.clone(), ..Options::default() });
    let response = Client::connect(&gallery.url()).get("/robots.txt").unwrap();
    assert_eq!(String::from_utf8(response.body).ok(), robots);
    assert_eq!((gallery.counters().requests, gallery.counters().picture_requests), (1, 0));
}

#[test]
fn a_malformed_request_closes_its_own_connection_only() {
    let gallery = start(&Options::default());
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(100_000));
    for request in ["\r\n\r\n", "\u{0}\u{1}\r\n\r\n", "GET\r\n\r\n", &long] {
        let mut client = Client::connect(&gallery.url());
        // The gallery may close the connection before it has read all of it.
        let _ = client.send(request);
        assert!(client.receive().is_err(), "{request:.20}");
    }
    assert_eq!(Client::connect(&gallery.url()).get("/4kdongman/").unwrap().status, 200);
}
