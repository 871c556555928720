//! One site, asked over HTTP or HTTPS, within limits: of time, of size, of where its links may lead, and of how often it
//! is asked.

mod fetch_error;
mod resolver;
mod response;

use std::io::Read;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};
use ureq::Agent;
use ureq::http::StatusCode;
use ureq::unversioned::transport::DefaultConnector;
use url::{Host, Url};

use fetch_error::{Failure, failed};
use resolver::Lookup;
use response::{Answer, Answered, packed, packing, redirect};

use crate::backoff;
use crate::cancel::Stop;
use crate::charset;
use crate::page::Page;
use crate::politeness::{self, Entered, Manners, Refusals};
use crate::recorder::{Recorder, UnderWay};
use crate::trace::Kind;

/// How long it may take until somebody answers the call at all.
const CONNECT: Duration = Duration::from_secs(10);
/// How long nothing at all may come.
const SILENCE: Duration = Duration::from_secs(20);

/// The largest page that is read, in bytes.
const LARGEST_PAGE: u64 = 4 << 20;
/// The largest image that is read, in bytes. The site's own have up to 1 MB.
const LARGEST_IMAGE: u64 = 32 << 20;
/// What is read of a `robots.txt` (RFC 9309, 2.5), in bytes.
const LARGEST_ROBOTS: u64 = 500 << 10;

/// How often one request may be sent on to another address.
const REDIRECTS: u32 = 5;

/// As many as are ever open at the same time: ureq keeps 3 a host unless told otherwise, and each of the others would
/// connect anew.
const IDLE_CONNECTIONS: usize = 256;

/// What this program calls itself, here and in a site's `robots.txt`.
const NAME: &str = env!("CARGO_PKG_NAME");

/// Says who asks. A site that does not want it can tell.
const USER_AGENT: &str = concat!("spider-compare/", env!("CARGO_PKG_VERSION"), " (a lesson on threads)");

/// How a site is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Limits {
    /// How long one request may take as a whole.
    pub timeout: Duration,
    /// How often a request is tried again that failed for a reason that passes.
    pub retries: u32,
    /// Whether it is treated as a stranger's even if it is on this machine: see [`manners`].
    pub polite: bool,
    /// From the start of one page of a stranger's site to the start of the next, unless it asks for more.
    pub pause: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(60), retries: 2, polite: false, pause: politeness::PAUSE }
    }
}

/// Who asks. Dropped, they close what connections they keep.
#[derive(Debug)]
struct Agents {
    /// Keeps connections for the next request.
    keeping: Agent,
    /// Makes a connection for each request: one that was kept may have been closed by the site meanwhile.
    fresh: Agent,
}

/// A site, with the connections to it. It is shared by threads; each of their requests has a connection to itself.
#[derive(Debug)]
pub struct Site {
    agents: Arc<Agents>,
    home: Url,
    limits: Limits,
    recorder: Recorder,
    refusals: Refusals,
    manners: Option<Manners>,
    stop: Stop,
}

impl Site {
    /// The site that `home` belongs to: the same host, the same port. Nothing is asked yet.
    #[must_use]
    pub fn new(home: &Url, limits: Limits, recorder: Recorder, stop: Stop) -> Self {
        let agents = Arc::new(Agents {
            keeping: agent(home, limits, IDLE_CONNECTIONS),
            fresh: agent(home, limits, 0),
        });
        // Not held by the stop, which outlives the site.
        let interrupted = Arc::downgrade(&agents);
        stop.and_then(move || {
            if let Some(agents) = interrupted.upgrade() {
                agents.keeping.clone().shutdown();
                agents.fresh.clone().shutdown();
            }
        });
        let home = home.clone();
        let refusals = Refusals::default();
        Self { agents, home, limits, recorder, refusals, manners: None, stop }
    }

    /// Whether it is to be treated as a stranger's: it is not on this machine, or that was asked for.
    #[must_use]
    pub fn is_a_strangers(&self) -> bool {
        self.limits.polite || !is_loopback(&self.home)
    }

    /// Asks a stranger's site for its `robots.txt`, which is obeyed from here on.
    ///
    /// # Errors
    /// When it cannot be had, though the site may have one; or asks for what this program cannot do.
    pub fn ask_for_manners(&mut self) -> Result<()> {
        if self.is_a_strangers() {
            let robots = self.robots().context("cannot find out what robots may ask for (robots.txt)")?;
            self.obey(robots.as_deref())?;
        }
        Ok(())
    }

