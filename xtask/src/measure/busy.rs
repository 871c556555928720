//! Whether other programs use the CPUs: figures that are measured beside them mean little.

use std::hint;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// The least share of the CPU time at which figures are reliable.
const LEAST_SHARE: f64 = 0.8;

/// How long the CPUs are asked for.
const PROBE: Duration = Duration::from_millis(200);

/// Returns the share of the CPU time that this process gets when it asks for all of it, from 0 to 1.
///
/// # Errors
/// If the number of CPUs is unknown.
pub(super) fn free_share() -> io::Result<f64> {
    let cpus = thread::available_parallelism()?.get();
    let (start, before) = (Instant::now(), cpu_time());
    thread::scope(|scope| {
        for _ in 0..cpus {
            scope.spawn(|| {
                while start.elapsed() < PROBE {
                    hint::spin_loop();
                }
            });
        }
    });
    let asked_for = start.elapsed() * u32::try_from(cpus).unwrap_or(u32::MAX);
    Ok(cpu_time().saturating_sub(before).div_duration_f64(asked_for))
}

/// The CPU time of this process so far.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// Returns what to say if `share` is too small for reliable figures.
pub(super) fn warning(share: f64) -> Option<String> {
    (share < LEAST_SHARE).then(|| {
        let used = 100.0 * (1.0 - share);
        format!("other programs used {used:.0} % of the CPU time, so the figures are not reliable; stop them, and measure again")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_machine_is_a_reason_for_a_warning() {
        assert_eq!(warning(0.95), None);
        let busy = warning(0.5).expect("it is busy");
        assert!(
            busy.starts_with("other programs used 50 % of the CPU time, so the figures are not reliable"),
            "{busy}"
        );
    }

    #[test]
    fn the_share_of_the_cpu_time_is_more_than_none_and_not_more_than_all() {
        let share = free_share().expect("the number of CPUs is known");
        // The clocks are read one after the other.
        assert!(share > 0.0 && share < 1.1, "{share}");
    }
}
