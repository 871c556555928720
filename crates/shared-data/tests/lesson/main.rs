//! The lesson itself: its real run, what it promises, its twin in Python, its mistakes.
//!
//! All in one program, because one part sleeps for seconds while another has work.

#[macro_use]
extern crate scheduled_std as std;
extern crate scheduled_parking_lot as parking_lot;

#[allow(dead_code, reason = "the lesson's program as a whole; processes cannot be explored")]
#[path = "../../src/main.rs"]
mod lesson;

mod actors;
mod coincidences;
mod guarantees;
mod lanes;
mod mistakes;
mod python_twin;
mod real_run;
