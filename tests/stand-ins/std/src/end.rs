//! One end of a channel or a pipe: closed when it is dropped, in the run in which it was created.

use ::std::panic::Location;

use exploration::runtime::{self, step_at};
use exploration::{Object, Operation};

/// What an end does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It sends or writes.
    Sender,
    /// It receives or reads.
    Receiver,
}

/// An end of a channel. The process that owns it does not close it: it is gone with its threads.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) object: Object,
    role: Role,
    run: u64,
    place: &'static Location<'static>,
}

impl End {
    /// Returns the two ends of a new channel for messages of this total size.
    #[track_caller]
    pub(crate) fn channel(capacity: usize) -> (Self, Self) {
        let object = runtime::new_channel(capacity);
        (Self::new(object, Role::Sender), Self::new(object, Role::Receiver))
    }

    #[track_caller]
    fn new(object: Object, role: Role) -> Self {
        Self { object, role, run: runtime::run_number(), place: Location::caller() }
    }
}

impl Clone for End {
    #[track_caller]
    fn clone(&self) -> Self {
        runtime::add_end(self.object, self.role == Role::Sender);
        Self::new(self.object, self.role)
    }
}

impl Drop for End {
    fn drop(&mut self) {
        if !runtime::is_over() && self.run == runtime::run_number() {
            step_at(closing(self.object, self.role), self.place);
        }
    }
}

/// Returns the step that closes an end.
pub(crate) fn closing(object: Object, role: Role) -> Operation {
    match role {
        Role::Sender => Operation::CloseSender(object),
        Role::Receiver => Operation::CloseReceiver(object),
    }
}
