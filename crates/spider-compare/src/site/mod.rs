//! HTTP requests to one site, with limits on their time, size and number, and on where links may lead.

mod cookies;
mod fetch_error;
mod redirect;
mod resolver;
mod response;

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail, ensure};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use ureq::http::{Response as Reply, StatusCode};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body};
use url::{Host, Position, Url};

pub use cookies::Cookies;
pub use fetch_error::FetchError;
use resolver::NameResolver;
pub use response::Response;

use crate::backoff;
use crate::cancel::CancelToken;
use crate::politeness::{CircuitBreaker, Permit, Politeness};
use crate::trace::{Kind, Recorder};

/// The time limit of a connection attempt. Ctrl-C cannot interrupt one, so this is short.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The time limit of a single read or write.
const IO_TIMEOUT: Duration = Duration::from_secs(20);

/// The number of connections that stay open between requests: enough for the most threads that `--jobs` allows. By
/// default, `ureq` keeps 3 per host and closes the others.
const IDLE_CONNECTIONS: usize = 256;

/// Identifies this program to the site, which can reject it.
const USER_AGENT: &str = concat!("spider-compare/", env!("CARGO_PKG_VERSION"), " (a lesson on threads)");

/// The limits of the requests to a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The time limit of one request.
    pub timeout: Duration,
    /// The number of retries after a transient error.
    pub retries: u32,
    /// Whether [`Politeness`] applies to a site on this machine too.
    pub polite: bool,
    /// The time from one page request to the next, unless `robots.txt` asks for more.
    pub crawl_delay: Duration,
}

/// The HTTP clients. Dropping them closes their connections.
#[derive(Debug)]
struct Agents {
    /// Reuses connections.
    pooled: Agent,
    /// Connects for each request. Retries use it, because the server may have closed a pooled connection meanwhile.
    unpooled: Agent,
}

/// A site and the connections to it. Threads share it; each request in flight has its own connection.
pub struct Site {
    agents: Arc<Agents>,
    pub(crate) home: Url,
    limits: Limits,
    /// The record of the requests.
    pub recorder: Recorder,
    pub(crate) breaker: CircuitBreaker,
    /// The limits of an external site, once its `robots.txt` is known.
    pub(crate) politeness: Option<Politeness>,
    pub(crate) cookies: Mutex<Cookies>,
    cancel: CancelToken,
}

impl Site {
    /// Creates the site of `home`: the same host and port. This sends no request.
    ///
    /// A cancellation shuts down the connections, so requests in flight fail at once. One that is still looking up the name
    /// of the host, or connecting, first runs on: a lookup for [`Limits::timeout`] at most, a connection attempt for 5 s.
    pub fn new(home: &Url, limits: Limits, recorder: Recorder, cancel: CancelToken) -> Self {
        let agents = Arc::new(Agents {
            pooled: agent(home, limits, IDLE_CONNECTIONS),
            unpooled: agent(home, limits, 0),
        });
        // The token outlives the site and must not keep its connections open.
        let weak = Arc::downgrade(&agents);
        cancel.on_cancel(move || {
            if let Some(agents) = weak.upgrade() {
                agents.pooled.clone().shutdown();
                agents.unpooled.clone().shutdown();
            }
        });
        let (home, breaker, cookies) = (home.clone(), CircuitBreaker::default(), Mutex::default());
        Self { agents, home, limits, recorder, breaker, politeness: None, cookies, cancel }
    }

    /// Returns whether the site is on another machine, or is treated like one that is.
    pub fn is_external(&self) -> bool {
        self.limits.polite || !is_loopback(&self.home)
    }

    /// Downloads and applies the `robots.txt` of an external site. A site without one, or which rejects the request, allows
    /// everything (RFC 9309, 2.3.1.3). It is an error if the site fails, which disallows everything (2.3.1.4).
    pub(crate) fn fetch_robots_txt(&mut self) -> Result<()> {
        if !self.is_external() {
            return Ok(());
        }
        let address = self.home.join("/robots.txt")?;
        let text = self.with_retries(|attempt| match self.get(Kind::Robots, &address, None, attempt, None) {
            Ok(mut response) => Ok(Some(response.read_robots_txt()?)),
            Err(error) if error.is_client_error() && !self.can_retry(attempt, &error) => Ok(None),
            Err(error) => Err(error),
        });
        self.apply_robots_txt(text.context("cannot download robots.txt, so nothing may be requested")?)
    }

