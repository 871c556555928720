//! What the gallery answers to a request.

use crate::body::Body;
use crate::markup;

/// What the gallery answers to a request.
#[derive(Debug)]
pub(crate) struct Response {
    /// The status code.
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    /// What else its head says: names and values.
    pub(crate) fields: Vec<(&'static str, String)>,
    pub(crate) body: Body,
    /// How much of the body really comes.
    pub(crate) sent: Delivery,
}

/// How much of an answer is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    Whole,
    /// Nothing, not even a head: the connection is closed.
    Nothing,
    /// The first half of its body, then the connection is closed.
    Truncated,
    /// The first half of its body, and the connection stays open.
    Stalled,
    /// Its body again and again, until nobody listens any more.
    Endless,
}

impl Response {
    /// A page of HTML. Its head does not say in which character set it is.
    pub(crate) fn page(body: Vec<u8>) -> Self {
        let (status, content_type) = (200, "text/html");
        Self { status, content_type, fields: Vec::new(), body: body.into(), sent: Delivery::Whole }
    }

    pub(crate) fn picture(body: Body) -> Self {
        Self { content_type: "image/jpeg", body, ..Self::page(Vec::new()) }
    }

    /// What a program is to read: UTF-8.
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

    pub(crate) fn closed() -> Self {
        Self { sent: Delivery::Nothing, ..Self::page(Vec::new()) }
    }

    /// All that is sent in front of the body.
    pub(crate) fn head(&self) -> String {
        let length = match self.sent {
            Delivery::Endless => "Connection: close\r\n".to_owned(),
            _ => format!("Content-Length: {}\r\n", self.body.len()),
        };
        let fields: String = self.fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!(
            "HTTP/1.1 {} {}\r\nContent-Type: {}\r\n{length}{fields}\r\n",
            self.status,
            reason(self.status),
            self.content_type
        )
    }
}

/// What a status code is called. A code that is not in the list has no name, which HTTP allows.
fn reason(status: u16) -> &'static str {
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
    fn the_head_says_what_is_asked_for_word_for_word_and_a_name_may_be_missing() {
        let named = Response::unavailable(429, Some(&"in a while".to_owned())).head();
        assert!(named.starts_with("HTTP/1.1 429 Too Many Requests\r\n"), "{named}");
        assert!(named.ends_with("\r\nRetry-After: in a while\r\n\r\n"), "{named}");
        let unnamed = Response::unavailable(599, None).head();
        assert!(unnamed.starts_with("HTTP/1.1 599 \r\n") && !unnamed.contains("Retry-After"), "{unnamed}");
    }
}
