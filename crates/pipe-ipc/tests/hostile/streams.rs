//! From any stream of bytes, an end receives the messages in it and then the right error.

use std::fs::File;
use std::io::Write;
use std::os::fd::OwnedFd;

use pipe_ipc::{Connection, Error, Object, Receiver, duplex, pipe};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde::Deserialize;

/// Writes `bytes`, which must fit into a pipe, to `peer` and closes it.
fn write_and_close(peer: impl Into<OwnedFd>, bytes: &[u8]) {
    File::from(peer.into()).write_all(bytes).expect("the bytes fit");
}

fn pipe_with(bytes: &[u8]) -> Receiver {
    let (receiver, sender) = pipe().expect("a pipe can be created");
    write_and_close(sender, bytes);
    receiver
}

fn connection_with(bytes: &[u8]) -> Connection {
    let (left, right) = duplex().expect("a socket pair can be created");
    write_and_close(right, bytes);
    left
}

/// How a stream ends for the receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    AtABoundary,
    Truncated,
    BadLength,
}

/// The messages in a stream, and how it ends.
type Messages = (Vec<Vec<u8>>, End);

/// Parses `stream` independently of the code under test.
fn expected(mut stream: &[u8]) -> Messages {
    let mut messages = Vec::new();
    while !stream.is_empty() {
        let Some((header, rest)) = stream.split_first_chunk() else { return (messages, End::Truncated) };
        stream = rest;
        let mut length = i64::from(i32::from_be_bytes(*header));
        if length == -1 {
            let Some((header, rest)) = stream.split_first_chunk() else { return (messages, End::Truncated) };
            stream = rest;
            length = i64::from_be_bytes(*header);
        }
        let Ok(length) = usize::try_from(length) else { return (messages, End::BadLength) };
        let Some((message, rest)) = stream.split_at_checked(length) else {
            return (messages, End::Truncated);
        };
        stream = rest;
        messages.push(message.to_vec());
    }
    (messages, End::AtABoundary)
}

/// Receives all messages up to the first error.
fn received(mut receive: impl FnMut() -> Result<Vec<u8>, Error>) -> Messages {
    let mut messages = Vec::new();
    loop {
        match receive() {
            Ok(message) => messages.push(message),
            Err(error) => return (messages, end(&error)),
        }
    }
}

fn end(error: &Error) -> End {
    match error {
        Error::EndOfFile => End::AtABoundary,
        Error::Truncated { .. } => End::Truncated,
        Error::BadLength { .. } => End::BadLength,
        other => panic!("{other}"),
    }
}

/// Asserts that each kind of end receives the messages in `bytes`, and then the right error.
fn assert_receives_messages(bytes: &[u8]) {
    let expected = expected(bytes);
    let mut one_way = pipe_with(bytes);
    assert_eq!(received(|| one_way.recv_bytes()), expected, "a pipe with {bytes:?}");
    let mut two_way = connection_with(bytes);
    assert_eq!(received(|| two_way.recv_bytes()), expected, "a connection with {bytes:?}");
    let mut buffered = pipe_with(bytes).buffered();
    assert_eq!(received(|| buffered.recv_bytes()), expected, "a buffered receiver with {bytes:?}");
}

/// Returns a message with a short or a long header.
fn frame((message, long): (Vec<u8>, bool)) -> Vec<u8> {
    let length = u32::try_from(message.len()).expect("it is short").to_be_bytes();
    let header = if long { [&[0xff; 4][..], &[0; 4], &length].concat() } else { length.to_vec() };
    [header, message].concat()
}

fn streams() -> impl Strategy<Value = Vec<u8>> {
    let frame = (vec(any::<u8>(), 0..40), prop::bool::weighted(0.2)).prop_map(frame);
    vec(frame, 0..12).prop_map(|frames| frames.concat())
}

/// A change to a stream.
#[derive(Debug, Clone)]
enum Damage {
    BitFlipped(Index, u8),
    ByteInserted(Index, u8),
    ByteDeleted(Index),
    Cut(Index),
}

