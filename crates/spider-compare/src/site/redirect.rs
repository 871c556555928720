//! Redirects.

use anyhow::{Context, Result};
use ureq::Body;
use ureq::http::Response;
use url::Url;

/// The most redirects that a request follows.
pub(super) const MAX_REDIRECTS: u32 = 5;

/// Returns the address that a reply to a request for `address` redirects to, if it does.
pub(super) fn target(reply: &Response<Body>, address: &Url) -> Option<Result<Url>> {
    let is_redirect = matches!(reply.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = is_redirect.then(|| reply.headers().get("location")).flatten()?;
    // Some sites send bytes that are not ASCII. A fragment is of no interest to the site.
    let encode = |&byte: &u8| {
        if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    let location: String = location.as_bytes().iter().take_while(|&&byte| byte != b'#').map(encode).collect();
    Some(address.join(&location).with_context(|| format!("redirected to {location:?}")))
}
