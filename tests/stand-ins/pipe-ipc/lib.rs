//! Replaces `pipe_ipc`: the part of it that the lesson's program uses, message by message. A message is one step, where
//! the real one is a write, or several if it is large.

use std::any::Any;
use std::collections::VecDeque;
use std::fmt;
use std::io::{self, ErrorKind};
use std::panic::Location;
use std::path::Path;
use std::sync::{Arc, PoisonError};

use exploration::runtime::{self, step, step_at};
use exploration::{Object, Operation, Outcome, Process};
use scheduled_std::handle::{Descriptor, Handle};
use scheduled_std::process::{Stdio, take_stdin};
use scheduled_std::sync::Mutex;
use serde::{Serialize, de::DeserializeOwned};
use serde_pickle::{DeOptions, SerOptions};

/// The number of bytes that a pipe holds.
const CAPACITY: usize = 1 << 16;

/// The length of a message's header in bytes.
const HEADER: usize = 4;

/// The error number `EPIPE`.
const BROKEN_PIPE: i32 = 32;

/// `pipe_ipc::Error`.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// Every sending end is closed, and all messages have been received.
    EndOfFile,
    /// A value cannot be pickled, or a message is not a pickle of the requested type.
    Pickle(serde_pickle::Error),
    /// Every receiving end is closed.
    Io(io::Error),
}

type Result<T> = std::result::Result<T, Error>;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EndOfFile => write!(f, "end of file: every sending end is closed"),
            Self::Pickle(error) => write!(f, "cannot encode or decode the object: {error}"),
            Self::Io(error) if error.kind() == ErrorKind::BrokenPipe => {
                write!(f, "every receiving end is closed: {error}")
            }
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<serde_pickle::Error> for Error {
    fn from(error: serde_pickle::Error) -> Self {
        Self::Pickle(error)
    }
}

type Messages = Arc<std::sync::Mutex<VecDeque<Vec<u8>>>>;

/// `pipe_ipc::Sender`.
#[derive(Debug)]
pub struct Sender {
    end: Descriptor,
    messages: Messages,
}

/// `pipe_ipc::Receiver`.
#[derive(Debug)]
pub struct Receiver {
    end: Descriptor,
    messages: Messages,
}

/// `pipe_ipc::Connection`.
#[derive(Debug)]
pub struct Connection {
    receiver: Receiver,
    sender: Sender,
}

/// `pipe_ipc::pipe`.
///
/// # Errors
/// Never.
#[track_caller]
pub fn pipe() -> io::Result<(Receiver, Sender)> {
    let ((receiver, sender), messages) = (Descriptor::channel(CAPACITY), Messages::default());
    Ok((Receiver { end: receiver, messages: Arc::clone(&messages) }, Sender { end: sender, messages }))
}

/// `pipe_ipc::duplex`.
///
/// # Errors
/// Never.
#[track_caller]
pub fn duplex() -> io::Result<(Connection, Connection)> {
    let ((left, to_left), (right, to_right)) = (pipe()?, pipe()?);
    Ok((Connection { receiver: left, sender: to_right }, Connection { receiver: right, sender: to_left }))
}

impl Sender {
    /// Sends an object. Blocks while the pipe is full.
    ///
    /// # Errors
    /// If the object cannot be pickled, or every receiving end is closed.
    #[track_caller]
    pub fn send<T: Serialize + ?Sized>(&mut self, object: &T) -> Result<()> {
        self.send_at(object, Location::caller())
    }

    fn send_at<T: Serialize + ?Sized>(
        &mut self,
        object: &T,
        place: &'static Location<'static>,
    ) -> Result<()> {
        let message = serde_pickle::to_vec(&object, SerOptions::new())?;
        let size = message.len() + HEADER;
        let channel = self.end.object();
        let mut outcome = step_at(Operation::Send(channel, size.min(CAPACITY)), place);
        if outcome != Outcome::Refused {
            self.messages.lock().unwrap_or_else(PoisonError::into_inner).push_back(message);
            if size > CAPACITY {
                // The rest of it fits only once the first part has been read.
                outcome = step_at(Operation::AwaitReceived(channel), place);
            }
        }
        match outcome {
            Outcome::Refused => Err(io::Error::from_raw_os_error(BROKEN_PIPE).into()),
            _ => Ok(()),
        }
    }
}

impl Receiver {
    /// Receives an object. Blocks until there is one.
    ///
    /// # Errors
    /// If every sending end is closed, or the message is not a `T`.
    #[track_caller]
    pub fn recv<T: DeserializeOwned>(&mut self) -> Result<T> {
        self.recv_at(Location::caller())
    }

