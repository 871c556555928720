//! Redirects.

use anyhow::{Context, Result};
use ureq::Body;
use ureq::http::Response;
use url::Url;

/// The highest number of redirects of one request.
pub(super) const MAX_REDIRECTS: u32 = 5;

/// Returns the address that a response to `address` redirects to, if it does.
pub(super) fn target(reply: &Response<Body>, address: &Url) -> Option<Result<Url>> {
    let location = location(reply)?;
    Some(address.join(&location).with_context(|| format!("redirected to {location:?}")))
}

/// Returns the `Location` of a redirect. Some sites send it with bytes that are not ASCII; they are percent-encoded here.
fn location(reply: &Response<Body>) -> Option<String> {
    let is_redirect = matches!(reply.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = is_redirect.then(|| reply.headers().get("location")).flatten()?;
    let encode = |&byte: &u8| {
        if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    Some(location.as_bytes().iter().map(encode).collect())
}
