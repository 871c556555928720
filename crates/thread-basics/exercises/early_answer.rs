//! # Wait for every child
//!
//! Two child processes make breakfast. Main wants to know whether at least one of them has succeeded. It should always
//! wait for both, so that neither is left behind as a zombie, and then print the answer.
//!
//! Hint: How many of the children does `any` look at if the first one has succeeded?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/std/process/struct.Child.html#warning

use std::io;
use std::process::{Child, Command};

pub(crate) fn main() -> io::Result<()> {
    let mut children = [start("tea is ready")?, start("toast is ready")?];
    let breakfast = children.iter_mut().any(has_succeeded);
    println!("main: is there any breakfast? {breakfast}");
    Ok(())
}

fn start(line: &str) -> io::Result<Child> {
    Command::new("echo").arg(line).spawn()
}

/// Waits for the child, and returns whether it has succeeded.
fn has_succeeded(child: &mut Child) -> bool {
    child.wait().is_ok_and(|status| status.success())
}
