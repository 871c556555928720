//! The bandwidth limit: a number of bytes per second that all connections share.
//!
//! Before it sends, a connection reserves the next free slot on a common schedule and waits for the slot's end, as if
//! the bytes went through a real line; two connections get half of the bandwidth each. Slots are short, so that no
//! connection waits long for another. A slot begins where the previous one ended, even if the thread wakes up late.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

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
    /// The end of the last reserved slot.
    free_at: Mutex<Option<Instant>>,
}

impl Throttle {
    pub(crate) fn new(rate: Option<u64>) -> Self {
        Self { rate, free_at: Mutex::default() }
    }

    /// Returns the largest number of bytes for one slot.
    pub(crate) fn slot_bytes(&self) -> usize {
        let bytes = self.rate.map_or(MAX_SLOT, |rate| (rate / SLOTS_PER_SECOND).clamp(MIN_SLOT, MAX_SLOT));
        usize::try_from(bytes).expect("64 KiB fits in a usize")
    }

    /// Reserves a slot for `bytes` and returns its end, or `None` if the bandwidth is unlimited. `ready_at` is the end of
    /// the connection's previous slot, or the time at which it had its first bytes to send.
    pub(crate) fn reserve(&self, bytes: usize, ready_at: Instant, now: Instant) -> Option<Instant> {
        let length = Duration::from_nanos((bytes as u64).saturating_mul(1_000_000_000) / self.rate?);
        let ready_at = now.checked_sub(MAX_BURST).map_or(ready_at, |earliest| ready_at.max(earliest));
        let mut free_at = self.free_at.lock();
        let begin = free_at.map_or(ready_at, |free_at| free_at.max(ready_at));
        Some(*free_at.insert(begin + length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The length of a slot of 1,000 bytes at 100,000 bytes per second.
    const SLOT: Duration = Duration::from_millis(10);

    fn reserve(throttle: &Throttle, ready_at: Instant, now: Instant) -> Instant {
        throttle.reserve(1_000, ready_at, now).unwrap()
    }

    #[test]
    fn slots_follow_one_another_and_unused_time_is_lost() {
        let throttle = Throttle::new(Some(100_000));
        let start = Instant::now();
        assert_eq!(reserve(&throttle, start, start), start + SLOT);
        assert_eq!(reserve(&throttle, start, start), start + 2 * SLOT, "another connection");
        assert_eq!(reserve(&throttle, start + SLOT, start), start + 3 * SLOT, "the first connection again");
        let later = start + 10 * SLOT;
        assert_eq!(reserve(&throttle, later, later), later + SLOT);
        assert_eq!(reserve(&throttle, later, later), later + 2 * SLOT);
    }

    #[test]
    fn a_late_connection_catches_up_on_at_most_the_burst() {
        let last = Instant::now();
        let end = |now| reserve(&Throttle::new(Some(100_000)), last, now);
        assert_eq!(end(last), last + SLOT);
        assert_eq!(end(last + MAX_BURST), last + SLOT, "the thread woke up late");
        assert_eq!(end(last + MAX_BURST + SLOT), last + 2 * SLOT, "the client did not read");
    }

    #[test]
    fn the_transfer_time_does_not_depend_on_the_size_of_the_slots() {
        let start = Instant::now();
        let duration = |bytes| Throttle::new(Some(12_500_000)).reserve(bytes, start, start).unwrap() - start;
        assert_eq!(duration(12_200_000), Duration::from_millis(976));
        assert_eq!(duration(12_500) * 976, Duration::from_millis(976));
        assert_eq!(Throttle::new(None).reserve(12_500, start, start), None);
    }

    #[test]
    fn a_slot_has_1_to_64_kibibytes() {
        let cases = [(Some(1), 1_024), (Some(12_500_000), 12_500), (Some(u64::MAX), 65_536), (None, 65_536)];
        for (rate, bytes) in cases {
            assert_eq!(Throttle::new(rate).slot_bytes(), bytes);
        }
    }
}
