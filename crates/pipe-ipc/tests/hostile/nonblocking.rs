//! Another holder of an end has told the system not to wait, which holds for every holder: ours waits nevertheless.

use std::os::fd::AsFd;
use std::thread;
use std::time::Duration;

use pipe_ipc::{Error, duplex, pipe, wait};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

/// More than a pipe or a socket pair holds.
const LONG: usize = 4 << 20;

/// Does what another process does that got a copy of `end`.
fn tell_not_to_wait(end: impl AsFd) {
    let copy = end.as_fd().try_clone_to_owned().expect("a copy");
    let flags = fcntl_getfl(&copy).expect("it has flags");
    fcntl_setfl(&copy, flags | OFlags::NONBLOCK).expect("it takes them");
    drop(copy);
    assert!(fcntl_getfl(&end).expect("it has flags").contains(OFlags::NONBLOCK), "the copies share it");
}

fn message() -> Vec<u8> {
    let all: Vec<u8> = (0..251).collect();
    all.repeat(LONG / all.len())
}

/// Holds that a long message that is sent and received at the same time arrives.
fn assert_arrives(
    send: impl FnOnce(&[u8]) -> Result<(), Error> + std::marker::Send,
    receive: impl FnOnce() -> Result<Vec<u8>, Error>,
) {
    thread::scope(|scope| {
        let sending = scope.spawn(|| send(&message()));
        assert!(receive().expect("it arrives") == message(), "the message is another");
        sending.join().expect("it ends").expect("it is sent");
    });
}

#[test]
fn over_a_pipe_a_long_message_arrives() {
    let (mut receiver, mut sender) = pipe().expect("a pipe");
    tell_not_to_wait(&receiver);
    tell_not_to_wait(&sender);
    assert_arrives(
        |message| sender.send_bytes(message),
        || {
            // By then the sender has filled the pipe, and was refused, or is about to be.
            wait(&[&receiver], None)?;
            receiver.recv_bytes()
        },
    );
}

#[test]
fn over_a_two_way_connection_a_long_message_arrives() {
    let (mut left, mut right) = duplex().expect("a socket pair");
    tell_not_to_wait(&left);
    tell_not_to_wait(&right);
    assert_arrives(|message| left.send_bytes(message), || right.recv_bytes());
    assert_arrives(|message| right.send_bytes(message), || left.recv_bytes());
}

#[test]
fn a_long_message_arrives_in_a_buffer() {
    let (mut receiver, mut sender) = pipe().expect("a pipe");
    tell_not_to_wait(&receiver);
    let mut buffer = vec![0; LONG];
    assert_arrives(
        |message| sender.send_bytes(message),
        || receiver.recv_bytes_into(&mut buffer, 0).map(|received| buffer[..received].to_vec()),
    );
}

#[test]
fn one_that_keeps_back_and_one_that_reads_ahead_wait_as_well() {
    let (receiver, sender) = pipe().expect("a pipe");
    tell_not_to_wait(&receiver);
    tell_not_to_wait(&sender);
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
fn poll_says_false_and_then_the_end() {
    let (mut receiver, sender) = pipe().expect("a pipe");
    tell_not_to_wait(&receiver);
    assert!(!receiver.poll(Some(Duration::ZERO)).expect("it can be polled"));
    drop(sender);
    assert!(receiver.poll(None).expect("it can be polled"));
    assert!(matches!(receiver.recv_bytes(), Err(Error::EndOfFile)));
}
