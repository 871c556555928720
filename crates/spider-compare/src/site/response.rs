//! A response whose body is still to be read.

use std::io::{self, Cursor, ErrorKind, Read};

use anyhow::{Result, anyhow};
use brotli_decompressor::Decompressor;
use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
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
    /// The body, decompressed.
    body: Box<dyn Read + Send>,
    /// How many bytes may follow.
    left: u64,
    kind: Kind,
    in_flight: InFlight<'a>,
    _permit: Option<Permit<'a>>,
}

impl<'a> Response<'a> {
    pub(super) fn new(
        address: Url,
        kind: Kind,
        reply: http::Response<Body>,
        mut in_flight: InFlight<'a>,
        permit: Option<Permit<'a>>,
    ) -> Result<Self, FetchError> {
        let content_type = header(&reply, "content-type").map(str::to_owned);
        let encoding = header(&reply, "content-encoding").unwrap_or_default().trim().to_ascii_lowercase();
        let (body, left) = (reply.into_body().into_reader(), max_bytes(kind));
        let body = decompressed(body, &encoding, left).map_err(|error| in_flight.fail(error))?;
        Ok(Self { address, content_type, body, left, kind, in_flight, _permit: permit })
    }

    /// Records an error about this response, and returns it.
    pub fn fail(&mut self, error: impl Into<FetchError>) -> FetchError {
        self.in_flight.fail(error.into())
    }

    /// Reads the lines of a `robots.txt`. Of one that is too long, the first lines count (RFC 9309, 2.5).
    pub(super) fn read_robots_txt(&mut self) -> Result<String, FetchError> {
        let mut bytes = Vec::new();
        self.take(self.left).read_to_end(&mut bytes)?;
        let mut text = String::from_utf8_lossy(&bytes).into_owned();
        if self.left == 0 {
            text.truncate(text.rfind(['\n', '\r']).unwrap_or_default());
        }
        Ok(text)
    }
}

impl Read for Response<'_> {
    /// Reads from the body. An error is a [`FetchError`] inside of the [`io::Error`].
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.body.read(buffer).map_err(|error| match error.kind() {
            // After Ctrl-Z and `fg`, for example: the caller tries again.
            ErrorKind::Interrupted => error,
            _ => io::Error::other(self.fail(error)),
        })?;
        self.in_flight.add_bytes(count);
        let left = self.left.checked_sub(count as u64);
        let limit = || io::Error::other(self.fail(ureq::Error::BodyExceedsLimit(max_bytes(self.kind))));
        self.left = left.ok_or_else(limit)?;
        Ok(count)
    }
}

/// Returns the body without its encoding. A compressed one is read to its end at once: otherwise, its connection would not be
/// reused.
fn decompressed(
    body: BodyReader<'static>,
    encoding: &str,
    max: u64,
) -> Result<Box<dyn Read + Send>, FetchError> {
    let is_compressed = matches!(encoding, "gzip" | "x-gzip" | "deflate" | "br");
    let mut bytes = Vec::new();
    match encoding {
        _ if is_compressed => body.take(max).read_to_end(&mut bytes)?,
        _ if matches!(encoding, "zstd" | "compress" | "x-compress") || encoding.contains(',') => {
            return Err(anyhow!("unexpected Content-Encoding {encoding:?}").into());
        }
        // Some servers send other values, such as a character set; they are ignored.
        _ => return Ok(Box::new(body)),
    };
    if bytes.len() as u64 == max {
        return Err(ureq::Error::BodyExceedsLimit(max).into());
    }
    // Some servers omit the header of zlib, which is part of the encoding by the standard.
    let is_zlib = bytes.first().is_some_and(|byte| byte & 15 == 8);
    let bytes = Cursor::new(bytes);
    Ok(match encoding {
        "br" => Box::new(Decompressor::new(bytes, 4 << 10)),
        "deflate" if is_zlib => Box::new(ZlibDecoder::new(bytes)),
        "deflate" => Box::new(DeflateDecoder::new(bytes)),
        _ => Box::new(MultiGzDecoder::new(bytes)),
    })
}

/// Returns the longest body that is read, in bytes, decompressed.
fn max_bytes(kind: Kind) -> u64 {
    match kind {
        // RFC 9309, 2.5.
        Kind::Robots => 500 << 10,
        Kind::Listing | Kind::Detail => 4 << 20,
        // The pictures of the original site have up to 1 MB.
        Kind::Image => 32 << 20,
    }
}

fn header<'a>(reply: &'a http::Response<Body>, name: &str) -> Option<&'a str> {
    reply.headers().get(name)?.to_str().ok()
}
