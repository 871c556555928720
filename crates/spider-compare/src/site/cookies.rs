//! The cookies of a run.

use std::cmp::Reverse;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use url::Url;

/// How many bytes of cookies are kept. The oldest are forgotten first.
const MAX_BYTES: usize = 4 << 10;

/// The cookies that a site has set (RFC 6265), which only this site gets. One that has not expired when it arrives is kept
/// until the run ends.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Cookies(Vec<Cookie>);

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Cookie {
    /// `NAME=VALUE`.
    pair: String,
    path: String,
    is_secure: bool,
}

impl Cookies {
    /// Adds, replaces or deletes a cookie, as a `Set-Cookie` header in a response from `address` says.
    pub fn set(&mut self, header: &str, address: &Url) {
        let (pair, attributes) = header.split_once(';').unwrap_or((header, ""));
        let Some((name, value)) = pair.split_once('=') else { return };
        let (name, folder) = (name.trim(), address.path().rsplit_once('/').map_or("", |(folder, _)| folder));
        let mut cookie =
            Cookie { pair: format!("{name}={}", value.trim()), path: folder.to_owned(), is_secure: false };
        let (mut age, mut date) = (None, None);
        for attribute in attributes.split(';') {
            let (key, value) = attribute.split_once('=').unwrap_or((attribute, ""));
            match (key.trim().to_ascii_lowercase().as_str(), value.trim()) {
                ("path", value) if value.starts_with('/') => {
                    value.trim_end_matches('/').clone_into(&mut cookie.path)
                }
                ("secure", _) => cookie.is_secure = true,
                ("max-age", value) => age = value.parse::<i64>().ok(),
                ("expires", value) => date = httpdate::parse_http_date(value).ok(),
                _ => {}
            }
        }
        let has_expired = age.map_or(date.is_some_and(|date| date < SystemTime::now()), |age| age <= 0);
        self.0.retain(|old| old.pair.split('=').next() != Some(name) || old.path != cookie.path);
        self.0.extend((!has_expired).then_some(cookie));
        while self.0.iter().map(|cookie| cookie.pair.len() + 2).sum::<usize>() > MAX_BYTES {
            self.0.remove(0);
        }
    }

    /// Returns the value of the `Cookie` header of a request for `address`, longer paths first.
    pub fn header(&self, address: &Url) -> Option<String> {
        let applies = |cookie: &&Cookie| {
            let rest = address.path().strip_prefix(cookie.path.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                && (!cookie.is_secure || address.scheme() == "https")
        };
        let mut cookies: Vec<_> = self.0.iter().filter(applies).collect();
        cookies.sort_by_key(|cookie| Reverse(cookie.path.len()));
        let pairs: Vec<_> = cookies.iter().map(|cookie| cookie.pair.as_str()).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}
