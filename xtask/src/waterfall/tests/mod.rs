//! The picture and the text, of runs that are made up.

mod any;
mod made_up;
mod picture;
mod sentences;
mod text;
mod xml;

use std::time::Duration;

use crate::trace::{Kind, Trace};
use made_up::{Site, request};

/// As far away as the lesson's gallery, or as near as this machine is to itself.
const FAR: Site = Site { latency: 50_000, images: 20 };
const NEAR: Site = Site { latency: 0, images: 20 };

fn named(strategy: &str, mut traces: Vec<Trace>) -> Trace {
    traces.retain(|trace| trace.strategy == strategy);
    traces.pop().expect("a strategy of this name")
}

fn empty(strategy: &str) -> Trace {
    let strategy = strategy.to_owned();
    Trace { strategy, crawl: Duration::ZERO, total: Duration::ZERO, requests: Vec::new() }
}

/// All that may be odd about a run: requests that take no time, go back in time, fail, or are none.
fn odd() -> Vec<Trace> {
    let mut failing = named("thread", Site { latency: 20_000, images: 3 }.all());
    failing.requests[2].failure = Some("answered 503".to_owned());
    failing.requests[4].answered = None;
    failing.requests[4].failure = Some("no answer in time".to_owned());
    let mut instant = empty("在同一时刻");
    instant.requests = (0..3).map(|number| request(Kind::Image, number, [0; 4], 0)).collect();
    let mut backwards = empty("backwards");
    backwards.total = Duration::from_millis(50);
    backwards.requests = vec![request(Kind::Detail, 0, [40_000, 30_000, 20_000, 10_000], 1)];
    vec![failing, empty("nothing"), instant, backwards]
}
