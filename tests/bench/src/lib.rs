//! What all benchmarks share.

pub mod ratio;
