//! A message is broken off in the middle, and not because the other side is gone: its rest, or what follows, must not be
//! taken for another message.
//!
//! What breaks it off here is a time limit of the socket, which is as short as can be, or a reader that leaves a named pipe.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use pipe_ipc::{Connection, Error, Receiver, Sender, wait};
use rustix::fs::{OFlags, fcntl_setfl};

/// More than a socket pair holds.
const LONG: usize = 4 << 20;

/// The message `ok`.
const OK: &[u8] = b"\0\0\0\x02ok";

/// A socket that waits hardly at all, and the bare other side.
fn limited_socket() -> (UnixStream, UnixStream) {
    let (ours, other) = UnixStream::pair().expect("a socket pair");
    let limit = Some(Duration::from_millis(1));
    ours.set_read_timeout(limit).expect("it takes one");
    ours.set_write_timeout(limit).expect("it takes one");
    (ours, other)
}

fn limited<End: From<OwnedFd>>() -> (End, UnixStream) {
    let (ours, other) = limited_socket();
    (OwnedFd::from(ours).into(), other)
}

/// Holds that the time has passed where a message begins.
#[track_caller]
fn assert_timed_out<T: std::fmt::Debug>(result: Result<T, Error>) {
    match result {
        Err(Error::Io(error)) if error.kind() == ErrorKind::TimedOut => {
            assert!(error.to_string().contains("time limit of the socket"), "{error}");
        }
        other => panic!("{other:?}"),
    }
}

/// Holds that a message was broken off, and that the error says so.
#[track_caller]
fn assert_out_of_step<T: std::fmt::Debug>(result: Result<T, Error>) {
    let error = result.expect_err("a message was broken off");
    assert!(
        matches!(&error, Error::Desynchronized { error } if error.kind() == ErrorKind::TimedOut),
        "{error:?}"
    );
    assert!(error.to_string().contains("a message was broken off in the middle"), "{error}");
    assert!(error.to_string().contains("time limit of the socket"), "{error}");
}

#[test]
fn a_time_limit_that_passes_between_messages_is_an_error_and_nothing_is_lost() {
    let (mut ours, mut other) = limited::<Connection>();
    for message in [&b"one"[..], b"two"] {
        assert_timed_out(ours.recv_bytes());
        assert_timed_out(ours.recv::<u8>());
        assert_timed_out(ours.recv_bytes_into(&mut [0; 9], 0));
        other.write_all(&[b"\0\0\0\x03", message].concat()).expect("there is room");
        assert_eq!(ours.recv_bytes().expect("it has come"), message);
    }
}

/// Told not to wait, the system does not look at the limit.
#[test]
fn a_time_limit_holds_where_another_holder_told_the_system_not_to_wait_too() {
    let (mut ours, mut other) = limited::<Connection>();
    fcntl_setfl(&ours, OFlags::NONBLOCK).expect("it takes flags");
    assert_timed_out(ours.recv_bytes());
    other.write_all(OK).expect("there is room");
    assert_eq!(ours.recv_bytes().expect("it has come"), b"ok");
}

/// A way to receive.
type Way = fn(&mut Connection) -> Result<(), Error>;

const WAYS: [Way; 4] = [
    |end| end.recv_bytes().map(drop),
    |end| end.recv_object().map(drop),
    |end| end.recv_bytes_into(&mut [0; 9], 0).map(drop),
    // Too short for the message.
    |end| end.recv_bytes_into(&mut [0; 1], 0).map(drop),
];

#[test]
fn where_a_message_was_broken_off_nothing_is_received_any_more_but_it_is_still_sent() {
    let begun = [&b"\0"[..], b"\xff\xff\xff\xff", b"\xff\xff\xff\xff\0\0\0", b"\0\0\0\x04", b"\0\0\0\x04fou"];
    for begun in begun {
        for receive in WAYS {
            let (mut ours, mut other) = limited::<Connection>();
            other.write_all(begun).expect("there is room");
            assert_out_of_step(receive(&mut ours));
            // The rest of that message, and to whom has forgotten it a message.
            other.write_all(OK).expect("there is room");
            for receive in WAYS {
                assert_out_of_step(receive(&mut ours));
            }
            assert_out_of_step(ours.poll(Some(Duration::ZERO)));
            assert_out_of_step(ours.split().0.recv_bytes_at_most(9));
            ours.send_bytes(b"ok").expect("that direction is in step");
        }
    }
}

#[test]
fn another_handle_and_one_that_reads_ahead_are_out_of_step_too() {
    let (mut ours, mut other) = limited::<Receiver>();
    other.write_all(b"\0\0\0\x04fou").expect("there is room");
    assert_out_of_step(ours.recv_bytes());
    other.write_all(&OK.repeat(2)).expect("there is room");
    assert_out_of_step(ours.try_clone().expect("a handle").recv_bytes());
    assert_out_of_step(ours.buffered().recv_bytes());
}