    /// Keeps to this `robots.txt` from here on, or to manners without one.
    ///
    /// # Errors
    /// When it asks for what this program cannot do.
    pub(crate) fn obey(&mut self, robots: Option<&[u8]>) -> Result<()> {
        self.manners = Some(Manners::of(NAME, robots, self.limits.pause)?);
        Ok(())
    }

    /// How the site is treated, if it is a stranger's that was asked.
    pub(crate) fn manners(&self) -> Option<&Manners> {
        self.manners.as_ref()
    }

    fn robots(&self) -> Result<Option<Vec<u8>>> {
        let address = self.home.join("/robots.txt")?;
        let mut missing = false;
        let read = self.ask(Kind::Robots, &address, None, |answer| {
            missing = answer.response.status().is_client_error();
            if missing { Ok(Vec::new()) } else { answer.read_to_end(LARGEST_ROBOTS) }
        });
        // Without the file everything may be asked for (RFC 9309, 2.3.1.3).
        Ok(Some(read?).filter(|_| !missing))
    }

    /// How often in a row the site has refused. It is asked nothing more once it has done so too often.
    pub(crate) fn refusals(&self) -> &Refusals {
        &self.refusals
    }

    /// What was asked, up to now.
    #[must_use]
    pub fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// Reads the page at `address`.
    ///
    /// # Errors
    /// When the address is not of this site, nobody answers in time, the answer is not "200 OK", or it is too large.
    pub fn page(&self, kind: Kind, address: &Url) -> Result<Page> {
        self.ask(kind, address, None, |answer| {
            let content_type = answer.content_type();
            let address = answer.address.clone();
            let bytes = answer.read_to_end(LARGEST_PAGE)?;
            Ok(Page::new(&address, &charset::decode(&bytes, content_type.as_deref())))
        })
    }

    /// Asks for the image at `address`, and hands its bytes to `keep` as they come. Reading them fails when they end
    /// before the promised length, and when there are more than 32 MiB. Where that passes, `keep` is called again.
    /// `wanted` is when a process or a thread was wanted for it, if one was started.
    ///
    /// # Errors
    /// As [`Site::page`]; when what comes is said to be something else than an image; and as `keep`.
    pub fn image<T>(
        &self,
        address: &Url,
        wanted: Option<Duration>,
        mut keep: impl FnMut(&mut dyn Read) -> Result<T>,
    ) -> Result<T> {
        self.ask(Kind::Image, address, wanted, |answer| {
            if let Some(content_type) = answer.content_type() {
                let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
                // Said of files by servers that do not know them: the first bytes will tell.
                let unknown = kind.is_empty() || kind == "application/octet-stream";
                if !unknown && !kind.starts_with("image/") {
                    return Err(anyhow!("not an image, but {content_type:?}").into());
                }
            }
            answer.hand_to(LARGEST_IMAGE, &mut keep)
        })
    }

    /// Asks as often as it takes, or as is allowed.
    fn ask<T>(
        &self,
        kind: Kind,
        address: &Url,
        mut wanted: Option<Duration>,
        mut take: impl FnMut(Answer<'_, '_>) -> Result<T, Failure>,
    ) -> Result<T> {
        let mut tries = 1;
        loop {
            self.stop.check()?;
            self.refusals.check()?;
            let failure = match self.try_once(tries, kind, address, wanted.take(), &mut take) {
                Ok(taken) => {
                    self.refusals.forget();
                    return Ok(taken);
                }
                Err(failure) => failure,
            };
            // What a stop has cut off is no failure of the site.
            self.stop.check()?;
            if self.is_given_up(tries, failure.passes) {
                let times = if tries > 1 { format!(" ({tries} times)") } else { String::new() };
                bail!("{:#}{times}", failure.error);
            }
            tries += 1;
            self.stop.wait(backoff::wait(tries, failure.retry_after))?;
        }
    }

    /// Whether a try is the last one, if it fails.
    fn is_given_up(&self, tries: u32, passes: bool) -> bool {
        !passes || tries > self.limits.retries
    }

