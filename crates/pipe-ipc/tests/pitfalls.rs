//! The pitfalls of pipes, and how to avoid them.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use pipe_ipc::{Connection, Error, Sender, duplex, pipe};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::{FdFlags, fcntl_getfd};

/// Far longer than any step takes on a busy machine.
const LIMIT: Duration = Duration::from_secs(30);

/// A process that waits until it is killed, on drop.
struct Bystander(Child);

impl Bystander {
    fn start() -> Self {
        let waiting = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::null()).spawn();
        Self(waiting.expect("the process starts"))
    }
}

impl Drop for Bystander {
    fn drop(&mut self) {
        self.0.kill().expect("the process can be killed");
        self.0.wait().expect("the process can be waited for");
    }
}

#[test]
fn a_command_keeps_its_ends_open_until_it_is_dropped() {
    let (mut receiver, sender) = pipe().expect("a pipe can be created");
    let mut command = Command::new("true");
    command.stdout(sender);
    command.spawn().expect("the process starts").wait().expect("the process can be waited for");
    assert!(!receiver.poll(Some(Duration::ZERO)).expect("poll succeeds"), "the command still holds an end");
    drop(command);
    assert!(receiver.poll(Some(LIMIT)).expect("poll succeeds"), "the command is dropped");
    assert!(matches!(receiver.recv_bytes(), Err(Error::EndOfFile)));
}

#[test]
fn an_unrelated_child_process_inherits_no_end() {
    let (mut receiver, sender) = pipe().expect("a pipe can be created");
    let (mut left, right) = duplex().expect("a socket pair can be created");
    let copy = sender.try_clone().expect("the end can be duplicated");
    let _bystander = Bystander::start();
    drop((sender, copy, right));
    assert!(receiver.poll(Some(LIMIT)).expect("poll succeeds"), "a copy is open");
    assert!(left.poll(Some(LIMIT)).expect("poll succeeds"), "a copy is open");
    assert!(matches!(receiver.recv_bytes(), Err(Error::EndOfFile)));
    assert!(matches!(left.recv_bytes(), Err(Error::EndOfFile)));
}

#[test]
fn every_end_is_closed_on_exec() {
    let (receiver, sender) = pipe().expect("a pipe can be created");
    let (left, right) = duplex().expect("a socket pair can be created");
    let (another_receiver, another_sender) = (receiver.try_clone(), sender.try_clone());
    let ends: [OwnedFd; 6] = [
        receiver.into(),
        sender.into(),
        left.into(),
        right.into(),
        another_receiver.expect("the end can be duplicated").into(),
        another_sender.expect("the end can be duplicated").into(),
    ];
    for end in ends {
        assert!(fcntl_getfd(&end).expect("the flags can be read").contains(FdFlags::CLOEXEC), "{end:?}");
    }
}

/// Makes writing fail where it would block.
fn set_nonblocking(end: impl AsFd) {
    let flags = fcntl_getfl(&end).expect("the flags can be read");
    fcntl_setfl(&end, flags | OFlags::NONBLOCK).expect("the flags can be set");
}

/// Returns whether an end accepts a long message while the peer reads nothing.
fn accepts_long_message(end: Connection) -> bool {
    set_nonblocking(&end);
    let mut end = File::from(OwnedFd::from(end));
    let long = vec![7; 16 << 20];
    matches!(io::copy(&mut &long[..], &mut end), Ok(count) if count == long.len() as u64)
}

/// With blocking ends, each side would wait until the other reads.
#[test]
fn two_sides_that_both_write_first_deadlock() {
    let (left, right) = duplex().expect("a socket pair can be created");
    let (left_copy, right_copy) = (copy(&left), copy(&right));
    assert!(!accepts_long_message(left));
    assert!(!accepts_long_message(right));
    drop((left_copy, right_copy));
}

/// Duplicates the end to keep the connection open.
fn copy(end: &Connection) -> OwnedFd {
    end.as_fd().try_clone_to_owned().expect("the end can be duplicated")
}

#[test]
fn two_sides_that_both_write_first_finish_if_each_receives_in_another_thread() {
    let long = vec![7; 16 << 20];
    let (mut left, mut right) = duplex().expect("a socket pair can be created");
    let exchange = |end: &mut Connection| {
        let (mut receiving, mut sending) = end.split();
        thread::scope(|scope| {
            let sent = scope.spawn(|| sending.send_bytes(&long));
            assert!(receiving.recv_bytes().expect("the message is sent") == long, "the message differs");
            sent.join().expect("it ends without a panic").expect("the message is received");
        });
    };
    thread::scope(|scope| {
        scope.spawn(|| exchange(&mut left));
        exchange(&mut right);
    });
}

#[test]
fn a_buffered_sender_is_flushed_on_drop() {
    let (mut receiver, sender) = pipe().expect("a pipe can be created");
    let mut sender = sender.buffered();
    sender.send_bytes(b"buffered").expect("the message is buffered");
    assert!(!receiver.poll(Some(Duration::ZERO)).expect("poll succeeds"), "the message was not buffered");
    drop(sender);
    assert_eq!(receiver.recv_bytes().expect("the message was sent"), b"buffered");
    assert!(matches!(receiver.recv_bytes(), Err(Error::EndOfFile)));
}

#[test]
fn a_buffered_sender_sends_a_full_buffer() {
    let (mut receiver, sender) = pipe().expect("a pipe can be created");
    let mut sender = sender.buffered();
    let message = vec![7; 30_000];
    for _ in 0..3 {
        sender.send_bytes(&message).expect("the message is buffered");
    }
    assert!(receiver.poll(Some(LIMIT)).expect("poll succeeds"), "nothing was sent");
    assert_eq!(receiver.recv_bytes().expect("the message was sent"), message);
}

/// Waits until the receiver is closed: a process that another test is starting may hold a copy for a moment. poll always
/// reports a hangup, even if no event is requested.
fn wait_for_hangup(sender: &Sender) {
    poll(&mut [PollFd::new(sender, PollFlags::empty())], None).expect("poll succeeds");
}

/// A Rust program ignores SIGPIPE. If the child inherited that, it would continue.
#[test]
fn sigpipe_ends_a_child_that_writes_to_a_closed_pipe() {
    let (receiver, sender) = pipe().expect("a pipe can be created");
    drop(receiver);
    wait_for_hangup(&sender);
    let mut child = Command::new("sh")
        .args(["-c", "echo line; echo still running >&2"])
        .stdout(sender)
        .stderr(Stdio::piped())
        .spawn()
        .expect("the process starts");
    let mut stderr = String::new();
    child.stderr.take().expect("it is piped").read_to_string(&mut stderr).expect("the output is text");
    child.wait().expect("the process can be waited for");
    assert_eq!(stderr, "");
}

/// The system sends SIGPIPE to the producer for the pipe too, not only for a closed standard output.
#[test]
fn a_producer_whose_receiver_is_gone_ends_with_an_error() {
    let (receiver, sender) = pipe().expect("a pipe can be created");
    drop(receiver);
    wait_for_hangup(&sender);
    let run = Command::new(env!("CARGO_BIN_EXE_pipe-ipc"))
        .args(["simplex", "producer", "producer1"])
        .stdin(sender)
        .output()
        .expect("the program runs");
    let stderr = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("every receiving end is closed"), "{stderr}");
}
