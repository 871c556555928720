//! Pickles: what is read and written, and how hostile bytes are handled.

mod hostile;
mod nesting;
mod opcodes;

use std::{fmt, thread};

use proptest::collection::vec;
use proptest::num::f64::{INFINITE, NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
use proptest::prelude::*;

use pipe_ipc::{BigInt, Error, Object, PickleError, pipe};
use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Runs `work` on a stack of `size` bytes.
fn on_a_stack_of<T: Send>(size: usize, work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(size).spawn_scoped(scope, work);
        thread.expect("a thread can be spawned").join().expect("the thread does not panic")
    })
}

/// Receives a pickle as a value of the type `T`.
fn read_value<T: DeserializeOwned>(pickle: &[u8]) -> Result<T, PickleError> {
    let (mut receiver, mut sender) = pipe().expect("a pipe can be created");
    let value = thread::scope(|scope| {
        scope.spawn(|| sender.send_bytes(pickle).expect("the receiver is open"));
        receiver.recv()
    });
    value.map_err(|error| match error {
        Error::Pickle(error) => error,
        other => panic!("{other}"),
    })
}

fn write(object: &Object) -> Vec<u8> {
    object.to_pickle().expect("the object can be written")
}

fn big_ints() -> impl Strategy<Value = Object> {
    vec(any::<u8>(), 9..300).prop_filter_map("the integer fits into an i64", |bytes| {
        let big = BigInt::from_signed_bytes_le(&bytes);
        i64::try_from(&big).is_err().then_some(Object::BigInt(big))
    })
}

/// Scalars except NaN, which does not equal itself.
fn scalars() -> impl Strategy<Value = Object> {
    prop_oneof![
        Just(Object::None),
        any::<bool>().prop_map(Object::Bool),
        any::<i64>().prop_map(Object::Int),
        (-70_000_i64..70_000).prop_map(Object::Int),
        big_ints(),
        (POSITIVE | NEGATIVE | NORMAL | SUBNORMAL | ZERO | INFINITE).prop_map(Object::Float),
        vec(any::<u8>(), 0..300).prop_map(Object::Bytes),
        any::<String>().prop_map(Object::Str),
    ]
}

/// Objects that can be a key of a dict.
fn hashable() -> impl Strategy<Value = Object> {
    scalars().prop_recursive(3, 12, 4, |inner| {
        let items = vec(inner, 0..4);
        prop_oneof![items.clone().prop_map(Object::Tuple), items.prop_map(Object::FrozenSet)]
    })
}

fn objects() -> impl Strategy<Value = Object> {
    let leaves = prop_oneof![
        4 => hashable(),
        1 => vec(any::<u8>(), 0..300).prop_map(Object::ByteArray),
        1 => vec(hashable(), 0..4).prop_map(Object::Set),
    ];
    leaves.prop_recursive(5, 50, 6, |inner| {
        let items = vec(inner.clone(), 0..6);
        prop_oneof![
            items.clone().prop_map(Object::List),
            items.prop_map(Object::Tuple),
            vec((hashable(), inner), 0..6).prop_map(Object::Dict),
        ]
    })
}

proptest! {
    #[test]
    fn an_object_is_read_back_as_it_was_written(object in objects()) {
        prop_assert_eq!(Object::from_pickle(&write(&object)).expect("it can be read"), object);
    }

    #[test]
    fn bytes_after_a_pickle_are_ignored(object in objects(), more: Vec<u8>) {
        let pickle = [write(&object), more].concat();
        prop_assert_eq!(Object::from_pickle(&pickle).expect("it can be read"), object);
    }
}

