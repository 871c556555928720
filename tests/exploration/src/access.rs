//! Which steps depend on each other.
//!
//! Each step accesses parts of the objects of a program, each part in a [`Mode`]. Two steps of different actors are
//! *dependent* if they access the same part in modes that depend on each other. Independent steps lead to the same state
//! in either order, and neither makes the other possible or impossible. `accesses` in `objects.rs` lists, for each
//! operation, what it accesses and why.
//!
//! Two dependent steps *race* if they can also come in the other order. A thread's end and the join that waits for it are
//! dependent but do not race: there is no run in which the join comes first.

use crate::operation::{Actor, Object, Process};

/// A part of an object: what one step can change, and another step can notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Whether a process still runs. Every step of its threads reads it, its end writes it.
    Running(Process),
    /// The incomplete line in a process's buffer for standard output.
    OutputBuffer(Process),
    /// All output. Only accessed if the order of all prints counts: see `Options::ordered_prints`.
    Output,
    /// Who holds a lock.
    Holder(Object),
    /// Who waits on a condition variable.
    Waiters(Object),
    /// That all were notified, for the wait with this number.
    Notified(Object, u32),
    /// The notification of one waiter with this number.
    Notification(Object, u32),
    /// The value of an atomic.
    Value(Object),
    /// The end of a channel at which messages are added.
    Tail(Object),
    /// The end of a channel from which messages are taken.
    Head(Object),
    /// The message with this number.
    Message(Object, usize),
    /// That the message with this number was taken, and its room is free.
    Room(Object, usize),
    /// Whether a channel has senders.
    Senders(Object),
    /// Whether a channel has receivers.
    Receivers(Object),
    /// The bytes in a pipe, and its ends.
    Bytes(Object),
    /// The number of a guarded step.
    Number(Object),
    /// That a thread has ended.
    Ended(Actor),
    /// That a process has ended.
    Exited(Process),
}

/// How a step accesses a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Notices the state, and leaves it as it is.
    Read,
    /// Changes the state, or does something that depends on it and changes it.
    Write,
    /// Makes something true that stays true: a thread has ended, a message was sent.
    Give,
    /// Is possible only once that is true. Any number of steps can rely on it.
    Take,
    /// Is possible only while the lock is free.
    Acquire,
    /// Frees the lock.
    Release,
}

impl Mode {
    /// Returns whether steps that access the same part in these modes are dependent.
    pub(crate) fn depends_on(self, other: Self) -> bool {
        use Mode::{Give, Read, Take};
        !matches!((self, other), (Read | Take, Read | Take) | (Give, Give))
    }

    /// Returns whether such steps, if they are dependent, can come in either order.
    fn races_with(self, other: Self) -> bool {
        use Mode::{Acquire, Give, Release, Take};
        let one_way = matches!(
            (self, other),
            (Acquire, Release) | (Release, Acquire | Release) | (Give, Take) | (Take, Give)
        );
        self.depends_on(other) && !one_way
    }
}

pub(crate) type Access = (Part, Mode);

/// Returns whether two steps of different actors are dependent.
pub(crate) fn dependent(one: &[Access], other: &[Access]) -> bool {
    any_pair(one, other, Mode::depends_on)
}

/// Returns whether two steps of different actors are dependent, and could come in the other order.
pub(crate) fn racing(one: &[Access], other: &[Access]) -> bool {
    any_pair(one, other, Mode::races_with)
}

/// Returns whether the second step is possible only after the first, in every order of other steps: a join only after the
/// end of its thread. A message, room in a channel or a notification could also have been given by another step.
pub(crate) fn enables(one: &[Access], other: &[Access]) -> bool {
    one.iter().any(|access| {
        matches!(access, (Part::Ended(_) | Part::Exited(_), Mode::Give))
            && other.contains(&(access.0, Mode::Take))
    })
}

fn any_pair(one: &[Access], other: &[Access], related: impl Fn(Mode, Mode) -> bool) -> bool {
    one.iter()
        .any(|(part, mode)| other.iter().any(|(its, its_mode)| part == its && related(*mode, *its_mode)))
}
