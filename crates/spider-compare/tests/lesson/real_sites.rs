//! What real sites do: any `Content-Type`, cut images, long names, cookies, passwords, and files in the way.

use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use course_tests::Run;
use gallery::Options;

use crate::raw_site::{self, detail, listing, path, send};
use crate::{STRATEGIES, at_once, files, open, small, spider};

/// The bytes of a whole JPEG.
fn jpeg() -> Vec<u8> {
    open(&small()).first_page()[0].bytes()
}

/// Returns whether the request with this head is for a link on this page of the site.
fn has_referer(head: &str, page: &str) -> bool {
    let host = head.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
    head.lines().any(|line| line == format!("referer: http://{host}{page}"))
}

/// Starts a site with pictures at these paths, whose pages are for links on the listing. `respond` answers the requests for
/// the pictures.
fn site(pictures: Vec<String>, respond: impl Fn(usize, &str, &TcpStream) + Clone + Send + 'static) -> String {
    let page = |client: &TcpStream, html: String| {
        send(client, "200 OK", "set-cookie: visitor=1; path=/\r\n", html.as_bytes());
    };
    raw_site::start(move |head, client| match path(head) {
        "/" => page(client, listing(pictures.len())),
        path if path.starts_with("/tupian/") && has_referer(head, "/") => {
            let number = path.trim_start_matches("/tupian/").trim_end_matches(".html");
            page(client, detail(&pictures[number.parse::<usize>().expect("the number of a picture")]));
        }
        path => match pictures.iter().position(|picture| picture == path) {
            Some(index) => respond(index, head, client),
            None => send(client, "404 Not Found", "", b""),
        },
    })
}

/// Runs a strategy over a site into a new folder. Returns the run, and the names of the files.
fn run(strategy: &str, url: &str, arguments: &[&str]) -> (Run, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let run = spider(strategy)
        .args(["--retries", "0", "--url", url])
        .args(arguments)
        .arg("--out")
        .arg(folder.path())
        .run();
    (run, files(folder.path()).into_keys().collect())
}

#[test]
fn an_image_is_saved_whatever_its_content_type_is_and_only_if_it_is_whole() {
    let jpeg = jpeg();
    let whole = [
        "image/jpeg",
        "binary/octet-stream",
        "application/force-download",
        "application/x-jpg",
        "jpg",
        "text/plain",
        "text/html",
        "",
    ];
    let cut = |length: usize| jpeg[..length].to_vec();
    let others = [
        cut(jpeg.len() - 1),
        cut(jpeg.len() / 2),
        b"<html>log in</html>".to_vec(),
        Vec::new(),
        vec![0xFF, 0xD8, 0xFF],
    ];
    let kinds = whole.map(|kind| (kind, jpeg.clone()));
    let responses: Vec<_> = kinds.into_iter().chain(others.map(|body| ("image/jpeg", body))).collect();
    let pictures = (0..responses.len()).map(|index| format!("/{index}.jpg")).collect();
    let url = site(pictures, move |index, _, client| {
        let (kind, body) = &responses[index];
        let field = if kind.is_empty() { String::new() } else { format!("content-type: {kind}\r\n") };
        send(client, "200 OK", &field, body);
    });
    for strategy in ["sequential", "process"] {
        let (run, files) = run(strategy, &url, &[]);
        assert_eq!(run.status.code(), Some(1), "{}", run.output);
        assert_eq!(
            files,
            (0..whole.len()).map(|index| format!("{index}.jpg")).collect::<Vec<_>>(),
            "{}",
            run.output
        );
        assert_eq!(run.output.matches("失败! the response was cut short").count(), 3, "{}", run.output);
        assert_eq!(
            run.output.matches("失败! the response is not an image (Content-Type: image/jpeg)").count(),
            2
        );
    }
}

#[test]
fn pictures_with_long_names_are_saved_under_shorter_ones() {
    let jpeg = jpeg();
    let names = ["图".repeat(30), format!("{}1", "a".repeat(300)), format!("{}2", "a".repeat(300))];
    let url =
        |name: &String| url::Url::parse("http://a.example").unwrap().join(&format!("{name}.jpg")).unwrap();
    let pictures = names.iter().map(|name| url(name).path().to_owned()).collect();
    let url = site(pictures, move |_, _, client| send(client, "200 OK", "", &jpeg));
    for strategy in ["sequential", "process"] {
        let (run, files) = run(strategy, &url, &[]);
        assert!(run.status.success(), "{}", run.output);
        assert_eq!(files.len(), 3, "{files:?}");
        assert!(files.iter().all(|name| name.len() <= 255 && name.ends_with("jpg")), "{files:?}");
    }
}

#[test]
fn a_page_is_requested_with_its_listing_as_referer_and_a_picture_with_its_page_and_the_cookies_of_both() {
    let jpeg = jpeg();
    let pictures = (0..3).map(|index| format!("/{index}.jpg")).collect();
    let url = site(pictures, move |index, head, client| {
        let has_cookie = head.lines().any(|line| line == "cookie: visitor=1");
        let is_welcome = has_referer(head, &format!("/tupian/{index}.html")) && has_cookie;
        send(client, if is_welcome { "200 OK" } else { "403 Forbidden" }, "", &jpeg);
    });
    at_once(&STRATEGIES, |strategy| {
        let (run, files) = run(strategy, &url, &[]);
        assert!(run.status.success() && files.len() == 3, "{}", run.output);
    });
}

