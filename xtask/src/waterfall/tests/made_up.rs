//! Made-up runs, as a site that answers after a latency would see them.

use std::time::Duration;

use crate::trace::{Kind, Request, Trace};

/// A page's body, an image's body, and what reading a page takes, in microseconds.
const PAGE: u64 = 100;
const IMAGE: u64 = 900;
const READING: u64 = 150;

/// What the strategies have to do: times in microseconds.
#[derive(Clone, Copy)]
pub(super) struct Site {
    pub(super) latency: u64,
    pub(super) images: usize,
}

/// What a strategy may do at the same time, and what it costs to start what does it.
struct Manner {
    details: usize,
    images: usize,
    beside: bool,
    launch: u64,
    start: u64,
}

impl Site {
    /// All five strategies.
    pub(super) fn all(self) -> Vec<Trace> {
        let all = self.images;
        let one_by_one = Manner { details: 1, images: 1, beside: false, launch: 0, start: 0 };
        vec![
            self.run("sequential", &one_by_one),
            self.run("process", &Manner { images: all, launch: 700, start: 4_000, ..one_by_one }),
            self.run("thread", &Manner { images: all, launch: 40, start: 60, ..one_by_one }),
            self.run("pool", &Manner { details: 8, images: 8, ..one_by_one }),
            self.run("overlap", &Manner { details: 16, images: 16, beside: true, ..one_by_one }),
        ]
    }

    fn run(self, strategy: &str, manner: &Manner) -> Trace {
        let mut requests = vec![request(Kind::Listing, 0, [0, 0, self.latency, self.latency + PAGE], 9_000)];
        let mut workers = vec![self.latency + PAGE + READING; manner.details];
        let found: Vec<u64> =
            (0..self.images).map(|number| self.detail(number, &mut workers, &mut requests)).collect();
        let crawl = found.iter().copied().max().unwrap_or(0);
        let mut workers = vec![0; manner.images];
        for (number, known) in found.into_iter().enumerate() {
            let known = if manner.beside { known } else { crawl };
            self.image(number, known, manner, &mut workers, &mut requests);
        }
        requests.sort_by_key(|request| request.wanted);
        let total = requests.iter().map(|request| request.ended).max().unwrap_or_default();
        let crawl = Duration::from_micros(crawl);
        Trace { strategy: strategy.to_owned(), crawl, total: total + Duration::from_micros(300), requests }
    }

    /// The result is when the image's address is known.
    fn detail(self, number: usize, workers: &mut [u64], requests: &mut Vec<Request>) -> u64 {
        let worker = workers.iter_mut().min().expect("at least one worker");
        let (sent, answered) = (*worker, *worker + self.latency + 20);
        requests.push(request(Kind::Detail, number, [sent, sent, answered, answered + PAGE], 3_000));
        *worker = answered + PAGE + READING;
        *worker
    }

    fn image(
        self,
        number: usize,
        known: u64,
        manner: &Manner,
        workers: &mut [u64],
        requests: &mut Vec<Request>,
    ) {
        let worker = workers.iter_mut().min().expect("at least one worker");
        let wanted = known.max(*worker) + manner.launch * number as u64;
        let sent = wanted + manner.start;
        let answered = sent + self.latency + 30;
        let ended = answered + IMAGE + 40 * (number as u64 % 7);
        requests.push(request(Kind::Image, number, [wanted, sent, answered, ended], 610_000));
        *worker = ended;
    }
}

/// A request that goes well, by its four moments in microseconds.
pub(super) fn request(kind: Kind, number: usize, moments: [u64; 4], bytes: u64) -> Request {
    let [wanted, sent, answered, ended] = moments.map(Duration::from_micros);
    let ending = if kind == Kind::Image { "jpg" } else { "html" };
    let name = format!("{}.{ending}", 34_001 + number);
    Request { kind, name, wanted, sent, answered: Some(answered), ended, bytes, failure: None }
}
