//! The calls that are compared, and their outcomes as text.
//!
//! A value has the form of Python's `repr`. An error is a short text that both languages' errors are mapped to.

use std::io::ErrorKind;
use std::os::fd::AsFd;
use std::time::Duration;

use pipe_ipc::{Connection, Error, Object, Receiver, Sender};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::peer::CPython;

/// A call of a method of an end.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Call {
    Recv,
    RecvBytes,
    RecvBytesAtMost(i32),
    /// The size of a buffer of dots, and the offset.
    RecvBytesInto(usize, i32),
    /// The timeout in milliseconds.
    Poll(Option<u64>),
    Send(&'static str),
    SendBytes(&'static [u8]),
    /// The buffer, the offset and the size.
    SendBytesRange(&'static [u8], i32, Option<i32>),
    Close,
}

/// An end under test.
pub(crate) trait Subject {
    fn name(&self) -> &'static str;

    /// Makes the call and returns the outcome.
    fn make(&mut self, call: Call) -> String;

    /// Waits until every copy of the peer is closed. A process that another test is starting may hold one for a moment.
    fn wait_for_hangup(&mut self);
}

impl Subject for CPython {
    fn name(&self) -> &'static str {
        "CPython"
    }

    fn make(&mut self, call: Call) -> String {
        outcome_of(&self.eval(&call.in_python()))
    }

    fn wait_for_hangup(&mut self) {
        assert_eq!(self.eval("wait_for_hangup()"), "None");
    }
}

impl Call {
    fn in_python(self) -> String {
        match self {
            Self::Recv => "kind(connection.recv())".to_owned(),
            Self::RecvBytes => "connection.recv_bytes()".to_owned(),
            Self::RecvBytesAtMost(max_length) => format!("connection.recv_bytes({max_length})"),
            Self::RecvBytesInto(size, offset) => format!("into({size}, {offset})"),
            Self::Poll(Some(milliseconds)) => format!("connection.poll({milliseconds} / 1000)"),
            Self::Poll(None) => "connection.poll(None)".to_owned(),
            Self::Send(text) => format!("connection.send({text:?})"),
            Self::SendBytes(message) => format!("connection.send_bytes({})", bytes(message)),
            Self::SendBytesRange(buffer, offset, Some(size)) => {
                format!("connection.send_bytes({}, {offset}, {size})", bytes(buffer))
            }
            Self::SendBytesRange(buffer, offset, None) => {
                format!("connection.send_bytes({}, {offset})", bytes(buffer))
            }
            Self::Close => "connection.close()".to_owned(),
        }
    }
}

/// Maps an answer of `CPython` to the texts of this module.
fn outcome_of(answer: &str) -> String {
    let Some((kind, message)) =
        answer.split_once(": ").filter(|(kind, _)| kind.chars().all(char::is_alphanumeric))
    else {
        return answer.to_owned();
    };
    match (kind, message) {
        ("EOFError", "") => "end of file".to_owned(),
        ("OSError", "got end of file during message") => "truncated".to_owned(),
        ("OSError", "bad message length") => "too long".to_owned(),
        ("BufferTooShort", message) => format!("buffer too short for {message}"),
        ("BrokenPipeError", _) => "broken pipe".to_owned(),
        ("ConnectionResetError", _) => "connection reset".to_owned(),
        ("UnpicklingError", _) => "invalid pickle".to_owned(),
        ("OverflowError" | "MemoryError", _) => kind.to_owned(),
        _ => answer.to_owned(),
    }
}

/// An end of this crate.
pub(crate) enum Ours {
    Receiver(Receiver),
    Sender(Sender),
    Connection(Connection),
    Closed,
}

/// The outcome of a call that does not compile; `tests/refused.rs` shows that.
pub(crate) const REFUSED: &str = "does not compile";

/// Makes a call on an end that receives. On any other it would not compile.
macro_rules! receiving {
    ($subject:expr, $end:ident => $call:expr) => {
        match $subject {
            Ours::Receiver($end) => $call,
            Ours::Connection($end) => $call,
            Ours::Sender(_) | Ours::Closed => REFUSED.to_owned(),
        }
    };
}

/// Makes a call on an end that sends. On any other it would not compile.
macro_rules! sending {
    ($subject:expr, $end:ident => $call:expr) => {
        match $subject {
            Ours::Sender($end) => $call,
            Ours::Connection($end) => $call,
            Ours::Receiver(_) | Ours::Closed => REFUSED.to_owned(),
        }
    };
}

impl Subject for Ours {
    fn name(&self) -> &'static str {
        "pipe-ipc"
    }

    fn make(&mut self, call: Call) -> String {
        let length = |length: i32| usize::try_from(length).ok();
        match call {
            Call::Recv => receiving!(self, end => outcome(end.recv_object(), |object| kind(&object))),
            Call::RecvBytes => receiving!(self, end => outcome(end.recv_bytes(), bytes)),
            Call::RecvBytesAtMost(max_length) => {
                let Some(max_length) = length(max_length) else { return REFUSED.to_owned() };
                receiving!(self, end => outcome(end.recv_bytes_at_most(max_length), bytes))
            }
            Call::RecvBytesInto(size, offset) => {
                let Some(offset) = length(offset) else { return REFUSED.to_owned() };
                let mut dots = vec![b'.'; size];
                receiving!(self, end => {
                    let received = end.recv_bytes_into(&mut dots, offset);
                    outcome_with_buffer(received, &dots)
                })
            }
            Call::Poll(milliseconds) => {
                receiving!(self, end => outcome(end.poll(milliseconds.map(Duration::from_millis)), truth))
            }
            Call::Send(text) => sending!(self, end => outcome(end.send(text), none)),
            Call::SendBytes(message) => sending!(self, end => outcome(end.send_bytes(message), none)),
            Call::SendBytesRange(buffer, offset, size) => match (length(offset), size.map(length)) {
                (Some(offset), None) => {
                    sending!(self, end => outcome(end.send_bytes_range(buffer, offset..), none))
                }
                (Some(offset), Some(Some(size))) => {
                    sending!(self, end => outcome(end.send_bytes_range(buffer, offset..offset + size), none))
                }
                _ => REFUSED.to_owned(),
            },
            Call::Close => {
                *self = Self::Closed;
                none(())
            }
        }
    }

    fn wait_for_hangup(&mut self) {
        match self {
            Self::Receiver(end) => wait_for_hangup(end),
            Self::Sender(end) => wait_for_hangup(end),
            Self::Connection(end) => wait_for_hangup(end),
            Self::Closed => {}
        }
    }
}

