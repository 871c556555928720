//! The type of a panic hook.

use ::std::any::Any;
use ::std::panic::Location;

/// Replaces `std::panic::PanicHookInfo`, which only std can create.
#[derive(Debug)]
pub struct PanicHookInfo<'a> {
    payload: &'a (dyn Any + Send),
    location: &'a Location<'a>,
}

/// What `std::panic::set_hook` takes.
pub(crate) type Hook = dyn Fn(&PanicHookInfo<'_>) + Sync + Send + 'static;

impl<'a> PanicHookInfo<'a> {
    pub(crate) fn new(payload: &'a (dyn Any + Send), location: &'a Location<'a>) -> Self {
        Self { payload, location }
    }

    /// Returns the payload: for most panics a `&'static str` or a `String`.
    #[must_use]
    pub fn payload(&self) -> &(dyn Any + Send) {
        self.payload
    }

    /// Returns the payload if it is a string.
    #[must_use]
    pub fn payload_as_str(&self) -> Option<&str> {
        let text = self.payload.downcast_ref::<&str>().copied();
        text.or_else(|| self.payload.downcast_ref::<String>().map(String::as_str))
    }

    /// Returns the place of the panic.
    #[must_use]
    pub fn location(&self) -> Option<&Location<'_>> {
        Some(self.location)
    }
}
