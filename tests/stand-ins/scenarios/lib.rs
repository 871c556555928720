//! Replaces `scenarios`: its own source, compiled with the scheduler's counterpart of `std`.

#[macro_use]
extern crate scheduled_std as std;

// For `scenarios`, in place of the crate of this name: an explored process gets no signals.
extern crate self as process_groups;

#[allow(rustdoc::private_doc_tests, reason = "they are those of the library that it stands in for")]
#[path = "../../scenarios/src/lib.rs"]
mod scenarios;

pub use scenarios::*;

/// Replaces `process_groups::signals`.
pub mod signals {
    use std::process::Command;

    /// Does nothing: the parent waits for the child.
    pub fn end_with_this_process(_: &mut Command) {}

    /// Does nothing.
    pub fn end_with_parent() {}
}

/// Replaces `process_groups::temporary`.
pub mod temporary {
    pub use tempfile::tempdir as temporary_folder;

    /// Does nothing.
    #[must_use]
    pub fn unless_ending() -> impl Sized {}

    /// Does nothing.
    ///
    /// # Errors
    /// Never.
    pub fn uninterrupted() -> ::std::io::Result<impl Sized> {
        Ok(())
    }
}
