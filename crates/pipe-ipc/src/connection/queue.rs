//! A queue is a pipe with a lock.

use std::fs::File;
use std::io;
use std::path::Path;

use parking_lot::Mutex;
use rustix::fs::{FlockOperation, flock};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::connection::{Receiver, Sender};
use crate::error::Result;

/// One end of a pipe for several at once, Python's `multiprocessing.Queue`: threads share a reference to it, processes
/// each have one over their own handle of the end.
///
/// A message is more than one read, and may be more than one write; without a lock two readers would each get half of
/// it. A mutex keeps the threads of a process apart, a locked file the processes; a process that is killed lets go of
/// it. (Killed in the middle of a message, it leaves half of one to the others: what follows then makes no sense.) Both
/// ends of a queue need a lock file of their own: who waits for a message must not keep others from sending.
///
/// Unlike Python's, it has an end: [`Error::EndOfFile`](crate::Error::EndOfFile) once every sending end is closed.
///
/// ```
/// use pipe_ipc::{Queue, pipe};
///
/// let folder = tempfile::tempdir()?;
/// let (receiver, sender) = pipe()?;
/// let putting = Queue::new(sender, &folder.path().join("putting"))?;
/// let getting = Queue::new(receiver, &folder.path().join("getting"))?;
///
/// std::thread::scope(|scope| {
///     for name in ["one", "two"] {
///         let putting = &putting;
///         scope.spawn(move || putting.put(name).expect("somebody receives"));
///     }
/// });
/// let mut names = [getting.get::<String>()?, getting.get()?];
/// names.sort();
/// assert_eq!(names, ["one", "two"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Queue<End> {
    end: Mutex<End>,
    lock: File,
}

impl<End> Queue<End> {
    /// A queue over `end`, whose processes all name the same `lock` file. It is made if it is not there; whoever chose
    /// its place removes it.
    ///
    /// # Errors
    /// When the lock file can neither be opened nor made.
    pub fn new(end: End, lock: &Path) -> io::Result<Self> {
        // Each process opens it for itself: a lock that came with an inherited descriptor would be the parent's own.
        let lock = File::options().create(true).append(true).open(lock)?;
        Ok(Self { end: Mutex::new(end), lock })
    }

    /// Does `work` with the end while nobody else does, in this process or another.
    fn with_lock<T>(&self, work: impl FnOnce(&mut End) -> Result<T>) -> Result<T> {
        let mut end = self.end.lock();
        let _locked = FileLock::new(&self.lock)?;
        work(&mut end)
    }
}

impl Queue<Sender> {
    /// Sends an object. Waits while the pipe is full, and while another is sending.
    ///
    /// # Errors
    /// As [`Sender::send`].
    pub fn put<T: Serialize + ?Sized>(&self, object: &T) -> Result<()> {
        self.with_lock(|sender| sender.send(object))
    }
}

impl Queue<Receiver> {
    /// Waits for an object that nobody else has got, and receives it.
    ///
    /// # Errors
    /// As [`Receiver::recv`].
    pub fn get<T: DeserializeOwned>(&self) -> Result<T> {
        self.with_lock(Receiver::recv)
    }
}

/// A file that is locked until this is dropped.
struct FileLock<'a>(&'a File);

impl<'a> FileLock<'a> {
    fn new(file: &'a File) -> Result<Self> {
        rustix::io::retry_on_intr(|| flock(file, FlockOperation::LockExclusive)).map_err(io::Error::from)?;
        Ok(Self(file))
    }
}

impl Drop for FileLock<'_> {
    fn drop(&mut self) {
        // It cannot fail for a file that is open and locked; closing the file would unlock it too.
        let _ = flock(self.0, FlockOperation::Unlock);
    }
}
