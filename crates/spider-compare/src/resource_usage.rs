//! CPU time and memory of processes.

use std::fs;
use std::ops::Add;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};

/// The resource usage of one or more processes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ResourceUsage {
    /// CPU time of all threads, in user and kernel mode.
    pub(crate) cpu: Duration,
    /// Memory in bytes: of this process its peak, of a child its memory when it had finished. Known only on Linux.
    pub(crate) memory: Option<u64>,
}

impl ResourceUsage {
    /// Starts a measurement of this process, for [`ResourceUsage::elapsed`]. Resets its peak memory.
    pub(crate) fn start() -> Self {
        // Where this is not supported, the peak is that of the whole life of the process (proc(5)).
        let _ = fs::write("/proc/self/clear_refs", "5");
        Self { cpu: cpu_time(), memory: None }
    }

    /// Returns what this process has used since then.
    pub(crate) fn elapsed(self) -> Self {
        let cpu = cpu_time().saturating_sub(self.cpu);
        Self { cpu, memory: read_kibibytes("/proc/self/status", "VmHWM:") }
    }

    /// Returns what a child process has used when it has finished; of shared memory, only its share.
    pub(crate) fn for_child() -> Self {
        Self { cpu: cpu_time(), memory: read_kibibytes("/proc/self/smaps_rollup", "Pss:") }
    }
}

impl Add for ResourceUsage {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let known = self.memory.into_iter().chain(other.memory);
        Self { cpu: self.cpu + other.cpu, memory: known.reduce(|a, b| a + b) }
    }
}

fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
}

/// Returns the value, in bytes, of a field such as `VmHWM:   1234 kB`.
fn read_kibibytes(file: &str, field: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    let value = text.lines().find_map(|line| line.strip_prefix(field))?;
    value.trim().strip_suffix(" kB")?.parse::<u64>().ok()?.checked_mul(1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_uses_cpu_time() {
        let start = ResourceUsage::start();
        let mut work = 0_u64;
        while start.elapsed().cpu.is_zero() {
            work = std::hint::black_box(work + 1);
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn memory_is_at_least_what_is_allocated() {
        let start = ResourceUsage::start();
        let allocated = vec![1_u8; 32 << 20];
        std::hint::black_box(&allocated);
        assert!(start.elapsed().memory.unwrap() > 32 << 20);
        assert!(ResourceUsage::for_child().memory.unwrap() > 32 << 20);
    }

    #[test]
    fn sums_ignore_unknown_memory() {
        let usage = |seconds, memory| ResourceUsage { cpu: Duration::from_secs(seconds), memory };
        assert_eq!(usage(1, None) + usage(2, Some(3)) + usage(0, Some(4)), usage(3, Some(7)));
    }
}
