//! The same measurements in Python.

use std::process::{Command, Stdio};

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/starting/starting.py");

/// Returns the number that `starting.py` prints for these arguments, or `None` without a Python or if it fails.
pub(crate) fn measure(arguments: &[&str]) -> Option<f64> {
    let mut python = Command::new(bench_support::python());
    python.args(["-I", PROGRAM]).args(arguments).stdin(Stdio::null()).stderr(Stdio::inherit());
    String::from_utf8(python.output().ok()?.stdout).ok()?.trim().parse().ok()
}
