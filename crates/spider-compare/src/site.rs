//! One site, asked over HTTP or HTTPS, within limits: of time, of size, and of where its links may lead.

use std::io::{self, Read};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};
use ureq::http::{Response, StatusCode};
use ureq::{Agent, Body};
use url::{Host, Url};

use crate::charset;
use crate::pages::Page;

/// How long it may take until somebody answers the call at all.
const CONNECT: Duration = Duration::from_secs(10);
/// How long nothing at all may come.
const SILENCE: Duration = Duration::from_secs(20);
/// How long one request may take as a whole: an image at 70 kB a second.
const WHOLE_REQUEST: Duration = Duration::from_secs(120);

/// The largest page that is read, in bytes.
const LARGEST_PAGE: u64 = 4 << 20;
/// The largest image that is read, in bytes. The site's own have up to 1 MB.
const LARGEST_IMAGE: u64 = 32 << 20;

/// How often one request may be sent on to another address.
const REDIRECTS: u32 = 5;

/// As many as are ever open at the same time: ureq keeps 3 a host unless told otherwise, and each of the others would
/// connect anew.
const IDLE_CONNECTIONS: usize = 64;

/// Says who asks. A site that does not want it can tell.
const USER_AGENT: &str = concat!("spider-compare/", env!("CARGO_PKG_VERSION"), " (a lesson on threads)");

/// A site, with the connections to it. It is shared by threads; each of their requests has a connection to itself.
#[derive(Debug)]
pub struct Site {
    agent: Agent,
    home: Url,
}

impl Site {
    /// The site that `home` belongs to: the same host, the same port. Nothing is asked yet.
    #[must_use]
    pub fn new(home: &Url) -> Self {
        let config = Agent::config_builder()
            .timeout_connect(Some(CONNECT))
            .timeout_per_read(Some(SILENCE))
            .timeout_per_write(Some(SILENCE))
            .timeout_global(Some(WHOLE_REQUEST))
            .max_idle_connections(IDLE_CONNECTIONS)
            .max_idle_connections_per_host(IDLE_CONNECTIONS)
            .http_status_as_error(false)
            // Where a redirect leads is looked at here before it is followed.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .accept_encoding("identity")
            .user_agent(USER_AGENT);
        // A proxy that the environment names cannot reach this machine's own addresses.
        let config = if is_loopback(home) { config.proxy(None) } else { config };
        Self { agent: config.build().new_agent(), home: home.clone() }
    }

    /// Reads the page at `address`.
    ///
    /// # Errors
    /// When the address is not of this site, nobody answers in time, the answer is not "200 OK", or it is too large.
    pub fn page(&self, address: &Url) -> Result<Page> {
        let (address, response) = self.get(address)?;
        let content_type = content_type(&response);
        let body = response.into_body().into_with_config().limit(LARGEST_PAGE);
        let bytes = body.read_to_vec().map_err(explained)?;
        Ok(Page::new(&address, &charset::decode(&bytes, content_type.as_deref())))
    }

    /// Asks for the image at `address`; the result is its bytes as they come. Reading them fails when they end before
    /// the promised length, and when there are more than 32 MiB.
    ///
    /// # Errors
    /// As [`Site::page`]; and when what comes is said to be something else than an image.
    pub fn image(&self, address: &Url) -> Result<impl Read + use<>> {
        let (_, response) = self.get(address)?;
        if let Some(content_type) = content_type(&response) {
            let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            // Said of files by servers that do not know them: the first bytes will tell.
            let unknown = kind.is_empty() || kind == "application/octet-stream";
            ensure!(unknown || kind.starts_with("image/"), "not an image, but {content_type:?}");
        }
        Ok(response.into_body().into_with_config().limit(LARGEST_IMAGE).reader())
    }

