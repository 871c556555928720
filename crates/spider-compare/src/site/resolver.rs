//! DNS lookups.

use std::net::IpAddr;

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use ureq::unversioned::transport::time::Duration;

/// Resolves names as `ureq` does: on a new thread, so that it can stop waiting at the time limit. An IP address needs no
/// thread, but `ureq` would start one anyway, and panic if the system cannot.
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
