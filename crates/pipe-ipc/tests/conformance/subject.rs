//! The calls that are compared, and what they come to, in words.
//!
//! A value is what Python's `repr` makes of it; an error is a few words which both languages' errors are put into.

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
    /// Into so many dots, from an offset on.
    RecvBytesInto(usize, i32),
    /// For so many milliseconds, or for ever.
    Poll(Option<u64>),
    Send(&'static str),
    SendBytes(&'static [u8]),
    /// Part of the bytes: from an offset on, of a size.
    SendBytesPart(&'static [u8], i32, Option<i32>),
    Close,
}

/// What the calls are made on.
pub(crate) trait Subject {
    fn name(&self) -> &'static str;

    /// Makes the call, and says what it came to.
    fn make(&mut self, call: Call) -> String;

    /// Waits until the last copy of the other side is closed. For a moment a process that another test is just starting
    /// may hold one.
    fn wait_until_alone(&mut self);
}

impl Subject for CPython {
    fn name(&self) -> &'static str {
        "CPython"
    }

    fn make(&mut self, call: Call) -> String {
        in_words(&self.ask(&call.in_python()))
    }

    fn wait_until_alone(&mut self) {
        assert_eq!(self.ask("wait_until_alone()"), "None");
    }
}

impl Call {
    fn in_python(self) -> String {
        match self {
            Self::Recv => "kind(connection.recv())".to_owned(),
            Self::RecvBytes => "connection.recv_bytes()".to_owned(),
            Self::RecvBytesAtMost(max_length) => format!("connection.recv_bytes({max_length})"),
            Self::RecvBytesInto(room, offset) => format!("into({room}, {offset})"),
            Self::Poll(Some(milliseconds)) => format!("connection.poll({milliseconds} / 1000)"),
            Self::Poll(None) => "connection.poll(None)".to_owned(),
            Self::Send(text) => format!("connection.send({text:?})"),
            Self::SendBytes(message) => format!("connection.send_bytes({})", bytes(message)),
            Self::SendBytesPart(buffer, offset, Some(size)) => {
                format!("connection.send_bytes({}, {offset}, {size})", bytes(buffer))
            }
            Self::SendBytesPart(buffer, offset, None) => {
                format!("connection.send_bytes({}, {offset})", bytes(buffer))
            }
            Self::Close => "connection.close()".to_owned(),
        }
    }
}

/// What an answer of `CPython` is in the words of this module, where there are some.
fn in_words(answer: &str) -> String {
    let Some((kind, message)) =
        answer.split_once(": ").filter(|(kind, _)| kind.chars().all(char::is_alphanumeric))
    else {
        return answer.to_owned();
    };
    match (kind, message) {
        ("EOFError", "") => "end of file".to_owned(),
        ("OSError", "got end of file during message") => "truncated".to_owned(),
        ("OSError", "bad message length") => "too long".to_owned(),
        ("BufferTooShort", message) => format!("too short a buffer for {message}"),
        ("BrokenPipeError", _) => "broken pipe".to_owned(),
        ("ConnectionResetError", _) => "connection reset".to_owned(),
        ("UnpicklingError", _) => "no object".to_owned(),
        ("OverflowError" | "MemoryError", _) => kind.to_owned(),
        _ => answer.to_owned(),
    }
}

/// An end of ours; nothing once it is closed.
pub(crate) enum Ours {
    Receiver(Receiver),
    Sender(Sender),
    Connection(Connection),
    Closed,
}

/// What a call comes to that the compiler refuses: `tests/refused.rs` shows that it does.
pub(crate) const REFUSED: &str = "does not compile";

/// Does it with an end that receives; with any other it would not compile.
macro_rules! receiving {
    ($subject:expr, $end:ident => $call:expr) => {
        match $subject {
            Ours::Receiver($end) => $call,
            Ours::Connection($end) => $call,
            Ours::Sender(_) | Ours::Closed => REFUSED.to_owned(),
        }
    };
}

/// Does it with an end that sends; with any other it would not compile.
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
        "ours"
    }

    fn make(&mut self, call: Call) -> String {
        let length = |length: i32| usize::try_from(length).ok();
        match call {
            Call::Recv => receiving!(self, end => words(end.recv_object(), kind)),
            Call::RecvBytes => receiving!(self, end => words(end.recv_bytes(), bytes)),
            Call::RecvBytesAtMost(max_length) => {
                let Some(max_length) = length(max_length) else { return REFUSED.to_owned() };
                receiving!(self, end => words(end.recv_bytes_at_most(max_length), bytes))
            }
            Call::RecvBytesInto(room, offset) => {
                let Some(offset) = length(offset) else { return REFUSED.to_owned() };
                let mut dots = vec![b'.'; room];
                receiving!(self, end => {
                    let received = end.recv_bytes_into(&mut dots, offset);
                    words_and_dots(received, &dots)
                })
            }
            Call::Poll(milliseconds) => {
                receiving!(self, end => words(end.poll(milliseconds.map(Duration::from_millis)), truth))
            }
            Call::Send(text) => sending!(self, end => words(end.send(text), none)),
            Call::SendBytes(message) => sending!(self, end => words(end.send_bytes(message), none)),
            Call::SendBytesPart(buffer, offset, size) => match (length(offset), size.map(length)) {
                (Some(offset), None) => {
                    sending!(self, end => words(end.send_bytes_range(buffer, offset..), none))
                }
                (Some(offset), Some(Some(size))) => {
                    sending!(self, end => words(end.send_bytes_range(buffer, offset..offset + size), none))
                }
                _ => REFUSED.to_owned(),
            },
            Call::Close => {
                *self = Self::Closed;
                none(())
            }
        }
    }

    fn wait_until_alone(&mut self) {
        match self {
            Self::Receiver(end) => wait_until_alone(end),
            Self::Sender(end) => wait_until_alone(end),
            Self::Connection(end) => wait_until_alone(end),
            Self::Closed => {}
        }
    }
}

