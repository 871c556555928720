//! The cookies of a run.

use std::cmp::Reverse;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use url::Url;

/// The last cookies that a site has set (RFC 6265), at most 50 and 16 KiB, which only this site gets. One that has not expired
/// when it arrives is kept until the run ends.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Cookies(Vec<Cookie>);

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Cookie {
    name: String,
    value: String,
    path: String,
    is_secure: bool,
}

impl Cookies {
    /// Adds, replaces or deletes a cookie, as a `Set-Cookie` header in a response from `address` says.
    pub fn set(&mut self, header: &str, address: &Url) {
        let (pair, attributes) = header.split_once(';').unwrap_or((header, ""));
        let Some((name, value)) = pair.split_once('=') else { return };
        let (name, value) = (name.trim(), value.trim());
        let parts = attributes.split(';').map(|part| part.split_once('=').unwrap_or((part, "")));
        let parts = parts.map(|(key, value)| (key.trim(), value.trim()));
        let attribute =
            |name| parts.clone().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        let age = attribute("max-age").and_then(|age| age.parse::<i64>().ok());
        // Some servers write hyphens in the date.
        let dates = attribute("expires").map(|date| [date.to_owned(), date.replace('-', " ")]);
        let date = dates.iter().flatten().find_map(|date| httpdate::parse_http_date(date).ok());
        let has_expired = age.map_or(date.is_some_and(|date| date < SystemTime::now()), |age| age <= 0);
        let folder = address.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        let path =
            attribute("path").filter(|path| path.starts_with('/')).unwrap_or(folder).trim_end_matches('/');
        self.0.retain(|old| old.name != name || old.path != path);
        if !has_expired && !name.is_empty() {
            let [name, value, path] = [name, value, path].map(str::to_owned);
            self.0.push(Cookie { name, value, path, is_secure: attribute("secure").is_some() });
        }
        let size = |cookie: &Cookie| cookie.name.len() + cookie.value.len();
        while self.0.len() > 50 || self.0.iter().map(size).sum::<usize>() > 16 << 10 {
            self.0.remove(0);
        }
    }

    /// Returns the value of the `Cookie` header of a request for `address`, longer paths first.
    pub fn header(&self, address: &Url) -> Option<String> {
        let applies = |cookie: &&Cookie| {
            let rest = address.path().strip_prefix(cookie.path.as_str());
            let is_below = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            is_below && (!cookie.is_secure || address.scheme() == "https")
        };
        let mut cookies: Vec<_> = self.0.iter().filter(applies).collect();
        cookies.sort_by_key(|cookie| Reverse(cookie.path.len()));
        let pairs: Vec<_> =
            cookies.iter().map(|Cookie { name, value, .. }| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}
