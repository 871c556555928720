//! Deep nesting is an error and never a stack overflow.

use std::collections::BTreeMap;
use std::iter;

use serde::Deserialize;

use pipe_ipc::{Object, PickleError};

use super::{on_a_stack_of, read_value, write};

/// The documented limits.
const OBJECT_DEPTH: usize = 100_000;
const TYPE_DEPTH: usize = 200;

/// Far more levels than any limit.
const TOO_MANY: usize = 200_000;

/// The default size of a thread's stack.
const DEFAULT_STACK: usize = 2 << 20;

/// Little more than a thread needs to start.
const SMALL_STACK: usize = 64 << 10;

/// The worst case of a recursive type: serde copies the whole value at each level.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Number(i64),
    List(Vec<Untagged>),
    Dict(BTreeMap<i64, Untagged>),
}

#[derive(Debug, PartialEq, Deserialize)]
enum Tagged {
    Leaf,
    Nested(Box<Tagged>),
}

/// Recurses without reading anything.
#[derive(Debug, Deserialize)]
struct Endless(#[expect(dead_code, reason = "it is only read")] Box<Endless>);

/// Recurses without reading anything and without a newtype that the deserializer could see.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
struct Optional(#[expect(dead_code, reason = "it is only read")] Option<Box<Optional>>);

fn pickle_of(parts: [&[u8]; 3], levels: usize) -> Vec<u8> {
    let [open, middle, close] = parts;
    let repeated = |part| iter::repeat_n(part, levels).flatten();
    repeated(open).chain(middle).chain(repeated(close)).chain(b".").copied().collect()
}

fn lists(levels: usize) -> Vec<u8> {
    pickle_of([b"]", b"K\x01", b"a"], levels)
}

fn tuples(levels: usize) -> Vec<u8> {
    pickle_of([b"", b"K\x01", b"\x85"], levels)
}

fn dicts(levels: usize) -> Vec<u8> {
    pickle_of([b"}K\x01", b"K\x01", b"s"], levels)
}

fn keys(levels: usize) -> Vec<u8> {
    pickle_of([b"}", b"K\x01", b"Ns"], levels)
}

fn sets(levels: usize) -> Vec<u8> {
    pickle_of([b"(", b"K\x01", b"\x91"], levels)
}

fn variants(levels: usize) -> Vec<u8> {
    pickle_of([b"}\x8c\x06Nested", b"\x8c\x04Leaf", b"s"], levels)
}

#[test]
fn an_object_of_the_maximum_depth_needs_no_deep_stack() {
    on_a_stack_of(SMALL_STACK, || {
        for pickle in [lists, tuples, dicts, sets].map(|pickle| pickle(OBJECT_DEPTH)) {
            let object = Object::from_pickle(&pickle).expect("it is not too deep");
            let copy = object.clone();
            assert_eq!(Object::from_pickle(&write(&object)).expect("it is not too deep"), copy);
            let text = format!("{object:?}");
            assert!(text.contains("([Int(1)") || text.contains("(Int(1), Int(1))"), "{}", &text[..30]);
            drop(object);
        }
    });
}

#[test]
fn a_typed_value_of_the_maximum_depth_fits_on_a_thread_s_stack() {
    on_a_stack_of(DEFAULT_STACK, || {
        read_value::<Untagged>(&lists(TYPE_DEPTH)).expect("it is not too deep");
        read_value::<Untagged>(&dicts(TYPE_DEPTH)).expect("it is not too deep");
        read_value::<Tagged>(&variants(TYPE_DEPTH)).expect("it is not too deep");
    });
}

#[test]
fn a_deeper_value_is_an_error() {
    on_a_stack_of(DEFAULT_STACK, || {
        for levels in [OBJECT_DEPTH + 1, TOO_MANY] {
            for pickle in [lists(levels), tuples(levels), dicts(levels), sets(levels)] {
                let error = Object::from_pickle(&pickle).expect_err("it is too deep");
                assert!(matches!(error, PickleError::TooDeep), "{error}");
            }
        }
        for levels in [TYPE_DEPTH + 1, TOO_MANY] {
            for pickle in [lists(levels), tuples(levels), dicts(levels), keys(levels), sets(levels)] {
                let error = read_value::<Untagged>(&pickle).expect_err("it is too deep");
                assert!(matches!(error, PickleError::TooDeep), "{error}");
            }
            let error = read_value::<Tagged>(&variants(levels)).expect_err("it is too deep");
            assert!(matches!(error, PickleError::TooDeep), "{error}");
        }
    });
}

#[test]
fn a_value_that_contains_itself_is_an_error() {
    on_a_stack_of(DEFAULT_STACK, || {
        for pickle in [
            // The second is a tuple of four items, as CPython writes it: it discards the items and gets the finished tuple.
            &b"]q\0h\0a."[..],
            b"]q\0(h\0h\0h\0h\0tq\x01a(h\x011h\x01.",
            b"]\x94h\0a.",
            b"]\x94(h\0h\0e.",
            b"]\x94h\0\x85\x94a0h\x01.",
            b"}\x94K\x01h\0s.",
        ] {
            let error = Object::from_pickle(pickle).expect_err("it has no end");
            assert!(matches!(error, PickleError::TooDeep), "{error}");
            let error = read_value::<Untagged>(pickle).expect_err("it has no end");
            assert!(matches!(error, PickleError::TooDeep), "{error}");
        }
    });
}

#[test]
fn a_type_that_contains_only_itself_is_an_error() {
    on_a_stack_of(DEFAULT_STACK, || {
        for error in [read_value::<Endless>(b"K\x01.").err(), read_value::<Optional>(b"K\x01.").err()] {
            assert!(matches!(error, Some(PickleError::TooDeep)), "{error:?}");
        }
    });
}

#[test]
fn an_object_that_is_too_deep_is_not_written() {
    let deep = (0..=OBJECT_DEPTH).fold(Object::None, |inner, _| Object::List(vec![inner]));
    let error = deep.to_pickle().expect_err("it is too deep");
    assert!(matches!(error, PickleError::TooDeep), "{error}");
}
