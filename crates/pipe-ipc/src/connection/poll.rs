//! Waiting until something can be received, on one end or on many.

use std::io;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

/// Waits until something can be received from at least one of `ends`, Python's `multiprocessing.connection.wait`, and
/// returns the positions of all of which that is true. Empty when `timeout` has passed; `None` waits for ever.
///
/// An end is ready for a message, for a part of one, and for the end of the stream: what it is, receiving tells. Nothing
/// is consumed.
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
/// When the system refuses: too many ends for one process, or no memory.
pub fn wait(ends: &[&dyn AsFd], timeout: Option<Duration>) -> io::Result<Vec<usize>> {
    wait_for(PollFlags::IN, ends, timeout)
}

/// How long one call to the system waits at most, some three weeks: macOS refuses more than `i32::MAX` milliseconds.
const LONGEST: Duration = Duration::from_millis(i32::MAX as u64);

/// As [`wait`], for whatever is wanted of the ends. Being closed or broken is always an answer: a pipe without writers
/// reports that it hangs up, and not that it can be read.
pub(crate) fn wait_for(
    wanted: PollFlags,
    ends: &[&dyn AsFd],
    timeout: Option<Duration>,
) -> io::Result<Vec<usize>> {
    wait_in_parts(wanted, ends, timeout, LONGEST)
}

fn wait_in_parts(
    wanted: PollFlags,
    ends: &[&dyn AsFd],
    timeout: Option<Duration>,
    longest: Duration,
) -> io::Result<Vec<usize>> {
    // No deadline is as good as one beyond the end of the clock.
    let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
    let mut descriptors: Vec<_> =
        ends.iter().map(|end| PollFd::from_borrowed_fd(end.as_fd(), wanted)).collect();
    loop {
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let part = left.map(|left| left.min(longest));
        let part = part.and_then(|part| Timespec::try_from(part).ok());
        match poll(&mut descriptors, part.as_ref()) {
            // A signal; what is left of the time is counted anew.
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
            Ok(0) if left.is_some_and(|left| left > longest) => {}
            Ok(_) => break,
        }
    }
    let ready = descriptors.iter().enumerate().filter(|(_, descriptor)| !descriptor.revents().is_empty());
    Ok(ready.map(|(position, _)| position).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipe;

    #[test]
    fn a_time_that_is_longer_than_the_system_waits_at_once_is_waited_in_parts() {
        let (receiver, _sender) = pipe().expect("a pipe");
        let (timeout, longest) = (Duration::from_millis(20), Duration::from_millis(3));
        let start = Instant::now();
        let ready = wait_in_parts(PollFlags::IN, &[&receiver], Some(timeout), longest);
        assert_eq!(ready.expect("it can be waited for"), [0; 0]);
        assert!(start.elapsed() >= timeout, "only a part of it was waited");
    }
}