fn damages() -> impl Strategy<Value = Vec<Damage>> {
    let damage = prop_oneof![
        (any::<Index>(), 0..8_u8).prop_map(|(at, bit)| Damage::BitFlipped(at, bit)),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::ByteInserted(at, byte)),
        any::<Index>().prop_map(Damage::ByteDeleted),
        any::<Index>().prop_map(Damage::Cut),
    ];
    vec(damage, 1..4)
}

fn damaged(mut bytes: Vec<u8>, damages: &[Damage]) -> Vec<u8> {
    for damage in damages {
        match damage {
            Damage::ByteInserted(at, byte) => bytes.insert(at.index(bytes.len() + 1), *byte),
            _ if bytes.is_empty() => {}
            Damage::BitFlipped(at, bit) => *at.get_mut(&mut bytes) ^= 1 << bit,
            Damage::ByteDeleted(at) => drop(bytes.remove(at.index(bytes.len()))),
            Damage::Cut(at) => bytes.truncate(at.index(bytes.len())),
        }
    }
    bytes
}

/// A method that receives.
#[derive(Debug, Clone, Copy)]
enum Method {
    Value,
    Object,
    Bytes,
    AtMost(usize),
    Into { size: usize, offset: usize },
}

fn methods() -> impl Strategy<Value = Method> {
    prop_oneof![
        Just(Method::Value),
        Just(Method::Object),
        Just(Method::Bytes),
        (0..50_usize).prop_map(Method::AtMost),
        (0..50_usize, 0..60_usize).prop_map(|(size, offset)| Method::Into { size, offset }),
    ]
}

fn receive(end: &mut Receiver, method: Method) -> Result<(), Error> {
    match method {
        Method::Value => end.recv::<serde_json::Value>().map(drop),
        Method::Object => end.recv_object().map(drop),
        Method::Bytes => end.recv_bytes().map(drop),
        Method::AtMost(length) => end.recv_bytes_at_most(length).map(drop),
        Method::Into { size, offset } => end.recv_bytes_into(&mut vec![0; size], offset).map(drop),
    }
}

/// Asserts that every later call fails with the same error, or with the end of file after a truncated message.
fn assert_stays_ended(receiver: &mut Receiver, first: &Error) {
    for method in [Method::Bytes, Method::Object, Method::Into { size: 1, offset: 1 }, Method::AtMost(0)] {
        let error = receive(receiver, method).expect_err("nothing more can be received");
        let same = match first {
            Error::EndOfFile | Error::Truncated { .. } => matches!(error, Error::EndOfFile),
            Error::BadLength { length } => {
                matches!(error, Error::BadLength { length: again } if again == *length)
            }
            Error::TooLong { length, .. } => {
                matches!(error, Error::TooLong { length: again, .. } if again == *length)
            }
            other => panic!("{other}"),
        };
        assert!(same, "{first}; then {error}");
    }
}

#[derive(Debug, Deserialize)]
struct Order {
    _item: String,
    _amounts: Vec<Option<u8>>,
}

