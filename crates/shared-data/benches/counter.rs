//! What it costs two threads to increment one counter, and what goes wrong without a lock:
//! `cargo bench -p shared-data -- --help`.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::Instant;

use anyhow::Result;
use bench_support::{BenchArgs, Contender, Ratio, measure_ratios, median, ratio_table};
use clap::Parser;

/// A counter that threads increment together.
trait Counter: Default + Sync {
    fn add(&self);
    fn into_count(self) -> u64;
}

#[derive(Default)]
struct Atomic(AtomicU64);

impl Counter for Atomic {
    fn add(&self) {
        self.0.fetch_add(1, Relaxed);
    }
    fn into_count(self) -> u64 {
        self.0.into_inner()
    }
}

#[derive(Default)]
struct ParkingLot(parking_lot::Mutex<u64>);

impl Counter for ParkingLot {
    fn add(&self) {
        *self.0.lock() += 1;
    }
    fn into_count(self) -> u64 {
        self.0.into_inner()
    }
}

#[derive(Default)]
struct Std(std::sync::Mutex<u64>);

impl Counter for Std {
    fn add(&self) {
        *self.0.lock().expect("no thread panics with the lock") += 1;
    }
    fn into_count(self) -> u64 {
        self.0.into_inner().expect("no thread panics with the lock")
    }
}

/// A load, then a store, which are not atomic together: Python's `number += 1`.
#[derive(Default)]
struct Unlocked(AtomicU64);

impl Counter for Unlocked {
    fn add(&self) {
        self.0.store(self.0.load(Relaxed) + 1, Relaxed);
    }
    fn into_count(self) -> u64 {
        self.0.into_inner()
    }
}

/// Measure what it costs two threads to increment one counter, and how many updates are lost without a lock.
#[derive(Parser)]
#[command(bin_name = "cargo bench -p shared-data --", verbatim_doc_comment)]
struct Arguments {
    #[command(flatten)]
    bench: BenchArgs,

    /// What to measure: there is only the counter
    #[arg(value_name = "KIND", value_parser = ["counter"])]
    kinds: Vec<String>,
}

fn main() -> Result<()> {
    let args = Arguments::parse().bench;
    let each = if args.quick { 500_000 } else { 5_000_000 };
    let mut percent_lost = Vec::new();
    let contenders = vec![
        Contender::new("one thread: atomic", || Some(count::<Atomic>(1, each).rate)),
        Contender::new("two threads: atomic", || Some(count::<Atomic>(2, each).rate)),
        Contender::new("two threads: parking_lot's Mutex", || Some(count::<ParkingLot>(2, each).rate)),
        Contender::new("two threads: std's Mutex", || Some(count::<Std>(2, each).rate)),
        Contender::new("two threads: no lock, load then store", || {
            let counted = count::<Unlocked>(2, each);
            percent_lost.push(counted.percent_lost);
            Some(counted.rate)
        }),
    ];
    let contenders = contenders.into_iter().map(|contender| contender.relative_to("one thread: atomic"));
    let rounds = args.rounds(9, 3);
    let mut ratios = measure_ratios("counter", "million a second", rounds, contenders.collect());
    ratios.extend(
        median(percent_lost).map(|lost| Ratio::absolute("counter", "no lock: updates lost", lost, "%")),
    );
    args.print(&ratios, || ratio_table(&ratios))
}

/// The result of one round.
struct Counted {
    /// Million increments a second.
    rate: f64,
    percent_lost: f64,
}

fn count<C: Counter>(threads: u64, each: u64) -> Counted {
    let counter = C::default();
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| (0..each).for_each(|_| counter.add()));
        }
    });
    let seconds = start.elapsed().as_secs_f64();
    let increments = threads * each;
    #[expect(clippy::cast_precision_loss, reason = "some millions")]
    let [total, lost] = [increments, increments - counter.into_count()].map(|count| count as f64);
    Counted { rate: total / 1e6 / seconds, percent_lost: lost / total * 100.0 }
}
