//! Responses of a site: compressed ones, ones that are cut short, cookies, and its `robots.txt`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use spider_compare::cancel::CancelToken;
use spider_compare::reporter::Reporter;
use spider_compare::site::{Cookies, FetchError, Limits, Site, referer};
use spider_compare::spider::{Config, Spider};
use spider_compare::trace::{Kind, Recorder};
use url::Url;

const LIMITS: Limits =
    Limits { timeout: Duration::from_secs(60), retries: 0, polite: true, crawl_delay: Duration::ZERO };

/// A server that gives each connection the next of its responses. It ends with a connection that sends nothing.
struct Server {
    home: Url,
    requests: JoinHandle<Vec<String>>,
}

impl Server {
    fn start(responses: Vec<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let home = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let serve = move || {
            let mut requests = Vec::new();
            for response in responses.into_iter().chain(std::iter::repeat(ok("", b"?"))) {
                let (mut client, _) = listener.accept().unwrap();
                let lines = BufReader::new(&client).lines().map_while(Result::ok);
                let head: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
                if head.is_empty() {
                    break;
                }
                requests.push(head.join("\n"));
                // The client may have read enough.
                let _ = client.write_all(&response);
            }
            requests
        };
        Self { home, requests: thread::spawn(serve) }
    }

    /// Ends the server, and returns the heads of the requests.
    fn stop(self) -> Vec<String> {
        drop(TcpStream::connect((self.home.host_str().unwrap(), self.home.port().unwrap())).unwrap());
        self.requests.join().unwrap()
    }

    fn site(&self) -> Site {
        Site::new(&self.home, LIMITS, Recorder::new(SystemTime::now(), true), CancelToken::default())
    }
}

