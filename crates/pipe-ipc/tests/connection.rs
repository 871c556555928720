//! The library: what an end does when the other is there, is closed, or speaks something else.

use std::collections::BTreeMap;
use std::env;
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;

use pipe_ipc::{Connection, Error, Queue, Receiver, Sender, duplex, pipe};
use serde::{Deserialize, Serialize};

/// A receiver of whatever bytes the test writes, framed or not.
fn receiver_of(bytes: &[u8]) -> Receiver {
    let (receiver, sender) = pipe().expect("a pipe");
    File::from(OwnedFd::from(sender)).write_all(bytes).expect("the pipe takes them");
    receiver
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Order {
    item: String,
    amounts: Vec<Option<i64>>,
    prices: BTreeMap<String, f64>,
}

#[test]
fn objects_arrive_as_they_were_sent_both_ways() {
    let (mut left, mut right) = duplex().expect("a socket pair");
    let order = || Order {
        item: "线程".to_owned(),
        amounts: vec![Some(1), None, Some(i64::MIN)],
        prices: BTreeMap::from([("a".to_owned(), 0.5)]),
    };
    left.send(&order()).expect("it is sent");
    assert_eq!(right.recv::<Order>().expect("it arrives"), order());
    right.send("back").expect("it is sent");
    assert_eq!(left.recv::<String>().expect("it arrives"), "back");
}

#[test]
fn messages_keep_their_bounds_whatever_their_size() {
    let (mut receiver, mut sender) = pipe().expect("a pipe");
    let sizes = [0, 1, 4, 16_383, 16_384, 65_535, 65_536, 65_537, 1 << 20, 0, 3];
    thread::scope(|scope| {
        scope.spawn(move || {
            for size in sizes {
                sender.send_bytes(&vec![7; size]).expect("somebody receives");
            }
        });
        for size in sizes {
            assert_eq!(receiver.recv_bytes().expect("a message").len(), size);
        }
        assert!(matches!(receiver.recv_bytes(), Err(Error::EndOfFile)));
    });
}

#[test]
fn what_was_sent_before_the_end_is_received_before_the_end() {
    let (mut receiver, mut sender) = pipe().expect("a pipe");
    sender.send("last").expect("it is sent");
    drop(sender);
    assert_eq!(receiver.recv::<String>().expect("it arrives"), "last");
    for _ in 0..3 {
        assert!(matches!(receiver.recv::<String>(), Err(Error::EndOfFile)), "the end comes again");
    }
}

#[test]
fn a_stream_that_ends_inside_a_message_has_lost_something() {
    for bytes in [&b"\0"[..], b"\0\0\0\x05four", b"\xff\xff\xff\xff\0"] {
        let error = receiver_of(bytes).recv_bytes().expect_err("the message is not whole");
        assert!(matches!(error, Error::Truncated { .. }), "{bytes:?}: {error}");
    }
}

#[test]
fn after_a_bad_length_the_end_stays_unusable() {
    let mut receiver = receiver_of(b"\x80\0\0\0\0\0\0\x02ok");
    for _ in 0..3 {
        let error = receiver.recv_bytes().expect_err("what follows is no message");
        assert!(matches!(error, Error::BadLength { length: -0x8000_0000 }), "{error}");
    }
}

#[test]
fn after_a_bad_length_another_handle_is_unusable_too() {
    let mut receiver = receiver_of(b"\x80\0\0\0\0\0\0\x02ok");
    receiver.recv_bytes().expect_err("it is no length");
    let error = receiver.try_clone().expect("a handle").recv_bytes().expect_err("what follows is no message");
    assert!(matches!(error, Error::BadLength { .. }), "{error}");
}

#[test]
fn a_message_that_is_no_such_object_is_consumed_and_the_next_is_received() {
    let (mut receiver, mut sender) = pipe().expect("a pipe");
    sender.send_bytes(b"no pickle").expect("it is sent");
    sender.send("a string, no number").expect("it is sent");
    sender.send("well").expect("it is sent");
    assert!(matches!(receiver.recv::<String>(), Err(Error::Pickle(_))));
    assert!(matches!(receiver.recv::<u32>(), Err(Error::Pickle(_))));
    assert_eq!(receiver.recv::<String>().expect("it arrives"), "well");
}

/// Sends nothing, as messages, until that is refused. For a moment a process that another test is just starting may
/// hold a copy of a receiver, where the system cannot make a descriptor and keep it from children in one step.
fn wait_until_nobody_receives(mut send: impl FnMut() -> Result<(), Error>) {
    while send().is_ok() {
        thread::yield_now();
    }
}

#[test]
fn sending_to_nobody_is_a_broken_pipe_for_an_empty_message_too() {
    let (receiver, mut sender) = pipe().expect("a pipe");
    drop(receiver);
    wait_until_nobody_receives(|| sender.send_bytes(b""));
    let (left, mut right) = duplex().expect("a socket pair");
    drop(left);
    wait_until_nobody_receives(|| right.send_bytes(b""));
    for message in [&b""[..], b"x"] {
        for error in [sender.send_bytes(message), right.send_bytes(message)] {
            assert!(matches!(error, Err(Error::Io(error)) if error.kind() == ErrorKind::BrokenPipe));
        }
    }
}

/// From whom an item is, its number, and more than a pipe writes in one piece (4,096 bytes).
type Item = (usize, u32, String);

#[test]
fn threads_that_share_a_queue_lose_and_double_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let (receiver, sender) = pipe().expect("a pipe");
    let putting = Arc::new(Queue::new(sender, &folder.path().join("putting")).expect("a queue"));
    let getting = Arc::new(Queue::new(receiver, &folder.path().join("getting")).expect("a queue"));
    assert_nothing_is_lost_or_doubled([putting.clone(), putting], [getting.clone(), getting]);
}

