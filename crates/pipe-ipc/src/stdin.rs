//! Standard input as the way by which a parent hands an end to its child: no descriptor number has to be agreed upon,
//! and nothing else of the parent's is inherited.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rustix::fs::FileType;

/// What the standard input is of one that only receives, or only sends. (Another program may use one way of a socket.)
pub(crate) const ONE_WAY: &[FileType] = &[FileType::Fifo, FileType::Socket];

/// What it is of one that does both.
pub(crate) const TWO_WAY: &[FileType] = &[FileType::Socket];

/// Takes descriptor 0 if it is such an `end`, and leaves an empty standard input in its place: otherwise it would stay open beside the end
/// that was taken, and the other side would not see that one close.
pub(crate) fn take(end: &[FileType]) -> io::Result<OwnedFd> {
    let stdin = io::stdin().lock();
    let kind = FileType::from_raw_mode(rustix::fs::fstat(&stdin)?.st_mode);
    if !end.contains(&kind) {
        let message = match kind {
            FileType::Fifo => {
                "standard input is a one-way pipe; hand over an end of a two-way one, as of Pipe()"
            }
            _ => "standard input is no end of a pipe; let a parent process hand one over",
        };
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    let end = stdin.as_fd().try_clone_to_owned()?;
    rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
    Ok(end)
}
