//! The `Referer` header.

use url::Url;

/// The longest one in bytes, by the standard.
const MAX_BYTES: usize = 4 << 10;

/// Returns the value of the header of a request for `address` from a link on `page`, by the policy that browsers have by
/// default (`strict-origin-when-cross-origin`): the page's address without password and fragment; for another origin, only
/// that of the page; and from https to http, none.
pub fn referer(page: &Url, address: &Url) -> Option<String> {
    if page.scheme() == "https" && address.scheme() == "http" {
        return None;
    }
    let mut page = page.clone();
    page.set_fragment(None);
    // These fail only for an address without a host.
    let _ = page.set_username("");
    let _ = page.set_password(None);
    let is_whole = page.origin() == address.origin() && page.as_str().len() <= MAX_BYTES;
    Some(if is_whole { page.into() } else { format!("{}/", page.origin().ascii_serialization()) })
}
