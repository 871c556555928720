//! DNS lookups.

use std::net::IpAddr;

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use ureq::unversioned::transport::time::Duration;

/// Resolves names as `ureq` does, on a thread of its own to keep the time limit. For an IP address, no thread is needed:
/// `ureq` would start one nevertheless, and panic if the system has no more.
#[derive(Debug)]
pub(super) struct NameResolver;

impl Resolver for NameResolver {
    fn resolve(&self, uri: &Uri, config: &Config, limit: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let mut limit = limit;
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
        if host.parse::<IpAddr>().is_ok() {
            limit.after = Duration::NotHappening;
        }
        DefaultResolver::default().resolve(uri, config, limit)
    }
}
