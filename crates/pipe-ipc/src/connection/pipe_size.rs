//! The capacity of pipes and sockets.
//!
//! When a pipe is full, sender and receiver take turns, and each turn costs many times what copying the bytes costs: a
//! message of 1 MiB takes sixteen turns through a pipe of 64 KiB. So the pipes and sockets of this crate get the largest
//! capacity that a user may set. If the system refuses, everything works as well, but more slowly.
//!
//! On Linux, the whole capacity counts at once towards the user's limit, although memory is only taken for the bytes in the
//! pipe; see [`pipe`](super::pipe()).

use std::os::fd::AsFd;

/// The default limit of Linux for one pipe of a user (`fs.pipe-max-size`), in bytes.
const CAPACITY: usize = 1_048_576;

/// Enlarges a pipe. Only Linux supports it.
pub(super) fn enlarge_pipe(pipe: impl AsFd) {
    #[cfg(target_os = "linux")]
    let _ = rustix::pipe::fcntl_setpipe_size(pipe, CAPACITY);
    #[cfg(not(target_os = "linux"))]
    let _ = pipe;
}

/// Enlarges the buffer for what one side of a socket pair sends.
pub(super) fn enlarge_socket(socket: impl AsFd) {
    let _ = rustix::net::sockopt::set_socket_send_buffer_size(socket, CAPACITY);
}
