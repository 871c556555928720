//! An I/O error occurs inside a message while the peer is still open: neither the rest of the message nor the next bytes may
//! be taken for another message.
//!
//! The error here is a very short timeout of the socket, or the reader of a named pipe that closes it.

use std::fmt::Debug;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use pipe_ipc::{BufferedSender, Connection, Error, Receiver, Sender};
use rustix::fs::{OFlags, fcntl_setfl};
use rustix::io::ioctl_fionread;

/// More than a socket pair holds, in bytes.
const LONG: usize = 4 << 20;

/// The message `ok` with its header.
const OK: &[u8] = b"\0\0\0\x02ok";

/// Returns a socket with a very short timeout, and its peer.
fn socket_with_timeout() -> (UnixStream, UnixStream) {
    let (ours, peer) = UnixStream::pair().expect("a socket pair can be created");
    let timeout = Some(Duration::from_millis(1));
    ours.set_read_timeout(timeout).expect("the timeout can be set");
    ours.set_write_timeout(timeout).expect("the timeout can be set");
    (ours, peer)
}

fn with_timeout<End: From<OwnedFd>>() -> (End, UnixStream) {
    let (ours, peer) = socket_with_timeout();
    (OwnedFd::from(ours).into(), peer)
}

/// Asserts that the timeout expired at the start of a message.
#[track_caller]
fn assert_timed_out<T: Debug>(result: Result<T, Error>) {
    match result {
        Err(Error::Io(error)) if error.kind() == ErrorKind::TimedOut => {
            assert!(error.to_string().contains("timeout of the socket"), "{error}");
        }
        peer => panic!("{peer:?}"),
    }
}

/// Asserts that the timeout expired inside a message.
#[track_caller]
fn assert_desynchronized<T: Debug>(result: Result<T, Error>) {
    let error = result.expect_err("the timeout expired inside a message");
    assert!(
        matches!(&error, Error::Desynchronized { error } if error.kind() == ErrorKind::TimedOut),
        "{error:?}"
    );
    assert!(error.to_string().contains("I/O error inside a message"), "{error}");
    assert!(error.to_string().contains("timeout of the socket"), "{error}");
}

#[test]
fn no_data_is_lost_if_the_timeout_expires_between_messages() {
    let (mut ours, mut peer) = with_timeout::<Connection>();
    for message in [&b"one"[..], b"two"] {
        assert_timed_out(ours.recv_bytes());
        assert_timed_out(ours.recv::<u8>());
        assert_timed_out(ours.recv_bytes_into(&mut [0; 9], 0));
        peer.write_all(&[b"\0\0\0\x03", message].concat()).expect("the buffer has space");
        assert_eq!(ours.recv_bytes().expect("the message has arrived"), message);
    }
}

/// On a non-blocking socket the system ignores the timeout.
#[test]
fn the_timeout_of_a_nonblocking_socket_is_kept() {
    let (mut ours, mut peer) = with_timeout::<Connection>();
    fcntl_setfl(&ours, OFlags::NONBLOCK).expect("the flags can be set");
    assert_timed_out(ours.recv_bytes());
    peer.write_all(OK).expect("the buffer has space");
    assert_eq!(ours.recv_bytes().expect("the message has arrived"), b"ok");
}

/// A method that receives.
type Method = fn(&mut Connection) -> Result<(), Error>;

const METHODS: [Method; 4] = [
    |end| end.recv_bytes().map(drop),
    |end| end.recv_object().map(drop),
    |end| end.recv_bytes_into(&mut [0; 9], 0).map(drop),
    // Too short for the message.
    |end| end.recv_bytes_into(&mut [0; 1], 0).map(drop),
];

#[test]
fn an_end_can_only_send_after_an_error_inside_a_received_message() {
    let begun = [&b"\0"[..], b"\xff\xff\xff\xff", b"\xff\xff\xff\xff\0\0\0", b"\0\0\0\x04", b"\0\0\0\x04fou"];
    for begun in begun {
        for receive in METHODS {
            let (mut ours, mut peer) = with_timeout::<Connection>();
            peer.write_all(begun).expect("the buffer has space");
            assert_desynchronized(receive(&mut ours));
            // The rest of the message, which looks like a message itself.
            peer.write_all(OK).expect("the buffer has space");
            for receive in METHODS {
                assert_desynchronized(receive(&mut ours));
            }
            assert_desynchronized(ours.poll(Some(Duration::ZERO)));
            assert_desynchronized(ours.split().0.recv_bytes_at_most(9));
            ours.send_bytes(b"ok").expect("this direction is still synchronized");
        }
    }
}

#[test]
fn a_clone_and_a_buffered_receiver_inherit_the_error() {
    let (mut ours, mut peer) = with_timeout::<Receiver>();
    peer.write_all(b"\0\0\0\x04fou").expect("the buffer has space");
    assert_desynchronized(ours.recv_bytes());
    peer.write_all(&OK.repeat(2)).expect("the buffer has space");
    assert_desynchronized(ours.try_clone().expect("the end can be duplicated").recv_bytes());
    assert_desynchronized(ours.buffered().recv_bytes());
}

