//! Child processes that do not outlive their parent.

use std::process::Child;

use anyhow::{Result, ensure};

/// A child process that is waited for when it is dropped. A [`Child`] is not: if its parent returns early, it runs on
/// after its parent's end.
#[derive(Debug)]
pub struct Process(Child);

impl Process {
    /// Waits for its end (`Process.join` in Python).
    ///
    /// # Errors
    /// If its exit status is not 0, or a signal ended it.
    #[track_caller] // A table of steps shows the caller's line.
    pub fn join(mut self) -> Result<()> {
        let status = self.0.wait()?;
        ensure!(status.success(), "child process {} failed: {status}", self.0.id());
        Ok(())
    }
}

impl From<Child> for Process {
    fn from(child: Child) -> Self {
        Self(child)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // After `join` this returns at once.
        let _ = self.0.wait();
    }
}