    /// Asks once, and follows redirects within the site.
    fn try_once<T>(
        &self,
        tries: u32,
        kind: Kind,
        address: &Url,
        mut wanted: Option<Duration>,
        take: &mut impl FnMut(Answer<'_, '_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut address = address.clone();
        for _ in 0..=REDIRECTS {
            self.check(&address)?;
            let _entered = self.wait_for_a_turn(kind)?;
            let mut under_way = self.recorder.begin(kind, name_of(&address), wanted.take());
            let outcome =
                self.answer(tries, kind, &address, &mut under_way).and_then(|answer| match answer {
                    Answered::Elsewhere(next) => Ok(Err(next)),
                    Answered::Here(response) => {
                        let under_way = &mut under_way;
                        take(Answer { address: address.clone(), response, under_way }).map(Ok)
                    }
                });
            match outcome {
                Ok(Ok(taken)) => return Ok(taken),
                Ok(Err(next)) => address = next,
                Err(failure) => {
                    under_way.failed(&format!("{:#}", failure.error));
                    return Err(failure);
                }
            }
        }
        Err(anyhow!("redirected more than {REDIRECTS} times").into())
    }

    /// Waits until the site may be asked for one more thing: each time, be it another try or what a redirect leads to. It
    /// may until what is returned is dropped.
    fn wait_for_a_turn(&self, kind: Kind) -> Result<Option<Entered<'_>>> {
        let manners = self.manners.as_ref();
        if let (Some(manners), Kind::Listing | Kind::Detail) = (manners, kind) {
            manners.wait_for_a_page(&self.stop)?;
        }
        let entered = manners.map(Manners::enter);
        // Those who were before us may have been refused.
        self.stop.check()?;
        self.refusals.check()?;
        Ok(entered)
    }

    /// The head of an answer: where else to ask, or one that is to be read on.
    fn answer(
        &self,
        tries: u32,
        kind: Kind,
        address: &Url,
        under_way: &mut UnderWay<'_>,
    ) -> Result<Answered, Failure> {
        let agent = if tries == 1 { &self.agents.keeping } else { &self.agents.fresh };
        let response = agent.get(address.as_str()).call().map_err(failed)?;
        under_way.answered();
        if let Some(next) = redirect(&response).as_deref() {
            let next = address.join(next).with_context(|| format!("redirected to {next:?}"))?;
            return Ok(Answered::Elsewhere(next));
        }
        let status = response.status();
        let no_robots = kind == Kind::Robots && status.is_client_error() && !backoff::passes(status.as_u16());
        if status == StatusCode::OK || no_robots {
            return packing(&response)
                .map_or(Ok(Answered::Here(response)), |packing| Err(packed(&packing).into()));
        }
        let passes = backoff::passes(status.as_u16());
        if Refusals::is_one(status.as_u16()) && self.is_given_up(tries, passes) {
            self.refusals.count();
        }
        let header = response.headers().get("retry-after").and_then(|header| header.to_str().ok());
        let retry_after = header.and_then(backoff::retry_after);
        Err(Failure { error: anyhow!("answered {status}"), passes, retry_after })
    }

    /// Whether `address` may be asked for: HTTP or HTTPS, this site itself, and not what it does not want robots to ask
    /// for. A default port is the same as none.
    ///
    /// # Errors
    /// Says which of these it is not.
    pub fn check(&self, address: &Url) -> Result<()> {
        let shown = address.as_str();
        ensure!(matches!(address.scheme(), "http" | "https"), "{shown:?} is neither http nor https");
        let same = address.host() == self.home.host() && address.port() == self.home.port();
        ensure!(same, "{shown:?} is not on {}", self.name());
        self.manners.as_ref().map_or(Ok(()), |manners| manners.check(address))
    }

    /// Host and port, as in an address.
    fn name(&self) -> String {
        let host = self.home.host_str().unwrap_or_default();
        self.home.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }
}

