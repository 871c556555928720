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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_may_contain_bytes_that_are_not_ascii() {
        let location = |status: u16, value: &[u8]| {
            let body = Body::builder().data(Vec::new());
            location(&Response::builder().status(status).header("location", value).body(body).unwrap())
        };
        assert_eq!(location(302, b"/a.jpg?x=%20").as_deref(), Some("/a.jpg?x=%20"));
        assert_eq!(location(302, "/图.jpg".as_bytes()).as_deref(), Some("/%E5%9B%BE.jpg"));
        assert_eq!(location(302, b"/\xCD\xBC.jpg").as_deref(), Some("/%CD%BC.jpg"));
        assert_eq!(location(200, b"/a.jpg"), None);
    }
}
