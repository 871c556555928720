//! CPU time and memory of processes.

use std::fs;
use std::ops::AddAssign;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};

/// The resource usage of one or more processes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceUsage {
    /// CPU time of all threads, in user and kernel mode.
    pub cpu: Duration,
    /// Memory in bytes: the peak of this process, or what a child used when it finished. Known only on Linux.
    pub memory: Option<u64>,
}

impl ResourceUsage {
    /// Starts a measurement of this process, for [`ResourceUsage::elapsed`]. Resets its peak memory.
    pub fn start() -> Self {
        // Where this is not supported, the peak is that of the whole life of the process (proc(5)).
        let _ = fs::write("/proc/self/clear_refs", "5");
        Self { cpu: cpu_time(), memory: None }
    }

    /// Returns what this process has used since then.
    #[must_use]
    pub fn elapsed(self) -> Self {
        let cpu = cpu_time().saturating_sub(self.cpu);
        Self { cpu, memory: read_kibibytes("/proc/self/status", "VmHWM:") }
    }

    /// Returns what this process has used since it started, for a child that is about to exit. Memory that processes share
    /// is divided among them.
    pub fn for_child() -> Self {
        Self { cpu: cpu_time(), memory: read_kibibytes("/proc/self/smaps_rollup", "Pss:") }
    }
}

impl AddAssign for ResourceUsage {
    fn add_assign(&mut self, other: Self) {
        self.cpu += other.cpu;
        self.memory = self.memory.into_iter().chain(other.memory).reduce(|a, b| a + b);
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
