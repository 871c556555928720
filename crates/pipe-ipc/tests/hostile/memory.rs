//! What is announced costs nothing; what has come costs a few times its size.
//!
//! Each test runs itself again where there is little address space: memory that is asked for ahead is not there.

use pipe_ipc::{Error, Receiver};
use serde::Deserialize;

use crate::rerun::{assert_succeeds, in_the_role_of, role};

/// Less than any of the claims, in KiB.
const SPACE: u32 = 512 * 1024;

/// The ways to receive, by name.
const WAYS: [&str; 4] = ["recv_bytes", "recv_bytes_into", "recv", "recv_object"];

/// Receives a message from standard input, in the way of that name.
fn receive(way: &str) -> Result<(), Error> {
    let mut receiver = Receiver::from_stdin()?;
    match way {
        "recv_bytes" => receiver.recv_bytes().map(drop),
        "recv_bytes_into" => receiver.recv_bytes_into(&mut [0; 4], 0).map(drop),
        "recv" => receiver.recv::<serde_json::Value>().map(drop),
        "recv_object" => receiver.recv_object().map(drop),
        other => panic!("there is no {other}"),
    }
}

/// Holds that of `length` bytes, all that is there of a message of two gigabytes is received in every way.
fn assert_truncated_after(length: usize) {
    if let Some(way) = role() {
        match receive(&way) {
            Err(Error::Truncated { expected: 0x7fff_ffff, received }) => assert_eq!(received, length as u64),
            other => panic!("{other:?}"),
        }
        return;
    }
    for way in WAYS {
        let stream = [&b"\x7f\xff\xff\xff"[..], &vec![b'.'; length]].concat();
        assert_succeeds(&in_the_role_of(way, SPACE).type_in(stream), way);
    }
}

#[test]
fn of_two_gigabytes_that_are_announced_ten_bytes_cost_what_ten_bytes_cost() {
    assert_truncated_after(10);
}

#[test]
fn of_two_gigabytes_that_are_announced_what_comes_is_received() {
    assert_truncated_after(8 << 20);
}

#[test]
fn a_length_that_cannot_be_addressed_costs_nothing() {
    if let Some(way) = role() {
        assert!(matches!(receive(&way), Err(Error::Truncated { received: 10, .. })));
        return;
    }
    for way in WAYS {
        let stream = b"\xff\xff\xff\xff\x7f\xff\xff\xff\xff\xff\xff\xfften bytes.";
        assert_succeeds(&in_the_role_of(way, SPACE).type_in(stream), way);
    }
}

/// A type that contains itself, and can be nothing else.
#[derive(Deserialize)]
struct Lists(#[expect(dead_code, reason = "it is only received")] Vec<Lists>);

/// Pickles that ask for more than they are: by a word for what they do.
fn pickles() -> Vec<(&'static str, Vec<u8>)> {
    const LEVELS: usize = 100_000;
    let nested =
        |open: &[u8], close: &[u8]| [open.repeat(LEVELS), b"N".to_vec(), close.repeat(LEVELS)].concat();
    // Each list holds the one before it ten times.
    let laughs =
        [b"]q\0(", &b"Xha".map(|_| b'N')[..], b"e", &b"](h\0h\0h\0h\0h\0h\0h\0h\0h\0h\0eq\0".repeat(20)]
            .concat();
    vec![
        ("nested lists", nested(b"(", b"l")),
        ("nested tuples", nested(b"", b"\x85")),
        ("nested dicts", nested(b"(N", b"d")),
        ("lists that hold each other", laughs),
        ("bytes without end", b"\x8e\0\0\0\0\0\x01\0\0few".to_vec()),
        ("a string without end", b"\x8d\xff\xff\xff\xff\xff\xff\xff\x7ffew".to_vec()),
        ("a bytearray without end", b"\x96\0\0\0\0\x01\0\0\0few".to_vec()),
        ("a number without end", b"\x8b\xff\xff\xff\x7ffew".to_vec()),
        ("a frame without end", b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x7fN".to_vec()),
        ("the last place of the memo", b"Nr\xff\xff\xff\xff0j\xfe\xff\xff\xff".to_vec()),
    ]
    .into_iter()
    .map(|(name, pickle)| (name, [pickle, b".".to_vec()].concat()))
    .collect()
}

#[test]
fn a_pickle_that_asks_for_more_than_it_is_is_no_object_and_the_next_is_intact() {
    if let Some(what) = role() {
        let mut receiver = Receiver::from_stdin().expect("an end was handed over");
        for _ in 0..2 {
            assert!(matches!(receiver.recv_object(), Err(Error::Pickle(_))), "{what}");
            assert_eq!(receiver.recv::<String>().expect("it is intact"), "well");
            assert!(matches!(receiver.recv::<serde_json::Value>(), Err(Error::Pickle(_))), "{what}");
            assert_eq!(receiver.recv::<String>().expect("it is intact"), "well");
            assert!(matches!(receiver.recv::<Lists>(), Err(Error::Pickle(_))), "{what}");
            assert_eq!(receiver.recv::<String>().expect("it is intact"), "well");
        }
        return;
    }
    for (what, pickle) in pickles() {
        let length = u32::try_from(pickle.len()).expect("it is short").to_be_bytes();
        let stream = [&length[..], &pickle, b"\0\0\0\x07\x8c\x04well."].concat().repeat(6);
        assert_succeeds(&in_the_role_of(what, SPACE).type_in(stream), what);
    }
}
