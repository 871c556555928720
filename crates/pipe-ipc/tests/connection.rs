//! The ends of pipes and connections: with an open peer, a closed peer, and a peer that uses another protocol.

use std::collections::BTreeMap;
use std::env;
use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::ops::Bound;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use pipe_ipc::{
    BufferedReceiver, Connection, Error, PickleError, Queue, Receiver, Sender, duplex, pipe, wait,
};
use rustix::fs::{FlockOperation, flock};
#[cfg(target_os = "linux")]
use rustix::net::sockopt::{set_socket_send_buffer_size, socket_send_buffer_size};
#[cfg(target_os = "linux")]
use rustix::pipe::{PipeFlags, fcntl_getpipe_size, fcntl_setpipe_size, pipe_with};
use serde::{Deserialize, Serialize};

/// Returns a receiver of raw bytes.
fn receiver_of(bytes: &[u8]) -> Receiver {
    let (receiver, sender) = pipe().expect("a pipe can be created");
    File::from(OwnedFd::from(sender)).write_all(bytes).expect("the pipe has space");
    receiver
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Order {
    item: String,
    amounts: Vec<Option<i64>>,
    prices: BTreeMap<String, f64>,
}

#[test]
fn objects_travel_both_ways_over_a_connection() {
    let (mut left, mut right) = duplex().expect("a socket pair can be created");
    let order = || Order {
        item: "线程".to_owned(),
        amounts: vec![Some(1), None, Some(i64::MIN)],
        prices: BTreeMap::from([("a".to_owned(), 0.5)]),
    };
    left.send(&order()).expect("the message is sent");
    assert_eq!(right.recv::<Order>().expect("the message is received"), order());
    right.send("back").expect("the message is sent");
    assert_eq!(left.recv::<String>().expect("the message is received"), "back");
}

#[test]
fn messages_of_every_size_keep_their_boundaries() {
    let (mut receiver, mut sender) = pipe().expect("a pipe can be created");
    let sizes = [0, 1, 4, 16_383, 16_384, 65_535, 65_536, 65_537, 1 << 20, 0, 3];
    thread::scope(|scope| {
        scope.spawn(move || {
            for size in sizes {
                sender.send_bytes(&vec![7; size]).expect("the receiving end is open");
            }
        });
        for size in sizes {
            assert_eq!(receiver.recv_bytes().expect("a message").len(), size);
        }
        assert!(matches!(receiver.recv_bytes(), Err(Error::EndOfFile)));
    });
}

#[test]
fn messages_are_received_before_the_end_of_file() {
    let (mut receiver, mut sender) = pipe().expect("a pipe can be created");
    sender.send("last").expect("the message is sent");
    drop(sender);
    assert_eq!(receiver.recv::<String>().expect("the message is received"), "last");
    for _ in 0..3 {
        assert!(matches!(receiver.recv::<String>(), Err(Error::EndOfFile)), "the end of file is repeated");
    }
}

#[test]
fn a_stream_that_ends_inside_a_message_is_truncated() {
    for bytes in [&b"\0"[..], b"\0\0\0\x05four", b"\xff\xff\xff\xff\0"] {
        let error = receiver_of(bytes).recv_bytes().expect_err("the message is truncated");
        assert!(matches!(error, Error::Truncated { .. }), "{bytes:?}: {error}");
    }
}

/// Calls a method that receives a message of bytes, if it arrives whole.
type Method<End> = fn(&mut End) -> Result<Vec<u8>, Error>;

macro_rules! methods {
    ($end:ty) => {{
        let methods: [Method<$end>; 5] = [
            |end| end.recv_bytes(),
            |end| end.recv_bytes_at_most(100),
            |end| end.recv::<()>().map(|()| Vec::new()),
            |end| end.recv_object().map(|_| Vec::new()),
            |end| {
                let mut buffer = vec![0; 100];
                end.recv_bytes_into(&mut buffer, 0).map(|length| buffer[..length].to_vec())
            },
        ];
        methods
    }};
}

/// Half a message, its length, and how many bytes of it there are.
const HALVES: [(&[u8], u64, u64); 2] = [(b"\0\0\0\x0ahello", 10, 5), (b"\0\0\0\x01", 1, 0)];

/// Asserts that half a message is [`Error::Truncated`], and the end of file follows.
fn assert_half_then_end<End>(open: impl Fn(&[u8]) -> End, methods: [Method<End>; 5]) {
    for method in methods {
        for (half, length, present) in HALVES {
            let mut end = open(half);
            let error = method(&mut end).expect_err("the rest of the message is missing");
            let as_expected = matches!(error, Error::Truncated { expected, received } if (expected, received) == (length, present));
            assert!(as_expected, "{error:?}");
            assert!(matches!(method(&mut end), Err(Error::EndOfFile)));
        }
    }
}

#[test]
fn half_a_message_and_then_the_end_is_truncated_in_every_method_of_every_end() {
    assert_half_then_end(receiver_of, methods!(Receiver));
    assert_half_then_end(|half| receiver_of(half).buffered(), methods!(BufferedReceiver));
    let connection_of = |half: &[u8]| {
        let (left, right) = duplex().expect("a socket pair can be created");
        File::from(OwnedFd::from(right)).write_all(half).expect("the socket has space");
        left
    };
    assert_half_then_end(connection_of, methods!(Connection));
}

#[test]
fn a_one_way_end_of_every_kind_is_closed_after_a_message_that_is_too_long() {
    fn refuse(mut receive: impl FnMut(usize) -> Result<Vec<u8>, Error>) {
        for max_length in [3, 100] {
            let error = receive(max_length).expect_err("nothing more can be received");
            assert!(matches!(error, Error::TooLong { length: 4, max_length: 3 }), "{error:?}");
        }
    }
    let (mut receiver, mut sender) = pipe().expect("a pipe can be created");
    sender.send_bytes(b"four").expect("the message is sent");
    refuse(|max_length| receiver.recv_bytes_at_most(max_length));
    wait_until_closed(|| sender.send_bytes(b""));
    let (receiver, mut sender) = pipe().expect("a pipe can be created");
    let mut receiver = receiver.buffered();
    sender.send_bytes(b"four").expect("the message is sent");
    refuse(|max_length| receiver.recv_bytes_at_most(max_length));
    wait_until_closed(|| sender.send_bytes(b""));
    // The other direction stays open.
    let (mut left, mut right) = duplex().expect("a socket pair can be created");
    for _ in 0..2 {
        right.send_bytes(b"four").expect("the message is sent");
        refuse(|max_length| left.recv_bytes_at_most(max_length));
        refuse(|max_length| left.split().0.recv_bytes_at_most(max_length));
        left.send_bytes(b"well").expect("this direction is open");
        assert_eq!(right.recv_bytes().expect("this direction is open"), b"well");
    }
}

/// In a pipe of packets, each read returns what one call has written.
#[cfg(target_os = "linux")]
#[test]
fn a_message_is_written_in_one_system_call() {
    let (reader, writer) = pipe_with(PipeFlags::DIRECT).expect("a pipe of packets can be created");
    let (mut reader, mut sender) = (File::from(reader), Sender::from(writer));
    for message in [&b""[..], b"four", &[b'a'; 4000]] {
        sender.send_bytes(message).expect("the message is sent");
        let mut packet = [0; 4096];
        assert_eq!(reader.read(&mut packet).expect("it was sent"), 4 + message.len());
    }
    sender.send("well").expect("the message is sent");
    assert!(reader.read(&mut [0; 4096]).expect("it was sent") > 4 + "well".len());
}

#[cfg(target_os = "linux")]
#[test]
fn pipes_and_connections_hold_as_much_as_the_system_grants() {
    let (granted, _writer) = std::io::pipe().expect("a pipe can be created");
    let granted = fcntl_setpipe_size(&granted, 1 << 20).unwrap_or(64 << 10);
    let (_receiver, sender) = pipe().expect("a pipe can be created");
    assert_eq!(fcntl_getpipe_size(&sender).expect("it is a pipe"), granted);
    let (granted, _peer) = UnixStream::pair().expect("a socket pair can be created");
    set_socket_send_buffer_size(&granted, 1 << 20).expect("a size can be set");
    let granted = socket_send_buffer_size(&granted).expect("it is a socket");
    let (left, right) = duplex().expect("a socket pair can be created");
    for end in [left, right] {
        assert_eq!(socket_send_buffer_size(&end).expect("it is a socket"), granted);
    }
}

#[test]
fn a_buffer_is_sent_when_the_next_message_does_not_fit() {
    let (mut receiver, sender) = pipe().expect("a pipe can be created");
    let mut sender = sender.buffered();
    let arrived = |receiver: &Receiver| receiver.poll(Some(Duration::ZERO)).expect("poll succeeds");
    let rest = vec![b'a'; (64 << 10) - 3 * 4 - 2];
    for message in [&b"a"[..], b"b", &rest] {
        sender.send_bytes(message).expect("the message is buffered");
        assert!(!arrived(&receiver), "the buffer holds 64 KiB");
    }
    sender.send_bytes(b"").expect("the buffer is sent");
    for message in [&b"a"[..], b"b", &rest] {
        assert_eq!(receiver.recv_bytes().expect("it was sent"), message);
    }
    assert!(!arrived(&receiver), "the last message is in the buffer");
    sender.flush().expect("the buffer is sent");
    assert_eq!(receiver.recv_bytes().expect("it was sent"), b"");
}

#[test]
fn a_poll_of_less_than_a_millisecond_waits_at_least_that_long() {
    const TIMEOUT: Duration = Duration::from_micros(900);
    let (receiver, _sender) = pipe().expect("a pipe can be created");
    let (mut left, _right) = duplex().expect("a socket pair can be created");
    let assert_waits = |poll: &mut dyn FnMut() -> bool| {
        let start = Instant::now();
        assert!(!poll(), "nothing can be received");
        assert!(start.elapsed() >= TIMEOUT);
    };
    assert_waits(&mut || receiver.poll(Some(TIMEOUT)).expect("poll succeeds"));
    assert_waits(&mut || left.poll(Some(TIMEOUT)).expect("poll succeeds"));
    assert_waits(&mut || left.split().0.poll(Some(TIMEOUT)).expect("poll succeeds"));
    assert_waits(&mut || !wait(&[&receiver, &left], Some(TIMEOUT)).expect("poll succeeds").is_empty());
}

#[test]
fn a_range_may_have_bounds_of_every_kind() {
    use Bound::{Excluded, Included, Unbounded};
    let (mut receiver, mut sender) = pipe().expect("a pipe can be created");
    for (bounds, expected) in [
        ((Included(1), Included(2)), &b"ou"[..]),
        ((Included(1), Excluded(2)), b"o"),
        ((Excluded(1), Included(3)), b"ur"),
        ((Excluded(0), Excluded(3)), b"ou"),
        ((Excluded(3), Unbounded), b""),
        ((Unbounded, Included(3)), b"four"),
        ((Unbounded, Excluded(0)), b""),
        ((Unbounded, Unbounded), b"four"),
        ((Included(4), Excluded(4)), b""),
    ] {
        sender.send_bytes_range(b"four", bounds).expect("the range is in the buffer");
        assert_eq!(receiver.recv_bytes().expect("it was sent"), expected, "{bounds:?}");
    }
    for bounds in [
        (Included(2), Included(4)),
        (Excluded(4), Unbounded),
        (Included(3), Excluded(2)),
        (Included(0), Included(usize::MAX)),
        (Excluded(usize::MAX), Unbounded),
    ] {
        let error = sender.send_bytes_range(b"four", bounds).expect_err("it is out of range");
        assert!(matches!(error, Error::OutOfRange { length: 4, .. }), "{bounds:?}: {error:?}");
    }
}

#[test]
fn a_receiver_stays_unusable_after_a_bad_length() {
    let mut receiver = receiver_of(b"\x80\0\0\0\0\0\0\x02ok");
    for _ in 0..3 {
        let error = receiver.recv_bytes().expect_err("the rest of the stream has no meaning");
        assert!(matches!(error, Error::BadLength { length: -0x8000_0000 }), "{error}");
    }
}

#[test]
fn a_clone_of_a_receiver_is_unusable_after_a_bad_length() {
    let mut receiver = receiver_of(b"\x80\0\0\0\0\0\0\x02ok");
    receiver.recv_bytes().expect_err("the length is invalid");
    let error = receiver
        .try_clone()
        .expect("the end can be duplicated")
        .recv_bytes()
        .expect_err("the rest of the stream has no meaning");
    assert!(matches!(error, Error::BadLength { .. }), "{error}");
}

#[test]
fn a_message_of_another_type_is_consumed_and_the_next_is_received() {
    let (mut receiver, mut sender) = pipe().expect("a pipe can be created");
    sender.send_bytes(b"not a pickle").expect("the message is sent");
    sender.send("a string, not a number").expect("the message is sent");
    sender.send("well").expect("the message is sent");
    assert!(matches!(receiver.recv::<String>(), Err(Error::Pickle(_))));
    assert!(matches!(receiver.recv::<u32>(), Err(Error::Pickle(_))));
    assert_eq!(receiver.recv::<String>().expect("the message is received"), "well");
}

/// Sends empty messages until the receiving end is closed. A process that another test is starting may hold a copy of it
/// for a moment, if the system cannot create a descriptor and set `CLOEXEC` in one step.
fn wait_until_closed(mut send: impl FnMut() -> Result<(), Error>) {
    while send().is_ok() {
        thread::yield_now();
    }
}

#[test]
fn sending_to_a_closed_receiver_is_a_broken_pipe() {
    let (receiver, mut sender) = pipe().expect("a pipe can be created");
    drop(receiver);
    wait_until_closed(|| sender.send_bytes(b""));
    let (left, mut right) = duplex().expect("a socket pair can be created");
    drop(left);
    wait_until_closed(|| right.send_bytes(b""));
    for message in [&b""[..], b"x"] {
        for error in [sender.send_bytes(message), right.send_bytes(message)] {
            assert!(matches!(error, Err(Error::Io(error)) if error.kind() == ErrorKind::BrokenPipe));
        }
    }
}

/// The index of the sender, the number of the item, and more bytes than a pipe writes atomically (4,096).
type Item = (usize, u32, String);

#[test]
fn a_queue_that_threads_share_delivers_each_item_once() {
    let folder = tempfile::tempdir().expect("a folder can be created");
    let (receiver, sender) = pipe().expect("a pipe can be created");
    let put_queue =
        Arc::new(Queue::new(sender, folder.path().join("put")).expect("the queue can be created"));
    let get_queue =
        Arc::new(Queue::new(receiver, folder.path().join("get")).expect("the queue can be created"));
    assert_each_item_is_delivered_once([put_queue.clone(), put_queue], [get_queue.clone(), get_queue]);
}

/// The threads stand for processes: each has its own queue over its own copy of the end, and they share only the lock file.
#[test]
fn queues_that_share_a_lock_file_deliver_each_item_once() {
    let folder = tempfile::tempdir().expect("a folder can be created");
    let (receiver, sender) = pipe().expect("a pipe can be created");
    let put_queues = [sender.try_clone().expect("the end can be duplicated"), sender]
        .map(|end| Arc::new(Queue::new(end, folder.path().join("put")).expect("the queue can be created")));
    let get_queues = [receiver.try_clone().expect("the end can be duplicated"), receiver]
        .map(|end| Arc::new(Queue::new(end, folder.path().join("get")).expect("the queue can be created")));
    assert_each_item_is_delivered_once(put_queues, get_queues);
}

#[test]
fn a_queue_unlocks_its_file_after_each_call() {
    let folder = tempfile::tempdir().expect("a folder can be created");
    let lock = folder.path().join("lock");
    let (receiver, sender) = pipe().expect("a pipe can be created");
    let queue = Queue::new(sender, &lock).expect("the file can be created");
    queue.put("item").expect("the item is sent");
    let file = File::open(&lock).expect("the file exists");
    flock(&file, FlockOperation::NonBlockingLockExclusive).expect("the file is not locked");
    drop(file);
    let queue = Queue::new(receiver, &lock).expect("the file exists");
    assert_eq!(queue.get::<String>().expect("the item was sent"), "item");
}

fn assert_each_item_is_delivered_once(
    put_queues: [Arc<Queue<Sender>>; 2],
    get_queues: [Arc<Queue<Receiver>>; 2],
) {
    const EACH: u32 = 300;
    let received = thread::scope(|scope| {
        let receivers = get_queues.map(|queue| scope.spawn(move || get_all(&queue)));
        for (sender, queue) in put_queues.into_iter().enumerate() {
            scope.spawn(move || {
                for number in 0..EACH {
                    queue.put(&(sender, number, "x".repeat(5000))).expect("the receiving end is open");
                }
            });
        }
        receivers.map(|receiver| receiver.join().expect("it ends without a panic"))
    });
    for one in &received {
        for sender in 0..2 {
            let items: Vec<_> = one.iter().filter(|item| item.0 == sender).collect();
            assert!(items.is_sorted(), "the items of sender {sender} are in order");
        }
    }
    let mut all: Vec<_> = received.iter().flatten().map(|(sender, number, _)| (*sender, *number)).collect();
    all.sort_unstable();
    let expected: Vec<_> = (0..2).flat_map(|sender| (0..EACH).map(move |number| (sender, number))).collect();
    assert_eq!(all, expected);
}

/// Gets items until the end of file.
fn get_all(queue: &Queue<Receiver>) -> Vec<Item> {
    let mut received = Vec::new();
    loop {
        match queue.get() {
            Ok(item) => received.push(item),
            Err(Error::EndOfFile) => return received,
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn an_end_can_be_converted_to_a_descriptor_and_back() {
    let (mut receiver, sender) = pipe().expect("a pipe can be created");
    let descriptor = OwnedFd::from(sender);
    Sender::from(descriptor).send(&1).expect("the message is sent");
    assert_eq!(receiver.recv::<i32>().expect("the message is received"), 1);
}

/// Set in a child process that runs the same test again.
const CHILD: &str = "CHILD_OF_THIS_TEST";

/// Runs the calling test again in a child process with that standard input. Asserts that it succeeds.
fn assert_child_succeeds(stdin: impl Into<Stdio>) {
    let name = thread::current().name().expect("a test has a name").to_owned();
    let child = Command::new(env::current_exe().expect("the path of the test is known"))
        .args([&name, "--exact"])
        .env(CHILD, "yes")
        .stdin(stdin)
        .output()
        .expect("the program runs");
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
}

#[test]
fn standard_input_of_the_other_direction_is_refused_and_left_open() {
    if env::var_os(CHILD).is_some() {
        let error = Receiver::from_stdin().expect_err("it is a sending end");
        assert!(error.to_string().contains("the sending end of a pipe"), "{error}");
        let error = Connection::from_stdin().expect_err("it is a one-way pipe");
        assert!(error.to_string().contains("a one-way pipe"), "{error}");
        Sender::from_stdin().expect("it is a sending end").send("well").expect("the receiving end is open");
        return;
    }
    let (mut receiver, sender) = pipe().expect("a pipe can be created");
    assert_child_succeeds(sender);
    assert_eq!(receiver.recv::<String>().expect("the child has sent it"), "well");
}

#[test]
fn standard_input_can_be_taken_once_and_is_then_empty() {
    if env::var_os(CHILD).is_some() {
        drop(Receiver::from_stdin().expect("it is a receiving end"));
        let again = Receiver::from_stdin().expect_err("it has been taken");
        assert_eq!(again.kind(), ErrorKind::InvalidInput);
        return;
    }
    let (receiver, mut sender) = pipe().expect("a pipe can be created");
    assert_child_succeeds(receiver);
    wait_until_closed(|| sender.send_bytes(b""));
    assert!(
        matches!(sender.send("too late"), Err(Error::Io(error)) if error.kind() == ErrorKind::BrokenPipe)
    );
}

#[test]
fn an_error_says_what_failed_and_with_which_value() {
    let system = |kind: ErrorKind| std::io::Error::from(kind);
    for (error, expected) in [
        (Error::EndOfFile, "end of file: every sending end is closed"),
        (
            Error::Truncated { expected: 10, received: 5 },
            "the stream ended inside a message, after 5 of 10 bytes",
        ),
        (Error::BadLength { length: -2 }, "invalid message length -2: the peer does not use this protocol"),
        (
            Error::TooLong { length: 4, max_length: 3 },
            "a message of 4 bytes exceeds the limit of 3 bytes; nothing more can be received",
        ),
        (
            Error::Desynchronized { error: Arc::new(system(ErrorKind::TimedOut)) },
            "I/O error inside a message (timed out): the stream is no longer synchronized",
        ),
        (
            Error::BufferTooShort { message: vec![0; 10], available: 7 },
            "a message of 10 bytes does not fit into the 7 bytes of the buffer; the error contains the message",
        ),
        (
            Error::OutOfRange { start: 2, end: 5, length: 4 },
            "range 2..5 is out of bounds of a buffer of 4 bytes",
        ),
        (
            Error::Unpicklable(PickleError::InvalidValue { problem: "why" }),
            "cannot encode the value, so that nothing was sent: why",
        ),
        (Error::Pickle(PickleError::Mismatch("why".to_owned())), "cannot decode the message: why"),
        (Error::Io(system(ErrorKind::BrokenPipe)), "every receiving end is closed: broken pipe"),
        (Error::Io(system(ErrorKind::TimedOut)), "timed out"),
    ] {
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn each_timeout_of_a_socket_counts_in_its_direction_only() {
    const TIMEOUT: Duration = Duration::from_millis(10);
    let (left, _right) = UnixStream::pair().expect("a socket pair can be created");
    left.set_read_timeout(Some(TIMEOUT)).expect("a timeout can be set");
    let error = Connection::from(left).recv_bytes().expect_err("nothing is sent");
    let error = error.to_string();
    assert!(error.starts_with("no data received for") && error.ends_with("(SO_RCVTIMEO)"), "{error}");
    let (left, _right) = UnixStream::pair().expect("a socket pair can be created");
    left.set_write_timeout(Some(TIMEOUT)).expect("a timeout can be set");
    let error = Connection::from(left).send_bytes(&vec![0; 16 << 20]).expect_err("nothing is received");
    let Error::Desynchronized { error } = error else { panic!("{error}") };
    let error = error.to_string();
    assert!(error.starts_with("no data accepted for") && error.ends_with("(SO_SNDTIMEO)"), "{error}");
}
