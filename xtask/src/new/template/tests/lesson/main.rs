//! The tests of the lesson itself: its real runs, its guarantees, its Python twin.
//!
//! All in one program, so that one test can work while another sleeps.

#[macro_use]
extern crate scheduled_std as std;

#[allow(dead_code, reason = "the lesson's whole program; its main cannot be explored")]
#[path = "../../src/main.rs"]
mod lesson;

mod actors;
mod coincidences;
mod guarantees;
mod lanes;
mod python_twin;
mod real_run;
