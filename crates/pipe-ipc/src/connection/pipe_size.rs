//! The capacity of pipes and sockets.
//!
//! When a pipe is full, sender and receiver take turns, and each turn costs many times what copying the bytes costs: a
//! message of 1 MiB takes sixteen turns through a pipe of 64 KiB. So the pipes and sockets of this crate get the largest
//! capacity that a user may set. If the system refuses, everything works as well, but more slowly.

use std::os::fd::AsFd;

/// The default limit of Linux for users (`fs.pipe-max-size`), in bytes. The memory is only taken when it is used.
const WANTED: usize = 1024 * 1024;

/// Enlarges a pipe. Only Linux supports it.
pub(super) fn enlarge_pipe(pipe: impl AsFd) {
    #[cfg(target_os = "linux")]
    let _ = rustix::pipe::fcntl_setpipe_size(pipe, WANTED);
    #[cfg(not(target_os = "linux"))]
    let _ = pipe;
}

/// Enlarges the buffer for what one side of a socket pair sends.
pub(super) fn enlarge_socket(socket: impl AsFd) {
    let _ = rustix::net::sockopt::set_socket_send_buffer_size(socket, WANTED);
}