    /// Asks, and follows redirects within the site. The address is that of the last answer.
    fn get(&self, address: &Url) -> Result<(Url, Response<Body>)> {
        let mut address = address.clone();
        for _ in 0..=REDIRECTS {
            self.check(&address)?;
            let response = self.agent.get(address.as_str()).call().map_err(explained)?;
            if let Some(next) = redirect(&response) {
                address = address.join(next).with_context(|| format!("redirected to {next:?}"))?;
                continue;
            }
            let status = response.status();
            ensure!(status == StatusCode::OK, "answered {status}");
            return Ok((address, response));
        }
        bail!("redirected more than {REDIRECTS} times")
    }

    /// Whether `address` may be asked for: HTTP or HTTPS, and this site itself. A default port is the same as none.
    ///
    /// # Errors
    /// Says which of these it is not.
    pub fn check(&self, address: &Url) -> Result<()> {
        let shown = address.as_str();
        ensure!(matches!(address.scheme(), "http" | "https"), "{shown:?} is neither http nor https");
        let same = address.host() == self.home.host() && address.port() == self.home.port();
        ensure!(same, "{shown:?} is not on {}", self.name());
        Ok(())
    }

    /// Host and port, as in an address.
    fn name(&self) -> String {
        let host = self.home.host_str().unwrap_or_default();
        self.home.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }
}

/// Where an answer sends us on to, if it does.
fn redirect(response: &Response<Body>) -> Option<&str> {
    let redirects = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    redirects.then(|| response.headers().get("location")).flatten()?.to_str().ok()
}

fn content_type(response: &Response<Body>) -> Option<String> {
    Some(response.headers().get("content-type")?.to_str().ok()?.to_owned())
}

fn is_loopback(address: &Url) -> bool {
    match address.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => Ipv4Addr::is_loopback(&ip),
        Some(Host::Ipv6(ip)) => Ipv6Addr::is_loopback(&ip),
        None => false,
    }
}

/// The client's errors in words for somebody who does not know it.
fn explained(error: ureq::Error) -> anyhow::Error {
    match error {
        ureq::Error::HostNotFound => anyhow!("there is no such host, or no network"),
        ureq::Error::Timeout(which) => anyhow!("no answer in time ({which})"),
        ureq::Error::BodyExceedsLimit(limit) => anyhow!("more than {limit} bytes"),
        ureq::Error::Io(error) => explained_io(error),
        other => anyhow!(other),
    }
}

/// As [`explained`], for what comes while a body is read: the client's errors are wrapped there.
pub(crate) fn explained_io(error: io::Error) -> anyhow::Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => anyhow!("the answer ended too early"),
        io::ErrorKind::ConnectionRefused => anyhow!("nobody listens there"),
        _ if error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<ureq::Error>) => {
            explained(error.into())
        }
        _ => anyhow!(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(home: &str, link: &str) -> Result<()> {
        let home = Url::parse(home).unwrap();
        Site::new(&home).check(&home.join(link).unwrap())
    }

    #[test]
    fn links_that_lead_away_are_refused() {
        for link in [
            "//evil.example/z.jpg",
            "https://evil.example/z.jpg",
            "https://pictures.example.evil.example/z.jpg",
            "https://pictures.example@evil.example/z.jpg",
            "https://pictures.example:8080/z.jpg",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:image/jpeg;base64,AAAA",
            "ftp://pictures.example/z.jpg",
        ] {
            assert!(check("https://pictures.example/4k/", link).is_err(), "{link}");
        }
    }

    #[test]
    fn links_within_the_site_are_followed() {
        for link in
            ["/a.jpg", "../a.jpg", "http://pictures.example/a.jpg", "https://PICTURES.example:443/a.jpg"]
        {
            assert!(check("https://pictures.example/4k/", link).is_ok(), "{link}");
        }
    }

    #[test]
    fn only_this_machine_goes_without_a_proxy() {
        for (address, loopback) in [
            ("http://127.0.0.1:1/", true),
            ("http://127.8.9.1/", true),
            ("http://[::1]/", true),
            ("http://localhost/", true),
            ("http://192.168.0.1/", false),
            ("http://localhost.example/", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(address).unwrap()), loopback, "{address}");
        }
    }
}