/// A response with these header fields and this body, and the length of the body.
fn ok(fields: &str, body: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n{fields}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn redirect(location: &str) -> Vec<u8> {
    format!("HTTP/1.1 302 Found\r\nconnection: close\r\ncontent-length: 0\r\nlocation: {location}\r\n\r\n")
        .into()
}

fn status(status: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n").into()
}

/// Reads a page from a server with this response.
fn page(response: Vec<u8>) -> Result<Vec<u8>, FetchError> {
    let server = Server::start(vec![response]);
    let mut body = Vec::new();
    server.site().get(Kind::Detail, &server.home, None, 1, None)?.read_to_end(&mut body)?;
    Ok(body)
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn zlib(body: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn deflate(body: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// `the page`, 20 times.
const BROTLI: &[u8] = b"\x1b\x9f\x00\xf8\x1d\xa9S\x9f\xbbqY\x06GW g\x15\x86\x16\xba\x85\x03\xa4\x93\x00";

/// 5 MiB of zeros.
const BROTLI_BOMB: &[u8] = b"\x9b\xff\xffO\xf8'\x00\xe2\xb1@ \xf7\xfe\t";

#[test]
fn a_compressed_response_is_decompressed() {
    let text = b"the page".repeat(20);
    for (encoding, body) in [
        ("gzip", gzip(&text)),
        (" GZIP", gzip(&text)),
        ("x-gzip", gzip(&text)),
        ("gzip", [gzip(&text[..50]), gzip(&text[50..])].concat()),
        ("deflate", zlib(&text)),
        ("deflate", deflate(&text)),
        ("br", BROTLI.to_vec()),
        ("identity", text.clone()),
        ("utf-8", text.clone()),
    ] {
        let response = ok(&format!("content-encoding: {encoding}\r\n"), &body);
        assert!(page(response).unwrap() == text, "{encoding}");
    }
    for encoding in ["zstd", "compress", "gzip, br"] {
        let error = page(ok(&format!("content-encoding: {encoding}\r\n"), &text)).unwrap_err().to_string();
        assert_eq!(error, format!("unexpected Content-Encoding {encoding:?}"));
    }
}

#[test]
fn a_request_accepts_what_can_be_decompressed() {
    let server = Server::start(vec![]);
    server.site().get(Kind::Detail, &server.home, None, 1, None).unwrap();
    assert!(server.stop()[0].contains("\naccept-encoding: gzip, deflate, br"));
}

#[test]
fn a_response_that_is_too_long_when_it_is_decompressed_is_an_error() {
    let zeros = vec![0; 5 << 20];
    for (encoding, body) in [
        ("gzip", gzip(&zeros)),
        ("deflate", zlib(&zeros)),
        ("br", BROTLI_BOMB.to_vec()),
        ("identity", zeros.clone()),
    ] {
        let error = page(ok(&format!("content-encoding: {encoding}\r\n"), &body)).unwrap_err();
        assert_eq!(error.to_string(), "the response is longer than 4194304 bytes", "{encoding}");
        assert!(!error.is_transient);
    }
    assert_eq!(page(ok("content-encoding: gzip\r\n", &gzip(&zeros[..4 << 20]))).unwrap().len(), 4 << 20);
}

#[test]
fn a_response_that_ends_too_early_is_an_error() {
    let text = b"the page".repeat(20);
    let gzip = gzip(&text);
    let half = |body: &[u8]| body[..body.len() / 2].to_vec();
    let chunked = |chunks: &str| {
        format!("HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n{chunks}")
            .into_bytes()
    };
    assert_eq!(page(chunked("4\r\npage\r\n0\r\n\r\n")).unwrap(), b"page");
    for (name, response) in [
        ("shorter than its length", half(&ok("", &text))),
        ("half a chunk", chunked("4\r\npa")),
        ("no last chunk", chunked("4\r\npage\r\n")),
        ("half of a gzip stream", ok("content-encoding: gzip\r\n", &half(&gzip))),
        ("half of a zlib stream", ok("content-encoding: deflate\r\n", &half(&zlib(&text)))),
        ("half of a brotli stream", ok("content-encoding: br\r\n", &half(BROTLI))),
    ] {
        let error = page(response).expect_err(name).to_string();
        let expected = if name.contains("brotli") {
            "invalid response: Invalid Data"
        } else {
            "the response was cut short"
        };
        assert_eq!(error, expected, "{name}");
    }
}

#[test]
fn a_connection_is_reused_after_a_compressed_response() {
    let text = b"the page".repeat(20);
    for (encoding, body) in [
        ("gzip", gzip(&text)),
        ("deflate", zlib(&text)),
        ("deflate", deflate(&text)),
        ("br", BROTLI.to_vec()),
    ] {
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-encoding: {encoding}\r\ntransfer-encoding: chunked\r\n\r\n");
        let length = format!("{:x}\r\n", body.len());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let home = url(&format!("http://{}/", listener.local_addr().unwrap()));
        let server = thread::spawn(move || {
            let (mut client, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(client.try_clone().unwrap()).lines();
            // At the end of the connection, the test fails.
            for _ in 0..2 {
                while !lines.next()?.ok()?.is_empty() {}
                client.write_all(&[head.as_bytes(), length.as_bytes(), &body].concat()).ok()?;
                // The end comes alone.
                client.write_all(b"\r\n0\r\n\r\n").ok()?;
            }
            Some(())
        });
        let site = Site::new(&home, LIMITS, Recorder::new(SystemTime::now(), true), CancelToken::default());
        for _ in 0..2 {
            let mut body = Vec::new();
            let response = site.get(Kind::Detail, &home, None, 1, None);
            response.unwrap().read_to_end(&mut body).unwrap();
            assert!(body == text, "{encoding}");
        }
        drop(site);
        assert_eq!(server.join().unwrap(), Some(()), "{encoding}");
    }
}

fn url(address: &str) -> Url {
    Url::parse(address).unwrap()
}

#[test]
fn the_referer_is_the_page_without_password_and_fragment_or_its_origin_or_nothing() {
    let page = "https://user:password@pictures.example/tupian/1.html?a=b#top";
    for (page, address, expected) in [
        (page, "https://pictures.example/1.jpg", Some("https://pictures.example/tupian/1.html?a=b")),
        (page, "http://pictures.example/1.jpg", None),
        (page, "https://other.example/1.jpg", Some("https://pictures.example/")),
        ("http://a.example/1.html", "https://a.example/1.jpg", Some("http://a.example/")),
        ("http://a.example:81/1.html", "http://a.example/1.jpg", Some("http://a.example:81/")),
    ] {
        assert_eq!(referer(&url(page), &url(address)).as_deref(), expected, "{page} {address}");
    }
}

#[test]
fn a_request_and_its_redirects_have_the_referer_of_their_page() {
    let server = Server::start(vec![redirect("/other"), ok("", b"")]);
    let page = server.home.join("/1.html").unwrap();
    server.site().get(Kind::Image, &server.home, Some(&page), 1, None).unwrap();
    server.site().get(Kind::Image, &server.home, None, 1, None).unwrap();
    let expected = format!("\nreferer: {page}");
    let has_it: Vec<_> = server.stop().iter().map(|head| head.contains(&expected)).collect();
    assert_eq!(has_it, [true, true, false]);
}

/// Returns the `Cookie` header of a request for `address` after responses from `/a/b` with these `Set-Cookie` headers.
fn cookies(set: &[&str], address: &str) -> String {
    let mut cookies = Cookies::default();
    for header in set {
        cookies.set(header, &url("https://a.example/a/b"));
    }
    cookies.header(&url("https://a.example").join(address).unwrap()).unwrap_or_default()
}

#[test]
fn a_cookie_is_sent_until_it_is_replaced_or_expires() {
    assert_eq!(cookies(&["a=1; HttpOnly", " b = 2=3 ;path=/"], "/a/c"), "a=1; b=2=3");
    assert_eq!(cookies(&["a=1", "a=2"], "/a/b"), "a=2");
    assert_eq!(cookies(&["a=", "no cookie", "none; path=/a", "=x"], "/a/b"), "a=");
    for (attributes, expected) in [
        ("Max-Age=0", ""),
        ("max-age=-5", ""),
        ("Max-Age=5", "a=2"),
        ("Expires=Thu, 01 Jan 1970 00:00:00 GMT", ""),
        ("expires=Mon, 11-Oct-1999 22:00:00 GMT", ""),
        ("expires=Fri, 01 Jan 2100 00:00:00 GMT", "a=2"),
        ("expires=Thu, 01 Jan 1970 00:00:00 GMT; max-age=5", "a=2"),
        ("Expires=never; Max-Age=forever", "a=2"),
    ] {
        assert_eq!(cookies(&["a=1", &format!("a=2; {attributes}")], "/a/b"), expected, "{attributes}");
    }
}

#[test]
fn a_cookie_is_sent_to_its_path_and_if_it_is_secure_only_over_https() {
    for (cookie, address, is_sent) in [
        ("a=1", "/a", true),
        ("a=1", "/a/c/d", true),
        ("a=1", "/ab", false),
        ("a=1", "/", false),
        ("a=1; path=/", "/", true),
        ("a=1; path=/x/", "/x/y", true),
        ("a=1; path=/x/", "/xy", false),
        ("a=1; path=x", "/a/b", true),
        ("a=1; path=/; Secure", "/", true),
        ("a=1; path=/; Secure", "http://a.example/", false),
        ("a=1; path=/", "http://a.example/", true),
    ] {
        assert_eq!(cookies(&[cookie], address), if is_sent { "a=1" } else { "" }, "{cookie} {address}");
    }
    assert_eq!(cookies(&["a=1; path=/", "a=2; path=/a/b", "b=3; path=/a"], "/a/b"), "a=2; b=3; a=1");
}

#[test]
fn of_many_cookies_the_last_are_kept() {
    let many: Vec<_> = (0..1_000).map(|number| format!("{number}=x")).collect();
    let header = cookies(&many.iter().map(String::as_str).collect::<Vec<_>>(), "/a/b");
    assert!(header.starts_with("950=x; 951=x") && header.ends_with("999=x"), "{header}");
}

#[test]
fn of_large_cookies_as_many_are_kept_as_fit_into_a_request() {
    let large: Vec<_> = (0..10).map(|number| format!("{number}={}", "x".repeat(4_000))).collect();
    let header = cookies(&large.iter().map(String::as_str).collect::<Vec<_>>(), "/a/b");
    assert_eq!(header.split("; ").map(|cookie| &cookie[..1]).collect::<String>(), "6789");
    assert_eq!(cookies(&["a=1", &format!("b={}", "x".repeat(20_000))], "/a/b"), "");
}

#[test]
fn the_cookies_of_every_response_are_sent_with_the_next_request() {
    let with = |response: &[u8], cookie: &str| {
        let text = String::from_utf8(response.to_vec()).unwrap();
        text.replacen("\r\n", &format!("\r\nset-cookie: {cookie}\r\n"), 1).into_bytes()
    };
    let server = Server::start(vec![
        with(&redirect("/other"), "a=1"),
        with(&with(&ok("", b""), "b=2"), "c=3"),
        with(&status("404 Not Found"), "b=4"),
    ]);
    let site = server.site();
    for _ in 0..3 {
        drop(site.get(Kind::Detail, &server.home, None, 1, None));
    }
    let cookies = server.stop().into_iter().map(|head| {
        head.lines().find_map(|line| line.strip_prefix("cookie: ")).unwrap_or_default().to_owned()
    });
    assert_eq!(cookies.collect::<Vec<_>>(), ["", "a=1", "a=1; c=3; b=2", "a=1; c=3; b=4"]);
}

/// Starts a run over an external site with these responses to the requests for its `robots.txt`. Returns which of these
/// paths it disallows, or the error, and the heads of the requests.
fn disallowed<'a>(responses: Vec<Vec<u8>>, paths: &[&'a str]) -> (Result<Vec<&'a str>, String>, Vec<String>) {
    disallowed_after_retries(0, responses, paths)
}

fn disallowed_after_retries<'a>(
    retries: u32,
    responses: Vec<Vec<u8>>,
    paths: &[&'a str],
) -> (Result<Vec<&'a str>, String>, Vec<String>) {
    let server = Server::start(responses);
    let config = Config {
        listing: server.home.join("/listing/").unwrap(),
        pages: 1,
        folder: PathBuf::new(),
        program: PathBuf::new(),
        jobs: None,
        limits: Limits { retries, ..LIMITS },
        keeps_requests: false,
    };
    let spider = Spider::new(config, CancelToken::default(), Reporter::quiet());
    let is_disallowed =
        |spider: &Spider, path: &str| spider.site.check(&server.home.join(path).unwrap()).is_err();
    let disallowed =
        spider.map(|spider| paths.iter().copied().filter(|path| is_disallowed(&spider, path)).collect());
    (disallowed.map_err(|error| error.to_string()), server.stop())
}

const ROBOTS: &str = "User-agent: *\nDisallow: /no\n";

#[test]
fn a_site_that_rejects_the_request_for_robots_txt_allows_everything_and_one_that_fails_nothing() {
    for allowed in ["400 X", "401 X", "403 X", "404 Not Found", "410 Gone", "429 X"] {
        let (disallowed, requests) = disallowed(vec![status(allowed)], &["/", "/no"]);
        assert_eq!((disallowed, requests.len()), (Ok(vec![]), 1), "{allowed}");
    }
    for failed in ["500 X", "503 Service Unavailable", "599 X"] {
        let (disallowed, requests) = disallowed(vec![status(failed)], &[]);
        let error = disallowed.unwrap_err();
        assert!(error.contains("cannot download robots.txt, so nothing may be requested: 5"), "{error}");
        assert_eq!(requests.len(), 1, "{failed}");
    }
}

#[test]
fn a_robots_txt_with_a_transient_error_is_retried() {
    for error in ["429 X\r\nretry-after: 0", "408 X\r\nretry-after: 0", "503 X\r\nretry-after: 0"] {
        let responses = vec![status(error), ok("", ROBOTS.as_bytes())];
        let (disallowed, requests) = disallowed_after_retries(1, responses, &["/no"]);
        assert_eq!((disallowed, requests.len()), (Ok(vec!["/no"]), 2), "{error}");
    }
}

#[test]
fn five_redirects_of_robots_txt_are_followed_to_any_host() {
    let other = Server::start(vec![redirect("/end"), ok("", ROBOTS.as_bytes())]);
    let elsewhere = redirect(&format!("http://localhost:{}/start", other.home.port().unwrap()));
    let here = [redirect("/1"), redirect("2?a"), redirect("/3"), elsewhere];
    let with_cookie =
        String::from_utf8(here[0].clone()).unwrap().replacen("\r\n", "\r\nset-cookie: a=1; path=/\r\n", 1);
    let (disallowed, requests) =
        disallowed([&[with_cookie.into_bytes()], &here[1..]].concat(), &["/no", "/yes"]);
    assert_eq!((disallowed, requests.len()), (Ok(vec!["/no"]), 4));
    assert!(requests[3].contains("cookie: a=1"), "{requests:?}");
    let elsewhere = other.stop();
    assert!(elsewhere.len() == 2 && elsewhere.iter().all(|head| !head.contains("cookie")), "{elsewhere:?}");
}

#[test]
fn a_sixth_redirect_of_robots_txt_and_one_to_a_file_are_errors() {
    let (disallowed, requests) = disallowed(vec![redirect("/"); 9], &[]);
    assert!(disallowed.unwrap_err().contains("redirected more than 5 times"));
    assert_eq!(requests.len(), 6);
    let (disallowed, _) = self::disallowed(vec![redirect("file:///etc/passwd")], &[]);
    assert!(disallowed.unwrap_err().contains("neither http nor https"));
}

#[test]
fn of_a_robots_txt_the_lines_that_are_complete_within_500_kibibytes_count() {
    let comment = |length: usize| format!("#{}\n", "x".repeat(length));
    let paths = ["/no", "/first", "/last", "/la"];
    let first = "User-agent: *\nDisallow: /first\n";
    for (text, expected) in [
        (format!("{first}{}Disallow: /last\n", comment(600_000)), vec!["/first"]),
        (format!("{first}{}Disallow: /last\n", comment(400_000)), vec!["/first", "/last"]),
        // The limit is in the middle of the last line.
        (format!("{first}{}Disallow: /last\n", comment((500 << 10) - first.len() - 2 - 13)), vec!["/first"]),
        ("x".repeat(600_000), vec![]),
    ] {
        for (fields, body) in
            [("", text.clone().into_bytes()), ("content-encoding: gzip\r\n", gzip(text.as_bytes()))]
        {
            assert_eq!(
                disallowed(vec![ok(fields, &body)], &paths).0,
                Ok(expected.clone()),
                "{} bytes",
                text.len()
            );
        }
    }
}
