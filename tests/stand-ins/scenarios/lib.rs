//! Replaces `scenarios`: its own source, compiled with the scheduler's counterpart of `std`.

#[macro_use]
extern crate scheduled_std as std;

#[allow(rustdoc::private_doc_tests, reason = "they are those of the library that it stands in for")]
#[path = "../../scenarios/src/lib.rs"]
mod scenarios;

pub use scenarios::*;
