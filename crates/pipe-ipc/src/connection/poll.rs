//! Waiting until one of several ends has something to receive.

use std::io::{self, PipeReader};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

/// An end that can have something to receive, for [`wait`]. You can implement it for your own types.
pub trait Waitable: AsFd {}

impl<End: Waitable + ?Sized> Waitable for &End {}
impl Waitable for PipeReader {}
impl Waitable for UnixStream {}

/// Waits until at least one of `ends` has something to receive, as Python's `multiprocessing.connection.wait`. Returns the
/// indices of all ends that are ready, or an empty vector if `timeout` expires first. Without a timeout it waits forever.
///
/// An end is ready if a message, a part of a message, or the end of the stream can be received. Nothing is consumed.
///
/// ```
/// use std::time::Duration;
///
/// use pipe_ipc::{duplex, pipe, wait};
///
/// let (receiver, mut sender) = pipe()?;
/// let (left, _right) = duplex()?;
/// assert!(wait(&[&receiver, &left], Some(Duration::ZERO))?.is_empty());
/// sender.send("something")?;
/// assert_eq!(wait(&[&receiver, &left], None)?, [0]);
/// # Ok::<(), pipe_ipc::Error>(())
/// ```
///
/// # Errors
/// If `poll(2)` fails: there are too many ends, or the memory is exhausted.
pub fn wait(ends: &[&dyn Waitable], timeout: Option<Duration>) -> io::Result<Vec<usize>> {
    wait_for(PollFlags::IN, ends, timeout)
}

/// The longest timeout of one system call, some three weeks: macOS accepts at most `i32::MAX` milliseconds.
const MAX_TIMEOUT: Duration = Duration::from_millis(i32::MAX as u64);

/// Waits as [`wait`] does, for `wanted`. An end that is closed or broken is always ready: a pipe without writers reports
/// `POLLHUP` without `POLLIN`.
pub(super) fn wait_for<End: AsFd + ?Sized>(
    wanted: PollFlags,
    ends: &[&End],
    timeout: Option<Duration>,
) -> io::Result<Vec<usize>> {
    wait_in_steps(wanted, ends, timeout, MAX_TIMEOUT)
}

fn wait_in_steps<End: AsFd + ?Sized>(
    wanted: PollFlags,
    ends: &[&End],
    timeout: Option<Duration>,
    max_timeout: Duration,
) -> io::Result<Vec<usize>> {
    // A deadline beyond the end of the clock is never reached.
    let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
    let mut descriptors: Vec<_> =
        ends.iter().map(|end| PollFd::from_borrowed_fd(end.as_fd(), wanted)).collect();
    loop {
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let step = left.map(|left| left.min(max_timeout));
        let step = step.and_then(|step| Timespec::try_from(step).ok());
        match poll(&mut descriptors, step.as_ref()) {
            // A signal has interrupted the call. The next one waits for the rest of the time only.
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
            Ok(0) if left.is_some_and(|left| left >= max_timeout) => {}
            Ok(_) => break,
        }
    }
    let ready = descriptors.iter().enumerate().filter(|(_, descriptor)| !descriptor.revents().is_empty());
    Ok(ready.map(|(index, _)| index).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_beyond_the_systems_maximum_is_waited_in_steps() {
        let (reader, _writer) = io::pipe().expect("a pipe can be created");
        let (timeout, max_timeout) = (Duration::from_millis(20), Duration::from_millis(3));
        let start = Instant::now();
        let ready = wait_in_steps(PollFlags::IN, &[&reader], Some(timeout), max_timeout);
        assert_eq!(ready.expect("poll succeeds"), [0; 0]);
        assert!(start.elapsed() >= timeout, "only one step was waited");
    }
}
