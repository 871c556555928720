//! Typed values: they are received as they were sent, and a value of another type is an error.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Debug;
use std::net::IpAddr;

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use pipe_ipc::{BigInt, Error, Object, PickleError, pipe};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Rich {
    small: (i8, u8, i16, u16, i32, u32),
    large: (i64, u64),
    floats: (f32, f64),
    letter: char,
    text: String,
    unit: (),
    nothing: Nothing,
    newtype: Newtype,
    pair: Pair,
    maybe: Option<Vec<Option<String>>>,
    choices: Vec<Choice>,
    tables: Tables,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Nothing;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Newtype(Vec<u8>);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Pair(bool, [u16; 3]);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Choice {
    Unit,
    Newtype(Option<i64>),
    Tuple(String, u64),
    Struct { flag: bool, inner: Box<Choice> },
    Empty {},
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Tables {
    names: BTreeMap<String, (i32, ())>,
    letters: BTreeMap<char, BTreeSet<u64>>,
    lists: BTreeMap<Vec<i16>, Vec<Choice>>,
}

fn choices() -> impl Strategy<Value = Choice> {
    let leaves = prop_oneof![
        Just(Choice::Unit),
        Just(Choice::Empty {}),
        any::<Option<i64>>().prop_map(Choice::Newtype),
        any::<(String, u64)>().prop_map(|(text, number)| Choice::Tuple(text, number)),
    ];
    leaves.prop_recursive(4, 8, 1, |inner| {
        (any::<bool>(), inner).prop_map(|(flag, inner)| Choice::Struct { flag, inner: Box::new(inner) })
    })
}

fn tables() -> impl Strategy<Value = Tables> {
    let names = btree_map(any::<String>(), (any::<i32>(), Just(())), 0..4);
    let letters = btree_map(any::<char>(), btree_set(any::<u64>(), 0..4), 0..4);
    let lists = btree_map(vec(any::<i16>(), 0..3), vec(choices(), 0..3), 0..3);
    (names, letters, lists).prop_map(|(names, letters, lists)| Tables { names, letters, lists })
}

fn rich_values() -> impl Strategy<Value = Rich> {
    let numbers = (any::<(i8, u8, i16, u16, i32, u32)>(), any::<(i64, u64)>(), any::<(f32, f64)>());
    let texts = (any::<char>(), any::<String>(), vec(any::<u8>(), 0..9));
    let pair = any::<(bool, [u16; 3])>().prop_map(|(flag, numbers)| Pair(flag, numbers));
    let maybe = option::of(vec(option::of(any::<String>()), 0..4));
    (numbers, texts, pair, maybe, vec(choices(), 0..5), tables()).prop_map(
        |((small, large, floats), (letter, text, bytes), pair, maybe, choices, tables)| Rich {
            small,
            large,
            floats,
            letter,
            text,
            unit: (),
            nothing: Nothing,
            newtype: Newtype(bytes),
            pair,
            maybe,
            choices,
            tables,
        },
    )
}

/// Sends a value through a pipe and receives it.
fn send_and_receive<T: Serialize + DeserializeOwned>(value: &T) -> T {
    let (mut receiver, mut sender) = pipe().expect("a pipe can be created");
    sender.send(value).expect("the value can be sent");
    receiver.recv().expect("the value can be received")
}

/// Sends an object through a pipe and receives it as another type.
fn receive_as<T: DeserializeOwned>(object: &Object) -> Result<T, Error> {
    let (mut receiver, mut sender) = pipe().expect("a pipe can be created");
    sender.send_object(object).expect("the object can be sent");
    receiver.recv()
}

#[track_caller]
fn assert_mismatch<T: DeserializeOwned + Debug>(object: &Object, expected: &str) {
    let error = receive_as::<T>(object).expect_err("it has another type");
    assert!(matches!(error, Error::Pickle(PickleError::Mismatch(_))), "{error:?}");
    assert_eq!(error.to_string(), format!("cannot decode the message: {expected}"));
}

proptest! {
    #[test]
    fn a_typed_value_is_received_as_it_was_sent(value in rich_values()) {
        prop_assert_eq!(send_and_receive(&value), value);
    }

    #[test]
    fn integers_of_128_bits_can_be_received(signed: i128, unsigned: u128) {
        let tuple = Object::Tuple([BigInt::from(signed), unsigned.into()].map(Object::BigInt).to_vec());
        prop_assert_eq!(receive_as::<(i128, u128)>(&tuple).expect("both are in range"), (signed, unsigned));
    }
}

#[test]
fn more_items_than_python_sends_in_one_batch_are_received() {
    let list: Vec<u32> = (0..2500).collect();
    assert_eq!(send_and_receive(&list), list);
    let map: HashMap<u32, u32> = list.iter().map(|number| (*number, number + 1)).collect();
    assert_eq!(send_and_receive(&map), map);
}

#[test]
fn a_human_readable_form_is_received() {
    let address: IpAddr = "192.0.2.1".parse().expect("an address");
    assert_eq!(send_and_receive(&address), address);
}

#[test]
fn a_value_that_cannot_be_serialized_is_an_error_and_nothing_is_sent() {
    let (mut receiver, mut sender) = pipe().expect("a pipe can be created");
    let error = sender.send(&(1, 1_i128)).expect_err("serde-pickle has no such integers");
    assert_eq!(error.to_string(), "cannot encode the value, so that nothing was sent: i128 is not supported");
    sender.send("next").expect("the value can be sent");
    assert_eq!(receiver.recv::<String>().expect("the value can be received"), "next");
}

#[test]
fn python_types_are_received_as_the_rust_types_that_fit() {
    let bytes = || Object::Bytes(b"ab".to_vec());
    assert_eq!(receive_as::<Vec<u8>>(&bytes()).expect("bytes"), b"ab");
    assert_eq!(receive_as::<[u8; 2]>(&Object::ByteArray(b"ab".to_vec())).expect("bytes"), *b"ab");
    assert_eq!(receive_as::<(u8, i64)>(&bytes()).expect("bytes"), (97, 98));
    assert!((receive_as::<f64>(&Object::Int(3)).expect("a number") - 3.0).abs() < f64::EPSILON);
    let numbers = || [3, 1].map(Object::Int).to_vec();
    for object in [Object::Tuple(numbers()), Object::Set(numbers()), Object::FrozenSet(numbers())] {
        assert_eq!(receive_as::<Vec<i32>>(&object).expect("a sequence"), [3, 1]);
    }
    let unit = Object::Dict(vec![("Unit".into(), Object::None)]);
    assert_eq!(receive_as::<Choice>(&unit).expect("a variant"), Choice::Unit);
}

/// The cases are those at which rounding and overflow change.
#[test]
fn an_integer_is_rounded_to_the_nearest_float_as_in_python() {
    let power = |exponent: u32| BigInt::from(1) << exponent;
    let float = |exponent| 2_f64.powi(exponent);
    // The largest float has 53 ones; halfway to the next is one bit more.
    let halfway_to_infinity = power(1024) - power(970);
    for (integer, expected) in [
        (power(64), float(64)),
        (power(64) + (1 << 11), float(64)),
        (power(64) + (1 << 11) + 1, float(64) + float(12)),
        (power(64) + (3 << 11), float(64) + float(13)),
        (power(200) - 1, float(200)),
        (-power(207), -float(207)),
        (power(232) + power(179), float(232)),
        (power(232) + power(179) + 1, float(232) + float(180)),
        (power(1023), float(1023)),
        (&halfway_to_infinity - power(970), f64::MAX),
        (&halfway_to_infinity - 1, f64::MAX),
    ] {
        let read = receive_as::<f64>(&Object::BigInt(integer.clone())).expect("it is in range");
        assert_eq!(read.to_bits(), expected.to_bits(), "{integer}");
    }
    assert_eq!(
        receive_as::<f32>(&Object::BigInt(power(127))).expect("it is in range").to_bits(),
        0x7f00_0000
    );
    for integer in [halfway_to_infinity, power(1024), -power(1 << 14)] {
        assert_mismatch::<f64>(
            &Object::BigInt(integer),
            "invalid value: integer that is too large for a float, expected f64",
        );
    }
}

#[test]
fn a_value_of_another_type_is_an_error_that_names_it() {
    assert_mismatch::<u8>(&300.into(), "invalid value: integer `300`, expected u8");
    assert_mismatch::<u64>(&(-1).into(), "invalid value: integer `-1`, expected u64");
    assert_mismatch::<u64>(
        &Object::BigInt(BigInt::from(1_u128 << 64)),
        "invalid type: integer `18446744073709551616` as i128, expected u64",
    );
    assert_mismatch::<i128>(
        &Object::BigInt(BigInt::from_signed_bytes_le(&[1; 17])),
        "invalid type: integer of more than 128 bits, expected i128",
    );
    assert_mismatch::<String>(&1.into(), "invalid type: integer `1`, expected a string");
    assert_mismatch::<char>(&"ab".into(), "invalid value: string \"ab\", expected a character");
    assert_mismatch::<bool>(&Object::None, "invalid type: unit value, expected a boolean");
}

#[test]
fn a_sequence_of_another_length_is_an_error() {
    let three = || [1, 2, 3].map(Object::Int).to_vec();
    assert_mismatch::<(u8, u8)>(&Object::Tuple(three()), "invalid length 3, expected a sequence of length 2");
    assert_mismatch::<[u8; 4]>(&Object::List(three()), "invalid length 3, expected an array of length 4");
    assert_mismatch::<[u8; 2]>(
        &Object::Bytes(b"abc".to_vec()),
        "invalid length 3, expected 2 elements in sequence",
    );
}

#[test]
fn a_variant_in_another_form_is_an_error() {
    let variant = |name: &str, content| Object::Dict(vec![(name.into(), content)]);
    assert_mismatch::<Choice>(
        &1.into(),
        "invalid type: integer `1`, expected the name of a variant, or a dict that maps it to its content",
    );
    assert_mismatch::<Choice>(
        &Object::Dict(Vec::new()),
        "invalid length 0, expected the name of a variant, or a dict that maps it to its content",
    );
    assert_mismatch::<Choice>(
        &"Other".into(),
        "unknown variant `Other`, expected one of `Unit`, `Newtype`, `Tuple`, `Struct`, `Empty`",
    );
    assert_mismatch::<Choice>(&"Tuple".into(), "invalid type: unit variant, expected tuple variant");
    assert_mismatch::<Choice>(&"Newtype".into(), "invalid type: unit variant, expected newtype variant");
    assert_mismatch::<Choice>(&"Struct".into(), "invalid type: unit variant, expected struct variant");
    assert_mismatch::<Choice>(
        &variant("Unit", Object::Int(1)),
        "invalid type: integer `1`, expected unit variant",
    );
}

/// The chain of causes, as anyhow prints it, repeats nothing.
#[test]
fn an_error_is_printed_with_its_cause_once() {
    struct Refused;

    impl Serialize for Refused {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("refused"))
        }
    }

    let (_receiver, mut sender) = pipe().expect("a pipe can be created");
    let Err(Error::Unpicklable(error)) = sender.send(&Refused) else {
        panic!("the value refuses to be serialized")
    };
    let printed = format!("{:#}", anyhow::Error::from(error));
    assert_eq!(printed.matches("refused").count(), 1, "{printed}");
}
