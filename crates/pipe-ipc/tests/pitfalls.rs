//! The traps of pipes: each is shown, and that the way out is one.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use pipe_ipc::{Connection, Error, duplex, pipe};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::{FdFlags, fcntl_getfd};

/// Far longer than anything here takes on a busy machine.
const LIMIT: Duration = Duration::from_secs(30);

/// A process that waits until it is dropped, and then is killed.
struct Bystander(Child);

impl Bystander {
    fn start() -> Self {
        let waiting = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::null()).spawn();
        Self(waiting.expect("it starts"))
    }
}

impl Drop for Bystander {
    fn drop(&mut self) {
        self.0.kill().expect("it runs");
        self.0.wait().expect("it ends");
    }
}

#[test]
fn a_command_that_owns_an_end_keeps_it_open_until_it_is_dropped() {
    let (mut receiver, sender) = pipe().expect("a pipe");
    let mut command = Command::new("true");
    command.stdout(sender);
    command.spawn().expect("it starts").wait().expect("it ends");
    assert!(!receiver.poll(Some(Duration::ZERO)).expect("it can be polled"), "the command holds an end");
    drop(command);
    assert!(receiver.poll(Some(LIMIT)).expect("it can be polled"), "the command is dropped");
    assert!(matches!(receiver.recv_bytes(), Err(Error::EndOfFile)));
}

#[test]
fn a_child_that_is_started_meanwhile_inherits_no_end() {
    let (mut receiver, sender) = pipe().expect("a pipe");
    let (mut left, right) = duplex().expect("a socket pair");
    let copy = sender.try_clone().expect("a handle");
    let _bystander = Bystander::start();
    drop((sender, copy, right));
    assert!(receiver.poll(Some(LIMIT)).expect("it can be polled"), "a copy is open");
    assert!(left.poll(Some(LIMIT)).expect("it can be polled"), "a copy is open");
    assert!(matches!(receiver.recv_bytes(), Err(Error::EndOfFile)));
    assert!(matches!(left.recv_bytes(), Err(Error::EndOfFile)));
}

#[test]
fn no_end_is_inherited_by_what_is_executed() {
    let (receiver, sender) = pipe().expect("a pipe");
    let (left, right) = duplex().expect("a socket pair");
    let (another_receiver, another_sender) = (receiver.try_clone(), sender.try_clone());
    let ends: [OwnedFd; 6] = [
        receiver.into(),
        sender.into(),
        left.into(),
        right.into(),
        another_receiver.expect("a handle").into(),
        another_sender.expect("a handle").into(),
    ];
    for end in ends {
        assert!(fcntl_getfd(&end).expect("it has flags").contains(FdFlags::CLOEXEC), "{end:?}");
    }
}

/// Lets writing fail where it would wait.
fn do_not_wait(end: impl AsFd) {
    let flags = fcntl_getfl(&end).expect("it has flags");
    fcntl_setfl(&end, flags | OFlags::NONBLOCK).expect("it takes them");
}

/// Whether an end takes all of a long message although the other side reads nothing.
fn takes_all_at_once(end: Connection) -> bool {
    do_not_wait(&end);
    let mut end = File::from(OwnedFd::from(end));
    let long = vec![7; 16 << 20];
    matches!(io::copy(&mut &long[..], &mut end), Ok(count) if count == long.len() as u64)
}

/// Each side would write on, and wait for the other to read.
#[test]
fn neither_of_two_sides_that_write_first_can_finish_a_long_message() {
    let (left, right) = duplex().expect("a socket pair");
    let (left_copy, right_copy) = (copy(&left), copy(&right));
    assert!(!takes_all_at_once(left));
    assert!(!takes_all_at_once(right));
    drop((left_copy, right_copy));
}

/// A handle that keeps the connection open.
fn copy(end: &Connection) -> OwnedFd {
    end.as_fd().try_clone_to_owned().expect("a handle")
}

#[test]
fn two_sides_that_write_a_long_message_first_finish_when_each_receives_meanwhile() {
    let long = vec![7; 16 << 20];
    let (mut left, mut right) = duplex().expect("a socket pair");
    let exchange = |end: &mut Connection| {
        let (mut receiving, mut sending) = end.split();
        thread::scope(|scope| {
            let sent = scope.spawn(|| sending.send_bytes(&long));
            assert!(receiving.recv_bytes().expect("it is sent") == long, "the message is another");
            sent.join().expect("it ends").expect("it is received");
        });
    };
    thread::scope(|scope| {
        scope.spawn(|| exchange(&mut left));
        exchange(&mut right);
    });
}

#[test]
fn a_batched_sender_that_is_dropped_sends_what_it_kept_back() {
    let (mut receiver, sender) = pipe().expect("a pipe");
    let mut sender = sender.buffered();
    sender.send_bytes(b"kept back").expect("it is kept back");
    assert!(!receiver.poll(Some(Duration::ZERO)).expect("it can be polled"), "it was not kept back");
    drop(sender);
    assert_eq!(receiver.recv_bytes().expect("it was sent"), b"kept back");
    assert!(matches!(receiver.recv_bytes(), Err(Error::EndOfFile)));
}

#[test]
fn what_is_kept_back_is_sent_once_a_pipe_full_has_come_together() {
    let (mut receiver, sender) = pipe().expect("a pipe");
    let mut sender = sender.buffered();
    let message = vec![7; 30_000];
    for _ in 0..3 {
        sender.send_bytes(&message).expect("it is kept back");
    }
    assert!(receiver.poll(Some(LIMIT)).expect("it can be polled"), "all is kept back");
    assert_eq!(receiver.recv_bytes().expect("it was sent"), message);
}

/// It would go on if it had inherited that a Rust program ignores SIGPIPE.
#[test]
fn a_child_is_ended_by_writing_to_nobody_as_any_program_is() {
    let (receiver, sender) = pipe().expect("a pipe");
    drop(receiver);
    // For a moment a process that another test is just starting may hold a copy of the receiver. What is asked for is
    // nothing; that the other side is closed is always told.
    poll(&mut [PollFd::new(&sender, PollFlags::empty())], None).expect("it can be polled");
    let mut child = Command::new("sh")
        .args(["-c", "echo to nobody; echo it goes on >&2"])
        .stdout(sender)
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut said = String::new();
    child.stderr.take().expect("it is piped").read_to_string(&mut said).expect("it is text");
    child.wait().expect("it ends");
    assert_eq!(said, "");
}