#[test]
fn an_unhashable_key_is_rejected() {
    let tuple_with = |item| Object::Tuple(vec![Object::Int(1), item]);
    for (object, expected) in [
        (
            Object::Dict(vec![(Object::List(Vec::new()), Object::None)]),
            "a list cannot be a key of a dict or an item of a set",
        ),
        (
            Object::Set(vec![tuple_with(Object::Dict(Vec::new()))]),
            "a dict cannot be a key of a dict or an item of a set",
        ),
        (
            Object::FrozenSet(vec![Object::ByteArray(Vec::new())]),
            "a bytearray cannot be a key of a dict or an item of a set",
        ),
        (
            tuple_with(Object::Set(vec![tuple_with(Object::Set(Vec::new()))])),
            "a set cannot be a key of a dict or an item of a set",
        ),
    ] {
        let error = object.to_pickle().expect_err("Python cannot hash the key");
        assert!(matches!(error, PickleError::InvalidValue { problem } if problem == expected), "{error}");
    }
}

#[test]
fn an_item_that_python_cannot_hash_is_not_received() {
    for item in [&b"]"[..], b"}", b"\x8f", b"\x96\0\0\0\0\0\0\0\0", b"]\x85", b"K\x01]\x85\x86"] {
        let sets = [
            [b"\x8f(", item, b"\x90."].concat(),
            [b"(", item, b"\x91."].concat(),
            [b"cbuiltins\nset\n](", item, b"e\x85R."].concat(),
            [b"cbuiltins\nfrozenset\n](", item, b"e\x85R."].concat(),
            [b"}", item, b"Ns."].concat(),
            [b"}(N", item, item, b"Nu."].concat(),
        ];
        for pickle in sets {
            let error = Object::from_pickle(&pickle).expect_err("the item is not hashable");
            let expected =
                matches!(error, PickleError::InvalidValue { problem } if problem.contains("cannot be a key"));
            assert!(expected, "{}: {error}", pickle.escape_ascii());
        }
        let values = [
            [b"](", item, b"e."].concat(),
            [item, b"\x85."].concat(),
            [b"}N", item, b"s."].concat(),
            [b"}(K\x01", item, b"K\x02", item, b"u."].concat(),
        ];
        for pickle in values {
            Object::from_pickle(&pickle).expect("a value of a dict and an item of a list need no hash");
        }
    }
}

/// Objects that all differ, most of them in one place only.
fn different_objects() -> Vec<Object> {
    use Object::{Bool, ByteArray, Bytes, Dict, Float, FrozenSet, Int, List, Set, Str, Tuple};
    let big = |number: i128| Object::BigInt(BigInt::from(number) << 64);
    let one = || vec![Int(1)];
    let pair = |key, value| vec![(Int(key), Int(value))];
    vec![
        Object::None,
        Bool(false),
        Bool(true),
        Int(0),
        Int(1),
        big(1),
        big(2),
        Float(0.5),
        Float(1.0),
        Bytes(Vec::new()),
        Bytes(vec![1]),
        ByteArray(Vec::new()),
        ByteArray(vec![1]),
        Str(String::new()),
        Str("1".to_owned()),
        List(Vec::new()),
        List(one()),
        List(vec![Int(1), Int(1)]),
        List(vec![List(one())]),
        List(vec![List(Vec::new()), Int(1)]),
        List(vec![Tuple(one())]),
        Tuple(Vec::new()),
        Tuple(one()),
        Set(Vec::new()),
        Set(one()),
        FrozenSet(Vec::new()),
        FrozenSet(one()),
        Dict(Vec::new()),
        Dict(pair(1, 2)),
        Dict(pair(2, 1)),
        Dict(pair(1, 1)),
        Dict([pair(1, 2), pair(1, 2)].concat()),
    ]
}

#[test]
fn objects_are_equal_to_their_copies_and_to_no_other_objects() {
    let (objects, copies) = (different_objects(), different_objects().clone());
    for (index, object) in objects.iter().enumerate() {
        for (other, copy) in copies.iter().enumerate() {
            assert_eq!(object == copy, index == other, "{object:?} and {copy:?}");
        }
    }
    assert_ne!(Object::Float(f64::NAN), Object::Float(f64::NAN));
    assert_eq!(Object::List(objects), Object::List(copies));
}

