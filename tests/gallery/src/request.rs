//! Reading HTTP requests from a connection.

use std::io::{self, Read};

/// The largest accepted request head, in bytes.
const MAX_HEAD: usize = 16 * 1024;

/// The most header fields in a request.
const MAX_FIELDS: usize = 64;

/// The parts of a request that the gallery uses. It ignores the method: every request is a GET.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Request {
    /// The path, perhaps with a query.
    pub(crate) path: String,
    pub(crate) keep_alive: bool,
    /// Whether there is a non-empty `User-Agent`.
    pub(crate) has_user_agent: bool,
}

impl Request {
    /// Parses the first request in `bytes` and returns it with the length of its head, or `None` if the head is
    /// incomplete.
    fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, httparse::Error> {
        let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
        let mut parsed = httparse::Request::new(&mut fields);
        let httparse::Status::Complete(length) = parsed.parse(bytes)? else { return Ok(None) };
        let value = |name: &str| {
            let field = parsed.headers.iter().find(|field| field.name.eq_ignore_ascii_case(name));
            field.map_or(&b""[..], |field| field.value.trim_ascii())
        };
        let request = Self {
            path: parsed.path.unwrap_or_default().to_owned(),
            keep_alive: parsed.version == Some(1) && !value("Connection").eq_ignore_ascii_case(b"close"),
            has_user_agent: !value("User-Agent").is_empty(),
        };
        Ok(Some((request, length)))
    }
}

/// Reads requests one after the other.
pub(crate) struct RequestReader<R> {
    input: R,
    /// Bytes received and not yet parsed.
    buffer: Vec<u8>,
}

impl<R: Read> RequestReader<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { input, buffer: Vec::new() }
    }

    /// Reads the next request, or returns `None` if the client has closed the connection.
    ///
    /// # Errors
    /// Returns an error if the request is malformed, incomplete or longer than 16 KiB.
    pub(crate) fn next(&mut self) -> io::Result<Option<Request>> {
        loop {
            let parsed = Request::parse(&self.buffer);
            let invalid = |error| io::Error::new(io::ErrorKind::InvalidData, error);
            if let Some((request, length)) = parsed.map_err(invalid)? {
                self.buffer.drain(..length);
                return Ok(Some(request));
            }
            if self.buffer.len() > MAX_HEAD {
                return Err(io::ErrorKind::InvalidData.into());
            }
            let mut chunk = [0; 1024];
            match self.input.read(&mut chunk)? {
                0 if self.buffer.is_empty() => return Ok(None),
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => self.buffer.extend_from_slice(&chunk[..count]),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> io::Result<Option<Request>> {
        RequestReader::new(text.as_bytes()).next()
    }

    #[test]
    fn requests_on_one_connection_are_read_one_after_the_other() {
        let two = &b"GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nCONNECTION: Close\r\n\r\n"[..];
        let mut reader = RequestReader::new(two);
        let first = reader.next().unwrap().unwrap();
        let second = reader.next().unwrap().unwrap();
        assert_eq!((first.path.as_str(), first.keep_alive), ("/a", true));
        assert_eq!((second.path.as_str(), second.keep_alive), ("/b", false));
        assert_eq!(reader.next().unwrap(), None);
    }

    #[test]
    fn an_empty_user_agent_counts_as_none() {
        for (line, expected) in [("", false), ("User-Agent:\r\n", false), ("user-agent: spider/1\r\n", true)]
        {
            let request = read(&format!("GET / HTTP/1.1\r\n{line}\r\n")).unwrap().unwrap();
            assert_eq!(request.has_user_agent, expected, "{line:?}");
        }
    }

    #[test]
    fn malformed_incomplete_and_oversized_requests_are_errors() {
        let endless = format!("GET /a HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(20_000));
        for text in ["nonsense", "\r\n\r\n", "GET /a HTTP/1.1\r\nHost: x\r\n", endless.as_str()] {
            assert!(read(text).is_err(), "{text:.40}");
        }
    }
}
