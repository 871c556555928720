//! What a run costs this machine: time of its processors, and memory.

use std::fs;
use std::ops::AddAssign;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};

/// What was used. Of several processes, the sum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Processor time of all threads, in the program and in the system on its behalf.
    pub cpu: Duration,
    /// Memory in bytes: of this process the most that it had at a time, of its children what each had when it was done.
    /// Unknown on systems other than Linux.
    pub memory: Option<u64>,
}

impl Usage {
    /// Sets this process's peak back to what it has now, and remembers the processor time used so far.
    #[must_use]
    pub fn begin() -> Self {
        // Refused on some systems, and missing on others: then the peak is that of the whole process (man 5 proc).
        let _ = fs::write("/proc/self/clear_refs", "5");
        Self { cpu: cpu(), memory: None }
    }

    /// What this process has used since then.
    #[must_use]
    pub fn since(self) -> Self {
        Self { cpu: cpu().saturating_sub(self.cpu), memory: kibibytes("/proc/self/status", "VmHWM:") }
    }

    /// What a child process has used when it is done. Its share of the memory, where it shares some.
    #[must_use]
    pub fn of_a_child() -> Self {
        Self { cpu: cpu(), memory: kibibytes("/proc/self/smaps_rollup", "Pss:") }
    }
}

impl AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.cpu += other.cpu;
        let both = self.memory.into_iter().chain(other.memory);
        self.memory = both.reduce(|one, other| one + other);
    }
}

/// The processor time of this process.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
}

/// The bytes that a file of the system's states behind `name`.
fn kibibytes(file: &str, name: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok()?.checked_mul(1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_uses_processor_time() {
        let before = Usage::begin();
        let mut work = 0_u64;
        while before.since().cpu.is_zero() {
            work = std::hint::black_box(work + 1);
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn memory_is_at_least_what_was_held() {
        let before = Usage::begin();
        let held = vec![1_u8; 32 << 20];
        std::hint::black_box(&held);
        assert!(before.since().memory.unwrap() > 32 << 20);
        assert!(Usage::of_a_child().memory.unwrap() > 32 << 20);
    }

    #[test]
    fn what_several_used_is_added_and_what_is_unknown_counts_for_nothing() {
        let mut all = Usage { cpu: Duration::from_secs(1), memory: None };
        all += Usage { cpu: Duration::from_secs(2), memory: Some(3) };
        all += Usage { cpu: Duration::ZERO, memory: Some(4) };
        assert_eq!(all, Usage { cpu: Duration::from_secs(3), memory: Some(7) });
    }
}
