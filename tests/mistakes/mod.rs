//! The programs in a lesson's `wrong/`: what shows that each is wrong, what fixes it, and how often its mistake shows.

pub mod frequency;
mod mistake;

pub use mistake::*;