/// Waits until every copy of the peer of `end` is closed.
pub(crate) fn wait_for_hangup(end: impl AsFd) {
    // poll always reports a hangup, even if no event is requested.
    let mut descriptor = [PollFd::new(&end, PollFlags::empty())];
    let limit = Timespec { tv_sec: 60, tv_nsec: 0 };
    let hung_up = poll(&mut descriptor, Some(&limit)).expect("poll succeeds");
    assert_eq!(hung_up, 1, "the peer is not closed");
}

fn outcome<T>(result: Result<T, Error>, value: impl FnOnce(T) -> String) -> String {
    result.map_or_else(error_outcome, value)
}

/// Returns the outcome of receiving into a buffer of dots. After an error, the buffer is included if it was changed.
fn outcome_with_buffer(result: Result<usize, Error>, dots: &[u8]) -> String {
    let changed = dots.iter().any(|byte| *byte != b'.');
    match result {
        Ok(count) => format!("({count}, {})", bytes(dots)),
        Err(error) if changed => format!("{} in {}", error_outcome(error), bytes(dots)),
        Err(error) => error_outcome(error),
    }
}

fn error_outcome(error: Error) -> String {
    match error {
        Error::EndOfFile => "end of file".to_owned(),
        Error::Truncated { .. } => "truncated".to_owned(),
        Error::TooLong { .. } => "too long".to_owned(),
        Error::BadLength { .. } => "bad length".to_owned(),
        Error::BufferTooShort { message, .. } => format!("buffer too short for {}", bytes(message)),
        Error::OutOfRange { .. } => "out of range".to_owned(),
        Error::Pickle(_) => "invalid pickle".to_owned(),
        Error::Io(error) if error.kind() == ErrorKind::BrokenPipe => "broken pipe".to_owned(),
        Error::Io(error) if error.kind() == ErrorKind::ConnectionReset => "connection reset".to_owned(),
        other => other.to_string(),
    }
}

fn bytes(bytes: impl AsRef<[u8]>) -> String {
    format!("b'{}'", bytes.as_ref().escape_ascii())
}

fn truth(truth: bool) -> String {
    if truth { "True" } else { "False" }.to_owned()
}

fn none((): ()) -> String {
    "None".to_owned()
}

/// Returns the same text as `kind` in `peer.py`.
fn kind(object: &Object) -> String {
    match object {
        Object::Str(text) => format!("'{text}'"),
        Object::Int(number) => number.to_string(),
        Object::List(_) => "<class 'list'>".to_owned(),
        other => panic!("no scenario receives {other:?}"),
    }
}
