//! A response whose body is still to be read.

use std::io::{self, ErrorKind, Read};

use anyhow::{Result, anyhow};
use ureq::http::StatusCode;
use ureq::{Body, BodyReader, http};
use url::Url;

use super::fetch_error::FetchError;
use crate::politeness::Permit;
use crate::trace::{InFlight, Kind};

/// A response with the status "200 OK". Reading it fails if the body is cut short, too long, or too slow. Its request is in
/// flight until it is dropped.
pub struct Response<'a> {
    /// The address after redirects.
    pub address: Url,
    /// The value of the `Content-Type` header.
    pub content_type: Option<String>,
    body: BodyReader<'static>,
    in_flight: InFlight<'a>,
    _permit: Option<Permit<'a>>,
}

impl<'a> Response<'a> {
    pub(super) fn new(
        address: Url,
        kind: Kind,
        reply: http::Response<Body>,
        in_flight: InFlight<'a>,
        permit: Option<Permit<'a>>,
    ) -> Self {
        let content_type = header(&reply, "content-type").map(str::to_owned);
        let body = reply.into_body().into_with_config().limit(max_bytes(kind)).reader();
        Self { address, content_type, body, in_flight, _permit: permit }
    }

    /// Records an error about this response, and returns it.
    pub fn fail(&mut self, error: anyhow::Error) -> FetchError {
        self.in_flight.fail(error.into())
    }

    /// Reads the whole body.
    pub(crate) fn read_all(&mut self) -> Result<Vec<u8>, FetchError> {
        let mut bytes = Vec::new();
        self.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

impl Read for Response<'_> {
    /// Reads from the body. An error of the network is a [`FetchError`] inside of the [`io::Error`].
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.body.read(buffer) {
                Ok(count) => {
                    self.in_flight.add_bytes(count);
                    return Ok(count);
                }
                // After Ctrl-Z and `fg`, for example.
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(io::Error::other(self.in_flight.fail(FetchError::from(error)))),
            }
        }
    }
}

/// Checks the status and the encoding of a reply.
pub(super) fn check_head(reply: &http::Response<Body>) -> Result<(), FetchError> {
    if reply.status() != StatusCode::OK {
        return Err(FetchError::from_status(reply));
    }
    if let Some(encoding) = content_encoding(reply) {
        return Err(anyhow!("unexpected Content-Encoding {encoding:?}").into());
    }
    Ok(())
}

/// Returns the longest body that is read, in bytes.
fn max_bytes(kind: Kind) -> u64 {
    match kind {
        // RFC 9309, 2.5.
        Kind::Robots => 500 << 10,
        Kind::Listing | Kind::Detail => 4 << 20,
        // The pictures of the original site have up to 1 MB.
        Kind::Image => 32 << 20,
    }
}

/// Returns the encoding of the body if it is compressed, which was not requested. Some servers send other values, such as a
/// character set; they are ignored.
fn content_encoding(reply: &http::Response<Body>) -> Option<String> {
    let encoding = header(reply, "content-encoding")?.trim().to_ascii_lowercase();
    let known = ["gzip", "x-gzip", "deflate", "br", "zstd", "compress", "x-compress"];
    known.contains(&encoding.as_str()).then_some(encoding)
}

fn header<'a>(reply: &'a http::Response<Body>, name: &str) -> Option<&'a str> {
    reply.headers().get(name)?.to_str().ok()
}