#[test]
fn a_buffered_receiver_receives_complete_messages_before_the_error() {
    let (ours, mut peer) = with_timeout::<Receiver>();
    let mut ours = ours.buffered();
    assert_timed_out(ours.recv_bytes());
    peer.write_all(b"\0\0\0\x02ok\0\0\0\x04fou").expect("the buffer has space");
    assert_eq!(ours.recv_bytes().expect("the message is complete"), b"ok");
    assert_desynchronized(ours.recv_bytes());
    peer.write_all(OK).expect("the buffer has space");
    assert_desynchronized(ours.recv_bytes());
}

/// Reads everything that has arrived, and returns its length.
fn drain(peer: &mut UnixStream) -> usize {
    peer.set_nonblocking(true).expect("the flag can be set");
    let mut all = Vec::new();
    let error = peer.read_to_end(&mut all).expect_err("the peer is open");
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    all.len()
}

#[test]
fn an_end_can_only_receive_after_an_error_inside_a_sent_message() {
    let (mut ours, mut peer) = with_timeout::<Connection>();
    assert_desynchronized(ours.send_bytes(&vec![7; LONG]));
    assert!(drain(&mut peer) < LONG);
    assert_desynchronized(ours.send_bytes(b""));
    assert_desynchronized(ours.send("text"));
    assert_desynchronized(ours.send_object(&true.into()));
    assert_desynchronized(ours.split().1.send_bytes_range(b"text", ..2));
    assert_eq!(drain(&mut peer), 0, "nothing more was sent");
    peer.write_all(OK).expect("the buffer has space");
    assert_eq!(ours.recv_bytes().expect("this direction is still synchronized"), b"ok");
}

#[test]
fn a_clone_and_a_buffered_sender_inherit_the_error() {
    let (mut ours, _other) = with_timeout::<Sender>();
    assert_desynchronized(ours.send_object(&"x".repeat(LONG).into()));
    assert_desynchronized(ours.try_clone().expect("the end can be duplicated").send(&1));
    let mut buffered = ours.buffered();
    assert_desynchronized(buffered.send(&1));
    assert_desynchronized(buffered.flush());
    assert_desynchronized(buffered.finish());
}

/// Fills the socket, so that it accepts no byte of a message.
fn fill(socket: impl AsFd) {
    let mut copy = File::from(socket.as_fd().try_clone_to_owned().expect("the end can be duplicated"));
    let error = io::copy(&mut io::repeat(7), &mut copy).expect_err("the socket is full");
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    while copy.write(&[7]).is_ok() {}
}

#[test]
fn a_message_of_which_nothing_was_sent_can_be_sent_again() {
    let (mut ours, mut peer) = with_timeout::<Connection>();
    fill(&ours);
    assert_timed_out(ours.send_bytes(b"ok"));
    assert_timed_out(ours.send("text"));
    drain(&mut peer);
    ours.send_bytes(b"ok").expect("the buffer has space");
    let mut received = [0; 6];
    peer.read_exact(&mut received).expect("the message has arrived");
    assert_eq!(received, OK);
}

#[test]
fn a_buffer_of_which_nothing_was_sent_can_be_flushed_again() {
    let (ours, mut peer) = with_timeout::<Sender>();
    fill(&ours);
    let mut ours = ours.buffered();
    ours.send_bytes(b"ok").expect("the message is buffered");
    assert_timed_out(ours.flush());
    drain(&mut peer);
    ours.flush().expect("the buffer has space");
    let mut received = [0; 6];
    peer.read_exact(&mut received).expect("the message has arrived");
    assert_eq!(received, OK);
}

/// Whatever room is left in the buffer: no header is buffered without its body.
#[test]
fn a_message_that_a_full_buffer_does_not_take_can_be_sent_again() {
    for length in 12..32_u8 {
        let (ours, mut peer) = with_timeout::<Sender>();
        fill(&ours);
        let mut ours = ours.buffered();
        let message = vec![length; length.into()];
        let mut sent = 0;
        let full = loop {
            match ours.send_bytes(&message) {
                Ok(()) => sent += 1,
                error => break error,
            }
        };
        assert_timed_out(full);
        drain(&mut peer);
        ours.send_bytes(&message).expect("the socket takes the buffer");
        ours.flush().expect("the socket takes the message");
        let mut received = vec![0; (sent + 1) * (4 + message.len())];
        peer.set_nonblocking(false).expect("the flag can be set");
        peer.read_exact(&mut received).expect("all messages have arrived");
        assert_eq!(received, [&[0, 0, 0, length], &message[..]].concat().repeat(sent + 1));
    }
}

