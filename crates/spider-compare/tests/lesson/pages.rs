//! Pages as other sites have them: what is followed, and what is reported.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use course_tests::Run;

use crate::{Background, STRATEGIES, at_once, files, spider};

const JPEG: &[u8] = b"\xFF\xD8\xFF\xE0\x00\x0D a picture \xFF\xD9";

/// A response: the head without its length, and the body.
type Response = (String, Vec<u8>);

fn html(body: impl Into<Vec<u8>>) -> Response {
    ("200 OK\r\ncontent-type: text/html".to_owned(), body.into())
}

fn image() -> Response {
    ("200 OK\r\ncontent-type: image/jpeg".to_owned(), JPEG.to_vec())
}

fn redirect(target: &str) -> Response {
    (format!("302 Found\r\nlocation: {target}"), Vec::new())
}

/// Returns a listing with links to these pages, and `after` below it.
fn listing(links: &[&str], after: &str) -> Response {
    let item = |link: &&str| format!("<li><a href='{link}'><img src=/t.jpg></a></li>");
    let items: String = links.iter().map(item).collect();
    html(format!("<div id=main><div class=slist><ul>{items}</ul></div></div>{after}"))
}

fn detail(inside: &str) -> Response {
    html(format!("<div id=main><div class=photo-pic>{inside}</div></div>"))
}