#[test]
fn an_object_is_printed_as_a_derived_implementation_prints_it() {
    let printed = [
        "None",
        "Bool(false)",
        "Bool(true)",
        "Int(0)",
        "Int(1)",
        "BigInt(18446744073709551616)",
        "BigInt(36893488147419103232)",
        "Float(0.5)",
        "Float(1.0)",
        "Bytes([])",
        "Bytes([1])",
        "ByteArray([])",
        "ByteArray([1])",
        "Str(\"\")",
        "Str(\"1\")",
        "List([])",
        "List([Int(1)])",
        "List([Int(1), Int(1)])",
        "List([List([Int(1)])])",
        "List([List([]), Int(1)])",
        "List([Tuple([Int(1)])])",
        "Tuple([])",
        "Tuple([Int(1)])",
        "Set([])",
        "Set([Int(1)])",
        "FrozenSet([])",
        "FrozenSet([Int(1)])",
        "Dict([])",
        "Dict([(Int(1), Int(2))])",
        "Dict([(Int(2), Int(1))])",
        "Dict([(Int(1), Int(1))])",
        "Dict([(Int(1), Int(2)), (Int(1), Int(2))])",
    ];
    assert_eq!(different_objects().iter().map(|object| format!("{object:?}")).collect::<Vec<_>>(), printed);
}

/// What a sequence or a map says about its length before its items are read.
#[derive(Debug, PartialEq, Eq)]
struct Hint(Option<usize>);

impl<'de> Deserialize<'de> for Hint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(HintVisitor)
    }
}

struct HintVisitor;

impl<'de> Visitor<'de> for HintVisitor {
    type Value = Hint;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a collection")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Hint, A::Error> {
        let hint = items.size_hint();
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Hint(hint))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Hint, A::Error> {
        let hint = entries.size_hint();
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Hint(hint))
    }
}

#[test]
fn a_type_knows_the_length_of_a_collection_before_it_reads_the_items() {
    for length in [0, 3, 1000] {
        let items = || (0..length).map(Object::Int).collect::<Vec<_>>();
        let hint = Hint(usize::try_from(length).ok());
        for object in
            [Object::List(items()), Object::Tuple(items()), Object::Set(items()), Object::FrozenSet(items())]
        {
            assert_eq!(read_value::<Hint>(&write(&object)).expect("it is a collection"), hint);
        }
        let dict = Object::Dict(items().into_iter().map(|key| (key, Object::None)).collect());
        assert_eq!(read_value::<Hint>(&write(&dict)).expect("it is a collection"), hint);
    }
}

#[test]
fn a_class_in_place_of_a_value_is_an_error_that_names_it() {
    #[derive(Debug, Deserialize)]
    enum Choice {
        Unit,
    }
    for (global, expected) in [
        ("builtins\nset", "builtins.set"),
        ("__builtin__\nfrozenset", "builtins.frozenset"),
        ("builtins\nbytes", "builtins.bytes"),
        ("__builtin__\nbytearray", "builtins.bytearray"),
        ("_codecs\nencode", "_codecs.encode"),
    ] {
        let pickle = format!("c{global}\n.").into_bytes();
        let list = format!("]c{global}\na.").into_bytes();
        for error in [
            Object::from_pickle(&pickle).err(),
            Object::from_pickle(&list).err(),
            read_value::<u8>(&pickle).err(),
            read_value::<Vec<u8>>(&list).err(),
            read_value::<Choice>(&pickle).err(),
        ] {
            let named = matches!(&error, Some(PickleError::UnsupportedGlobal { name }) if name == expected);
            assert!(named, "{global}: {error:?}");
        }
    }
    read_value::<Choice>(b"\x8c\x04Unit.").expect("it is the name of a variant");
}
