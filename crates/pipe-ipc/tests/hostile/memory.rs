//! The memory is in proportion to the bytes that arrive, not to the length in the header.
//!
//! Each test runs itself again with little address space, where a large allocation fails.

use pipe_ipc::{Error, Receiver};
use serde::Deserialize;

use crate::ALLOCATED;
use crate::rerun::{assert_succeeds, in_the_role_of, role};

/// Less than any length in a header here, in KiB.
const SPACE: u32 = 512 * 1024;

/// The methods that receive.
const METHODS: [&str; 4] = ["recv_bytes", "recv_bytes_into", "recv", "recv_object"];

/// Receives a message from standard input.
fn receive(method: &str) -> Result<(), Error> {
    let mut receiver = Receiver::from_stdin()?;
    match method {
        "recv_bytes" => receiver.recv_bytes().map(drop),
        "recv_bytes_into" => receiver.recv_bytes_into(&mut [0; 4], 0).map(drop),
        "recv" => receiver.recv::<serde_json::Value>().map(drop),
        "recv_object" => receiver.recv_object().map(drop),
        other => panic!("no method {other}"),
    }
}

/// Asserts that every method receives the `length` bytes that arrive of a message of two gigabytes.
fn assert_truncated_after(length: usize) {
    if let Some(method) = role() {
        match receive(&method) {
            Err(Error::Truncated { expected: 0x7fff_ffff, received }) => assert_eq!(received, length as u64),
            other => panic!("{other:?}"),
        }
        let peak = ALLOCATED.peak_usage();
        assert!(peak <= 3 * length + (256 << 10), "{method} takes {peak} bytes");
        return;
    }
    for method in METHODS {
        let stream = [&b"\x7f\xff\xff\xff"[..], &vec![b'.'; length]].concat();
        assert_succeeds(&in_the_role_of(method, SPACE).type_in(stream), method);
    }
}

#[test]
fn ten_bytes_of_a_message_of_two_gigabytes_take_little_memory() {
    assert_truncated_after(10);
}

#[test]
fn eight_megabytes_of_a_message_of_two_gigabytes_are_received() {
    assert_truncated_after(8 << 20);
}

#[test]
fn a_length_beyond_the_address_space_takes_no_memory() {
    if let Some(method) = role() {
        assert!(matches!(receive(&method), Err(Error::Truncated { received: 10, .. })));
        return;
    }
    for method in METHODS {
        let stream = b"\xff\xff\xff\xff\x7f\xff\xff\xff\xff\xff\xff\xfften bytes.";
        assert_succeeds(&in_the_role_of(method, SPACE).type_in(stream), method);
    }
}

