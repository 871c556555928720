//! An answer, from its head to the last byte of its body.

use std::io::{self, Read};

use anyhow::{Result, anyhow};
use ureq::Body;
use ureq::http::Response;
use url::Url;

use super::fetch_error::{Failure, failed};
use crate::recorder::UnderWay;

/// What came first.
pub(super) enum Answered {
    Here(Response<Body>),
    Elsewhere(Url),
}

/// An answer whose body has not been read yet.
pub(super) struct Answer<'a, 'b> {
    /// Where it came from, after redirects.
    pub(super) address: Url,
    pub(super) response: Response<Body>,
    pub(super) under_way: &'a mut UnderWay<'b>,
}

impl Answer<'_, '_> {
    pub(super) fn content_type(&self) -> Option<String> {
        Some(self.response.headers().get("content-type")?.to_str().ok()?.to_owned())
    }

    pub(super) fn read_to_end(self, most: u64) -> Result<Vec<u8>, Failure> {
        self.hand_to(most, &mut |body| {
            let mut bytes = Vec::new();
            body.read_to_end(&mut bytes)?;
            Ok(bytes)
        })
    }

    /// Lets `keep` read the body, of `most` bytes. Where the network failed it, that counts, and not what it made of it.
    pub(super) fn hand_to<T>(
        self,
        most: u64,
        keep: &mut impl FnMut(&mut dyn Read) -> Result<T>,
    ) -> Result<T, Failure> {
        let reader = self.response.into_body().into_with_config().limit(most).reader();
        let mut incoming = Incoming { reader, under_way: self.under_way, failure: None };
        let kept = keep(&mut incoming);
        match incoming.failure {
            Some(failure) => Err(failure),
            None => Ok(kept?),
        }
    }
}

/// A body as it comes.
struct Incoming<'a, 'b, R> {
    reader: R,
    under_way: &'a mut UnderWay<'b>,
    failure: Option<Failure>,
}

impl<R: Read> Read for Incoming<'_, '_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.reader.read(buffer) {
            Ok(count) => {
                self.under_way.came(count);
                Ok(count)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                self.failure = Some(failed(error.into()));
                Err(io::Error::other("the network failed"))
            }
        }
    }
}

/// How a body is packed, though it was asked for as it is. What is none of these names is none: servers write a character
/// set there, or nothing.
pub(super) fn packing(response: &Response<Body>) -> Option<String> {
    let packing = response.headers().get("content-encoding")?.to_str().ok()?.trim().to_ascii_lowercase();
    let known = ["gzip", "x-gzip", "deflate", "br", "zstd", "compress", "x-compress"];
    known.contains(&packing.as_str()).then_some(packing)
}

pub(super) fn packed(packing: &str) -> anyhow::Error {
    anyhow!("packed as {packing:?}, which was not asked for")
}

/// Where an answer sends us on to, if it does. Some sites send bytes there that are not ASCII: they are meant as they are.
pub(super) fn redirect(response: &Response<Body>) -> Option<String> {
    let redirects = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = redirects.then(|| response.headers().get("location")).flatten()?;
    let escaped = |&byte: &u8| {
        if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    Some(location.as_bytes().iter().map(escaped).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, name: &str, value: &[u8]) -> Response<Body> {
        let body = Body::builder().data(Vec::new());
        Response::builder().status(status).header(name, value).body(body).unwrap()
    }

    #[test]
    fn a_redirect_may_hold_bytes_that_are_no_ascii() {
        let location = |value: &[u8]| redirect(&answer(302, "location", value));
        assert_eq!(location(b"/a.jpg?x=%20").as_deref(), Some("/a.jpg?x=%20"));
        assert_eq!(location("/图.jpg".as_bytes()).as_deref(), Some("/%E5%9B%BE.jpg"));
        assert_eq!(location(b"/\xCD\xBC.jpg").as_deref(), Some("/%CD%BC.jpg"));
        assert_eq!(redirect(&answer(200, "location", b"/a.jpg")), None);
    }

    #[test]
    fn only_what_is_known_to_be_packed_is_packed() {
        for packed in ["gzip", " GZIP", "br", "deflate", "zstd"] {
            assert!(packing(&answer(200, "content-encoding", packed.as_bytes())).is_some(), "{packed}");
        }
        for plain in ["", "identity", "none", "utf-8"] {
            assert_eq!(packing(&answer(200, "content-encoding", plain.as_bytes())), None, "{plain}");
        }
    }
}
