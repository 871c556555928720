//! Replaces `scenarios`: its own source, compiled with the scheduler's counterpart of `std`.

#[macro_use]
extern crate scheduled_std as std;

#[path = "../../scenarios/src/lib.rs"]
mod scenarios;

pub use scenarios::*;