/// A type that contains nothing but itself.
#[derive(Deserialize)]
struct Lists(#[expect(dead_code, reason = "it is only received")] Vec<Lists>);

/// Pickles that expand to more than their size, with their names.
fn pickles() -> Vec<(&'static str, Vec<u8>)> {
    const LEVELS: usize = 100_001;
    let nested =
        |open: &[u8], close: &[u8]| [open.repeat(LEVELS), b"N".to_vec(), close.repeat(LEVELS)].concat();
    // Each list refers ten times to the previous one.
    let laughs =
        [b"]q\0(", &b"Xha".map(|_| b'N')[..], b"e", &b"](h\0h\0h\0h\0h\0h\0h\0h\0h\0h\0eq\0".repeat(20)]
            .concat();
    vec![
        ("nested lists", nested(b"]", b"a")),
        ("nested tuples", nested(b"", b"\x85")),
        ("nested dicts", nested(b"}N", b"s")),
        ("shared lists", laughs),
        ("bytes beyond the message", b"\x8e\0\0\0\0\0\x01\0\0few".to_vec()),
        ("a string beyond the message", b"\x8d\xff\xff\xff\xff\xff\xff\xff\x7ffew".to_vec()),
        ("a bytearray beyond the message", b"\x96\0\0\0\0\x01\0\0\0few".to_vec()),
        ("an integer beyond the message", b"\x8b\xff\xff\xff\x7ffew".to_vec()),
        ("a frame beyond the message", b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x7fN".to_vec()),
        ("the highest memo key", b"Nr\xff\xff\xff\xff0j\xfe\xff\xff\xff".to_vec()),
    ]
    .into_iter()
    .map(|(name, pickle)| (name, [pickle, b".".to_vec()].concat()))
    .collect()
}

#[test]
fn a_pickle_that_expands_to_too_much_is_an_error_and_the_next_message_is_intact() {
    if let Some(what) = role() {
        let mut receiver = Receiver::from_stdin().expect("standard input is a receiving end");
        for _ in 0..2 {
            assert!(matches!(receiver.recv_object(), Err(Error::Pickle(_))), "{what}");
            assert_eq!(receiver.recv::<String>().expect("the message is intact"), "well");
            assert!(matches!(receiver.recv::<serde_json::Value>(), Err(Error::Pickle(_))), "{what}");
            assert_eq!(receiver.recv::<String>().expect("the message is intact"), "well");
            assert!(matches!(receiver.recv::<Lists>(), Err(Error::Pickle(_))), "{what}");
            assert_eq!(receiver.recv::<String>().expect("the message is intact"), "well");
        }
        return;
    }
    for (what, pickle) in pickles() {
        let length = u32::try_from(pickle.len()).expect("it is short").to_be_bytes();
        let stream = [&length[..], &pickle, b"\0\0\0\x07\x8c\x04well."].concat().repeat(6);
        assert_succeeds(&in_the_role_of(what, SPACE).type_in(stream), what);
    }
}

/// The documented bound on the memory that receiving an object takes: for each byte of the message, and for values that
/// the message refers to again and again.
const BOUND: (usize, usize) = (256, 32 << 20);

/// How much more memory a [`serde_json::Value`] takes than an object: it stores even one entry of a map in a node for eleven.
const JSON: usize = 4;

/// Pickles of 32 to 100 KiB without shared values, which take as much memory for each byte as possible.
fn expensive_pickles() -> Vec<Vec<u8>> {
    let integer = [&b"\x8b\0\x80\0\0"[..], &b"\x7f".repeat(0x8000)].concat();
    let tuples = [&b"N"[..], &[0x85; 100]].concat();
    let unique_keys: Vec<_> =
        (0..8000_u16).flat_map(|key| [b"M", &key.to_le_bytes()[..], b"N"].concat()).collect();
    let items = [
        &b"N"[..],
        b"K\x01",
        b")",
        b"]",
        b"}",
        b"\x8f",
        b"N\x85",
        b"]Na",
        b"}NNs",
        b"}\x8c\x01aNs",
        b"(N\x91",
        b"\x8c\0",
        b"\x8c\x01a",
        b"C\x01a",
        b"C\x40aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        b"\x96\x01\0\0\0\0\0\0\0a",
        b"\x8a\x09\0\0\0\0\0\0\0\0\x01",
        b"NNNN\x94\x94\x94",
        b"N\x940",
        b"]](](t",
        &tuples,
        &integer,
    ];
    let mut pickles: Vec<_> =
        items.iter().map(|item| [b"(", &item.repeat((32 << 10) / item.len())[..], b"t."].concat()).collect();
    pickles.push([&b"N"[..], &b"\x85".repeat(100_000), b"."].concat());
    pickles.push([b"}(", &unique_keys[..], b"u."].concat());
    pickles.push([&b"(".repeat(32 << 10), &b"N."[..]].concat());
    pickles
}

/// Short pickles that expand as far as the limit allows: each list refers twice to the previous one.
fn expanding_pickles() -> Vec<Vec<u8>> {
    let text = [&b"X\0\x01\0\0"[..], &[b'a'; 256]].concat();
    let integer = [&b"\x8b\0\x01\0\0"[..], &[0x7f; 256]].concat();
    let array = [&b"\x96\0\x01\0\0\0\0\0\0"[..], &[b'a'; 256]].concat();
    let firsts = [
        &b"N"[..],
        b")",
        b"N\x85",
        b"\x8c\x01a",
        b"\x8c\x18aaaaaaaaaaaaaaaaaaaaaaaa",
        b"}\x8c\x01aNs",
        b"\x8a\x09\0\0\0\0\0\0\0\0\x01",
        &text,
        &integer,
        &array,
    ];
    let laughs = |first: &&[u8], levels: u8| {
        let level = |key| [b']', b'(', b'h', key, b'h', key, b'e', 0x94];
        [first, &b"\x94"[..], &(0..levels).flat_map(level).collect::<Vec<_>>(), b"."].concat()
    };
    let mut pickles: Vec<_> = firsts.iter().map(|first| laughs(first, 30)).collect();
    pickles.push(b"]\x94(h\0h\0e.".to_vec());
    pickles.push(b"]\x94h\0a.".to_vec());
    pickles
}

/// Returns how much memory `work` takes at its peak, in bytes.
fn peak_of(work: impl FnOnce()) -> usize {
    ALLOCATED.reset_peak_usage();
    let before = ALLOCATED.current_usage();
    work();
    ALLOCATED.peak_usage() - before
}

#[test]
fn a_message_takes_no_more_memory_than_documented() {
    let pickles = [expensive_pickles(), expanding_pickles()];
    if let Some(method) = role() {
        let mut receiver = Receiver::from_stdin().expect("standard input is a receiving end");
        let (per_byte, shared) = BOUND;
        for (pickles, shared) in pickles.iter().zip([0, shared]) {
            for pickle in pickles {
                let peak = peak_of(|| match &*method {
                    "recv_object" => drop(receiver.recv_object()),
                    _ => drop(receiver.recv::<serde_json::Value>()),
                });
                let times = if method == "recv" { JSON } else { 1 };
                let bound = (per_byte * pickle.len() + shared) * times;
                let what = &pickle[..pickle.len().min(30)].escape_ascii();
                assert!(peak <= bound, "{method} of {what} takes {peak} bytes, and {bound} are allowed");
            }
        }
        return;
    }
    let stream: Vec<_> = pickles
        .iter()
        .flatten()
        .flat_map(|pickle| {
            let length = u32::try_from(pickle.len()).expect("it is short").to_be_bytes();
            [&length[..], pickle].concat()
        })
        .collect();
    for method in ["recv_object", "recv"] {
        assert_succeeds(&in_the_role_of(method, 4 * SPACE).type_in(stream.clone()), method);
    }
}
