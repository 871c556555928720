//! `cargo xtask exercise`.
