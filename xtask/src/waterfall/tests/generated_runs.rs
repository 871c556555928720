//! Generated runs, with the times that a gallery with this latency would cause.

use crate::waterfall::trace::{Kind, Request, Trace};

/// How long the body of a page takes, in seconds.
const PAGE: f64 = 100e-6;

/// How long the body of an image takes.
const IMAGE: f64 = 900e-6;

/// How long parsing a page takes.
const PARSING: f64 = 150e-6;

/// The work that all strategies have to do; the latency is in seconds.
#[derive(Clone, Copy)]
pub(super) struct Site {
    pub(super) latency: f64,
    pub(super) images: usize,
}

/// How many requests a strategy has in flight, whether images wait for the last detail page, and what it takes to begin
/// the start of a process or a thread and to finish it.
#[derive(Clone, Copy)]
struct Strategy {
    name: &'static str,
    details: usize,
    images: usize,
    waits: bool,
    launch: f64,
    start: f64,
}

impl Site {
    /// Returns a run of each strategy.
    pub(super) fn all(self) -> Vec<Trace> {
        let images = self.images;
        let one =
            Strategy { name: "sequential", details: 1, images: 1, waits: true, launch: 0.0, start: 0.0 };
        let strategies = [
            one,
            Strategy { name: "process", images, launch: 700e-6, start: 4e-3, ..one },
            Strategy { name: "thread", images, launch: 40e-6, start: 60e-6, ..one },
            Strategy { name: "pool", details: 8, images: 8, ..one },
            Strategy { name: "overlap", details: 16, images: 16, waits: false, ..one },
        ];
        strategies.map(|strategy| self.run(strategy)).to_vec()
    }

    /// Returns the run of the strategy with this name.
    pub(super) fn named(self, strategy: &str) -> Trace {
        self.all().into_iter().find(|trace| trace.strategy == strategy).expect("a strategy of this name")
    }

    fn run(self, strategy: Strategy) -> Trace {
        let answered = self.latency + PAGE;
        let mut requests = vec![request(Kind::Listing, 0, [0.0, 0.0, self.latency, answered])];
        let mut workers = vec![answered + PARSING; strategy.details];
        let mut known = Vec::new();
        for number in 0..self.images {
            let worker = earliest(&mut workers);
            let first_byte = *worker + self.latency;
            requests.push(request(Kind::Detail, number, [*worker, *worker, first_byte, first_byte + PAGE]));
            *worker = first_byte + PAGE + PARSING;
            known.push(*worker);
        }
        let crawl_seconds = known.iter().copied().fold(0.0, f64::max);
        let mut workers = vec![0.0; strategy.images];
        for (number, known) in (0_u32..).zip(known) {
            let worker = earliest(&mut workers);
            let ready = if strategy.waits { crawl_seconds } else { known };
            let queued = worker.max(ready) + strategy.launch * f64::from(number);
            let sent = queued + strategy.start;
            let first_byte = sent + self.latency;
            *worker = first_byte + IMAGE;
            requests.push(request(Kind::Image, number as usize, [queued, sent, first_byte, *worker]));
        }
        let total_seconds = requests.iter().map(|request| request.finished).fold(0.0, f64::max);
        Trace { strategy: strategy.name.to_owned(), crawl_seconds, total_seconds, requests }
    }
}

fn earliest(workers: &mut [f64]) -> &mut f64 {
    workers.iter_mut().min_by(|a, b| a.total_cmp(b)).expect("at least one worker")
}

/// Returns a request that succeeds.
pub(super) fn request(kind: Kind, number: usize, times: [f64; 4]) -> Request {
    let [queued, sent, first_byte, finished] = times;
    let name = format!("{}.html", 34_001 + number);
    Request { kind, name, queued, sent, first_byte: Some(first_byte), finished, bytes: 3_000, error: None }
}
