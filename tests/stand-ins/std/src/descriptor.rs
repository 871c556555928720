//! File descriptors: the ends of pipes that a process has open.

use ::std::panic::Location;

use exploration::runtime::{self, step_at};
use exploration::{Object, Process};

use crate::end::{Role, closing};
use crate::registry;

/// An end of a pipe or of a channel between processes. It is closed when it is dropped, or at the exit of the process that
/// owns it.
#[derive(Debug)]
pub struct Descriptor {
    object: Object,
    role: Role,
    owner: Process,
    run: u64,
    place: &'static Location<'static>,
}

impl Descriptor {
    /// Returns the reading and the writing end of a new pipe, opened by the current process.
    #[track_caller]
    pub(crate) fn pipe(capacity: usize, atomic: usize) -> (Self, Self) {
        Self::ends(runtime::new_pipe(capacity, atomic))
    }

    /// Returns the receiving and the sending end of a new channel for messages of this total size, opened by the current
    /// process.
    #[must_use]
    #[track_caller]
    pub fn channel(capacity: usize) -> (Self, Self) {
        Self::ends(runtime::new_channel(capacity))
    }

    #[track_caller]
    fn ends(object: Object) -> (Self, Self) {
        let owner = runtime::current_process();
        (Self::open(object, Role::Receiver, owner), Self::open(object, Role::Sender, owner))
    }

    #[track_caller]
    fn open(object: Object, role: Role, owner: Process) -> Self {
        registry::process(owner, |process| process.opened(object, role));
        Self { object, role, owner, run: runtime::run_number(), place: Location::caller() }
    }

    /// Returns a descriptor of the same end, opened by `owner`.
    #[must_use]
    #[track_caller]
    pub fn duplicate(&self, owner: Process) -> Self {
        runtime::add_end(self.object, self.role == Role::Sender);
        Self::open(self.object, self.role, owner)
    }

    /// Gives the end to another process, which has just been created.
    pub(crate) fn given_to(mut self, owner: Process) -> Self {
        registry::process(self.owner, |process| process.closed(self.object, self.role));
        registry::process(owner, |process| process.opened(self.object, self.role));
        self.owner = owner;
        self
    }

    /// Returns the pipe or channel.
    #[must_use]
    pub fn object(&self) -> Object {
        self.object
    }
}

impl Drop for Descriptor {
    fn drop(&mut self) {
        if runtime::is_over() || self.run != runtime::run_number() {
            return;
        }
        if registry::process(self.owner, |process| process.closed(self.object, self.role)) {
            step_at(closing(self.object, self.role), self.place);
        }
    }
}
