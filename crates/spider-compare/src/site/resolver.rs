//! From a host to where it can be reached.

use std::io;
use std::net::IpAddr;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use ureq::unversioned::transport::time::Duration;

/// Looks names up as ureq itself does: on a thread, since that can take longer than anybody is to wait. But ureq starts one
/// for numbers too, which are no names, and panics where the system gives none.
#[derive(Debug)]
pub(super) struct Lookup;

impl Resolver for Lookup {
    fn resolve(&self, uri: &Uri, config: &Config, limit: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let mut unlimited = limit;
        unlimited.after = Duration::NotHappening;
        let (uri, config) = (uri.clone(), config.clone());
        if is_number(uri.host().unwrap_or_default()) {
            return DefaultResolver::default().resolve(&uri, &config, unlimited);
        }
        let (tell, found) = mpsc::sync_channel(1);
        thread::Builder::new()
            // Too late, nobody listens any more.
            .spawn(move || drop(tell.send(DefaultResolver::default().resolve(&uri, &config, unlimited))))?;
        found.recv_timeout(*limit.after).unwrap_or_else(|error| match error {
            RecvTimeoutError::Timeout => Err(Error::Timeout(limit.reason)),
            RecvTimeoutError::Disconnected => Err(io::Error::other("the name cannot be looked up").into()),
        })
    }
}

fn is_number(host: &str) -> bool {
    host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok()
}
