//! The messages between parent and child, as JSON.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::crawl::Image;
use crate::download::Saved;
use crate::resource_usage::ResourceUsage;
use crate::site::{Cookies, Limits};
use crate::trace::Request;

/// The argument that makes the program a child. The folder for the image follows. A [`Job`] is the first line of standard
/// input: arguments have a limited length, and every user of the machine can read them.
pub(super) const ARGUMENT: &str = "--download-one";

/// The task that the parent gives to a child.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Job {
    pub(super) image: Image,
    pub(super) limits: Limits,
    /// The `robots.txt` of an external site: a redirect may lead to an address that it disallows.
    pub(super) robots_txt: Option<String>,
    /// The cookies so far. Those that a child gets are its own.
    pub(super) cookies: Cookies,
    pub(super) started: SystemTime,
    pub(super) queued: f64,
}

/// The report of a child that has finished.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Report {
    pub(super) result: Result<Saved, String>,
    /// Whether the site has rejected the request.
    pub(super) is_rejected: bool,
    pub(super) requests: Vec<Request>,
    pub(super) usage: ResourceUsage,
}