/// As between processes, each has a queue of its own over its own handle of the end, and the lock file is all that they
/// share.
#[test]
fn queues_that_share_nothing_but_a_lock_file_lose_and_double_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let (receiver, sender) = pipe().expect("a pipe");
    let putting = [sender.try_clone().expect("a handle"), sender]
        .map(|end| Arc::new(Queue::new(end, &folder.path().join("putting")).expect("a queue")));
    let getting = [receiver.try_clone().expect("a handle"), receiver]
        .map(|end| Arc::new(Queue::new(end, &folder.path().join("getting")).expect("a queue")));
    assert_nothing_is_lost_or_doubled(putting, getting);
}

fn assert_nothing_is_lost_or_doubled(putting: [Arc<Queue<Sender>>; 2], getting: [Arc<Queue<Receiver>>; 2]) {
    const EACH: u32 = 300;
    let got = thread::scope(|scope| {
        let getters = getting.map(|queue| scope.spawn(move || everything(&queue)));
        for (putter, queue) in putting.into_iter().enumerate() {
            scope.spawn(move || {
                for number in 0..EACH {
                    queue.put(&(putter, number, "x".repeat(5000))).expect("somebody receives");
                }
            });
        }
        getters.map(|getter| getter.join().expect("it ends"))
    });
    for one in &got {
        for putter in 0..2 {
            let items: Vec<_> = one.iter().filter(|item| item.0 == putter).collect();
            assert!(items.is_sorted(), "the order of putter {putter} is kept");
        }
    }
    let mut all: Vec<_> = got.iter().flatten().map(|(putter, number, _)| (*putter, *number)).collect();
    all.sort_unstable();
    let expected: Vec<_> = (0..2).flat_map(|putter| (0..EACH).map(move |number| (putter, number))).collect();
    assert_eq!(all, expected);
}

/// All that one of several gets, up to the end.
fn everything(queue: &Queue<Receiver>) -> Vec<Item> {
    let mut got = Vec::new();
    loop {
        match queue.get() {
            Ok(item) => got.push(item),
            Err(Error::EndOfFile) => return got,
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn an_end_can_be_taken_out_and_put_back() {
    let (mut receiver, sender) = pipe().expect("a pipe");
    let descriptor = OwnedFd::from(sender);
    Sender::from(descriptor).send(&1).expect("it is sent");
    assert_eq!(receiver.recv::<i32>().expect("it arrives"), 1);
}

/// Set in a child that runs the test which started it.
const CHILD: &str = "THE_CHILD_OF_THIS_TEST";

/// Runs the test that calls this once more, in a process with that standard input, and holds that it succeeds.
fn assert_child_succeeds(stdin: impl Into<Stdio>) {
    let name = thread::current().name().expect("a test has a name").to_owned();
    let child = Command::new(env::current_exe().expect("a program"))
        .args([&name, "--exact"])
        .env(CHILD, "yes")
        .stdin(stdin)
        .output()
        .expect("it runs");
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
}

#[test]
fn standard_input_that_is_an_end_of_the_other_direction_is_refused_and_stays_as_it_is() {
    if env::var_os(CHILD).is_some() {
        let error = Receiver::from_stdin().expect_err("it is the end that sends");
        assert!(error.to_string().contains("the sending end of a pipe"), "{error}");
        let error = Connection::from_stdin().expect_err("it is one-way");
        assert!(error.to_string().contains("a one-way pipe"), "{error}");
        Sender::from_stdin().expect("it is the end that sends").send("well").expect("the parent receives");
        return;
    }
    let (mut receiver, sender) = pipe().expect("a pipe");
    assert_child_succeeds(sender);
    assert_eq!(receiver.recv::<String>().expect("the child sent it"), "well");
}

/// The child takes its standard input twice.
#[test]
fn standard_input_is_taken_as_an_end_once_and_is_empty_from_then_on() {
    if env::var_os(CHILD).is_some() {
        drop(Receiver::from_stdin().expect("the parent handed an end over"));
        let again = Receiver::from_stdin().expect_err("it is taken");
        assert_eq!(again.kind(), ErrorKind::InvalidInput);
        return;
    }
    let (receiver, mut sender) = pipe().expect("a pipe");
    assert_child_succeeds(receiver);
    wait_until_nobody_receives(|| sender.send_bytes(b""));
    assert!(
        matches!(sender.send("too late"), Err(Error::Io(error)) if error.kind() == ErrorKind::BrokenPipe)
    );
}
