//! HTTP requests to one site, with limits on time, size and number, and on where links may lead.

mod fetch_error;
mod redirect;
mod resolver;
mod response;

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};
use serde::{Deserialize, Serialize};
use ureq::Agent;
use ureq::unversioned::transport::DefaultConnector;
use url::{Host, Url};

pub use fetch_error::FetchError;
use resolver::NameResolver;
pub use response::Response;

use crate::backoff;
use crate::cancel::CancelToken;
use crate::politeness::{self, CircuitBreaker, Permit, Politeness};
use crate::trace::{Kind, Recorder, Request};

/// The time limit of a connection attempt.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The time limit of a single read or write.
const IO_TIMEOUT: Duration = Duration::from_secs(20);

/// The number of connections that stay open between requests: as many as can be open at all. By default, `ureq` keeps 3
/// per host and closes the others.
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
    /// Whether [`politeness`] applies to a site on this machine too.
    pub polite: bool,
    /// The time from one page request to the next, unless `robots.txt` asks for more.
    pub crawl_delay: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(60),
            retries: 2,
            polite: false,
            crawl_delay: politeness::CRAWL_DELAY,
        }
    }
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
#[derive(Debug)]
pub struct Site {
    agents: Arc<Agents>,
    home: Url,
    limits: Limits,
    pub(crate) recorder: Recorder,
    pub(crate) breaker: CircuitBreaker,
    /// The limits of an external site, once its `robots.txt` is known.
    pub(crate) politeness: Option<Politeness>,
    cancel: CancelToken,
}

impl Site {
    /// Creates the site of `home`: the same host and port. This sends no request. Cancelling shuts down the connections.
    #[must_use]
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
        let breaker = CircuitBreaker::default();
        Self { agents, home: home.clone(), limits, recorder, breaker, politeness: None, cancel }
    }

    /// Returns whether the site belongs to someone else: it is not on this machine, or [`Limits::polite`] is set.
    pub(crate) fn is_external(&self) -> bool {
        self.limits.polite || !is_loopback(&self.home)
    }

    /// Downloads and applies the `robots.txt` of an external site. A site without one allows everything (RFC 9309,
    /// 2.3.1.3).
    pub(crate) fn fetch_robots_txt(&mut self) -> Result<()> {
        if !self.is_external() {
            return Ok(());
        }
        let address = self.home.join("/robots.txt")?;
        let fetched = self.with_retries(|attempt| {
            match self.get(Kind::Robots, &address, attempt, None).map(Response::into_text) {
                Ok(text) => text.map(Some),
                Err(error) if error.is_missing() => Ok(None),
                Err(error) => Err(error),
            }
        });
        self.apply_robots_txt(fetched.context("cannot download robots.txt")?)
    }

    /// Applies this `robots.txt` and the other limits of an external site from now on.
    ///
    /// # Errors
    /// If it cannot be parsed or complied with.
    pub fn apply_robots_txt(&mut self, robots_txt: Option<String>) -> Result<()> {
        self.politeness = Some(Politeness::new(robots_txt, self.limits.crawl_delay)?);
        Ok(())
    }

    /// Removes and returns the recorded requests, in the order in which they were sent.
    #[must_use]
    pub fn take_requests(&self) -> Vec<Request> {
        self.recorder.take()
    }

    /// Calls `attempt` with 1, 2, …, until it succeeds, fails with an error that is not transient, or there are no more
    /// retries.
    ///
    /// # Errors
    /// The last error; or if the run is cancelled, or the circuit breaker is open.
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
            // Cancelling makes requests fail; that is not the site's fault.
            self.cancel.check()?;
            if self.is_final(number, &error) {
                let attempts = if number > 1 { format!(" ({number} attempts)") } else { String::new() };
                bail!("{error}{attempts}");
            }
            number += 1;
            self.cancel.wait(backoff::delay(number, error.retry_after))?;
        }
    }

    fn is_final(&self, attempt: u32, error: &FetchError) -> bool {
        !error.is_transient || attempt > self.limits.retries
    }

    /// Sends a request, follows redirects within the site, and returns the response when its head has arrived. `attempt`
    /// is the number from [`Site::with_retries`]; `queued` is as in [`Recorder::begin`].
    ///
    /// # Errors
    /// If the address is not allowed, no response arrives in time, or its status is not "200 OK".
    pub fn get(
        &self,
        kind: Kind,
        address: &Url,
        attempt: u32,
        mut queued: Option<f64>,
    ) -> Result<Response<'_>, FetchError> {
        let agent = if attempt == 1 { &self.agents.pooled } else { &self.agents.unpooled };
        let mut address = address.clone();
        for _ in 0..=redirect::MAX_REDIRECTS {
            self.check(&address)?;
            let permit = self.acquire_slot(kind)?;
            let mut in_flight = self.recorder.begin(kind, last_segment(&address), queued.take());
            let reply = agent.get(address.as_str()).call();
            let reply = reply.map_err(|error| in_flight.fail(FetchError::from(error)))?;
            in_flight.first_byte();
            if let Some(target) = redirect::target(&reply, &address) {
                address = target?;
                continue;
            }
            if let Err(error) = response::check_head(&reply) {
                // Before the permit is released, so that the next request sees it.
                if error.is_rejection() && self.is_final(attempt, &error) {
                    self.breaker.record_rejection();
                }
                return Err(in_flight.fail(error));
            }
            return Ok(Response::new(address, kind, reply, in_flight, permit));
        }
        Err(anyhow!("redirected more than {} times", redirect::MAX_REDIRECTS).into())
    }

    /// Waits until the limits of an external site allow one more request.
    fn acquire_slot(&self, kind: Kind) -> Result<Option<Permit<'_>>> {
        let Some(politeness) = &self.politeness else { return Ok(None) };
        if matches!(kind, Kind::Listing | Kind::Detail) {
            politeness.wait_for_rate_limit(&self.cancel)?;
        }
        let permit = politeness.acquire_slot();
        // Other requests may have been rejected while this one waited.
        self.check_running()?;
        Ok(Some(permit))
    }

    fn check_running(&self) -> Result<()> {
        self.cancel.check()?;
        self.breaker.check()
    }

    /// Checks that `address` may be requested.
    ///
    /// # Errors
    /// If it is neither HTTP nor HTTPS, has another host or port than this site, or `robots.txt` disallows it.
    pub fn check(&self, address: &Url) -> Result<()> {
        let shown = address.as_str();
        ensure!(matches!(address.scheme(), "http" | "https"), "{shown:?} is neither http nor https");
        let is_same = address.host() == self.home.host() && address.port() == self.home.port();
        ensure!(is_same, "{shown:?} is not on {}", self.host_and_port());
        self.politeness.as_ref().map_or(Ok(()), |politeness| politeness.check(address))
    }

    fn host_and_port(&self) -> String {
        let host = self.home.host_str().unwrap_or_default();
        self.home.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }
}

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
        .accept_encoding("identity")
        .user_agent(USER_AGENT);
    // A proxy from the environment cannot reach this machine's loopback addresses.
    let config = if is_loopback(home) { config.proxy(None) } else { config };
    Agent::with_parts(config.build(), DefaultConnector::default(), NameResolver)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_this_machine_are_loopback() {
        for (address, expected) in [
            ("http://127.0.0.1:1/", true),
            ("http://127.8.9.1/", true),
            ("http://[::1]/", true),
            ("http://localhost/", true),
            ("http://192.168.0.1/", false),
            ("http://localhost.example/", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(address).unwrap()), expected, "{address}");
        }
    }
}