/// A client within these limits, which keeps so many connections for another request.
fn agent(home: &Url, limits: Limits, idle_connections: usize) -> Agent {
    let config = Agent::config_builder()
        .timeout_connect(Some(CONNECT.min(limits.timeout)))
        .timeout_per_read(Some(SILENCE.min(limits.timeout)))
        .timeout_per_write(Some(SILENCE.min(limits.timeout)))
        .timeout_global(Some(limits.timeout))
        .max_idle_connections(idle_connections)
        .max_idle_connections_per_host(idle_connections)
        .http_status_as_error(false)
        // Where a redirect leads is looked at here before it is followed.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .accept_encoding("identity")
        .user_agent(USER_AGENT);
    // A proxy that the environment names cannot reach this machine's own addresses.
    let config = if is_loopback(home) { config.proxy(None) } else { config };
    Agent::with_parts(config.build(), DefaultConnector::default(), Lookup)
}

/// The last part of an address.
fn name_of(address: &Url) -> &str {
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
    use std::io::{self, BufRead, BufReader, Write};
    use std::net::{TcpListener, TcpStream};
    use std::thread;

    use super::*;
    use crate::trace::Clock;

    fn check(home: &str, link: &str) -> Result<()> {
        let home = Url::parse(home).unwrap();
        let recorder = Recorder::new(Clock::start(), false);
        Site::new(&home, Limits::default(), recorder, Stop::default()).check(&home.join(link).unwrap())
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

    /// Reads the head of a request. An error if there is none.
    fn hear(visitor: &TcpStream) -> io::Result<()> {
        let mut lines = BufReader::new(visitor).lines();
        while !lines.next().ok_or(io::ErrorKind::UnexpectedEof)??.is_empty() {}
        Ok(())
    }

    fn say(mut visitor: &TcpStream) -> io::Result<()> {
        visitor.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
    }

    /// Answers one request on each connection, and closes it at the next.
    fn forgetful(listener: &TcpListener) -> io::Result<()> {
        // Both are there before either is answered, so neither can serve both requests.
        let kept = [listener.accept()?.0, listener.accept()?.0];
        for visitor in &kept {
            hear(visitor)?;
            say(visitor)?;
        }
        for visitor in kept {
            thread::spawn(move || hear(&visitor));
        }
        let (fresh, _) = listener.accept()?;
        hear(&fresh)?;
        say(&fresh)
    }

    #[test]
    fn a_site_that_is_done_with_keeps_no_connection_though_the_run_goes_on() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let home = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let stop = Stop::default();
        let recorder = Recorder::new(Clock::start(), false);
        let site = Site::new(&home, Limits::default(), recorder, stop.clone());
        let server = thread::spawn(move || {
            let (visitor, _) = listener.accept()?;
            // Reached only if the connection is kept.
            visitor.set_read_timeout(Some(Duration::from_secs(10)))?;
            hear(&visitor)?;
            say(&visitor)?;
            hear(&visitor)
        });
        site.page(Kind::Detail, &home).unwrap();
        drop(site);
        let end = server.join().unwrap().unwrap_err();
        assert_eq!(end.kind(), io::ErrorKind::UnexpectedEof);
        stop.check().unwrap();
    }

    #[test]
    fn another_try_does_not_meet_another_connection_that_the_site_has_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let home = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let recorder = Recorder::new(Clock::start(), false);
        let limits = Limits { retries: 1, ..Limits::default() };
        let site = Site::new(&home, limits, recorder, Stop::default());
        let server = thread::spawn(move || forgetful(&listener));
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| drop(site.page(Kind::Detail, &home).unwrap()));
            }
        });
        site.page(Kind::Detail, &home).unwrap();
        server.join().unwrap().unwrap();
    }

    #[test]
    fn another_try_for_a_page_and_a_redirect_keep_the_pause_too() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let home = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let pause = Duration::from_millis(20);
        let limits = Limits { pause, retries: 1, ..Limits::default() };
        let mut site = Site::new(&home, limits, Recorder::new(Clock::start(), false), Stop::default());
        site.obey(None).unwrap();
        let answers = ["503 Busy\r\nretry-after: 0", "302 Found\r\nlocation: /other", "200 OK"];
        let server = thread::spawn(move || -> io::Result<()> {
            for answer in answers {
                let (mut visitor, _) = listener.accept()?;
                hear(&visitor)?;
                write!(visitor, "HTTP/1.1 {answer}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")?;
            }
            Ok(())
        });
        let before = std::time::Instant::now();
        site.page(Kind::Listing, &home).unwrap();
        server.join().unwrap().unwrap();
        // When a fourth one may be asked for, which nobody waits for.
        assert!(site.manners().unwrap().next_page() >= before + 3 * pause);
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