    fn recv_at<T: DeserializeOwned>(&mut self, place: &'static Location<'static>) -> Result<T> {
        let outcome = step_at(Operation::Receive(self.end.object()), place);
        let message = self.messages.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        match message.filter(|_| outcome != Outcome::Ended) {
            Some(message) => Ok(serde_pickle::from_slice(&message, DeOptions::new())?),
            None => Err(Error::EndOfFile),
        }
    }
}

impl Connection {
    /// As [`Sender::send`].
    ///
    /// # Errors
    /// As [`Sender::send`].
    #[track_caller]
    pub fn send<T: Serialize + ?Sized>(&mut self, object: &T) -> Result<()> {
        self.sender.send(object)
    }

    /// As [`Receiver::recv`].
    ///
    /// # Errors
    /// As [`Receiver::recv`].
    #[track_caller]
    pub fn recv<T: DeserializeOwned>(&mut self) -> Result<T> {
        self.receiver.recv()
    }

    #[track_caller]
    fn owned_by(&self, owner: Process) -> Self {
        Self { receiver: self.receiver.owned_by(owner), sender: self.sender.owned_by(owner) }
    }
}

macro_rules! one_way {
    ($($end:ident),*) => {$(
        impl $end {
            /// Duplicates the end, for another process.
            ///
            /// # Errors
            /// Never.
            #[track_caller]
            pub fn try_clone(&self) -> io::Result<Self> {
                Ok(self.owned_by(runtime::current_process()))
            }

            #[track_caller]
            fn owned_by(&self, owner: Process) -> Self {
                Self { end: self.end.duplicate(owner), messages: Arc::clone(&self.messages) }
            }
        }
    )*};
}

one_way!(Sender, Receiver);

macro_rules! ends {
    ($($end:ident),*) => {$(
        impl $end {
            /// Takes the standard input of this process, which the parent process has set to an end.
            ///
            /// # Errors
            /// If it has not.
            pub fn from_stdin() -> io::Result<Self> {
                from_stdin(stringify!($end))
            }

            /// Closes the end, as dropping it does.
            pub fn close(self) {}
        }

        impl Handle for $end {
            #[track_caller]
            fn duplicate(&self, owner: Process) -> Arc<dyn Handle> {
                Arc::new(self.owned_by(owner))
            }
        }

        impl From<$end> for Stdio {
            fn from(end: $end) -> Self {
                Self::from_handle(end)
            }
        }
    )*};
}

ends!(Sender, Receiver, Connection);

fn from_stdin<End: Handle>(name: &str) -> io::Result<End> {
    let stdin: Option<Arc<dyn Any + Send + Sync>> = take_stdin().map(|handle| handle as _);
    let end = stdin.and_then(|handle| handle.downcast().ok()).and_then(Arc::into_inner);
    end.ok_or_else(|| {
        let text = format!("standard input is not a {name}; pass one from the parent process");
        io::Error::new(ErrorKind::InvalidInput, text)
    })
}

/// `pipe_ipc::Queue`.
#[derive(Debug)]
pub struct Queue<End> {
    end: Mutex<End>,
    lock_file: Object,
}

impl<End> Queue<End> {
    /// Creates a queue over `end`. All processes pass the path of the same `lock` file, which is not created.
    ///
    /// # Errors
    /// If the path does not name a file.
    pub fn new(end: End, lock: impl AsRef<Path>) -> io::Result<Self> {
        // Without its folder, whose name is different in each run.
        let name = lock.as_ref().file_name().ok_or(ErrorKind::IsADirectory)?;
        Ok(Self { end: Mutex::new(end), lock_file: Object::with_name(&name.to_string_lossy()) })
    }

    #[track_caller]
    fn with_lock<T>(&self, work: impl FnOnce(&mut End) -> Result<T>) -> Result<T> {
        let mut end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        let _lock = FileLock::acquire(self.lock_file);
        work(&mut end)
    }
}

impl Queue<Sender> {
    /// Sends an object.
    ///
    /// # Errors
    /// As [`Sender::send`].
    #[track_caller]
    pub fn put<T: Serialize + ?Sized>(&self, object: &T) -> Result<()> {
        let place = Location::caller();
        self.with_lock(|sender| sender.send_at(object, place))
    }
}

impl Queue<Receiver> {
    /// Receives an object.
    ///
    /// # Errors
    /// As [`Receiver::recv`].
    #[track_caller]
    pub fn get<T: DeserializeOwned>(&self) -> Result<T> {
        let place = Location::caller();
        self.with_lock(|receiver| receiver.recv_at(place))
    }
}

/// An exclusive lock on a file, released on drop.
struct FileLock {
    file: Object,
    place: &'static Location<'static>,
}

impl FileLock {
    #[track_caller]
    fn acquire(file: Object) -> Self {
        step(Operation::Lock(file));
        Self { file, place: Location::caller() }
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        step_at(Operation::Unlock(self.file), self.place);
    }
}
