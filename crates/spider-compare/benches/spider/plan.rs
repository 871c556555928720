//! How often each contender is measured.

use bench_support::BenchArgs;

use crate::contender::Contender;
use crate::setting::Setting;

/// Returns the number of rounds that a contender takes part in, or why it takes part in none.
///
/// A run that consists of waiting takes the same time in each round. The slowest of these have only one, which keeps the
/// whole below three minutes. Where a run is short, every disturbance shows, and there are more rounds.
pub(crate) fn rounds(args: &BenchArgs, contender: Contender, setting: Setting) -> Result<usize, String> {
    let only_waits = match contender {
        Contender::Ours(strategy) => strategy == "sequential" && setting != Setting::Near,
        Contender::Original(_) => matches!(setting, Setting::VeryFar | Setting::Narrow),
    };
    // On the narrow line, these two are the slowest and the fastest of the others.
    let is_extreme = matches!(contender, Contender::Ours("thread" | "overlap"));
    let takes_long = only_waits || setting == Setting::VeryFar || setting == Setting::Narrow && !is_extreme;
    match setting {
        _ if args.quick && takes_long => Err("not with --quick".to_owned()),
        _ if only_waits => Ok(1),
        Setting::Near => Ok(args.rounds(9, 1)),
        _ => Ok(args.rounds(5, 1)),
    }
}
