//! Why a request failed, and whether a retry can help.

use std::io::{self, ErrorKind};
use std::time::Duration;
use std::{error, fmt};

use anyhow::anyhow;
use ureq::http::{Response, StatusCode};
use ureq::{Body, Timeout};

use crate::backoff;

/// Why a request failed.
#[derive(Debug)]
pub struct FetchError {
    cause: anyhow::Error,
    status: Option<StatusCode>,
    /// Whether a retry can help.
    pub is_transient: bool,
    /// How long the site asks to wait before a retry.
    pub(super) retry_after: Option<Duration>,
}

impl FetchError {
    /// Returns the error of a response with a status other than "200 OK".
    pub(super) fn from_status(reply: &Response<Body>) -> Self {
        let status = reply.status();
        let header = reply.headers().get("retry-after").and_then(|header| header.to_str().ok());
        Self {
            cause: anyhow!("{status}"),
            status: Some(status),
            // The request was too slow, there were too many, or the server failed.
            is_transient: matches!(status.as_u16(), 408 | 429 | 500..=599),
            retry_after: header.and_then(backoff::parse_retry_after),
        }
    }

    /// Returns whether the status is one of 400 to 499: the server has no such resource, or does not allow it.
    pub(super) fn is_client_error(&self) -> bool {
        self.status.is_some_and(|status| status.is_client_error())
    }

    /// Returns whether the status means that the site refuses requests: 401, 403, 429 or 503.
    pub(super) fn is_rejection(&self) -> bool {
        self.status.is_some_and(|status| matches!(status.as_u16(), 401 | 403 | 429 | 503))
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.cause)
    }
}

impl error::Error for FetchError {}

impl From<anyhow::Error> for FetchError {
    /// Wraps an error that is not transient.
    fn from(cause: anyhow::Error) -> Self {
        Self { cause, status: None, is_transient: false, retry_after: None }
    }
}

impl From<io::Error> for FetchError {
    /// Unwraps the error of reading a [`Response`](super::Response).
    fn from(error: io::Error) -> Self {
        error.downcast().unwrap_or_else(|error| ureq::Error::from(error).into())
    }
}

impl From<ureq::Error> for FetchError {
    /// Describes an error of the HTTP client. A connection that failed or was lost is a transient error.
    fn from(error: ureq::Error) -> Self {
        let (cause, is_transient) = match error {
            ureq::Error::HostNotFound => (anyhow!("host not found"), false),
            ureq::Error::Timeout(Timeout::Connect) => (anyhow!("connection timed out"), true),
            ureq::Error::Timeout(Timeout::Global) => {
                (anyhow!("timed out before the response was complete (see --timeout)"), false)
            }
            ureq::Error::Timeout(_) => (anyhow!("timed out while waiting for data"), false),
            ureq::Error::BodyExceedsLimit(limit) => {
                (anyhow!("the response is longer than {limit} bytes"), false)
            }
            ureq::Error::ConnectionFailed => (anyhow!("connection failed"), true),
            ureq::Error::Io(error) => describe(error),
            other => (anyhow!(other), false),
        };
        Self { is_transient, ..cause.into() }
    }
}

fn describe(error: io::Error) -> (anyhow::Error, bool) {
    match error.kind() {
        // std has no `ErrorKind` for a name that cannot be resolved.
        _ if error.to_string().starts_with("failed to lookup address") => (anyhow!("host not found"), false),
        ErrorKind::UnexpectedEof => (anyhow!("the response was cut short"), true),
        ErrorKind::ConnectionRefused => (anyhow!("connection refused"), true),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            (anyhow!("connection closed by the server"), true)
        }
        ErrorKind::InvalidData | ErrorKind::InvalidInput => (anyhow!("invalid response: {error}"), false),
        _ => (anyhow!(error), false),
    }
}
