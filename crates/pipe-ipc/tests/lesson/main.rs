//! The lesson itself: its real run, what it promises, its twin in Python, its mistakes.
//!
//! All in one program, because one part sleeps for seconds while another has work.

mod actors;
mod coincidences;
mod lanes;
mod mistakes;
mod python_twin;
mod real_run;
