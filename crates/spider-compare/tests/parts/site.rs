//! Requests to a site: where links may lead, and which connections are reused.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::Result;
use spider_compare::cancel::{CancelToken, Cancelled};
use spider_compare::site::{FetchError, Limits, Site};
use spider_compare::trace::{Kind, Recorder};
use url::Url;

fn limits() -> Limits {
    Limits { timeout: Duration::from_secs(60), retries: 2, polite: false, crawl_delay: Duration::ZERO }
}

fn site(home: &Url, limits: Limits, cancel: &CancelToken) -> Site {
    Site::new(home, limits, Recorder::new(SystemTime::now(), true), cancel.clone())
}

fn check(link: &str) -> Result<()> {
    let home = Url::parse("https://pictures.example/4k/").unwrap();
    site(&home, limits(), &CancelToken::default()).check(&home.join(link).unwrap())
}

#[test]
fn links_to_other_sites_are_rejected() {
    for link in [
        "//evil.example/z.jpg",
        "https://evil.example/z.jpg",
        "https://pictures.example.evil.example/z.jpg",
        "https://pictures.example@evil.example/z.jpg",
        "https://pictures.example:8080/z.jpg",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:image/jpeg;base64,AAAA",
        "ftp://pictures.example/z.jpg",
    ] {
        assert!(check(link).is_err(), "{link}");
    }
}

#[test]
fn links_within_the_site_are_followed() {
    for link in ["/a.jpg", "../a.jpg", "http://pictures.example/a.jpg", "https://PICTURES.example:443/a.jpg"]
    {
        assert!(check(link).is_ok(), "{link}");
    }
}

#[test]
fn a_very_long_address_is_rejected() {
    let address = |length: usize| check(&"x".repeat(length - "https://pictures.example/4k/".len()));
    assert!(address(8 << 10).is_ok());
    assert!(address((8 << 10) + 1).unwrap_err().to_string().contains("longer than 8192 bytes"));
}

fn listen() -> (TcpListener, Url) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let home = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    (listener, home)
}

/// Downloads a page, with retries.
fn fetch(site: &Site, kind: Kind, address: &Url) {
    let body = site.with_retries(|attempt| {
        let mut body = Vec::new();
        site.get(kind, address, None, attempt, None)?.read_to_end(&mut body)?;
        Ok(body)
    });
    body.unwrap();
}

/// Reads the head of a request; at the end of file, returns an error.
fn read_request(client: &TcpStream) -> io::Result<()> {
    let mut lines = BufReader::new(client).lines();
    while !lines.next().ok_or(io::ErrorKind::UnexpectedEof)??.is_empty() {}
    Ok(())
}

fn respond(mut client: &TcpStream) -> io::Result<()> {
    client.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
}

#[test]
fn a_dropped_site_closes_its_connections_while_the_run_goes_on() {
    let (listener, home) = listen();
    let cancel = CancelToken::default();
    let site = site(&home, limits(), &cancel);
    let server = thread::spawn(move || {
        let (client, _) = listener.accept()?;
        // The time limit is reached only if the connection stays open.
        client.set_read_timeout(Some(Duration::from_secs(10)))?;
        read_request(&client)?;
        respond(&client)?;
        read_request(&client)
    });
    fetch(&site, Kind::Detail, &home);
    drop(site);
    let end = server.join().unwrap().unwrap_err();
    assert_eq!(end.kind(), io::ErrorKind::UnexpectedEof);
    cancel.check().unwrap();
}

/// Responds to one request on each of two connections, and closes them at the next.
fn serve_and_close(listener: &TcpListener) -> io::Result<()> {
    // Both are accepted before either gets a response, so neither is reused for both requests.
    let clients = [listener.accept()?.0, listener.accept()?.0];
    for client in &clients {
        read_request(client)?;
        respond(client)?;
    }
    for client in clients {
        thread::spawn(move || read_request(&client));
    }
    let (new, _) = listener.accept()?;
    read_request(&new)?;
    respond(&new)
}

#[test]
fn a_retry_does_not_reuse_a_connection_that_the_server_may_have_closed() {
    let (listener, home) = listen();
    let limits = Limits { retries: 1, ..limits() };
    let site = site(&home, limits, &CancelToken::default());
    let server = thread::spawn(move || serve_and_close(&listener));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| fetch(&site, Kind::Detail, &home));
        }
    });
    fetch(&site, Kind::Detail, &home);
    server.join().unwrap().unwrap();
}

