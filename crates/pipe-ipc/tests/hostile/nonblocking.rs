//! Another process makes a shared end non-blocking. The end of this crate still blocks.

use std::os::fd::AsFd;
use std::thread;
use std::time::Duration;

use pipe_ipc::{Error, duplex, pipe, wait};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

/// More than a pipe or a socket pair holds, in bytes.
const LONG: usize = 4 << 20;

/// Does what another process with a copy of `end` may do.
fn set_nonblocking(end: impl AsFd) {
    let copy = end.as_fd().try_clone_to_owned().expect("the end can be duplicated");
    let flags = fcntl_getfl(&copy).expect("the flags can be read");
    fcntl_setfl(&copy, flags | OFlags::NONBLOCK).expect("the flags can be set");
    drop(copy);
    assert!(
        fcntl_getfl(&end).expect("the flags can be read").contains(OFlags::NONBLOCK),
        "the copies share the flag"
    );
}

fn message() -> Vec<u8> {
    let all: Vec<u8> = (0..251).collect();
    all.repeat(LONG / all.len())
}

/// Sends and receives a long message at the same time. Asserts that it arrives.
fn assert_arrives(
    send: impl FnOnce(&[u8]) -> Result<(), Error> + std::marker::Send,
    receive: impl FnOnce() -> Result<Vec<u8>, Error>,
) {
    thread::scope(|scope| {
        let sending = scope.spawn(|| send(&message()));
        assert!(receive().expect("the message is received") == message(), "the message differs");
        sending.join().expect("it ends without a panic").expect("the message is sent");
    });
}

#[test]
fn a_long_message_arrives_over_a_nonblocking_pipe() {
    let (mut receiver, mut sender) = pipe().expect("a pipe can be created");
    set_nonblocking(&receiver);
    set_nonblocking(&sender);
    assert_arrives(
        |message| sender.send_bytes(message),
        || {
            // By now the sender has filled the pipe and gets `WouldBlock`, or soon will.
            wait(&[&receiver], None)?;
            receiver.recv_bytes()
        },
    );
}

#[test]
fn a_long_message_arrives_over_a_nonblocking_connection() {
    let (mut left, mut right) = duplex().expect("a socket pair can be created");
    set_nonblocking(&left);
    set_nonblocking(&right);
    assert_arrives(|message| left.send_bytes(message), || right.recv_bytes());
    assert_arrives(|message| right.send_bytes(message), || left.recv_bytes());
}

#[test]
fn a_long_message_arrives_in_a_buffer_over_a_nonblocking_pipe() {
    let (mut receiver, mut sender) = pipe().expect("a pipe can be created");
    set_nonblocking(&receiver);
    let mut buffer = vec![0; LONG];
    assert_arrives(
        |message| sender.send_bytes(message),
        || receiver.recv_bytes_into(&mut buffer, 0).map(|received| buffer[..received].to_vec()),
    );
}

#[test]
fn buffered_ends_block_on_a_nonblocking_pipe() {
    let (receiver, sender) = pipe().expect("a pipe can be created");
    set_nonblocking(&receiver);
    set_nonblocking(&sender);
    let (mut receiver, mut sender) = (receiver.buffered(), sender.buffered());
    assert_arrives(
        |message| {
            message.chunks(10_000).try_for_each(|part| sender.send_bytes(part))?;
            sender.flush()
        },
        || {
            message()
                .chunks(10_000)
                .map(|_| receiver.recv_bytes())
                .collect::<Result<Vec<_>, _>>()
                .map(|all| all.concat())
        },
    );
}

#[test]
fn poll_works_on_a_nonblocking_pipe() {
    let (mut receiver, sender) = pipe().expect("a pipe can be created");
    set_nonblocking(&receiver);
    assert!(!receiver.poll(Some(Duration::ZERO)).expect("poll succeeds"));
    drop(sender);
    assert!(receiver.poll(None).expect("poll succeeds"));
    assert!(matches!(receiver.recv_bytes(), Err(Error::EndOfFile)));
}
