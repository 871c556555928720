//! The peer is killed at every stage of a message.

use std::io::{self, ErrorKind, PipeWriter, Read, Write};
use std::os::fd::AsFd;
use std::process::{Child, Command, Stdio};
use std::thread;

use pipe_ipc::{Error, Waitable, duplex, pipe, wait};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::ioctl_fionread;

/// A process that copies its standard input to an end, killed on drop.
struct Writer {
    process: Child,
    input: PipeWriter,
}

impl Writer {
    fn to(end: impl Into<Stdio>) -> Self {
        let (reader, input) = io::pipe().expect("a pipe can be created");
        let process = Command::new("cat").stdin(reader).stdout(end).spawn().expect("the process starts");
        Self { process, input }
    }

    /// Writes `bytes` through the process, and waits until `end` has received them.
    fn write(&mut self, bytes: &[u8], end: &impl Waitable) {
        self.input.write_all(bytes).expect("the process reads");
        while ioctl_fionread(end).expect("the end is a pipe or a socket") < bytes.len() as u64 {
            wait(&[end], None).expect("poll succeeds");
            thread::yield_now();
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        kill(&mut self.process);
    }
}

/// Kills the process with `SIGKILL`.
fn kill(process: &mut Child) {
    process.kill().expect("the process can be killed");
    process.wait().expect("the process can be waited for");
}

/// What the peer had written when it was killed, and whether the stream then ends between two messages.
const STAGES: [(&[u8], bool); 8] = [
    (b"", true),
    (b"\0\0", false),
    (b"\0\0\0\x04", false),
    (b"\0\0\0\x04fo", false),
    (b"\0\0\0\x04four", true),
    (b"\0\0\0\x04four\0", false),
    (b"\xff\xff\xff\xff", false),
    (b"\xff\xff\xff\xff\0\0\0", false),
];

/// Asserts that the complete message is received, if there is one, and then the right error.
fn assert_ends(mut receive: impl FnMut() -> Result<Vec<u8>, Error>, written: &[u8], at_a_boundary: bool) {
    if written.len() >= 8 && written.starts_with(b"\0") {
        assert_eq!(receive().expect("the message is complete"), b"four");
    }
    let error = receive().expect_err("no other message is complete");
    assert_eq!(matches!(error, Error::EndOfFile), at_a_boundary, "{error}, after {written:?}");
    assert_eq!(matches!(error, Error::Truncated { .. }), !at_a_boundary, "{error}, after {written:?}");
}

#[test]
fn complete_messages_of_a_killed_sender_are_received_and_a_partial_one_is_truncated() {
    for (written, at_a_boundary) in STAGES {
        let (mut receiver, sender) = pipe().expect("a pipe can be created");
        let mut writer = Writer::to(sender);
        writer.write(written, &receiver);
        drop(writer);
        assert_ends(|| receiver.recv_bytes(), written, at_a_boundary);
    }
}

#[test]
fn complete_messages_of_a_killed_peer_are_received_over_a_two_way_connection() {
    for (written, at_a_boundary) in STAGES {
        let (mut left, right) = duplex().expect("a socket pair can be created");
        let mut writer = Writer::to(right);
        writer.write(written, &left);
        drop(writer);
        assert_ends(|| left.recv_bytes(), written, at_a_boundary);
    }
}

#[test]
fn a_blocked_receiver_gets_an_error_when_the_sender_is_killed() {
    let (mut receiver, sender) = pipe().expect("a pipe can be created");
    let mut writer = Writer::to(sender);
    writer.write(b"\0\0\0\x04fo", &receiver);
    thread::scope(|scope| {
        let waiting = scope.spawn(move || receiver.recv_bytes());
        drop(writer);
        let error = waiting.join().expect("it ends without a panic").expect_err("the message is truncated");
        assert!(matches!(error, Error::Truncated { expected: 4, received: 2 }), "{error}");
    });
}

/// More than the pipes and processes between two ends hold, in bytes.
const LONG: usize = 16 << 20;

/// Kills the receiver, which holds `end`, inside a message. Returns the error of the sender.
fn error_when_the_receiver_is_killed(
    end: impl Into<Stdio>,
    send: impl FnOnce(&[u8]) -> Result<(), Error> + std::marker::Send,
) -> ErrorKind {
    let (mut seen, its_output) = io::pipe().expect("a pipe can be created");
    // It stops reading when its own output is full, and only one byte of that is read.
    let mut process = Command::new("cat").stdin(end).stdout(its_output).spawn().expect("the process starts");
    thread::scope(|scope| {
        let sending = scope.spawn(|| send(&vec![7; LONG]));
        seen.read_exact(&mut [0]).expect("the message has begun to arrive");
        kill(&mut process);
        match sending.join().expect("it ends without a panic") {
            Err(Error::Io(error)) => error.kind(),
            other => panic!("{other:?}"),
        }
    })
}

#[test]
fn a_sender_gets_a_broken_pipe_when_its_receiver_is_killed_inside_a_message() {
    let (receiver, mut sender) = pipe().expect("a pipe can be created");
    let kind = error_when_the_receiver_is_killed(receiver, |message| sender.send_bytes(message));
    assert_eq!(kind, ErrorKind::BrokenPipe);
    let again = sender.send_bytes(b"").expect_err("the receiver is closed");
    assert!(matches!(again, Error::Io(error) if error.kind() == ErrorKind::BrokenPipe));
}

/// The system reports a connection reset if data was left unread, and a broken pipe otherwise.
#[test]
fn a_two_way_sender_gets_an_error_when_its_peer_is_killed_inside_a_message() {
    let (mut left, right) = duplex().expect("a socket pair can be created");
    let kind = error_when_the_receiver_is_killed(right, |message| left.send_bytes(message));
    assert!(matches!(kind, ErrorKind::BrokenPipe | ErrorKind::ConnectionReset), "{kind}");
    let again = left.send_bytes(b"").expect_err("the receiver is closed");
    assert!(matches!(again, Error::Io(error) if error.kind() == ErrorKind::BrokenPipe));
}

/// Waits until every copy of the receiver is closed. A process that another test is starting may hold one for a moment.
fn wait_for_hangup(sender: impl AsFd) {
    // poll always reports a hangup, even if no event is requested.
    poll(&mut [PollFd::new(&sender, PollFlags::empty())], None).expect("poll succeeds");
}

#[test]
fn flush_returns_an_error_when_the_receiver_is_killed() {
    let (receiver, sender) = pipe().expect("a pipe can be created");
    let mut process =
        Command::new("cat").stdin(receiver).stdout(Stdio::null()).spawn().expect("the process starts");
    let copy = sender.as_fd().try_clone_to_owned().expect("the end can be duplicated");
    let mut sender = sender.buffered();
    sender.send_bytes(b"buffered").expect("the message is buffered");
    kill(&mut process);
    wait_for_hangup(&copy);
    let error = sender.flush().expect_err("the receiver is closed");
    assert!(matches!(error, Error::Io(error) if error.kind() == ErrorKind::BrokenPipe));
}