/// Waits until the last copy of the other side of `end` is closed.
pub(crate) fn wait_until_alone(end: impl AsFd) {
    // What is asked for is nothing; that the other side is closed is always told.
    let mut descriptor = [PollFd::new(&end, PollFlags::empty())];
    let limit = Timespec { tv_sec: 60, tv_nsec: 0 };
    let closed = poll(&mut descriptor, Some(&limit)).expect("it can be polled");
    assert_eq!(closed, 1, "the other side is not closed");
}

fn words<T>(result: Result<T, Error>, value: impl FnOnce(T) -> String) -> String {
    result.map_or_else(words_for, value)
}

/// What came of receiving into dots; of an error, what they are only if they are no dots any more.
fn words_and_dots(result: Result<usize, Error>, dots: &[u8]) -> String {
    let written = dots.iter().any(|byte| *byte != b'.');
    match result {
        Ok(count) => format!("({count}, {})", bytes(dots)),
        Err(error) if written => format!("{} in {}", words_for(error), bytes(dots)),
        Err(error) => words_for(error),
    }
}

fn words_for(error: Error) -> String {
    match error {
        Error::EndOfFile => "end of file".to_owned(),
        Error::Truncated { .. } => "truncated".to_owned(),
        Error::TooLong { .. } => "too long".to_owned(),
        Error::BadLength { .. } => "bad length".to_owned(),
        Error::BufferTooShort { message, .. } => format!("too short a buffer for {}", bytes(message)),
        Error::OutOfRange { .. } => "out of range".to_owned(),
        Error::Pickle(_) => "no object".to_owned(),
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

/// As the function of that name in `peer.py`, for what comes here.
fn kind(object: Object) -> String {
    match object {
        Object::Str(text) => format!("'{text}'"),
        Object::Int(number) => number.to_string(),
        Object::List(_) => "<class 'list'>".to_owned(),
        other => panic!("{other:?} has no words"),
    }
}