/// The header is buffered, and then the socket does not accept the body. The header without its body must not be sent.
#[test]
fn a_buffered_sender_sends_nothing_more_after_an_error_inside_a_message() {
    let endings: [fn(BufferedSender); 2] = [|sender| assert_desynchronized(sender.finish()), drop];
    for end in endings {
        let (ours, mut peer) = with_timeout::<Sender>();
        fill(&ours);
        let mut ours = ours.buffered();
        assert_desynchronized(ours.send_bytes(&vec![7; LONG]));
        drain(&mut peer);
        assert_desynchronized(ours.send_bytes(b"ok"));
        assert_desynchronized(ours.flush());
        end(ours);
        let mut rest = Vec::new();
        peer.set_nonblocking(false).expect("the flag can be set");
        peer.read_to_end(&mut rest).expect("the sender is closed");
        assert_eq!(rest, b"");
    }
}

/// Opens a named pipe for reading without waiting for a writer.
fn reader_of(path: &Path) -> File {
    let nonblocking = i32::try_from(OFlags::NONBLOCK.bits()).expect("it is a flag");
    File::options().read(true).custom_flags(nonblocking).open(path).expect("the named pipe can be opened")
}

/// Creates a named pipe in `folder`.
fn named_pipe(folder: &Path) -> PathBuf {
    let path = folder.join("pipe");
    assert!(Command::new("mkfifo").arg(&path).status().expect("the program runs").success());
    path
}

/// Returns a sender to a named pipe that has a reader.
fn sender_to(path: &Path) -> Sender {
    OwnedFd::from(File::create(path).expect("the pipe has a reader")).into()
}

#[track_caller]
fn assert_broken_pipe<T: Debug>(result: Result<T, Error>) {
    let error = result.expect_err("the reader has closed the pipe");
    assert!(matches!(&error, Error::Io(error) if error.kind() == ErrorKind::BrokenPipe), "{error:?}");
}

/// Reads what an earlier reader has left, so that the pipe has space.
fn read_rest(reader: &mut File) {
    let error = reader.read_to_end(&mut Vec::new()).expect_err("the sender is open");
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
}

/// Asserts that `reader` gets the end of file and nothing before it.
fn assert_gets_nothing(reader: File) {
    // A process that another test is starting may hold a copy of the sender for a moment.
    let mut reader = Receiver::from(OwnedFd::from(reader));
    assert!(matches!(reader.recv_bytes(), Err(Error::EndOfFile)));
}

/// The next reader would take a new message for the rest of the old one.
#[test]
fn nothing_is_sent_to_the_next_reader_of_a_named_pipe_after_a_partial_message() {
    let folder = tempfile::tempdir().expect("a folder can be created");
    let path = named_pipe(folder.path());
    let first = reader_of(&path);
    let mut sender = sender_to(&path);
    thread::scope(|scope| {
        let sending = scope.spawn(|| sender.send_bytes(&vec![7; LONG]));
        wait_for_bytes(&first, 1);
        drop(first);
        assert_broken_pipe(sending.join().expect("it ends without a panic"));
    });
    let mut second = reader_of(&path);
    read_rest(&mut second);
    assert_broken_pipe(sender.send_bytes(b"ok"));
    drop(sender);
    assert_gets_nothing(second);
}

/// Waits until a pipe holds at least `count` bytes.
fn wait_for_bytes(reader: &File, count: u64) {
    while ioctl_fionread(reader).expect("it is a pipe") < count {
        thread::yield_now();
    }
}

type Flush = fn(&mut BufferedSender) -> Result<(), Error>;

/// The next reader would take the rest of the buffer for a message.
#[cfg(target_os = "linux")]
#[test]
fn nothing_is_sent_to_the_next_reader_of_a_named_pipe_after_a_partial_flush() {
    // A message that does not fit into the buffer flushes it first.
    let flushes: [Flush; 2] = [BufferedSender::flush, |sender| sender.send_bytes(&vec![7; 40_000])];
    for flush in flushes {
        let folder = tempfile::tempdir().expect("a folder can be created");
        let path = named_pipe(folder.path());
        let first = reader_of(&path);
        let mut sender = sender_to(&path);
        // Takes half of the pipe, which holds 64 KiB, so that the buffer is sent in part.
        sender.send_bytes(&vec![7; 32_764]).expect("the pipe has space");
        let mut sender = sender.buffered();
        sender.send_bytes(&vec![7; 60_000]).expect("the message is buffered");
        thread::scope(|scope| {
            let sending = scope.spawn(|| flush(&mut sender));
            wait_for_bytes(&first, 32_769);
            drop(first);
            assert_broken_pipe(sending.join().expect("it ends without a panic"));
        });
        let mut second = reader_of(&path);
        read_rest(&mut second);
        assert_broken_pipe(sender.flush());
        assert_broken_pipe(sender.send_bytes(b"ok"));
        drop(sender);
        assert_gets_nothing(second);
    }
}
