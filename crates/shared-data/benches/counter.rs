//! What it costs two threads to count together, and what goes wrong without a lock: `cargo bench -p shared-data`.

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::Instant;

use bench_support::ratio::{BenchArgs, Ratio, median};

/// One of the ways to count up together.
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
        *self.0.lock().expect("nobody panics with it") += 1;
    }
    fn into_count(self) -> u64 {
        self.0.into_inner().expect("nobody panics with it")
    }
}

/// A read, then a write, with nothing that keeps the two together: Python's `number += 1`.
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

/// What became of one counter in all rounds.
#[derive(Default)]
struct Counted {
    millions_a_second: Vec<f64>,
    percent_lost: Vec<f64>,
}

fn main() -> ExitCode {
    let wish = match BenchArgs::read(&["counter"]) {
        Ok(wish) => wish,
        Err(why) => {
            eprintln!("counter: {why}");
            return ExitCode::from(2);
        }
    };
    let (rounds, each) = if wish.quick { (3, 500_000) } else { (9, 5_000_000) };
    let mut all: [Counted; 5] = Default::default();
    for _ in 0..rounds {
        let [alone, atomic, parking_lot, std, unlocked] = &mut all;
        count::<Atomic>(1, each, alone);
        count::<Atomic>(2, each, atomic);
        count::<ParkingLot>(2, each, parking_lot);
        count::<Std>(2, each, std);
        count::<Unlocked>(2, each, unlocked);
    }
    // When nobody reads it, nothing is lost.
    let _ = wish.print(&ratios(all));
    ExitCode::SUCCESS
}

fn count<C: Counter>(threads: u64, each: u64, into: &mut Counted) {
    let counter = C::default();
    let begun = Instant::now();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| (0..each).for_each(|_| counter.add()));
        }
    });
    let seconds = begun.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "some millions")]
    let [wanted, lost] = [threads * each, threads * each - counter.into_count()].map(|count| count as f64);
    into.millions_a_second.push(wanted / 1e6 / seconds);
    into.percent_lost.push(lost / wanted * 100.0);
}

fn ratios(all: [Counted; 5]) -> Vec<Ratio> {
    let lost = median(all[4].percent_lost.clone());
    let [alone, atomic, parking_lot, std, unlocked] = all.map(|counted| median(counted.millions_a_second));
    let of = |what: &str, figure: f64| {
        Ratio::absolute("counter", what, figure, "million a second")
            .relative_to("one thread, an atomic", figure / alone)
    };
    vec![
        of("one thread: an atomic", alone),
        of("two threads: an atomic", atomic),
        of("two threads: parking_lot's Mutex", parking_lot),
        of("two threads: std's Mutex", std),
        of("two threads: unlocked, read then write", unlocked),
        Ratio::absolute("counter", "of the unlocked ones, updates lost", lost, "%"),
    ]
}
