//! The other side is killed, at every stage of a message.

use std::io::{self, ErrorKind, PipeWriter, Read, Write};
use std::os::fd::AsFd;
use std::process::{Child, Command, Stdio};
use std::thread;

use pipe_ipc::{Error, duplex, pipe, wait};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::ioctl_fionread;

/// A process that writes to an end what it is told to write. Dropped, it is killed.
struct Writer {
    process: Child,
    told: PipeWriter,
}

impl Writer {
    fn to(end: impl Into<Stdio>) -> Self {
        let (reader, told) = io::pipe().expect("a pipe");
        let process = Command::new("cat").stdin(reader).stdout(end).spawn().expect("it starts");
        Self { process, told }
    }

    /// Lets it write `bytes`, and returns when they have come to `end`.
    fn write(&mut self, bytes: &[u8], end: impl AsFd) {
        self.told.write_all(bytes).expect("it reads");
        while ioctl_fionread(&end).expect("it is a pipe or a socket") < bytes.len() as u64 {
            wait(&[&end], None).expect("it can be waited for");
            thread::yield_now();
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        kill(&mut self.process);
    }
}

/// Kills it (`SIGKILL`).
fn kill(process: &mut Child) {
    process.kill().expect("it runs");
    process.wait().expect("it ends");
}

/// What had been written when the other side was killed, and whether that is the end of the stream or inside a message.
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

/// Holds that the message that is whole is received, and then the error that is right.
fn assert_finishes(mut receive: impl FnMut() -> Result<Vec<u8>, Error>, written: &[u8], at_a_boundary: bool) {
    if written.len() >= 8 && written.starts_with(b"\0") {
        assert_eq!(receive().expect("it is whole"), b"four");
    }
    let error = receive().expect_err("nothing more is whole");
    assert_eq!(matches!(error, Error::EndOfFile), at_a_boundary, "{error}, after {written:?}");
    assert_eq!(matches!(error, Error::Truncated { .. }), !at_a_boundary, "{error}, after {written:?}");
}

#[test]
fn of_a_killed_sender_the_messages_that_are_whole_are_received_and_then_the_end_or_what_is_lost() {
    for (written, at_a_boundary) in STAGES {
        let (mut receiver, sender) = pipe().expect("a pipe");
        let mut writer = Writer::to(sender);
        writer.write(written, &receiver);
        drop(writer);
        assert_finishes(|| receiver.recv_bytes(), written, at_a_boundary);
    }
}

#[test]
fn over_a_two_way_connection_too() {
    for (written, at_a_boundary) in STAGES {
        let (mut left, right) = duplex().expect("a socket pair");
        let mut writer = Writer::to(right);
        writer.write(written, &left);
        drop(writer);
        assert_finishes(|| left.recv_bytes(), written, at_a_boundary);
    }
}

#[test]
fn one_that_waits_for_the_rest_of_a_message_is_told_when_the_sender_is_killed() {
    let (mut receiver, sender) = pipe().expect("a pipe");
    let mut writer = Writer::to(sender);
    writer.write(b"\0\0\0\x04fo", &receiver);
    thread::scope(|scope| {
        let waiting = scope.spawn(move || receiver.recv_bytes());
        drop(writer);
        let error = waiting.join().expect("it ends").expect_err("the rest never comes");
        assert!(matches!(error, Error::Truncated { expected: 4, received: 2 }), "{error}");
    });
}

/// More than everything between two processes holds.
const LONG: usize = 16 << 20;

/// Holds that sending ends with an error when the receiver, which holds `end`, is killed inside the message.
fn error_when_the_receiver_is_killed(
    end: impl Into<Stdio>,
    send: impl FnOnce(&[u8]) -> Result<(), Error> + std::marker::Send,
) -> ErrorKind {
    let (mut seen, its_output) = io::pipe().expect("a pipe");
    // Nobody reads more than a byte of what it passes on, so it stops reading.
    let mut process = Command::new("cat").stdin(end).stdout(its_output).spawn().expect("it starts");
    thread::scope(|scope| {
        let sending = scope.spawn(|| send(&vec![7; LONG]));
        seen.read_exact(&mut [0]).expect("the message has begun to arrive");
        kill(&mut process);
        match sending.join().expect("it ends") {
            Err(Error::Io(error)) => error.kind(),
            other => panic!("{other:?}"),
        }
    })
}

#[test]
fn a_sender_whose_receiver_is_killed_inside_a_message_is_told() {
    let (receiver, mut sender) = pipe().expect("a pipe");
    let kind = error_when_the_receiver_is_killed(receiver, |message| sender.send_bytes(message));
    assert_eq!(kind, ErrorKind::BrokenPipe);
    let again = sender.send_bytes(b"").expect_err("nobody receives");
    assert!(matches!(again, Error::Io(error) if error.kind() == ErrorKind::BrokenPipe));
}

/// The system says it in two ways: it depends on whether something was left unread.
#[test]
fn a_two_way_sender_whose_receiver_is_killed_inside_a_message_is_told() {
    let (mut left, right) = duplex().expect("a socket pair");
    let kind = error_when_the_receiver_is_killed(right, |message| left.send_bytes(message));
    assert!(matches!(kind, ErrorKind::BrokenPipe | ErrorKind::ConnectionReset), "{kind}");
    let again = left.send_bytes(b"").expect_err("nobody receives");
    assert!(matches!(again, Error::Io(error) if error.kind() == ErrorKind::BrokenPipe));
}

/// For a moment a process that another test is just starting may hold a copy of a receiver.
fn wait_until_nobody_receives(sender: impl AsFd) {
    // What is asked for is nothing; that the other side is closed is always told.
    poll(&mut [PollFd::new(&sender, PollFlags::empty())], None).expect("it can be polled");
}

#[test]
fn what_was_kept_back_for_a_killed_receiver_is_told_by_flush() {
    let (receiver, sender) = pipe().expect("a pipe");
    let mut process = Command::new("cat").stdin(receiver).stdout(Stdio::null()).spawn().expect("it starts");
    let copy = sender.as_fd().try_clone_to_owned().expect("a handle");
    let mut sender = sender.buffered();
    sender.send_bytes(b"kept back").expect("it is kept back");
    kill(&mut process);
    wait_until_nobody_receives(&copy);
    let error = sender.flush().expect_err("nobody receives");
    assert!(matches!(error, Error::Io(error) if error.kind() == ErrorKind::BrokenPipe));
}
