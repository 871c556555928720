//! Standard input as the way in which a parent passes an end to its child. The two need not agree on a descriptor number,
//! and the child inherits nothing else.

use std::fs::File;
use std::io::{self, ErrorKind, IsTerminal};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{FileType, OFlags, fcntl_getfl, fstat};
use rustix::net::SocketType;
use rustix::net::sockopt::socket_type;

/// What an end is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Read,
    Write,
    Duplex,
}

/// Takes descriptor 0 if it supports `direction`, and replaces it by an empty standard input. If it stayed open, the peer
/// would not notice that the end is closed.
pub(super) fn take(direction: Direction) -> io::Result<OwnedFd> {
    let stdin = io::stdin().lock();
    check(stdin.as_fd(), direction)?;
    let end = stdin.as_fd().try_clone_to_owned()?;
    rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
    Ok(end)
}

fn check(stdin: BorrowedFd<'_>, direction: Direction) -> io::Result<()> {
    let problem = match FileType::from_raw_mode(fstat(stdin)?.st_mode) {
        FileType::Fifo => check_pipe(fcntl_getfl(stdin)?, direction),
        // A socket supports every direction.
        FileType::Socket => check_socket(stdin)?,
        other => {
            let name = file_type_name(other, stdin.is_terminal());
            Some(format!("{name}, not a pipe or a socket; pass one from the parent process"))
        }
    };
    match problem {
        None => Ok(()),
        Some(problem) => Err(io::Error::new(ErrorKind::InvalidInput, format!("standard input is {problem}"))),
    }
}

/// Checks the direction of a pipe. A pipe that is open for both is accepted: FreeBSD's are, and a named pipe may be.
fn check_pipe(flags: OFlags, direction: Direction) -> Option<String> {
    let problem = match (direction, flags & OFlags::RWMODE) {
        (Direction::Duplex, _) => "a one-way pipe; pass an end of a two-way connection, such as Pipe()",
        (Direction::Read, OFlags::WRONLY) => "the sending end of a pipe; pass the receiving end",
        (Direction::Write, OFlags::RDONLY) => "the receiving end of a pipe; pass the sending end",
        _ => return None,
    };
    Some(problem.to_owned())
}

/// Checks that a socket is a stream socket that does not listen. From a datagram or a packet, the bytes that one read leaves
/// would be lost. A socket that is not connected is not detected: its first call that sends or receives fails.
fn check_socket(socket: BorrowedFd<'_>) -> io::Result<Option<String>> {
    let problem = if socket_type(socket)? != SocketType::STREAM {
        "a socket of datagrams or packets; pass a stream socket"
    } else if is_listening(socket) {
        "a listening socket; pass a connection that it has accepted"
    } else {
        return Ok(None);
    };
    Ok(Some(problem.to_owned()))
}

#[cfg(not(target_vendor = "apple"))]
fn is_listening(socket: BorrowedFd<'_>) -> bool {
    rustix::net::sockopt::socket_acceptconn(socket).unwrap_or(false)
}

/// macOS cannot tell: the first call that sends or receives fails.
#[cfg(target_vendor = "apple")]
fn is_listening(_: BorrowedFd<'_>) -> bool {
    false
}

fn file_type_name(file_type: FileType, terminal: bool) -> &'static str {
    match file_type {
        FileType::CharacterDevice if terminal => "a terminal",
        FileType::CharacterDevice => "a device, such as /dev/null",
        FileType::RegularFile => "a file",
        FileType::Directory => "a directory",
        _ => "of an unknown type",
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::{UnixDatagram, UnixStream};

    use super::*;

    /// Returns the error of `descriptor` as standard input for each direction, if there is one.
    fn errors(descriptor: impl AsFd) -> [Option<String>; 3] {
        [Direction::Read, Direction::Write, Direction::Duplex].map(|direction| {
            let error = check(descriptor.as_fd(), direction).err()?;
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            Some(error.to_string())
        })
    }

    /// Asserts that the descriptor is refused in every direction with a message that contains `words`.
    #[track_caller]
    fn assert_refused(descriptor: impl AsFd, words: &str) {
        for error in errors(descriptor) {
            let error = error.expect("it is refused");
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn an_end_of_a_pipe_is_accepted_in_its_direction_only() {
        let (reader, writer) = io::pipe().expect("a pipe can be created");
        let one_way =
            Some("standard input is a one-way pipe; pass an end of a two-way connection, such as Pipe()");
        let receiving = "standard input is the receiving end of a pipe; pass the sending end";
        assert_eq!(errors(&reader).each_ref().map(Option::as_deref), [None, Some(receiving), one_way]);
        let sending = "standard input is the sending end of a pipe; pass the receiving end";
        assert_eq!(errors(&writer).each_ref().map(Option::as_deref), [Some(sending), None, one_way]);
    }

    #[test]
    fn an_end_of_a_two_way_connection_is_accepted_in_every_direction() {
        let (left, _right) = UnixStream::pair().expect("a socket pair can be created");
        assert_eq!(errors(left), [None, None, None]);
    }

    #[test]
    fn other_files_are_refused_with_a_message_that_names_their_type() {
        let open = |path: &str| File::open(path).expect("the file exists");
        assert_refused(
            open("/dev/null"),
            "standard input is a device, such as /dev/null, not a pipe or a socket;",
        );
        assert_refused(open("/"), "standard input is a directory, not a pipe or a socket;");
        let file = tempfile::tempfile().expect("a file can be created");
        assert_refused(file, "standard input is a file, not a pipe or a socket;");
        let (datagrams, _) = UnixDatagram::pair().expect("a socket pair can be created");
        assert_refused(datagrams, "standard input is a socket of datagrams or packets;");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_socket_of_packets_is_refused() {
        use rustix::net::{AddressFamily, SocketFlags, socketpair};
        let pair = socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None);
        assert_refused(
            pair.expect("a socket pair can be created").0,
            "standard input is a socket of datagrams or packets;",
        );
    }

    #[cfg(not(target_vendor = "apple"))]
    #[test]
    fn a_listening_socket_is_refused() {
        let folder = tempfile::tempdir().expect("a folder can be created");
        let listener = std::os::unix::net::UnixListener::bind(folder.path().join("socket"));
        assert_refused(listener.expect("the socket can be bound"), "standard input is a listening socket;");
    }
}
