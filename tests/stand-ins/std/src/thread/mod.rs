//! `std::thread` under the scheduler.

mod current;
mod scope;
mod spawn;
mod started;

pub use ::std::thread::Result;

pub use current::{Thread, ThreadId, current, panicking, park, park_timeout, sleep, yield_now};
pub use scope::{Scope, ScopedJoinHandle, scope};
pub use spawn::{Builder, JoinHandle, spawn};
