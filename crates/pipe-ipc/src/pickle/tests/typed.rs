//! Typed values: what serde-pickle writes comes back, and what is of another type is an error.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Debug;
use std::net::IpAddr;

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::pickle::{BigInt, Object, PickleError, read_value, write_object, write_value};

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

fn riches() -> impl Strategy<Value = Rich> {
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

fn written<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    let mut pickle = Vec::new();
    write_value(value, &mut pickle).expect("it can be serialized");
    pickle
}

fn read_as<T: DeserializeOwned>(object: &Object) -> Result<T, PickleError> {
    let mut pickle = Vec::new();
    write_object(object, &mut pickle).expect("Python can have it");
    read_value(&pickle)
}

#[track_caller]
fn assert_refuses<T: DeserializeOwned + Debug>(object: &Object, expected: &str) {
    let error = read_as::<T>(object).expect_err("it is of another type");
    assert!(matches!(error, PickleError::Mismatch(_)), "{error:?}");
    assert_eq!(error.to_string(), expected);
}

proptest! {
    #[test]
    fn what_serde_pickle_writes_comes_back(value in riches()) {
        prop_assert_eq!(read_value::<Rich>(&written(&value)).expect("it was written here"), value);
    }

    #[test]
    fn integers_of_128_bits_are_read(signed: i128, unsigned: u128) {
        let tuple = Object::Tuple([BigInt::from(signed), unsigned.into()].map(Object::BigInt).to_vec());
        prop_assert_eq!(read_as::<(i128, u128)>(&tuple).expect("they fit"), (signed, unsigned));
    }
}

#[test]
fn more_than_a_batch_of_items_comes_back() {
    let list: Vec<u32> = (0..2500).collect();
    assert_eq!(read_value::<Vec<u32>>(&written(&list)).expect("a list"), list);
    let map: HashMap<u32, u32> = list.iter().map(|number| (*number, number + 1)).collect();
    assert_eq!(read_value::<HashMap<u32, u32>>(&written(&map)).expect("a dict"), map);
}

#[test]
fn a_value_that_says_of_itself_that_it_is_for_people_is_read_so() {
    let address: IpAddr = "192.0.2.1".parse().expect("an address");
    assert_eq!(read_value::<IpAddr>(&written(&address)).expect("its text"), address);
}

#[test]
fn what_cannot_be_serialized_is_an_error_and_leaves_nothing_behind() {
    let mut message = b"before".to_vec();
    let error = write_value(&(1, 1_i128), &mut message).expect_err("serde-pickle has no such integers");
    assert_eq!(error.to_string(), "decoding error: i128 is not supported");
    assert_eq!(message, b"before");
}

#[test]
fn what_python_has_other_types_for_is_read_where_it_fits() {
    let bytes = || Object::Bytes(b"ab".to_vec());
    assert_eq!(read_as::<Vec<u8>>(&bytes()).expect("bytes"), b"ab");
    assert_eq!(read_as::<[u8; 2]>(&Object::ByteArray(b"ab".to_vec())).expect("bytes"), *b"ab");
    assert_eq!(read_as::<(u8, i64)>(&bytes()).expect("bytes"), (97, 98));
    assert!((read_as::<f64>(&Object::Int(3)).expect("a number") - 3.0).abs() < f64::EPSILON);
    for (power, expected) in [(64, 2_f64.powi(64)), (127, 2_f64.powi(127))] {
        let big = || Object::BigInt(BigInt::from(1_u128 << power));
        assert_eq!(read_as::<f64>(&big()).expect("a number").to_bits(), expected.to_bits());
        assert_eq!(f64::from(read_as::<f32>(&big()).expect("a number")).to_bits(), expected.to_bits());
    }
    let numbers = || [3, 1].map(Object::Int).to_vec();
    for object in [Object::Tuple(numbers()), Object::Set(numbers()), Object::FrozenSet(numbers())] {
        assert_eq!(read_as::<Vec<i32>>(&object).expect("a sequence"), [3, 1]);
    }
    let unit = Object::Dict(vec![("Unit".into(), Object::None)]);
    assert_eq!(read_as::<Choice>(&unit).expect("a variant"), Choice::Unit);
}

#[test]
fn a_value_of_another_type_is_an_error_that_says_which() {
    assert_refuses::<u8>(&300.into(), "invalid value: integer `300`, expected u8");
    assert_refuses::<u64>(&(-1).into(), "invalid value: integer `-1`, expected u64");
    assert_refuses::<u64>(
        &Object::BigInt(BigInt::from(1_u128 << 64)),
        "invalid type: integer `18446744073709551616` as i128, expected u64",
    );
    assert_refuses::<i128>(
        &Object::BigInt(BigInt::from_signed_bytes_le(&[1; 17])),
        "invalid type: integer of more than 128 bits, expected i128",
    );
    assert_refuses::<f64>(
        &Object::BigInt(BigInt::from_signed_bytes_le(&[1; 129])),
        "invalid value: integer beyond every float, expected f64",
    );
    assert_refuses::<String>(&1.into(), "invalid type: integer `1`, expected a string");
    assert_refuses::<char>(&"ab".into(), "invalid value: string \"ab\", expected a character");
    assert_refuses::<bool>(&Object::None, "invalid type: unit value, expected a boolean");
}

#[test]
fn a_sequence_of_another_length_is_an_error() {
    let three = || [1, 2, 3].map(Object::Int).to_vec();
    assert_refuses::<(u8, u8)>(&Object::Tuple(three()), "invalid length 3, expected 2 items");
    assert_refuses::<[u8; 4]>(&Object::List(three()), "invalid length 3, expected an array of length 4");
    assert_refuses::<[u8; 2]>(
        &Object::Bytes(b"abc".to_vec()),
        "invalid length 3, expected 2 elements in sequence",
    );
}

#[test]
fn a_variant_in_another_form_is_an_error() {
    let variant = |name: &str, content| Object::Dict(vec![(name.into(), content)]);
    assert_refuses::<Choice>(
        &1.into(),
        "invalid type: integer `1`, expected a variant's name, or a dict with it",
    );
    assert_refuses::<Choice>(
        &Object::Dict(Vec::new()),
        "invalid length 0, expected a dict with the name of a variant alone",
    );
    assert_refuses::<Choice>(
        &"Other".into(),
        "unknown variant `Other`, expected one of `Unit`, `Newtype`, `Tuple`, `Struct`, `Empty`",
    );
    assert_refuses::<Choice>(
        &"Tuple".into(),
        "invalid type: unit variant, expected a variant that holds a sequence",
    );
    assert_refuses::<Choice>(
        &"Newtype".into(),
        "invalid type: unit variant, expected a variant that holds a value",
    );
    assert_refuses::<Choice>(
        &"Struct".into(),
        "invalid type: unit variant, expected a variant that holds a dict",
    );
    assert_refuses::<Choice>(
        &variant("Unit", Object::Int(1)),
        "invalid type: integer `1`, expected a variant that holds nothing",
    );
}
