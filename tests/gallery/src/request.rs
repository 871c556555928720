//! Reading HTTP requests from a connection.

use std::io::{self, BufRead, Read};

/// The largest accepted request head, in bytes.
const MAX_HEAD: u64 = 16 * 1024;

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
    /// Reads the next request of a connection, or returns `None` if the client has closed it.
    ///
    /// # Errors
    /// Returns an error if the request is malformed, incomplete or longer than 16 KiB.
    pub(crate) fn read(reader: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut reader = reader.take(MAX_HEAD);
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            match reader.read_until(b'\n', &mut head)? {
                0 if head.is_empty() => return Ok(None),
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                _ => {}
            }
        }
        let request =
            Self::parse(&head).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        Ok(Some(request))
    }

    fn parse(head: &[u8]) -> Result<Self, httparse::Error> {
        let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
        let mut parsed = httparse::Request::new(&mut fields);
        parsed.parse(head)?;
        let value = |name: &str| {
            let field = parsed.headers.iter().find(|field| field.name.eq_ignore_ascii_case(name));
            field.map_or(&b""[..], |field| field.value.trim_ascii())
        };
        Ok(Self {
            // Only empty lines have no path.
            path: parsed.path.ok_or(httparse::Error::Token)?.to_owned(),
            keep_alive: parsed.version == Some(1) && !value("Connection").eq_ignore_ascii_case(b"close"),
            has_user_agent: !value("User-Agent").is_empty(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> io::Result<Option<Request>> {
        Request::read(&mut text.as_bytes())
    }

    #[test]
    fn requests_on_one_connection_are_read_one_after_the_other() {
        let mut two = &b"GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nCONNECTION: Close\r\n\r\n"[..];
        let first = Request::read(&mut two).unwrap().unwrap();
        let second = Request::read(&mut two).unwrap().unwrap();
        assert_eq!((first.path.as_str(), first.keep_alive), ("/a", true));
        assert_eq!((second.path.as_str(), second.keep_alive), ("/b", false));
        assert_eq!(Request::read(&mut two).unwrap(), None);
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
