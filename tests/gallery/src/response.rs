//! HTTP responses, before they are sent.

use crate::body::Body;
use crate::markup;

/// A response to a request.
#[derive(Debug)]
pub(crate) struct Response {
    /// The status code.
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    /// Further header fields: names and values.
    pub(crate) fields: Vec<(&'static str, String)>,
    pub(crate) body: Body,
    pub(crate) delivery: Delivery,
}

/// How much of a response is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// All of it.
    Whole,
    /// Not even the head; the connection is closed.
    Nothing,
    /// The head and half of the body; then the connection is closed.
    Truncated,
    /// The head and half of the body; then nothing, over an open connection.
    Stalled,
    /// The body again and again, until the client closes the connection.
    Endless,
}

impl Response {
    /// Returns an HTML page. Its `Content-Type` does not name the character set.
    pub(crate) fn page(body: Vec<u8>) -> Self {
        let (status, content_type) = (200, "text/html");
        Self { status, content_type, fields: Vec::new(), body: body.into(), delivery: Delivery::Whole }
    }

    pub(crate) fn picture(body: Body) -> Self {
        Self { content_type: "image/jpeg", body, ..Self::page(Vec::new()) }
    }

    /// Returns plain text in UTF-8.
    pub(crate) fn text(text: &str) -> Self {
        Self { content_type: "text/plain; charset=utf-8", ..Self::page(text.into()) }
    }

    pub(crate) fn not_found() -> Self {
        Self { status: 404, ..Self::page(markup::notice("页面不存在")) }
    }

    pub(crate) fn forbidden() -> Self {
        Self { status: 403, ..Self::page(markup::notice("禁止访问")) }
    }

    pub(crate) fn redirect(location: String) -> Self {
        Self { status: 302, fields: vec![("Location", location)], ..Self::page(Vec::new()) }
    }

    pub(crate) fn unavailable(status: u16, retry_after: Option<&String>) -> Self {
        let fields = retry_after.map(|value| ("Retry-After", value.clone())).into_iter().collect();
        Self { status, fields, ..Self::page(markup::notice("请稍候")) }
    }

    /// Returns a response of which nothing is sent: the connection is closed.
    pub(crate) fn closed() -> Self {
        Self { delivery: Delivery::Nothing, ..Self::page(Vec::new()) }
    }

    /// Returns the status line, the header fields and the empty line.
    pub(crate) fn head(&self) -> String {
        let length = match self.delivery {
            Delivery::Endless => "Connection: close\r\n".to_owned(),
            _ => format!("Content-Length: {}\r\n", self.body.len()),
        };
        let fields: String = self.fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!(
            "HTTP/1.1 {} {}\r\nContent-Type: {}\r\n{length}{fields}\r\n",
            self.status,
            reason_phrase(self.status),
            self.content_type
        )
    }
}

/// Returns the reason phrase of a status code, or an empty one, which HTTP allows (RFC 9112, section 4).
fn reason_phrase(status: u16) -> &'static str {
    match status {
        200 => "OK",
        302 => "Found",
        403 => "Forbidden",
        404 => "Not Found",
        408 => "Request Timeout",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_has_the_given_retry_after_and_an_unknown_status_has_no_reason_phrase() {
        let known = Response::unavailable(429, Some(&"in a while".to_owned())).head();
        assert!(known.starts_with("HTTP/1.1 429 Too Many Requests\r\n"), "{known}");
        assert!(known.ends_with("\r\nRetry-After: in a while\r\n\r\n"), "{known}");
        let unknown = Response::unavailable(599, None).head();
        assert!(unknown.starts_with("HTTP/1.1 599 \r\n") && !unknown.contains("Retry-After"), "{unknown}");
    }
}
