//! The line out of the gallery: so many bytes a second, for all connections together.
//!
//! Whoever wants to send takes the next free turn on the line, waits until it is over, and sends: as with a real line,
//! bytes arrive when they have gone through it, and two senders get half of it each. A turn is short, so that nobody
//! waits long for another's. Slots are reckoned from one another and not from the clock: to wake up late from one costs
//! nothing, because the next begins where that one ended.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Slots a second, as far as [`SMALLEST_TURN`] and [`LARGEST_TURN`] allow.
const TURNS_A_SECOND: u64 = 1_000;

/// Bytes of the smallest and of the largest turn.
const SMALLEST_TURN: u64 = 1_024;
const LARGEST_TURN: u64 = 64 * 1_024;

/// How far behind its turns a sender may be and still take the next where the last ended. Longer than a busy machine
/// lets a thread wait, and short beside a whole download: what a slow reader has left unused is lost, as on a real line.
const MAX_BURST: Duration = Duration::from_millis(50);

/// A line that all connections share.
#[derive(Debug)]
pub(crate) struct Throttle {
    /// Bytes a second; `None` is no limit.
    rate: Option<u64>,
    line: Mutex<Schedule>,
    closing: Condvar,
}

#[derive(Debug, Default)]
struct Schedule {
    /// When the last turn that was taken ends.
    free: Option<Instant>,
    closed: bool,
}

impl Schedule {
    /// Takes the next turn of this length for somebody who has been ready since then. The result is its end.
    fn turn(&mut self, ready: Instant, length: Duration) -> Instant {
        let begin = self.free.map_or(ready, |free| free.max(ready));
        *self.free.insert(begin + length)
    }
}

impl Throttle {
    pub(crate) fn new(rate: Option<u64>) -> Self {
        Self { rate, line: Mutex::default(), closing: Condvar::new() }
    }

    /// Ends every wait. From now on nobody waits for a turn.
    pub(crate) fn close(&self) {
        self.line().closed = true;
        self.closing.notify_all();
    }

    /// For somebody who has something to send from now on.
    pub(crate) fn turns(&self) -> Slots<'_> {
        Slots { bandwidth: self, ready: Instant::now() }
    }

    fn line(&self) -> MutexGuard<'_, Schedule> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The turns of one sender.
#[derive(Debug)]
pub(crate) struct Slots<'a> {
    bandwidth: &'a Throttle,
    /// When its last turn ended, or since when it has waited for its first.
    ready: Instant,
}

impl Slots<'_> {
    /// The most bytes for one turn.
    pub(crate) fn most(&self) -> usize {
        let most = self.bandwidth.rate.map_or(LARGEST_TURN, |rate| rate / TURNS_A_SECOND);
        usize::try_from(most.clamp(SMALLEST_TURN, LARGEST_TURN)).expect("64 KiB is a size on every machine")
    }

    /// Waits until so many bytes have gone through the line.
    pub(crate) fn wait(&mut self, bytes: usize) {
        let Some(rate) = self.bandwidth.rate else { return };
        let ready = ready(self.ready, Instant::now());
        let mut line = self.bandwidth.line();
        self.ready = line.turn(ready, duration(bytes, rate));
        while !line.closed {
            let left = self.ready.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            let wait = self.bandwidth.closing.wait_timeout(line, left);
            line = wait.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// Since when somebody counts as ready whose last turn ended then.
fn ready(last: Instant, now: Instant) -> Instant {
    now.checked_sub(MAX_BURST).map_or(last, |earliest| last.max(earliest))
}

/// How long so many bytes take at so many bytes a second, which are not 0.
fn duration(bytes: usize, rate: u64) -> Duration {
    Duration::from_nanos((bytes as u64).saturating_mul(1_000_000_000) / rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TURN: Duration = Duration::from_millis(10);

    #[test]
    fn turns_follow_one_another_whoever_takes_them() {
        let mut line = Schedule::default();
        let start = Instant::now();
        assert_eq!(line.turn(start, TURN), start + TURN);
        assert_eq!(line.turn(start, TURN), start + 2 * TURN, "another sender's");
        assert_eq!(line.turn(start + TURN, TURN), start + 3 * TURN, "the first sender's second");
    }

    #[test]
    fn a_line_that_nobody_used_saves_nothing_up() {
        let mut line = Schedule::default();
        let start = Instant::now();
        line.turn(start, TURN);
        let later = start + 10 * TURN;
        assert_eq!(line.turn(later, TURN), later + TURN);
        assert_eq!(line.turn(later, TURN), later + 2 * TURN);
    }

    #[test]
    fn a_sender_is_ready_again_where_its_last_turn_ended_unless_it_was_away_for_long() {
        let last = Instant::now();
        assert_eq!(ready(last, last), last);
        assert_eq!(ready(last, last + MAX_BURST), last, "it woke up late");
        assert_eq!(ready(last, last + MAX_BURST + TURN), last + TURN, "its client did not read");
    }

    #[test]
    fn twelve_megabytes_at_a_hundred_megabits_are_976_milliseconds_however_they_are_cut() {
        assert_eq!(duration(12_200_000, 12_500_000), Duration::from_millis(976));
        let bandwidth = Throttle::new(Some(12_500_000));
        let most = bandwidth.turns().most();
        assert_eq!(most, 12_500);
        assert_eq!(duration(most, 12_500_000) * 976, Duration::from_millis(976));
    }

    #[test]
    fn a_turn_is_neither_too_small_for_a_slow_line_nor_too_large_for_a_fast_one() {
        for (rate, most) in [(Some(1), 1_024), (Some(u64::MAX), 65_536), (None, 65_536)] {
            assert_eq!(Throttle::new(rate).turns().most(), most);
        }
    }

    #[test]
    fn after_the_end_nobody_waits_however_slow_the_line() {
        let bandwidth = Throttle::new(Some(1));
        bandwidth.close();
        bandwidth.turns().wait(usize::MAX / 2_000_000_000);
    }
}