#[test]
fn one_that_reads_ahead_receives_what_is_whole_before_it_is_out_of_step() {
    let (ours, mut other) = limited::<Receiver>();
    let mut ours = ours.buffered();
    assert_timed_out(ours.recv_bytes());
    other.write_all(b"\0\0\0\x02ok\0\0\0\x04fou").expect("there is room");
    assert_eq!(ours.recv_bytes().expect("it is whole"), b"ok");
    assert_out_of_step(ours.recv_bytes());
    other.write_all(OK).expect("there is room");
    assert_out_of_step(ours.recv_bytes());
}

/// Reads all that has come.
fn drain(other: &mut UnixStream) -> usize {
    other.set_nonblocking(true).expect("it takes it");
    let mut all = Vec::new();
    let error = other.read_to_end(&mut all).expect_err("the other side is open");
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    all.len()
}

#[test]
fn where_a_message_was_sent_in_part_nothing_is_sent_any_more_but_it_is_still_received() {
    let (mut ours, mut other) = limited::<Connection>();
    assert_out_of_step(ours.send_bytes(&vec![7; LONG]));
    assert!(drain(&mut other) < LONG);
    assert_out_of_step(ours.send_bytes(b""));
    assert_out_of_step(ours.send("text"));
    assert_out_of_step(ours.send_object(&true.into()));
    assert_out_of_step(ours.split().1.send_bytes_range(b"text", ..2));
    assert_eq!(drain(&mut other), 0, "nothing more was sent");
    other.write_all(OK).expect("there is room");
    assert_eq!(ours.recv_bytes().expect("that direction is in step"), b"ok");
}

#[test]
fn an_object_that_was_sent_in_part_is_remembered_by_every_handle() {
    let (mut ours, _other) = limited::<Sender>();
    assert_out_of_step(ours.send_object(&"x".repeat(LONG).into()));
    assert_out_of_step(ours.try_clone().expect("a handle").send(&1));
    let mut batched = ours.buffered();
    assert_out_of_step(batched.send(&1));
    assert_out_of_step(batched.finish().expect("nothing was kept back").send(&1));
}

/// Fills the socket from outside, so that not a byte of a message goes.
fn fill(socket: impl AsFd) {
    let mut copy = File::from(socket.as_fd().try_clone_to_owned().expect("a handle"));
    let error = io::copy(&mut io::repeat(7), &mut copy).expect_err("it is full at some time");
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    while copy.write(&[7]).is_ok() {}
}

#[test]
fn where_not_a_byte_of_a_message_was_taken_it_can_be_sent_again() {
    let (mut ours, mut other) = limited::<Connection>();
    fill(&ours);
    assert_timed_out(ours.send_bytes(b"ok"));
    assert_timed_out(ours.send("text"));
    drain(&mut other);
    ours.send_bytes(b"ok").expect("there is room");
    let mut got = [0; 6];
    other.read_exact(&mut got).expect("it has come");
    assert_eq!(got, OK);
}

#[test]
fn what_was_kept_back_and_not_taken_can_be_flushed_again() {
    let (ours, mut other) = limited::<Sender>();
    fill(&ours);
    let mut ours = ours.buffered();
    ours.send_bytes(b"ok").expect("it is kept back");
    assert_timed_out(ours.flush());
    drain(&mut other);
    ours.flush().expect("there is room");
    let mut got = [0; 6];
    other.read_exact(&mut got).expect("it has come");
    assert_eq!(got, OK);
}

/// Its header is kept back, and then there is no room for the body.
#[test]
fn one_that_keeps_back_is_out_of_step_after_a_part_of_a_message() {
    let (ours, _other) = limited::<Sender>();
    fill(&ours);
    let mut ours = ours.buffered();
    assert_out_of_step(ours.send_bytes(&vec![7; LONG]));
    assert_out_of_step(ours.send_bytes(b"ok"));
}

/// Opens the named pipe for reading, and does not wait for who writes.
fn reader_of(path: &Path) -> File {
    let not_waiting = i32::try_from(OFlags::NONBLOCK.bits()).expect("it is a flag");
    File::options().read(true).custom_flags(not_waiting).open(path).expect("it can be opened")
}

/// Who opens the pipe next would take it for the rest.
#[test]
fn after_a_part_of_a_message_nothing_is_sent_to_the_next_reader_of_a_named_pipe() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&path).status().expect("it runs").success());
    let first = reader_of(&path);
    let mut sender = Sender::from(OwnedFd::from(File::create(&path).expect("somebody reads")));
    thread::scope(|scope| {
        let sending = scope.spawn(|| sender.send_bytes(&vec![7; LONG]));
        wait(&[&first], None).expect("it can be waited for");
        drop(first);
        let error = sending.join().expect("it ends").expect_err("nobody reads");
        assert!(matches!(error, Error::Io(error) if error.kind() == ErrorKind::BrokenPipe));
    });
    let mut second = reader_of(&path);
    // What the first left unread is still there. It makes room.
    let error = second.read_to_end(&mut Vec::new()).expect_err("the sender is open");
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    let again = sender.send_bytes(b"ok").expect_err("the first would have got the rest");
    assert!(matches!(again, Error::Io(error) if error.kind() == ErrorKind::BrokenPipe));
    drop(sender);
    let mut all = Vec::new();
    second.read_to_end(&mut all).expect("it can be read");
    assert_eq!(all, b"");
}
