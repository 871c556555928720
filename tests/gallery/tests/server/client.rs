use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// A connection to a gallery.
pub(crate) struct Client(BufReader<TcpStream>);

/// A response as received.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// The status line and the header fields.
    pub(crate) head: Vec<String>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// Returns the value of a header field.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.head.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

impl Client {
    /// Connects to the host of `url`.
    pub(crate) fn connect(url: &str) -> Self {
        let host = url.trim_start_matches("http://").split('/').next().unwrap();
        Self(BufReader::new(TcpStream::connect(host).unwrap()))
    }

    /// Requests `path` as a spider does, and returns the response.
    pub(crate) fn get(&mut self, path: &str) -> io::Result<Response> {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: client\r\n\r\n"))?;
        self.receive()
    }

    /// Sends `request` as it is.
    pub(crate) fn send(&mut self, request: &str) -> io::Result<()> {
        self.0.get_mut().write_all(request.as_bytes())
    }

    /// Receives the next response.
    ///
    /// # Errors
    /// Returns an error if the connection ends before the response does.
    pub(crate) fn receive(&mut self) -> io::Result<Response> {
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
        let mut response = Response { status, head, body: Vec::new() };
        let length = response.field("Content-Length").unwrap().parse().unwrap();
        response.body.resize(length, 0);
        self.0.read_exact(&mut response.body)?;
        Ok(response)
    }
}
