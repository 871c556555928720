//! The lesson itself: its real run, what it promises, its twin in Python, its mistakes.
//!
//! All in one program, because one part sleeps for seconds while another has work.

mod actors;
mod lanes;
mod luck;
mod python_twin;
mod real_run;
mod wrong;
