//! A queue: one end of a pipe with a lock.

use std::fs::File;
use std::io;
use std::path::Path;

use parking_lot::Mutex;
use rustix::fs::{FlockOperation, flock};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::receiver::Receiver;
use super::sender::Sender;
use crate::error::Result;

/// One end of a pipe that several threads and processes share, as Python's `multiprocessing.Queue`. Threads share a
/// reference to a queue; each process has its own queue over its own copy of the end.
///
/// Receiving a message takes several reads, and sending one may take several writes: without a lock, two readers would each
/// get parts of it. A mutex excludes the other threads, and a locked file the other processes. If a process is killed, the
/// system unlocks the file. (If it is killed inside a message, the others read the rest of the stream from the wrong
/// position.) The two ends of a queue need two lock files: a process that waits for a message must not keep others from
/// sending one.
///
/// Unlike Python's, the queue has an end: [`Error::EndOfFile`](crate::Error::EndOfFile) when every sending end is closed.
///
/// ```
/// use pipe_ipc::{Queue, pipe};
///
/// let folder = tempfile::tempdir()?;
/// let (receiver, sender) = pipe()?;
/// let put_queue = Queue::new(sender, folder.path().join("put"))?;
/// let get_queue = Queue::new(receiver, folder.path().join("get"))?;
///
/// std::thread::scope(|scope| {
///     for name in ["one", "two"] {
///         let put_queue = &put_queue;
///         scope.spawn(move || put_queue.put(name).expect("the receiving end is open"));
///     }
/// });
/// let mut names = [get_queue.get::<String>()?, get_queue.get()?];
/// names.sort();
/// assert_eq!(names, ["one", "two"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Queue<End> {
    end: Mutex<End>,
    lock_file: File,
}

impl<End> Queue<End> {
    /// Creates a queue over `end`. All processes pass the path of the same `lock` file. The file is created if it does not
    /// exist, and not removed.
    ///
    /// # Errors
    /// If the lock file can be neither opened nor created.
    pub fn new(end: End, lock: impl AsRef<Path>) -> io::Result<Self> {
        // Each process opens the file itself: through an inherited descriptor it would share its parent's lock.
        let lock_file = File::options().create(true).append(true).open(lock)?;
        Ok(Self { end: Mutex::new(end), lock_file })
    }

    /// Runs `work` on the end while no other thread or process uses it.
    fn with_lock<T>(&self, work: impl FnOnce(&mut End) -> Result<T>) -> Result<T> {
        let mut end = self.end.lock();
        let _lock = FileLock::acquire(&self.lock_file)?;
        work(&mut end)
    }
}

impl Queue<Sender> {
    /// Sends an object. Blocks while the pipe is full or another thread or process is sending.
    ///
    /// # Errors
    /// As [`Sender::send`].
    pub fn put<T: Serialize + ?Sized>(&self, object: &T) -> Result<()> {
        self.with_lock(|sender| sender.send(object))
    }
}

impl Queue<Receiver> {
    /// Receives an object. Blocks until there is one. Each object is received once, by one thread or process.
    ///
    /// # Errors
    /// As [`Receiver::recv`].
    pub fn get<T: DeserializeOwned>(&self) -> Result<T> {
        self.with_lock(Receiver::recv)
    }
}

/// An exclusive lock on a file, released on drop.
struct FileLock<'a>(&'a File);

impl<'a> FileLock<'a> {
    fn acquire(file: &'a File) -> Result<Self> {
        rustix::io::retry_on_intr(|| flock(file, FlockOperation::LockExclusive)).map_err(io::Error::from)?;
        Ok(Self(file))
    }
}

impl Drop for FileLock<'_> {
    fn drop(&mut self) {
        // Unlocking an open file does not fail; closing it would unlock it too.
        let _ = flock(self.0, FlockOperation::Unlock);
    }
}
