//! The steps of a program: what an actor does to an object that it shares with others.

use std::fmt;

/// A thread of the program. The main thread of the first process is number 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actor(pub usize);

/// A process of the program. The first one is number 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Process(pub usize);

/// What actors share: a lock, a channel, a pipe.
///
/// An object is named by the actor that uses it first and by how many objects that actor has named before. So it has the
/// same name in every run that has the same history, which an address would not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Object {
    pub(crate) maker: Actor,
    pub(crate) number: u32,
}

impl Object {
    /// The object that processes find by this name: a lock file.
    #[must_use]
    pub fn with_name(name: &str) -> Self {
        // FNV-1a.
        let hash = name
            .bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        Self { maker: Actor(usize::MAX), number: hash }
    }

    /// Returns whether processes find the object by its name.
    pub(crate) fn has_name(self) -> bool {
        self.maker == Actor(usize::MAX)
    }
}

/// What an actor does in one step. Between two steps it touches nothing that others can see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// Begins to run.
    Start,
    /// Prints a text on the standard output that the processes of the program share. What comes after its last newline stays
    /// in the buffer of the process. An empty text lets all of the buffer go out.
    Print {
        /// The text.
        text: String,
        /// Whether it ends with a newline.
        whole: bool,
    },
    /// Acquires a lock; waits while another actor holds it.
    Lock(Object),
    /// Acquires a lock if it is free. The outcome is `Refused` if it is not.
    TryLock(Object),
    /// Releases a lock.
    Unlock(Object),
    /// Releases a lock and waits on a condition variable, in one step.
    Wait {
        /// The condition variable.
        condvar: Object,
        /// The lock.
        lock: Object,
    },
    /// Acquires the lock again once it was notified.
    Wake {
        /// The condition variable.
        condvar: Object,
        /// The lock.
        lock: Object,
        /// Whether it may also stop waiting without a notification. The outcome is `Refused` then.
        timeout: bool,
    },
    /// Notifies one of the actors that wait on a condition variable: any of them.
    NotifyOne(Object),
    /// Notifies all actors that wait on a condition variable.
    NotifyAll(Object),
    /// Reads an atomic.
    Load(Object),
    /// Writes an atomic.
    Store(Object),
    /// Reads and writes an atomic in one step.
    ReadModifyWrite(Object),
    /// Sends a message of this size into a channel; waits while it is full. `Refused` if no receiver is left.
    Send(Object, usize),
    /// Sends a message if the channel is not full. `Refused` if no receiver is left, `Ended` if it is full.
    TrySend(Object, usize),
    /// Waits until every message that was sent so far was received. `Refused` if no receiver is left.
    AwaitReceived(Object),
    /// Receives a message; waits while there is none. `Ended` if no sender is left either.
    Receive(Object),
    /// Receives a message if there is one. `Refused` if not, `Ended` if no sender is left either.
    TryReceive(Object),
    /// Closes a sending end of a channel or a pipe.
    CloseSender(Object),
    /// Closes a receiving end of a channel or a pipe.
    CloseReceiver(Object),
    /// Writes at most this many bytes into a pipe; waits while it is full. `Count` of bytes, `Refused` if no reader is
    /// left.
    Write(Object, usize),
    /// Reads at most this many bytes from a pipe; waits while it is empty. `Count` of bytes, 0 if no writer is left.
    Read(Object, usize),
    /// Changes a number if a condition holds; waits until it does. The outcome is `Value`, the number before.
    Guarded(Guarded),
    /// Ends. The last step of a thread.
    End,
    /// Waits for the end of each of these threads.
    Join(Vec<Actor>),
    /// Asks whether a thread has ended: `Done` or `Refused`.
    IsEnded(Actor),
    /// Ends the process with this status, and with it all its threads.
    Exit(i32),
    /// Waits for the end of a child process. The outcome is `Status`.
    WaitFor(Process),
    /// Asks whether a child process has ended: `Status` or `Refused`.
    TryWaitFor(Process),
}

/// A step on a number that actors share, from which a stand-in builds what is used rarely: a barrier, a read-write lock,
/// `park`. It has an order with every other step on the number.
#[derive(Debug, Clone, Copy)]
pub struct Guarded {
    /// The number; 0 at first.
    pub number: Object,
    /// When the step can be taken.
    pub condition: fn(u64) -> bool,
    /// The number after the step.
    pub update: fn(u64) -> u64,
    /// What it does, as a verb phrase in the third person: "waits at the barrier".
    pub what: &'static str,
}

impl PartialEq for Guarded {
    fn eq(&self, other: &Self) -> bool {
        (self.number, self.what) == (other.number, other.what)
    }
}

impl Eq for Guarded {}

/// What a step came to, for the actor that took it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It could not be done: see the operation.
    Refused,
    /// There is nothing more to receive; or the channel is full.
    Ended,
    /// So many bytes were transferred.
    Count(usize),
    /// The number before the step.
    Value(u64),
    /// The status of a process, as `ExitStatus::from_raw` takes it.
    Status(i32),
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Operation {
    /// Returns the object in the memory of a process that the step touches. Other processes cannot touch it.
    pub(crate) fn memory(&self) -> Option<Object> {
        match self {
            Self::Lock(object)
            | Self::TryLock(object)
            | Self::Unlock(object)
            | Self::NotifyOne(object)
            | Self::NotifyAll(object)
            | Self::Load(object)
            | Self::Store(object)
            | Self::ReadModifyWrite(object)
            | Self::Wait { condvar: object, .. }
            | Self::Wake { condvar: object, .. } => Some(*object),
            Self::Guarded(step) => Some(step.number),
            _ => None,
        }
    }
}
