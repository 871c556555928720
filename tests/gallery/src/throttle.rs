//! The bandwidth limit: a number of bytes per second that all connections share.
//!
//! Before it sends, a connection reserves the next free slot on a common schedule and waits for the slot's end, as if
//! the bytes went through a real line; two connections get half of the bandwidth each. Slots are short, so that no
//! connection waits long for another. A slot begins where the previous one ended, even if the thread wakes up late.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Slots per second, as far as [`MIN_SLOT`] and [`MAX_SLOT`] allow.
const SLOTS_PER_SECOND: u64 = 1_000;

/// Bytes of the smallest and of the largest slot.
const MIN_SLOT: u64 = 1_024;
const MAX_SLOT: u64 = 64 * 1_024;

/// How much unused time a connection may catch up on. A busy machine delays threads by less than this, and a client
/// that stops reading for longer loses the bandwidth, as on a real line.
const MAX_BURST: Duration = Duration::from_millis(50);

/// A bandwidth limit that all connections share.
#[derive(Debug)]
pub(crate) struct Throttle {
    /// Bytes per second; `None` is unlimited.
    rate: Option<u64>,
    schedule: Mutex<Schedule>,
}

/// The end of the last reserved slot.
#[derive(Debug, Default)]
struct Schedule(Option<Instant>);

impl Schedule {
    /// Reserves a slot of this length, not before `ready_at`, and returns its end.
    fn reserve(&mut self, ready_at: Instant, length: Duration) -> Instant {
        let begin = self.0.map_or(ready_at, |free_at| free_at.max(ready_at));
        *self.0.insert(begin + length)
    }
}

impl Throttle {
    pub(crate) fn new(rate: Option<u64>) -> Self {
        Self { rate, schedule: Mutex::default() }
    }

    /// Returns the largest number of bytes for one slot.
    pub(crate) fn slot_bytes(&self) -> usize {
        let bytes = self.rate.map_or(MAX_SLOT, |rate| (rate / SLOTS_PER_SECOND).clamp(MIN_SLOT, MAX_SLOT));
        usize::try_from(bytes).expect("64 KiB fits in a usize")
    }

    /// Reserves a slot for `bytes` and returns its end, or `None` if the bandwidth is unlimited. `ready_at` is the end of
    /// the connection's previous slot, or the time at which it had its first bytes to send.
    pub(crate) fn reserve(&self, ready_at: Instant, bytes: usize) -> Option<Instant> {
        let length = transfer_time(bytes, self.rate?);
        let ready_at = limit_burst(ready_at, Instant::now());
        Some(self.schedule.lock().unwrap_or_else(PoisonError::into_inner).reserve(ready_at, length))
    }
}

/// Moves `ready_at` to at most [`MAX_BURST`] before `now`.
fn limit_burst(ready_at: Instant, now: Instant) -> Instant {
    now.checked_sub(MAX_BURST).map_or(ready_at, |earliest| ready_at.max(earliest))
}

/// Returns how long `bytes` take at `rate` bytes per second, which is not 0.
fn transfer_time(bytes: usize, rate: u64) -> Duration {
    Duration::from_nanos((bytes as u64).saturating_mul(1_000_000_000) / rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOT: Duration = Duration::from_millis(10);

    #[test]
    fn slots_follow_one_another_and_unused_time_is_lost() {
        let mut schedule = Schedule::default();
        let start = Instant::now();
        assert_eq!(schedule.reserve(start, SLOT), start + SLOT);
        assert_eq!(schedule.reserve(start, SLOT), start + 2 * SLOT, "another connection");
        assert_eq!(schedule.reserve(start + SLOT, SLOT), start + 3 * SLOT, "the first connection again");
        let later = start + 10 * SLOT;
        assert_eq!(schedule.reserve(later, SLOT), later + SLOT);
        assert_eq!(schedule.reserve(later, SLOT), later + 2 * SLOT);
    }

    #[test]
    fn a_late_connection_catches_up_on_at_most_the_burst() {
        let last = Instant::now();
        assert_eq!(limit_burst(last, last), last);
        assert_eq!(limit_burst(last, last + MAX_BURST), last, "the thread woke up late");
        assert_eq!(limit_burst(last, last + MAX_BURST + SLOT), last + SLOT, "the client did not read");
    }

    #[test]
    fn the_transfer_time_does_not_depend_on_the_size_of_the_slots() {
        assert_eq!(transfer_time(12_200_000, 12_500_000), Duration::from_millis(976));
        let slot = Throttle::new(Some(12_500_000)).slot_bytes();
        assert_eq!(slot, 12_500);
        assert_eq!(transfer_time(slot, 12_500_000) * 976, Duration::from_millis(976));
    }

    #[test]
    fn a_slot_has_1_to_64_kibibytes() {
        for (rate, bytes) in [(Some(1), 1_024), (Some(u64::MAX), 65_536), (None, 65_536)] {
            assert_eq!(Throttle::new(rate).slot_bytes(), bytes);
        }
    }
}
