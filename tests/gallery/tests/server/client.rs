use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use gallery::Gallery;

/// One connection to a gallery.
pub(crate) struct Client(BufReader<TcpStream>);

/// What came back.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// All lines of the head, the first one too.
    pub(crate) head: Vec<String>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// The value of a field of the head.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.head.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

impl Client {
    pub(crate) fn of(gallery: &Gallery) -> Self {
        let url = gallery.url();
        let host = url.trim_start_matches("http://").split('/').next().unwrap();
        Self(BufReader::new(TcpStream::connect(host).unwrap()))
    }

    /// Asks for `path` as a spider does.
    pub(crate) fn get(&mut self, path: &str) -> io::Result<Response> {
        self.say(&format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: client\r\n\r\n"))?;
        self.answer()
    }

    /// Says just this.
    pub(crate) fn say(&mut self, request: &str) -> io::Result<()> {
        self.0.get_mut().write_all(request.as_bytes())
    }

    /// The next answer. A connection that ends before, or in the midst of it, is an error.
    pub(crate) fn answer(&mut self) -> io::Result<Response> {
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            match line.trim_end() {
                "" => break,
                line => head.push(line.to_owned()),
            }
        }
        let status = head[0].split(' ').nth(1).unwrap().parse().unwrap();
        let mut answer = Response { status, head, body: Vec::new() };
        let length = answer.field("Content-Length").unwrap().parse().unwrap();
        answer.body.resize(length, 0);
        self.0.read_exact(&mut answer.body)?;
        Ok(answer)
    }
}