    /// Applies this `robots.txt` and the other limits of an external site from now on.
    pub fn apply_robots_txt(&mut self, robots_txt: Option<String>) -> Result<()> {
        self.politeness = Some(Politeness::new(robots_txt, self.limits.crawl_delay)?);
        Ok(())
    }

    /// Calls `attempt` with 1, 2, …, until it succeeds, fails with an error that is not transient, or there are no more
    /// retries. Fails at once if the run is cancelled, or the circuit breaker is open.
    pub fn with_retries<T>(&self, mut attempt: impl FnMut(u32) -> Result<T, FetchError>) -> Result<T> {
        let mut number = 1;
        loop {
            self.check_running()?;
            let error = match attempt(number) {
                Ok(value) => {
                    self.breaker.reset();
                    return Ok(value);
                }
                Err(error) => error,
            };
            // A cancellation makes requests fail; their errors are not the site's.
            self.cancel.check()?;
            if !self.can_retry(number, &error) {
                let attempts = if number > 1 { format!(" ({number} attempts)") } else { String::new() };
                bail!("{error}{attempts}");
            }
            number += 1;
            self.cancel.wait(backoff::delay(number, error.retry_after))?;
        }
    }

    fn can_retry(&self, attempt: u32, error: &FetchError) -> bool {
        error.is_transient && attempt <= self.limits.retries
    }

    /// Sends a request for a link on `page`, if there is one, follows redirects within the site (for `robots.txt`, to any
    /// site), and returns the response when its head has arrived. `attempt` is the number from [`Site::with_retries`];
    /// `queued` is as in [`Recorder::begin`]. A status other than "200 OK" is an error.
    pub fn get(
        &self,
        kind: Kind,
        address: &Url,
        page: Option<&Url>,
        attempt: u32,
        mut queued: Option<f64>,
    ) -> Result<Response<'_>, FetchError> {
        let agent = if attempt == 1 { &self.agents.pooled } else { &self.agents.unpooled };
        let mut address = address.clone();
        for _ in 0..=redirect::MAX_REDIRECTS {
            check_scheme(&address)?;
            if kind != Kind::Robots {
                self.check(&address)?;
            }
            let permit = self.acquire_slot(kind)?;
            let mut in_flight = self.recorder.begin(kind, last_segment(&address), queued.take());
            let reply = self.send(agent, page, &address);
            let reply = reply.map_err(|error| in_flight.fail(FetchError::from(error)))?;
            in_flight.first_byte();
            if let Some(target) = redirect::target(&reply, &address) {
                address = target?;
                continue;
            }
            if reply.status() != StatusCode::OK {
                let error = FetchError::from_status(&reply);
                // Before the permit is released, so that the next request sees it.
                if error.is_rejection() && !self.can_retry(attempt, &error) {
                    self.breaker.record_rejection();
                }
                return Err(in_flight.fail(error));
            }
            return Response::new(address, kind, reply, in_flight, permit);
        }
        Err(anyhow!("redirected more than {} times", redirect::MAX_REDIRECTS).into())
    }

    /// Sends a single request, with the cookies of the site, and keeps those of its response.
    fn send(&self, agent: &Agent, page: Option<&Url>, address: &Url) -> Result<Reply<Body>, ureq::Error> {
        let mut request = agent.get(address.as_str());
        if let Some(referer) = page.and_then(|page| referer(page, address)) {
            request = request.header("referer", referer);
        }
        if !self.has(address) {
            return request.call();
        }
        if let Some(cookies) = self.cookies.lock().header(address) {
            request = request.header("cookie", cookies);
        }
        let reply = request.call()?;
        for cookie in reply.headers().get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok()) {
            self.cookies.lock().set(cookie, address);
        }
        Ok(reply)
    }

    /// Waits until the limits of an external site allow one more request.
    fn acquire_slot(&self, kind: Kind) -> Result<Option<Permit<'_>>> {
        let Some(politeness) = &self.politeness else { return Ok(None) };
        if matches!(kind, Kind::Listing | Kind::Detail) {
            politeness.wait_for_rate_limit(&self.cancel)?;
        }
        let permit = politeness.slots.acquire();
        // Other requests may have been rejected while this one waited.
        self.check_running()?;
        Ok(Some(permit))
    }

    /// Returns a check for the work on a response: it fails if the run is cancelled, or when [`Limits::timeout`] has passed.
    pub fn time_limit(&self) -> impl Fn() -> Result<()> {
        let start = Instant::now();
        move || {
            self.cancel.check()?;
            let is_in_time = start.elapsed() < self.limits.timeout;
            ensure!(is_in_time, "timed out while reading the page (see --timeout)");
            Ok(())
        }
    }

    fn check_running(&self) -> Result<()> {
        self.cancel.check()?;
        self.breaker.check()
    }

    fn has(&self, address: &Url) -> bool {
        address.host() == self.home.host() && address.port() == self.home.port()
    }

    /// Returns an error if `address` is neither HTTP nor HTTPS, is too long, has another host or port than this site, or is
    /// disallowed by `robots.txt`.
    pub fn check(&self, address: &Url) -> Result<()> {
        check_scheme(address)?;
        let site = &self.home[Position::BeforeHost..Position::AfterPort];
        ensure!(self.has(address), "{:?} is not on {site}", address.as_str());
        self.politeness.as_ref().map_or(Ok(()), |politeness| politeness.check(address))
    }
}

