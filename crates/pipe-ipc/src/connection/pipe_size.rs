//! How much a pipe or a socket holds before its sender has to wait.
//!
//! Each time that a sender and a receiver wait for each other costs many times what the bytes between them cost, and a
//! message of a megabyte through a pipe of 64 KiB is sixteen such times. So the ends of this crate have room for as much as
//! the system gives without being asked by an administrator. Where it refuses, everything works as well, and slower.

use std::os::fd::AsFd;

/// As much as Linux lets anybody have (`fs.pipe-max-size`), unless told otherwise. It takes memory only when it is used.
const WANTED: usize = 1024 * 1024;

/// Asks for more room in a pipe. Only Linux can be asked.
pub(crate) fn of_pipe(pipe: impl AsFd) {
    #[cfg(target_os = "linux")]
    let _ = rustix::pipe::fcntl_setpipe_size(pipe, WANTED);
    #[cfg(not(target_os = "linux"))]
    let _ = pipe;
}

/// Asks for more room for what one side of a socket sends.
pub(crate) fn of_socket(socket: impl AsFd) {
    let _ = rustix::net::sockopt::set_socket_send_buffer_size(socket, WANTED);
}
