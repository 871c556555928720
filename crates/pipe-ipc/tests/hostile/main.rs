//! Hostile peers: they send invalid bytes, are killed, or change shared flags. The result is always a value or an error,
//! never a panic, and the memory stays in proportion to the bytes that arrived.

mod killed;
#[cfg(target_os = "linux")]
mod memory;
mod nonblocking;
mod partial_message;
#[cfg(target_os = "linux")]
mod rerun;
#[cfg(target_os = "linux")]
mod signals;
mod streams;

/// Counts the allocated bytes, for the tests in [`memory`].
#[global_allocator]
static ALLOCATED: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;