fn check_scheme(address: &Url) -> Result<()> {
    let shown = address.as_str();
    ensure!(matches!(address.scheme(), "http" | "https"), "{shown:?} is neither http nor https");
    ensure!(shown.len() <= MAX_ADDRESS, "the address is longer than {MAX_ADDRESS} bytes");
    Ok(())
}

/// The longest address in bytes: many servers accept no more.
const MAX_ADDRESS: usize = 8 << 10;

/// The size of each of a connection's two buffers in bytes, into which a request and the head of a response must fit.
const BUFFER: usize = 64 << 10;

fn agent(home: &Url, limits: Limits, idle_connections: usize) -> Agent {
    let config = Agent::config_builder()
        .timeout_connect(Some(CONNECT_TIMEOUT.min(limits.timeout)))
        .timeout_per_read(Some(IO_TIMEOUT.min(limits.timeout)))
        .timeout_per_write(Some(IO_TIMEOUT.min(limits.timeout)))
        .timeout_global(Some(limits.timeout))
        .max_idle_connections(idle_connections)
        .max_idle_connections_per_host(idle_connections)
        .http_status_as_error(false)
        // `Site::get` checks the target of a redirect before it follows it.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .accept_encoding("gzip, deflate, br")
        // Each child has a connection of its own: what it does not fill, it need not clear.
        .input_buffer_size(BUFFER)
        .output_buffer_size(BUFFER)
        .user_agent(USER_AGENT);
    // A proxy from the environment cannot reach this machine's loopback addresses.
    let config = if is_loopback(home) { config.proxy(None) } else { config };
    Agent::with_parts(config.build(), DefaultConnector::default(), NameResolver)
}

/// Returns the `Referer` of a request for `address` from a link on `page`, by the policy that browsers have by default: the
/// page's address without password and fragment; for another origin, only the page's; and nothing from https to http.
pub fn referer(page: &Url, address: &Url) -> Option<String> {
    if page.scheme() == "https" && address.scheme() == "http" {
        return None;
    }
    let is_same_origin = page.origin() == address.origin();
    let path = if is_same_origin { &page[Position::BeforePath..Position::AfterQuery] } else { "/" };
    Some(page.origin().ascii_serialization() + path)
}

fn last_segment(address: &Url) -> &str {
    address.path().trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

fn is_loopback(address: &Url) -> bool {
    match address.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => Ipv4Addr::is_loopback(&ip),
        Some(Host::Ipv6(ip)) => Ipv6Addr::is_loopback(&ip),
        None => false,
    }
}
