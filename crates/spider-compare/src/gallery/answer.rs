//! What the gallery answers to a request.

use super::body::Body;
use super::markup;

/// What the gallery answers to a request.
#[derive(Debug)]
pub(super) struct Answer {
    /// The status code.
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    /// Where else to look, for a redirect.
    pub(super) location: Option<String>,
    pub(super) body: Body,
    /// How much of the body really comes.
    pub(super) sent: Sent,
}

/// How much of a body is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    Whole,
    /// Its first half, then the connection is closed.
    Half,
    /// Its first half, and the connection stays open.
    HalfAndNoEnd,
    /// Again and again, until nobody listens any more.
    Endlessly,
}

impl Answer {
    /// A page of HTML. Its header does not say in which character set it is.
    pub(super) fn page(body: Vec<u8>) -> Self {
        Self { status: 200, content_type: "text/html", location: None, body: body.into(), sent: Sent::Whole }
    }

    pub(super) fn picture(body: Body) -> Self {
        Self { content_type: "image/jpeg", body, ..Self::page(Vec::new()) }
    }

    pub(super) fn not_found() -> Self {
        Self { status: 404, ..Self::page(markup::notice("页面不存在")) }
    }

    pub(super) fn redirect(location: &str) -> Self {
        Self { status: 302, location: Some(location.to_owned()), ..Self::page(Vec::new()) }
    }

    /// All that is sent in front of the body.
    pub(super) fn head(&self) -> String {
        let length = match self.sent {
            Sent::Endlessly => "Connection: close\r\n".to_owned(),
            _ => format!("Content-Length: {}\r\n", self.body.len()),
        };
        let location = field("Location", self.location.as_ref());
        format!(
            "HTTP/1.1 {} {}\r\nContent-Type: {}\r\n{length}{location}\r\n",
            self.status,
            reason(self.status),
            self.content_type
        )
    }
}

fn field(name: &str, value: Option<&String>) -> String {
    value.map(|value| format!("{name}: {value}\r\n")).unwrap_or_default()
}

/// What a status code is called. A code that is not in the list has no name, which HTTP allows.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        302 => "Found",
        404 => "Not Found",
        _ => "",
    }
}
