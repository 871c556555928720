//! What a client sends.

use std::io::{self, BufRead, Read};

/// More than any client of ours sends in front of a body.
const LONGEST_HEAD: u64 = 16 * 1024;

/// The part of a request that matters here.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) keep_alive: bool,
    /// Whether the client says what it is.
    pub(crate) user_agent: bool,
}

impl Request {
    /// The next request of a connection, or `None` when the client has closed it. A method is not asked for: all that
    /// comes is GET, and the gallery has nothing that could change.
    pub(crate) fn read(reader: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut head = reader.take(LONGEST_HEAD);
        let mut line = String::new();
        if head.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let path = line.split(' ').nth(1).ok_or(io::ErrorKind::InvalidData)?.to_owned();
        let mut request = Self { path, keep_alive: true, user_agent: false };
        loop {
            line.clear();
            if head.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if line.trim_end().is_empty() {
                return Ok(Some(request));
            }
            request.note(&line);
        }
    }

    /// Notes what a line of its head says.
    fn note(&mut self, line: &str) {
        let Some((name, value)) = line.split_once(':') else { return };
        if name.eq_ignore_ascii_case("connection") {
            self.keep_alive = !value.trim().eq_ignore_ascii_case("close");
        } else if name.eq_ignore_ascii_case("user-agent") {
            self.user_agent = !value.trim().is_empty();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> io::Result<Option<Request>> {
        Request::read(&mut text.as_bytes())
    }

    #[test]
    fn a_request_is_read_up_to_its_empty_line_and_the_next_begins_there() {
        let mut two = &b"GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nCONNECTION: Close\r\n\r\n"[..];
        let first = Request::read(&mut two).unwrap().unwrap();
        let second = Request::read(&mut two).unwrap().unwrap();
        assert_eq!((first.path.as_str(), first.keep_alive), ("/a", true));
        assert_eq!((second.path.as_str(), second.keep_alive), ("/b", false));
        assert_eq!(Request::read(&mut two).unwrap(), None);
    }

    #[test]
    fn a_user_agent_is_one_when_it_says_something() {
        for (line, said) in [("", false), ("User-Agent:\r\n", false), ("user-agent: spider/1\r\n", true)] {
            let request = read(&format!("GET / HTTP/1.1\r\n{line}\r\n")).unwrap().unwrap();
            assert_eq!(request.user_agent, said, "{line:?}");
        }
    }

    #[test]
    fn what_is_no_request_is_an_error() {
        let endless = format!("GET /a HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(20_000));
        for text in ["nonsense", "\r\n\r\n", "GET /a HTTP/1.1\r\nHost: x\r\n", endless.as_str()] {
            assert!(read(text).is_err(), "{text:.40}");
        }
    }
}