/// `{'_item': 'a', '_amounts': [1, None], 'more': ({7}, 2**65, 0.5, True, b'b', frozenset([8]), bytearray(b'c')), 1: {}}`
/// as Python pickles it in protocols 2, 4 and 5.
const PICKLES: [&[u8]; 3] = [
    b"\x80\x02}q\0(X\x05\0\0\0_itemq\x01X\x01\0\0\0aq\x02X\x08\0\0\0_amountsq\
      \x03]q\x04(K\x01NeX\x04\0\0\0moreq\x05(c__builtin__\nset\nq\x06\
      ]q\x07K\x07a\x85q\x08Rq\x09\x8a\x09\0\0\0\0\0\0\0\0\x02G?\xe0\0\0\0\0\0\0\x88c_codec\
      s\nencode\nq\nX\x01\0\0\0bq\x0bX\x06\0\0\0latin1q\x0c\x86q\x0dRq\x0ec_\
      _builtin__\nfrozenset\nq\x0f]q\x10K\x08a\x85q\x11Rq\x12c__bu\
      iltin__\nbytearray\nq\x13h\nX\x01\0\0\0cq\x14h\x0c\x86q\x15Rq\x16\x85q\
      \x17Rq\x18tq\x19K\x01}q\x1au.",
    b"\x80\x04\x95v\0\0\0\0\0\0\0}\x94(\x8c\x05_item\x94\x8c\x01a\x94\x8c\x08_amounts\x94]\x94(\
      K\x01Ne\x8c\x04more\x94(\x8f\x94(K\x07\x90\x8a\x09\0\0\0\0\0\0\0\0\x02G?\xe0\0\0\0\0\0\0\x88C\
      \x01b\x94(K\x08\x91\x94\x8c\x08builtins\x94\x8c\x09bytearray\x94\x93\x94C\x01c\x94\x85\x94R\
      \x94t\x94K\x01}\x94u.",
    b"\x80\x05\x95`\0\0\0\0\0\0\0}\x94(\x8c\x05_item\x94\x8c\x01a\x94\x8c\x08_amounts\x94]\x94(\
      K\x01Ne\x8c\x04more\x94(\x8f\x94(K\x07\x90\x8a\x09\0\0\0\0\0\0\0\0\x02G?\xe0\0\0\0\0\0\0\x88C\
      \x01b\x94(K\x08\x91\x94\x96\x01\0\0\0\0\0\0\0c\x94t\x94K\x01}\x94u.",
];

/// Asserts that the result is a value or a [`PickleError`](pipe_ipc::PickleError).
fn assert_value_or_pickle_error<T>(result: Result<T, Error>, what: &[u8]) {
    if let Err(error) = result {
        assert!(matches!(error, Error::Pickle(_)), "{error}, of {what:?}");
    }
}

/// Asserts that each method that receives objects consumes this message and leaves the next one intact.
fn assert_consumes_only(message: &[u8]) {
    let next = (b"\x8c\x04well.".to_vec(), false);
    let stream = [frame((message.to_vec(), false)), frame(next)].concat().repeat(3);
    let mut receiver = pipe_with(&stream);
    let well = |receiver: &mut Receiver| {
        assert_eq!(receiver.recv::<String>().expect("the message is intact"), "well");
    };
    assert_value_or_pickle_error(receiver.recv_object(), message);
    well(&mut receiver);
    assert_value_or_pickle_error(receiver.recv::<serde_json::Value>(), message);
    well(&mut receiver);
    assert_value_or_pickle_error(receiver.recv::<Order>(), message);
    well(&mut receiver);
    assert!(matches!(receiver.recv_object(), Err(Error::EndOfFile)));
}

proptest! {
    #[test]
    fn the_messages_in_random_bytes_are_received(bytes in vec(any::<u8>(), 0..200)) {
        assert_receives_messages(&bytes);
    }

    /// Random bytes rarely form a length that is short enough.
    #[test]
    fn the_messages_in_small_random_bytes_are_received(
        bytes in vec(select(vec![0_u8, 0, 0, 0, 1, 2, 0x7f, 0x80, 0xff, 0xff, 0xff]), 0..100),
    ) {
        assert_receives_messages(&bytes);
    }

    #[test]
    fn messages_are_received_as_they_were_framed(stream in streams()) {
        prop_assert_eq!(expected(&stream).1, End::AtABoundary);
        assert_receives_messages(&stream);
    }

    #[test]
    fn the_messages_in_a_damaged_stream_are_received(stream in streams(), damages in damages()) {
        assert_receives_messages(&damaged(stream, &damages));
    }

    #[test]
    fn any_sequence_of_methods_reaches_the_end_of_a_damaged_stream(
        stream in streams(), damages in damages(), methods in vec(methods(), 1..12),
    ) {
        let bytes = damaged(stream, &damages);
        let mut receiver = pipe_with(&bytes);
        // Each call without an invalid argument consumes at least a header, which limits the number of messages.
        let enough = bytes.len() / 4 + 2;
        let methods = methods.into_iter().cycle().take(12 * enough).chain(std::iter::repeat_n(Method::Bytes, enough));
        for method in methods {
            prop_assert!(receiver.poll(None)?);
            match receive(&mut receiver, method) {
                Ok(()) | Err(Error::Pickle(_) | Error::BufferTooShort { .. } | Error::OutOfRange { .. }) => {}
                Err(error) => {
                    assert_stays_ended(&mut receiver, &error);
                    return Ok(());
                }
            }
        }
        prop_assert!(false, "the stream has no end");
    }

    #[test]
    fn random_bytes_as_a_message_leave_the_next_message_intact(bytes in vec(any::<u8>(), 0..200)) {
        assert_consumes_only(&bytes);
    }

    #[test]
    fn a_damaged_pickle_leaves_the_next_message_intact(
        pickle in select(&PICKLES[..]), damages in damages(),
    ) {
        assert_consumes_only(&damaged(pickle.to_vec(), &damages));
    }
}

