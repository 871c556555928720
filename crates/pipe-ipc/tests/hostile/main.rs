//! The other side sends what no one should, is killed, or shares more than it should: always a value or an error, never
//! a panic, and never more memory than what has come is worth.

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