#[test]
fn a_password_in_the_url_is_sent_and_not_printed() {
    // `user:secret`.
    let is_welcome = |head: &str| head.contains("\nauthorization: Basic dXNlcjpzZWNyZXQ=");
    let home = raw_site::start(move |head, client| match (is_welcome(head), path(head)) {
        (false, _) => send(client, "401 Unauthorized", "", b""),
        (_, "/") => send(client, "200 OK", "", listing(3).as_bytes()),
        (_, "/tupian/0.html") => send(client, "200 OK", "", detail("/a.jpg").as_bytes()),
        (_, "/tupian/1.html") => {
            send(client, "200 OK", "", detail("//user:secret@other.example/b.jpg").as_bytes());
        }
        (_, "/a.jpg") => {
            assert_eq!(arguments_of_children().iter().filter(|text| text.contains("secret")).count(), 0);
            send(client, "302 Found", "location: ftp://user:secret@other.example/\r\n", b"");
        }
        _ => send(client, "404 Not Found", "", b""),
    });
    let url = home.replace("http://", "http://user:secret@");
    let trace = tempfile::NamedTempFile::new().unwrap();
    let arguments = ["--trace", trace.path().to_str().unwrap()];
    at_once(&STRATEGIES, |strategy| {
        let (run, _) = run(strategy, &url, if strategy == "thread" { &arguments } else { &[] });
        assert_eq!(run.status.code(), Some(1));
        assert!(!run.output.contains("secret"), "{}", run.output);
        assert_eq!(run.output.matches("//***@other.example").count(), 2, "{}", run.output);
    });
    let trace = fs::read_to_string(trace.path()).unwrap();
    assert!(trace.contains("a.jpg") && !trace.contains("secret"), "{trace}");
    for wrong in
        [url.replace("user", "x"), url.replace("http", "ftp"), url.replace("127.0.0.1", "127.0.0.1:x")]
    {
        let (run, _) = self::run("sequential", &wrong, &["--json"]);
        assert!(!run.status.success() && run.output.contains("***@127.0.0.1"), "{}", run.output);
        assert!(!run.output.contains("secret"), "{}", run.output);
    }
}

/// The arguments of each child process of a spider on this machine.
fn arguments_of_children() -> Vec<String> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let arguments = processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
    let arguments = arguments.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    arguments.filter(|text| text.contains("--download-one")).collect()
}

#[test]
fn what_is_not_a_regular_file_in_a_pictures_place_is_an_error_and_is_kept() {
    for strategy in ["sequential", "process"] {
        let gallery = open(&Options { pictures: 5, ..small() });
        let folder = tempfile::tempdir().unwrap();
        let place = |index: usize| folder.path().join(&gallery.first_page()[index].file_name);
        let target = tempfile::NamedTempFile::new().unwrap();
        std::os::unix::fs::symlink(target.path(), place(0)).unwrap();
        std::os::unix::fs::symlink("/nowhere", place(1)).unwrap();
        fs::create_dir(place(2)).unwrap();
        assert!(Command::new("mkfifo").arg(place(3)).status().unwrap().success());
        let run = spider(strategy).args(["--url", &gallery.url(), "--out"]).arg(folder.path()).run();
        assert_eq!(run.status.code(), Some(1), "{}", run.output);
        for index in 0..4 {
            let line = format!(
                "{} exists and is not a regular file; remove it, or change --out",
                place(index).display()
            );
            assert!(run.output.contains(&line), "{}", run.output);
        }
        assert_eq!(
            (fs::read(target.path()).unwrap(), fs::read_dir(folder.path()).unwrap().count()),
            (vec![], 5)
        );
        assert_eq!(gallery.counters().picture_requests, 1, "{strategy}");
    }
}

#[test]
fn a_page_without_end_and_one_that_takes_too_long_are_errors() {
    let url = raw_site::start(|head, mut client| match path(head) {
        "/" => send(client, "200 OK", "", listing(3).as_bytes()),
        "/tupian/2.html" => {
            let _ = client.write_all(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n");
            while client.write_all(&[b' '; 8_192]).is_ok() {}
        }
        "/tupian/0.html" => {
            let _ = client.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
            while client.write_all(&[b' '; 8_192]).is_ok() {}
        }
        _ => {
            let _ = client.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
            // Each byte arrives in time.
            while client.write_all(b" ").is_ok() {
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    });
    let (run, _) = run("pool", &url, &["--timeout", "0.5"]);
    assert_eq!(run.status.code(), Some(1));
    for words in [
        "0.html 失败! the response is longer than 4194304 bytes",
        "1.html 失败! timed out before the response",
        "2.html 失败! the response is longer than 4194304 bytes",
    ] {
        assert!(run.output.contains(words), "{}", run.output);
    }
}

#[test]
fn the_report_of_a_child_can_be_longer_than_a_pipe() {
    let location = format!("location: ftp://{}/\r\n", "x".repeat(30_000));
    let pictures = vec!["/a.jpg".to_owned(), "/b.jpg".to_owned()];
    let url = site(pictures, move |_, _, client| send(client, "302 Found", &location.repeat(2), b""));
    let (run, _) = run("process", &url, &[]);
    assert_eq!(run.output.matches("失败! \"ftp://xxx").count(), 2, "{}", run.output);
}

#[test]
fn links_that_take_long_to_check_end_with_the_time_limit() {
    let rules: String = (0..30_000).map(|number| format!("Disallow: /*{number}*x\n")).collect();
    let url = raw_site::start(move |head, client| match path(head) {
        "/robots.txt" => send(client, "200 OK", "", format!("User-agent: *\n{rules}").as_bytes()),
        _ => send(client, "200 OK", "", listing(2_000).as_bytes()),
    });
    let (run, _) = run("sequential", &url, &["--polite", "--timeout", "1"]);
    assert_eq!(run.status.code(), Some(1), "{}", run.output);
    assert!(run.output.contains("timed out while reading the page (see --timeout)"), "{}", run.output);
}
