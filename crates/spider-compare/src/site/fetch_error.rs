//! Why a request gave nothing: in words, and whether that passes.

use std::io;
use std::time::Duration;

use anyhow::anyhow;

/// Why a request gave nothing.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: anyhow::Error,
    /// Whether another try may help.
    pub(super) passes: bool,
    /// How long the site asks to wait until then.
    pub(super) retry_after: Option<Duration>,
}

impl From<anyhow::Error> for Failure {
    /// One that does not pass.
    fn from(error: anyhow::Error) -> Self {
        Self { error, passes: false, retry_after: None }
    }
}

/// The client's errors in words for somebody who does not know it, and whether they pass: a connection that could not be
/// made or was lost may be had at the next try.
pub(super) fn failed(error: ureq::Error) -> Failure {
    let (error, passes) = match error {
        ureq::Error::HostNotFound => no_such_host(),
        ureq::Error::Timeout(which) => timed_out(which),
        ureq::Error::BodyExceedsLimit(limit) => (anyhow!("more than {limit} bytes"), false),
        ureq::Error::ConnectionFailed => (anyhow!("no connection could be made"), true),
        ureq::Error::Io(error) => explained(error),
        other => (anyhow!(other), false),
    };
    Failure { error, passes, retry_after: None }
}

fn no_such_host() -> (anyhow::Error, bool) {
    (anyhow!("there is no such host, or no network"), false)
}

fn timed_out(which: ureq::Timeout) -> (anyhow::Error, bool) {
    match which {
        ureq::Timeout::Connect => (anyhow!("no answer in time: nobody takes the call"), true),
        ureq::Timeout::Global => (anyhow!("no answer in time: not all of it has come (--timeout)"), false),
        _ => (anyhow!("no answer in time: nothing has come for too long"), false),
    }
}

fn explained(error: io::Error) -> (anyhow::Error, bool) {
    match error.kind() {
        // What std says of a name that it cannot look up has no kind of its own.
        _ if error.to_string().starts_with("failed to lookup address") => no_such_host(),
        io::ErrorKind::UnexpectedEof => (anyhow!("the answer ended too early"), true),
        io::ErrorKind::ConnectionRefused => (anyhow!("nobody listens there"), true),
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
            (anyhow!("the connection was closed"), true)
        }
        _ => (anyhow!(error), false),
    }
}
