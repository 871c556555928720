//! CPU time and memory.

use std::time::Duration;

use spider_compare::resource_usage::ResourceUsage;

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
    let mut sum = usage(1, None);
    sum += usage(2, Some(3));
    sum += usage(0, Some(4));
    assert_eq!(sum, usage(3, Some(7)));
}
