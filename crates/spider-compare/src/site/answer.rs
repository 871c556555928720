//! An answer, from its head to the last byte of its body.

use std::io::{self, Read};

use anyhow::{Result, anyhow};
use ureq::Body;
use ureq::http::Response;
use url::Url;

use super::failure::{Failure, failed};
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

pub(super) fn packed(encoding: Option<&str>) -> anyhow::Error {
    anyhow!("packed as {:?}, which was not asked for", encoding.unwrap_or_default())
}

/// Where an answer sends us on to, if it does.
pub(super) fn redirect(response: &Response<Body>) -> Option<&str> {
    let redirects = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    redirects.then(|| response.headers().get("location")).flatten()?.to_str().ok()
}