/// Requests `/` from an external site with these responses, of which the last is "200 OK". Returns when each request was
/// sent, in seconds.
fn times(kind: Kind, crawl_delay: Duration, responses: [&'static str; 3]) -> Vec<f64> {
    let (listener, home) = listen();
    let mut site = site(&home, Limits { crawl_delay, ..limits() }, &CancelToken::default());
    site.apply_robots_txt(None).unwrap();
    let server = thread::spawn(move || -> io::Result<()> {
        for response in responses {
            let (mut client, _) = listener.accept()?;
            read_request(&client)?;
            write!(client, "HTTP/1.1 {response}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")?;
        }
        Ok(())
    });
    fetch(&site, kind, &home);
    server.join().unwrap().unwrap();
    site.recorder.take().iter().map(|request| request.sent).collect()
}

#[test]
fn a_retry_and_a_redirect_of_a_page_keep_the_crawl_delay() {
    let responses = ["503 Busy\r\nretry-after: 0", "302 Found\r\nlocation: /other", "200 OK"];
    for kind in [Kind::Listing, Kind::Detail] {
        let times = times(kind, Duration::from_millis(20), responses);
        assert!(times[2] >= 2.0 * 0.02, "{times:?}");
    }
    // A delay of an hour: the test would not end.
    assert_eq!(times(Kind::Image, Duration::from_secs(3_600), responses).len(), 3);
}

#[test]
fn a_retry_waits_as_long_as_the_site_asks_for() {
    let responses = ["429 Slow down\r\nretry-after: 1", "503 Busy\r\nretry-after: 0", "200 OK"];
    let times = times(Kind::Image, Duration::ZERO, responses);
    assert!(times[1] >= times[0] + 1.0, "{times:?}");
}

/// Requests `/` from a server whose response has this status line and these header fields. Returns the error, if any, and
/// the request lines.
fn request(head: &'static [u8]) -> (Option<FetchError>, Vec<String>) {
    let (listener, home) = listen();
    let server = thread::spawn(move || {
        let mut lines = Vec::new();
        let mut head = head;
        while let Ok((mut client, _)) = listener.accept() {
            let mut line = String::new();
            // A connection without a request ends the server.
            if BufReader::new(&client).read_line(&mut line).unwrap() == 0 {
                break;
            }
            lines.push(line.trim_end().to_owned());
            let response =
                [b"HTTP/1.1 ", head, b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"].concat();
            client.write_all(&response).unwrap();
            head = b"200 OK";
        }
        lines
    });
    let site = site(&home, limits(), &CancelToken::default());
    let error = site.get(Kind::Detail, &home, None, 1, None).err();
    drop(TcpStream::connect((home.host_str().unwrap(), home.port().unwrap())).unwrap());
    (error, server.join().unwrap())
}

#[test]
fn a_redirect_may_contain_bytes_that_are_not_ascii() {
    let target = |head| request(head).1.get(1).cloned();
    let get = |path: &str| Some(format!("GET {path} HTTP/1.1"));
    assert_eq!(target(b"302 Found\r\nlocation: /a.jpg?x=%20"), get("/a.jpg?x=%20"));
    assert_eq!(target("302 Found\r\nlocation: /图.jpg".as_bytes()), get("/%E5%9B%BE.jpg"));
    assert_eq!(target(b"302 Found\r\nlocation: /\xCD\xBC.jpg"), get("/%CD%BC.jpg"));
    assert_eq!(target(b"200 OK\r\nlocation: /a.jpg"), None);
}

#[test]
fn errors_of_the_server_are_transient_and_errors_of_the_client_are_not() {
    for status in [408, 429, 500, 502, 503, 504] {
        assert!(request(format!("{status} X").leak().as_bytes()).0.unwrap().is_transient, "{status}");
    }
    for status in [301, 400, 401, 403, 404, 410, 451] {
        assert!(!request(format!("{status} X").leak().as_bytes()).0.unwrap().is_transient, "{status}");
    }
    assert!(request(b"200 OK").0.is_none());
}

#[test]
fn the_work_on_a_response_has_the_time_limit_of_a_request_and_ends_if_the_run_is_cancelled() {
    let (home, cancel) = (Url::parse("http://127.0.0.1:1/").unwrap(), CancelToken::default());
    let at_once = site(&home, Limits { timeout: Duration::ZERO, ..limits() }, &cancel);
    assert!(at_once.time_limit()().unwrap_err().to_string().contains("timed out"));
    let site = site(&home, limits(), &cancel);
    let check = site.time_limit();
    check().unwrap();
    cancel.cancel(Cancelled::ByParent);
    assert_eq!(check().unwrap_err().downcast_ref(), Some(&Cancelled::ByParent));
}

#[test]
fn a_site_is_external_unless_it_is_on_this_machine() {
    for (address, is_external) in [
        ("http://127.0.0.1:1/", false),
        ("http://127.8.9.1/", false),
        ("http://[::1]/", false),
        ("http://localhost/", false),
        ("http://192.168.0.1/", true),
        ("http://localhost.example/", true),
    ] {
        let site = site(&Url::parse(address).unwrap(), limits(), &CancelToken::default());
        assert_eq!(site.is_external(), is_external, "{address}");
    }
}