#[test]
fn the_pickles_are_valid_before_they_are_damaged() {
    for pickle in PICKLES {
        let object = pipe_with(&frame((pickle.to_vec(), false))).recv_object();
        assert!(matches!(&object, Ok(Object::Dict(entries)) if entries.len() == 4), "{pickle:?}");
    }
}

#[test]
fn a_truncated_pickle_is_an_error_and_leaves_the_next_message_intact() {
    for pickle in PICKLES {
        for end in 0..pickle.len() {
            let mut receiver = pipe_with(&frame((pickle[..end].to_vec(), false)));
            assert!(matches!(receiver.recv_object(), Err(Error::Pickle(_))), "{end} bytes of {pickle:?}");
            assert_consumes_only(&pickle[..end]);
        }
    }
}

#[test]
fn a_stream_that_is_cut_anywhere_ends_between_messages_or_is_truncated() {
    let messages =
        [(b"four".to_vec(), false), (Vec::new(), true), (b"ok".to_vec(), true), (vec![7; 300], false)];
    let stream = messages.map(frame).concat();
    for end in 0..=stream.len() {
        assert_receives_messages(&stream[..end]);
    }
}

/// Headers of messages that never arrive.
const HEADERS: [&[u8]; 9] = [
    b"\x7f\xff\xff\xff",
    b"\x80\0\0\0",
    b"\xff\xff\xff\xfe",
    b"\xff\xff\xff\xff\0\0\0\0\xff\xff\xff\xff",
    b"\xff\xff\xff\xff\0\0\x01\0\0\0\0\0",
    b"\xff\xff\xff\xff\x7f\xff\xff\xff\xff\xff\xff\xff",
    b"\xff\xff\xff\xff\x80\0\0\0\0\0\0\0",
    b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0",
];

#[test]
fn a_hostile_length_is_an_error_in_every_method() {
    for header in HEADERS {
        for rest in [&b""[..], b"ten bytes."] {
            let stream = [header, rest].concat();
            let (_, expected) = expected(&stream);
            for method in [Method::Value, Method::Object, Method::Bytes, Method::Into { size: 20, offset: 0 }]
            {
                let mut receiver = pipe_with(&stream);
                let error = receive(&mut receiver, method).expect_err("the message never arrives");
                assert_eq!(end(&error), expected, "{method:?} of {stream:?}");
                assert_stays_ended(&mut receiver, &error);
            }
        }
    }
}

#[test]
fn the_error_for_a_truncated_message_contains_the_lengths() {
    for (stream, lengths) in [
        (&b"\0"[..], (4, 1)),
        (b"\xff\xff\xff\xff", (8, 0)),
        (b"\xff\xff\xff\xff\0\0", (8, 2)),
        (b"\0\0\0\x04", (4, 0)),
        (b"\0\0\0\x04fou", (4, 3)),
        (b"\x7f\xff\xff\xffsome", (0x7fff_ffff, 4)),
    ] {
        for method in [Method::Bytes, Method::Object, Method::Into { size: 8, offset: 0 }] {
            match receive(&mut pipe_with(stream), method) {
                Err(Error::Truncated { expected, received }) => assert_eq!((expected, received), lengths),
                other => panic!("{other:?}, of {stream:?}"),
            }
        }
    }
}
