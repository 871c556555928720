//! What threads and processes cost, beside each other and beside Python's: `cargo bench -p thread-basics`.
//!
//! `start`: how long it takes to start one that does nothing, and to wait for it. `memory`: what one takes that waits.
//! `cpu`: how much faster two are than one where there is only computing. Of times, the median of several rounds counts,
//! and in each round everybody has a turn, so that what else the machine does meets all of them alike.

mod computing;
mod memory;
mod python;
mod starting;

use std::process::ExitCode;

use bench_support::ratio::{BenchArgs, Ratio};

/// What a child of this program is asked for.
const CHILD: &str = "child";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [CHILD, what] = words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        memory::child(what);
        return ExitCode::SUCCESS;
    }
    let wish = match BenchArgs::read(&["start", "memory", "cpu"]) {
        Ok(wish) => wish,
        Err(why) => {
            eprintln!("starting: {why}");
            return ExitCode::from(2);
        }
    };
    let mut ratios: Vec<Ratio> = Vec::new();
    if wish.has("start") {
        ratios.extend(starting::measure(wish.quick));
    }
    if wish.has("memory") {
        ratios.extend(memory::measure());
    }
    if wish.has("cpu") {
        ratios.extend(computing::measure(wish.quick));
    }
    // When nobody reads it, nothing is lost.
    let _ = wish.print(&ratios);
    ExitCode::SUCCESS
}
