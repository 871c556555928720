//! HTTP responses, before they are sent.

use http::StatusCode;

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
    pub(crate) fn new(content_type: &'static str, body: Body) -> Self {
        Self { status: 200, content_type, fields: Vec::new(), body, delivery: Delivery::Whole }
    }

    /// Returns an HTML page. Its `Content-Type` does not name the character set.
    pub(crate) fn page(html: Vec<u8>) -> Self {
        Self::new("text/html", Body(vec![html.into()]))
    }

    /// Returns an error page. Its text is the site's, like the rest of the markup.
    pub(crate) fn error(status: u16) -> Self {
        let text = match status {
            403 => "禁止访问",
            404 => "页面不存在",
            _ => markup::PLEASE_WAIT,
        };
        Self { status, ..Self::page(markup::notice(text)) }
    }

    pub(crate) fn redirect(location: String) -> Self {
        Self { status: 302, fields: vec![("Location", location)], ..Self::page(Vec::new()) }
    }

    /// Returns the status line, the header fields and the empty line.
    pub(crate) fn head(&self) -> String {
        // How the client finds the end of the body.
        let framing = match self.delivery {
            Delivery::Endless => "Connection: close\r\n".to_owned(),
            _ => format!("Content-Length: {}\r\n", self.body.len()),
        };
        // Codes without a name have an empty reason phrase, which HTTP allows (RFC 9112, section 4).
        let reason = StatusCode::from_u16(self.status).ok().and_then(|code| code.canonical_reason());
        let fields: String = self.fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!(
            "HTTP/1.1 {} {}\r\nContent-Type: {}\r\n{framing}{fields}\r\n",
            self.status,
            reason.unwrap_or_default(),
            self.content_type
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_has_the_given_retry_after_and_an_unknown_status_has_no_reason_phrase() {
        let fields = vec![("Retry-After", "in a while".to_owned())];
        let known = Response { fields, ..Response::error(429) }.head();
        assert!(known.starts_with("HTTP/1.1 429 Too Many Requests\r\n"), "{known}");
        assert!(known.ends_with("\r\nRetry-After: in a while\r\n\r\n"), "{known}");
        let unknown = Response::error(599).head();
        assert!(unknown.starts_with("HTTP/1.1 599 \r\n") && !unknown.contains("Retry-After"), "{unknown}");
    }
}
