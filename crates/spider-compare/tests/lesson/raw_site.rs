//! A site whose responses are bytes, for what the gallery does not do.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// Starts a site on this machine, for as long as the test runs. It answers the head of each request with `respond`, then
/// closes the connection. Returns its address.
pub(crate) fn start(respond: impl Fn(&str, &TcpStream) + Clone + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let home = format!("http://{}/", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let respond = respond.clone();
            thread::spawn(move || {
                let lines = BufReader::new(&client).lines().map_while(Result::ok);
                let head: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
                if !head.is_empty() {
                    respond(&head.join("\n"), &client);
                }
            });
        }
    });
    home
}

/// The path in the head of a request.
pub(crate) fn path(head: &str) -> &str {
    head.split(' ').nth(1).unwrap_or_default()
}

/// Sends a response with this status, these header fields and this body. The client may have closed the connection.
pub(crate) fn send(mut client: &TcpStream, status: &str, fields: &str, body: &[u8]) {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n{fields}\r\n");
    let _ = client.write_all(&[head.as_bytes(), body].concat());
}

/// A listing of this many pictures, whose pages are `/tupian/0.html` and so on.
pub(crate) fn listing(pictures: usize) -> String {
    let items: String = (0..pictures)
        .map(|index| format!("<li><a href='/tupian/{index}.html'><img src='/t.jpg'></a></li>"))
        .collect();
    format!("<div id=main><div class=slist><ul>{items}</ul></div></div>")
}

/// The page of a picture.
pub(crate) fn detail(picture: &str) -> String {
    format!("<div id=main><div class=photo-pic><a id=img><img src='{picture}'></a></div></div>")
}
