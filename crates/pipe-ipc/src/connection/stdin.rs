//! Standard input as the way by which a parent hands an end to its child: no descriptor number has to be agreed upon,
//! and nothing else of the parent's is inherited.

use std::fs::File;
use std::io::{self, ErrorKind, IsTerminal};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{FileType, OFlags, fcntl_getfl, fstat};
use rustix::net::SocketType;
use rustix::net::sockopt::socket_type;

/// What an end does, and standard input has to be able to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Read,
    Write,
    /// Write and receives.
    Duplex,
}

/// Takes descriptor 0 if it can be used so, and leaves an empty standard input in its place: otherwise it would stay
/// open beside the end that was taken, and the other side would not see that one close.
pub(crate) fn take(wanted: Direction) -> io::Result<OwnedFd> {
    let stdin = io::stdin().lock();
    check(stdin.as_fd(), wanted)?;
    let end = stdin.as_fd().try_clone_to_owned()?;
    rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
    Ok(end)
}

fn check(stdin: BorrowedFd<'_>, wanted: Direction) -> io::Result<()> {
    let problem = match FileType::from_raw_mode(fstat(stdin)?.st_mode) {
        FileType::Fifo => problem_of_pipe(fcntl_getfl(stdin)?, wanted),
        // Another program may use one way of a socket.
        FileType::Socket => problem_of_socket(stdin)?,
        kind => Some(format!(
            "standard input is no end of a pipe, but {}; let a parent process hand one over",
            name(kind, stdin.is_terminal())
        )),
    };
    problem.map_or(Ok(()), |problem| Err(io::Error::new(ErrorKind::InvalidInput, problem)))
}

/// Where one end of a pipe does both, as on FreeBSD or where a named pipe is opened so, it may be used for either.
fn problem_of_pipe(flags: OFlags, wanted: Direction) -> Option<String> {
    let problem = match (wanted, flags & OFlags::RWMODE) {
        (Direction::Duplex, _) => "a one-way pipe; hand over an end of a two-way one, as of Pipe()",
        (Direction::Read, OFlags::WRONLY) => "the sending end of a pipe; hand over the end that receives",
        (Direction::Write, OFlags::RDONLY) => "the receiving end of a pipe; hand over the end that sends",
        _ => return None,
    };
    Some(format!("standard input is {problem}"))
}

/// A message may be read in pieces, and what a datagram socket has beyond a piece is lost.
fn problem_of_socket(socket: BorrowedFd<'_>) -> io::Result<Option<String>> {
    let problem = if socket_type(socket)? != SocketType::STREAM {
        "keeps the bounds of what is written, and a stream is wanted"
    } else if accepts_connections(socket) {
        "waits for connections; hand over one that it has accepted"
    } else {
        return Ok(None);
    };
    Ok(Some(format!("standard input is a socket that {problem}")))
}

/// Only where the system tells it. Elsewhere the first call that receives or sends fails.
fn accepts_connections(socket: BorrowedFd<'_>) -> bool {
    #[cfg(not(target_vendor = "apple"))]
    let accepts = rustix::net::sockopt::socket_acceptconn(socket).unwrap_or(false);
    #[cfg(target_vendor = "apple")]
    let accepts = (socket, false).1;
    accepts
}

fn name(kind: FileType, terminal: bool) -> &'static str {
    match kind {
        FileType::CharacterDevice if terminal => "a terminal",
        FileType::CharacterDevice => "a device, as /dev/null is one",
        FileType::RegularFile => "a file",
        FileType::Directory => "a folder",
        _ => "something else",
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixDatagram;

    use super::*;
    use crate::{duplex, pipe};

    /// What is wrong with `descriptor` as each of the three; nothing, where it can be used so.
    fn problems(descriptor: impl AsFd) -> [Option<String>; 3] {
        [Direction::Read, Direction::Write, Direction::Duplex].map(|wanted| {
            let error = check(descriptor.as_fd(), wanted).err()?;
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            Some(error.to_string())
        })
    }

    /// Holds that it is of no use, because of what those words say.
    fn assert_of_no_use(descriptor: impl AsFd, words: &str) {
        for problem in problems(descriptor) {
            let problem = problem.unwrap_or_else(|| panic!("it can be used, and {words}"));
            assert!(problem.contains(words), "{problem}");
        }
    }

    #[test]
    fn an_end_of_a_pipe_is_of_use_in_its_direction_alone() {
        let (receiver, sender) = pipe().expect("a pipe");
        let two_way =
            Some("standard input is a one-way pipe; hand over an end of a two-way one, as of Pipe()");
        let receiving = "standard input is the receiving end of a pipe; hand over the end that sends";
        assert_eq!(problems(&receiver).each_ref().map(Option::as_deref), [None, Some(receiving), two_way]);
        let sending = "standard input is the sending end of a pipe; hand over the end that receives";
        assert_eq!(problems(&sender).each_ref().map(Option::as_deref), [Some(sending), None, two_way]);
    }

    #[test]
    fn an_end_of_a_two_way_connection_is_of_every_use() {
        let (left, _right) = duplex().expect("a socket pair");
        assert_eq!(problems(left), [None, None, None]);
    }

    #[test]
    fn what_is_no_end_is_of_no_use_and_the_error_says_what_it_is() {
        let open = |path: &str| File::open(path).expect("it is there");
        assert_of_no_use(open("/dev/null"), "no end of a pipe, but a device, as /dev/null is one; let");
        assert_of_no_use(open("/"), "no end of a pipe, but a folder; let");
        assert_of_no_use(tempfile::tempfile().expect("a file"), "no end of a pipe, but a file; let");
        let (datagrams, _) = UnixDatagram::pair().expect("a socket pair");
        assert_of_no_use(datagrams, "a socket that keeps the bounds of what is written");
    }

    #[cfg(not(target_vendor = "apple"))]
    #[test]
    fn a_socket_that_waits_for_connections_is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let listener = std::os::unix::net::UnixListener::bind(folder.path().join("socket"));
        assert_of_no_use(listener.expect("a socket"), "a socket that waits for connections; hand over one");
    }
}
