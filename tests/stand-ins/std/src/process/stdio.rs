use ::std::fmt;
use ::std::sync::Arc;

use crate::io::{PipeReader, PipeWriter};
use crate::registry::{self, Handle};

/// Replaces `std::process::Stdio`.
pub struct Stdio(pub(super) Kind);

pub(super) enum Kind {
    Inherit,
    Null,
    Piped,
    Handle(Arc<dyn Handle>),
}

impl Stdio {
    /// The child uses what its parent uses.
    #[must_use]
    pub fn inherit() -> Self {
        Self(Kind::Inherit)
    }

    /// The child has an empty input, or an output that is thrown away.
    #[must_use]
    pub fn null() -> Self {
        Self(Kind::Null)
    }

    /// The child is connected to its parent with a pipe.
    #[must_use]
    pub fn piped() -> Self {
        Self(Kind::Piped)
    }

    /// The child gets a duplicate of this handle.
    #[must_use]
    pub fn from_handle(handle: impl Handle) -> Self {
        Self(Kind::Handle(Arc::new(handle)))
    }
}

impl From<PipeReader> for Stdio {
    fn from(end: PipeReader) -> Self {
        Self::from_handle(end)
    }
}

impl From<PipeWriter> for Stdio {
    fn from(end: PipeWriter) -> Self {
        Self::from_handle(end)
    }
}

impl fmt::Debug for Stdio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stdio").finish_non_exhaustive()
    }
}

/// Takes the standard input of the current process, which is empty from then on.
#[must_use]
pub fn take_stdin() -> Option<Arc<dyn Handle>> {
    registry::current_process(|process| process.stdin.take())
}
