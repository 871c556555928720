//! `std::sync::mpsc` under the scheduler.

pub use ::std::sync::mpsc::{RecvError, RecvTimeoutError, SendError, TryRecvError, TrySendError};

use ::std::cell::Cell;
use ::std::collections::VecDeque;
use ::std::fmt;
use ::std::marker::PhantomData;
use ::std::mem;
use ::std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use ::std::time::Duration;

use exploration::runtime::step;
use exploration::{Operation, Outcome};

use crate::end::End;

/// The messages of a channel in the order in which they were sent, each with its number.
struct Messages<T> {
    sent: u64,
    waiting: VecDeque<(u64, T)>,
}

type Shared<T> = Arc<Mutex<Messages<T>>>;

fn locked<T>(messages: &Shared<T>) -> MutexGuard<'_, Messages<T>> {
    messages.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> Messages<T> {
    fn shared() -> Shared<T> {
        Arc::new(Mutex::new(Self { sent: 0, waiting: VecDeque::new() }))
    }

    /// Adds a message and returns its number.
    fn push(&mut self, message: T) -> u64 {
        self.sent += 1;
        self.waiting.push_back((self.sent, message));
        self.sent
    }

    fn pop(&mut self) -> Option<T> {
        Some(self.waiting.pop_front()?.1)
    }

    /// Takes back a message that was not received.
    fn take_back(&mut self, number: u64) -> Option<T> {
        let index = self.waiting.iter().position(|(other, _)| *other == number)?;
        Some(self.waiting.remove(index)?.1)
    }
}

/// Replaces `std::sync::mpsc::Sender`.
pub struct Sender<T> {
    end: End,
    messages: Shared<T>,
}

/// Replaces `std::sync::mpsc::SyncSender`.
pub struct SyncSender<T> {
    end: End,
    messages: Shared<T>,
    /// Whether a message is handed over only to a receiver that waits: the capacity is 0.
    rendezvous: bool,
}

/// Replaces `std::sync::mpsc::Receiver`.
pub struct Receiver<T> {
    // Dropped first.
    end: End,
    inbox: Inbox<T>,
    /// As in std, one thread at a time receives.
    not_sync: PhantomData<Cell<()>>,
}

/// The messages for a receiver. Dropped, it discards them.
struct Inbox<T> {
    messages: Shared<T>,
    rendezvous: bool,
}

impl<T> Drop for Inbox<T> {
    fn drop(&mut self) {
        // The sender of a rendezvous takes its message back.
        if !self.rendezvous {
            let discarded = mem::take(&mut locked(&self.messages).waiting);
            drop(discarded);
        }
    }
}

/// Returns the ends of a channel that is never full.
#[must_use]
#[track_caller]
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let ((sender, receiver), messages) = (End::channel(usize::MAX), Messages::shared());
    (Sender { end: sender, messages: Arc::clone(&messages) }, Receiver::new(receiver, messages, false))
}

/// Returns the ends of a channel that holds this number of messages.
#[must_use]
#[track_caller]
pub fn sync_channel<T>(capacity: usize) -> (SyncSender<T>, Receiver<T>) {
    // A message of a rendezvous is in the channel until it is received, and its sender waits for that.
    let ((sender, receiver), messages) = (End::channel(capacity.max(1)), Messages::shared());
    let rendezvous = capacity == 0;
    (
        SyncSender { end: sender, messages: Arc::clone(&messages), rendezvous },
        Receiver::new(receiver, messages, rendezvous),
    )
}

impl<T> Sender<T> {
    /// Sends a message.
    ///
    /// # Errors
    /// Returns the message if the receiver was dropped.
    #[track_caller]
    pub fn send(&self, message: T) -> Result<(), SendError<T>> {
        if step(Operation::Send(self.end.object, 1)) == Outcome::Refused {
            return Err(SendError(message));
        }
        locked(&self.messages).push(message);
        Ok(())
    }
}

impl<T> SyncSender<T> {
    /// Sends a message; waits while the channel is full.
    ///
    /// # Errors
    /// Returns the message if the receiver was dropped.
    #[track_caller]
    pub fn send(&self, message: T) -> Result<(), SendError<T>> {
        let channel = self.end.object;
        if step(Operation::Send(channel, 1)) == Outcome::Refused {
            return Err(SendError(message));
        }
        let number = locked(&self.messages).push(message);
        if self.rendezvous && step(Operation::AwaitReceived(channel)) == Outcome::Refused {
            let unreceived = locked(&self.messages).take_back(number);
            return unreceived.map_or(Ok(()), |message| Err(SendError(message)));
        }
        Ok(())
    }