/// A site on this machine.
struct Server {
    url: String,
    requested: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Serves these pages until the tests end.
    fn start(pages: impl IntoIterator<Item = (&'static str, Response)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/l/", listener.local_addr().unwrap());
        let pages: Arc<HashMap<_, _>> = Arc::new(pages.into_iter().collect());
        let requested = Arc::<Mutex<Vec<String>>>::default();
        let log = Arc::clone(&requested);
        thread::spawn(move || {
            for client in listener.incoming() {
                let (pages, log) = (Arc::clone(&pages), Arc::clone(&log));
                // A spider that is interrupted closes its connections.
                thread::spawn(move || respond(client?, &pages, &log));
            }
        });
        Self { url, requested }
    }

    fn requested(&self) -> Vec<String> {
        self.requested.lock().unwrap().clone()
    }

    /// Runs a strategy. Returns the run and the names of the files.
    fn run(&self, strategy: &str, arguments: &[&str]) -> (Run, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let program = spider(strategy).args(["--url", &self.url, "--retries", "0"]).args(arguments);
        let run = program.arg("--out").arg(folder.path()).run();
        (run, files(folder.path()).into_keys().collect())
    }
}

fn respond(
    mut client: TcpStream,
    pages: &HashMap<&str, Response>,
    log: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(client.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    while !lines.next().transpose()?.unwrap_or_default().is_empty() {}
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let missing = ("404 Not Found".to_owned(), Vec::new());
    let (head, body) = pages.get(path.as_str()).unwrap_or(&missing);
    log.lock().unwrap().push(path);
    let length = body.len();
    write!(client, "HTTP/1.1 {head}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n")?;
    client.write_all(body)
}

#[test]
fn a_page_of_a_picture_that_redirects_to_a_listing_is_a_failure() {
    at_once(&STRATEGIES, |strategy| {
        let site = Server::start([
            (
                "/l/",
                listing(&["/tupian/1", "/tupian/2", "/tupian/3"], "<div id=img><img src=/logo.jpg></div>"),
            ),
            ("/", detail("<img src=/logo.jpg>")),
            ("/tupian/1", detail("<img src=/1.jpg>")),
            ("/tupian/2", redirect("/l/#gone")),
            ("/tupian/3", redirect("/")),
            ("/1.jpg", image()),
            ("/logo.jpg", image()),
        ]);
        let (run, files) = site.run(strategy, &[]);
        assert_eq!((run.status.code(), files), (Some(1), vec!["1.jpg".to_owned()]), "{}", run.output);
        assert_eq!(run.output.matches("which is not the page of a picture").count(), 2, "{}", run.output);
    });
}

#[test]
fn a_page_of_a_picture_that_redirects_to_another_address_is_read() {
    let site = Server::start([
        ("/l/", listing(&["/tupian/1", "/tupian/1#comments"], "")),
        ("/tupian/1", redirect("/tupian/1/")),
        ("/tupian/1/", detail("<img src=a.jpg>")),
        ("/tupian/1/a.jpg", image()),
    ]);
    let (run, files) = site.run("sequential", &[]);
    assert!(run.status.success() && files == ["a.jpg"], "{}", run.output);
    assert_eq!(site.requested().len(), 4);
}

#[test]
fn a_thumbnail_may_link_to_the_picture_itself() {
    at_once(&STRATEGIES, |strategy| {
        let links = ["/1.jpg", "/2.JPG?size=full", "/attachment/3", "/wiki/4"];
        let site = Server::start([
            ("/l/", listing(&links, "")),
            ("/1.jpg", image()),
            ("/2.JPG?size=full", image()),
            // The header is not reliable.
            ("/attachment/3", ("200 OK\r\ncontent-type: application/octet-stream".to_owned(), JPEG.to_vec())),
            ("/wiki/4", detail("<img src=/1.jpg>")),
        ]);
        let (run, files) = site.run(strategy, &[]);
        assert!(run.status.success() && files == ["1.jpg", "2.JPG", "3"], "{files:?} {}", run.output);
        // A link that ends as a picture does is not read as a page.
        assert_eq!(site.requested().iter().filter(|path| *path == "/1.jpg").count(), 1);
    });
}

#[test]
fn a_picture_that_is_not_found_is_a_failure() {
    let site = Server::start([
        ("/l/", listing(&["/tupian/1", "javascript:show(2)"], "")),
        ("/tupian/1", detail("<img src='#'>")),
    ]);
    let (run, files) = site.run("sequential", &[]);
    assert_eq!((run.status.code(), files.len()), (Some(1), 0), "{}", run.output);
    assert!(run.output.contains("an image, but no link to a page"), "{}", run.output);
    assert!(run.output.contains("shows only a placeholder (\"#\")"), "{}", run.output);
}

#[test]
fn fewer_listing_pages_than_asked_for_are_reported() {
    let site = |next: &str, second| {
        Server::start([
            ("/l/", listing(&["/tupian/1"], next)),
            ("/l/index_2.html", second),
            ("/tupian/1", detail("<img src=/1.jpg>")),
            ("/tupian/2", detail("<img src=/2.jpg>")),
            ("/1.jpg", image()),
            ("/2.jpg", image()),
        ])
    };
    let second = || listing(&["/tupian/2"], "<a href=/l/>1</a>");
    at_once(&STRATEGIES, |strategy| {
        for (next, wanted, read) in [("weiter unten", "2", 1), ("<a href=index_2.html>下一頁</a>", "3", 2)]
        {
            let (run, files) = site(next, second()).run(strategy, &["--pages", wanted]);
            let line = format!("没有下一页! found {read} of {wanted} listing pages");
            assert!(run.status.success() && run.output.contains(&line), "{}", run.output);
            assert_eq!(files.len(), read, "{strategy}");
        }
    });
    let (run, _) = site("<a href=index_2.html>2</a>", second()).run("pool", &["--pages", "2"]);
    assert!(run.status.success() && !run.output.contains("没有下一页"), "{}", run.output);
    at_once(&STRATEGIES, |strategy| {
        let site = site("<a href=index_2.html>2</a>", redirect("/l/"));
        let (run, files) = site.run(strategy, &["--pages", "2"]);
        // The pictures of the first page are there.
        assert_eq!((run.status.code(), files.len()), (Some(1), 1), "{strategy}: {}", run.output);
        assert!(run.output.contains("which was read before"), "{}", run.output);
    });
    let around = Server::start([
        ("/l/", redirect("/list/")),
        ("/list/", listing(&["/1.jpg"], "<a href=/l/>下一页</a>")),
        ("/1.jpg", image()),
    ]);
    let (run, _) = around.run("pool", &["--pages", "2"]);
    assert!(run.status.success() && run.output.contains("没有下一页"), "{}", run.output);
    let (run, _) = site("", second()).run("pool", &["--pages", "2", "--json"]);
    assert!(run.output.contains("\"pages\":1"), "{}", run.output);
}

#[test]
fn a_query_is_requested_in_the_encoding_of_the_page() {
    let page = b"<meta charset=gbk><ul class=slist><li><a href='/tupian/\xCD\xBC?k=\xCD\xBC'><img></a></ul>";
    let site = Server::start([("/l/", html(page))]);
    site.run("sequential", &[]);
    assert_eq!(site.requested(), ["/l/", "/tupian/%E5%9B%BE?k=%CD%BC"]);
}

#[test]
fn a_page_takes_little_time_and_memory_whatever_its_tags_are() {
    let attributes: String = (0..20_000).map(|number| format!(" a{number}=1")).collect();
    let formatting: String = (0..4_000).map(|number| format!("<b id={number}>")).collect();
    let pages = [
        "<div>".repeat(30_000),
        format!("<div{attributes}>"),
        format!("<p>{formatting}</p>{}", "<p>x".repeat(4_000)),
        format!("<ul class=slist><li>{}", "<a href=/q><object>x".repeat(12_000)),
        "<table><tr><td>".repeat(8_000),
        "<svg><g><select><template>".repeat(4_000),
        "\0".repeat(200_000),
    ];
    let sites = pages.map(|page| {
        let list = "<div id=main><div class=slist><li><a href=/tupian/1>".to_owned();
        Server::start([
            ("/l/", html(list + &page)),
            ("/tupian/1", detail("<img src=/1.jpg>")),
            ("/q", detail("<img src=/1.jpg>")),
            ("/1.jpg", image()),
        ])
    });
    for site in sites {
        // With the cost of a tree, it runs for minutes, or takes gigabytes.
        let (run, _) = Background::start(move || site.run("sequential", &["--json"])).join_soon();
        let json: serde_json::Value = serde_json::from_str(&run.output).unwrap();
        assert!(run.status.success(), "{}", run.output);
        // Unknown except on Linux.
        let memory = json["runs"][0]["peak_memory_bytes"].as_u64().unwrap_or_default();
        assert!(memory < 80 << 20, "{memory} bytes");
    }
}
