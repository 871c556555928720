//! Standard input as the way by which a parent hands an end to its child: no descriptor number has to be agreed upon,
//! and nothing else of the parent's is inherited.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rustix::fs::FileType;

/// Takes descriptor 0, and leaves an empty standard input in its place: otherwise it would stay open beside the end
/// that was taken, and the other side would not see that one close.
pub(crate) fn take() -> io::Result<OwnedFd> {
    let stdin = io::stdin().lock();
    let kind = FileType::from_raw_mode(rustix::fs::fstat(&stdin)?.st_mode);
    if !matches!(kind, FileType::Fifo | FileType::Socket) {
        let message = "standard input is no end of a pipe; let a parent process hand one over";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    let end = stdin.as_fd().try_clone_to_owned()?;
    rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
    Ok(end)
}