    /// Sends a message if the channel is not full.
    ///
    /// # Errors
    /// Returns the message if the channel is full or the receiver was dropped.
    ///
    /// # Panics
    /// Panics if the capacity is 0: whether a receiver waits at this moment is not part of the exploration.
    #[track_caller]
    pub fn try_send(&self, message: T) -> Result<(), TrySendError<T>> {
        assert!(!self.rendezvous, "try_send on a channel of capacity 0 cannot be explored: use send");
        match step(Operation::TrySend(self.end.object, 1)) {
            Outcome::Refused => Err(TrySendError::Disconnected(message)),
            Outcome::Ended => Err(TrySendError::Full(message)),
            _ => {
                locked(&self.messages).push(message);
                Ok(())
            }
        }
    }
}

impl<T> Receiver<T> {
    fn new(end: End, messages: Shared<T>, rendezvous: bool) -> Self {
        Self { end, inbox: Inbox { messages, rendezvous }, not_sync: PhantomData }
    }

    fn pop(&self) -> Option<T> {
        locked(&self.inbox.messages).pop()
    }

    /// Receives a message; waits while there is none.
    ///
    /// # Errors
    /// If there is none and every sender was dropped.
    #[track_caller]
    pub fn recv(&self) -> Result<T, RecvError> {
        match step(Operation::Receive(self.end.object)) {
            Outcome::Ended => Err(RecvError),
            // In a destructor after the end of a run, there may be no message.
            _ => self.pop().ok_or(RecvError),
        }
    }

    /// Receives a message if there is one.
    ///
    /// # Errors
    /// If there is none.
    #[track_caller]
    pub fn try_recv(&self) -> Result<T, TryRecvError> {
        match step(Operation::TryReceive(self.end.object)) {
            Outcome::Ended => Err(TryRecvError::Disconnected),
            Outcome::Refused => Err(TryRecvError::Empty),
            _ => self.pop().ok_or(TryRecvError::Disconnected),
        }
    }

    /// Receives a message, or stops waiting when the time is up: it may be up at every point of a schedule.
    ///
    /// # Errors
    /// If there is no message.
    #[track_caller]
    pub fn recv_timeout(&self, _: Duration) -> Result<T, RecvTimeoutError> {
        self.try_recv().map_err(|error| match error {
            TryRecvError::Empty => RecvTimeoutError::Timeout,
            TryRecvError::Disconnected => RecvTimeoutError::Disconnected,
        })
    }

    /// Receives messages until every sender was dropped.
    #[must_use]
    pub fn iter(&self) -> Iter<'_, T> {
        Iter(self)
    }

    /// Receives the messages that are there.
    #[must_use]
    pub fn try_iter(&self) -> TryIter<'_, T> {
        TryIter(self)
    }
}

/// Replaces `std::sync::mpsc::Iter`.
#[derive(Debug)]
pub struct Iter<'a, T>(&'a Receiver<T>);

/// Replaces `std::sync::mpsc::TryIter`.
#[derive(Debug)]
pub struct TryIter<'a, T>(&'a Receiver<T>);

/// Replaces `std::sync::mpsc::IntoIter`.
#[derive(Debug)]
pub struct IntoIter<T>(Receiver<T>);

macro_rules! iterators {
    ($($iterator:ty: $receive:ident,)*) => {$(
        impl<T> Iterator for $iterator {
            type Item = T;

            #[track_caller]
            fn next(&mut self) -> Option<T> {
                self.0.$receive().ok()
            }
        }
    )*};
}

iterators! {
    Iter<'_, T>: recv,
    TryIter<'_, T>: try_recv,
    IntoIter<T>: recv,
}

impl<'a, T> IntoIterator for &'a Receiver<T> {
    type Item = T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

impl<T> IntoIterator for Receiver<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;

    fn into_iter(self) -> IntoIter<T> {
        IntoIter(self)
    }
}

impl<T> Clone for Sender<T> {
    #[track_caller]
    fn clone(&self) -> Self {
        Self { end: self.end.clone(), messages: Arc::clone(&self.messages) }
    }
}

impl<T> Clone for SyncSender<T> {
    #[track_caller]
    fn clone(&self) -> Self {
        Self { end: self.end.clone(), messages: Arc::clone(&self.messages), rendezvous: self.rendezvous }
    }
}

macro_rules! debug {
    ($($end:ident),*) => {$(
        impl<T> fmt::Debug for $end<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($end)).finish_non_exhaustive()
            }
        }
    )*};
}

debug!(Sender, SyncSender, Receiver);
