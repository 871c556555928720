//! Objects of every kind, between `CPython` and here.

use std::collections::{BTreeMap, HashMap};

use pipe_ipc::Object::{
    Bool, ByteArray, Bytes, Dict, Float, FrozenSet, Int, List, None as Nothing, Set, Str, Tuple,
};
use pipe_ipc::{BigInt, Connection, Error, Object, PickleError, duplex, pipe};
use serde::{Deserialize, Serialize};

use crate::peer::CPython;

fn text(text: &str) -> Object {
    Str(text.to_owned())
}

fn big(value: i128) -> Object {
    Object::BigInt(BigInt::from(value))
}

fn two_to_the_200() -> Object {
    let bytes: Vec<u8> = [0; 25].into_iter().chain([1]).collect();
    Object::BigInt(BigInt::from_signed_bytes_le(&bytes))
}

/// Objects of every kind: in Python, and here.
fn objects() -> Vec<(&'static str, Object)> {
    vec![
        ("None", Nothing),
        ("True", Bool(true)),
        ("False", Bool(false)),
        ("0", Int(0)),
        ("-1", Int(-1)),
        ("255", Int(255)),
        ("256", Int(256)),
        ("65_536", Int(65_536)),
        ("2**31 - 1", Int(i32::MAX.into())),
        ("2**31", Int(1 << 31)),
        ("-2**31", Int(i32::MIN.into())),
        ("2**63 - 1", Int(i64::MAX)),
        ("-2**63", Int(i64::MIN)),
        ("2**63", big(1 << 63)),
        ("-2**63 - 1", big(-(1 << 63) - 1)),
        ("2**64 - 1", big((1 << 64) - 1)),
        ("2**64", big(1 << 64)),
        ("-2**64", big(-(1 << 64))),
        ("2**200", two_to_the_200()),
        ("0.1", Float(0.1)),
        ("-0.0", Float(-0.0)),
        ("5e-324", Float(5e-324)),
        ("float('inf')", Float(f64::INFINITY)),
        ("float('-inf')", Float(f64::NEG_INFINITY)),
        ("float('nan')", Float(f64::NAN)),
        ("''", text("")),
        (r"'线程 \U0001f40d \0\n\\ \''", text("线程 🐍 \0\n\\ '")),
        ("'long' * 100", text(&"long".repeat(100))),
        ("b''", Bytes(Vec::new())),
        ("bytes(range(256))", Bytes((0..=255).collect())),
        ("bytes(70_000)", Bytes(vec![0; 70_000])),
        ("bytearray()", ByteArray(Vec::new())),
        ("bytearray(range(256))", ByteArray((0..=255).collect())),
        ("[]", List(Vec::new())),
        ("[1, 'a', [None]]", List(vec![Int(1), text("a"), List(vec![Nothing])])),
        ("list(range(3000))", List((0..3000).map(Int).collect())),
        ("()", Tuple(Vec::new())),
        ("(1,)", Tuple(vec![Int(1)])),
        ("(1, 2, 3, (4, 5))", Tuple(vec![Int(1), Int(2), Int(3), Tuple(vec![Int(4), Int(5)])])),
        ("{}", Dict(Vec::new())),
        (
            "{'z': 1, 'a': 2, 'm': 3}",
            Dict(vec![(text("z"), Int(1)), (text("a"), Int(2)), (text("m"), Int(3))]),
        ),
        ("{(1, b'k'): {}}", Dict(vec![(Tuple(vec![Int(1), Bytes(b"k".to_vec())]), Dict(Vec::new()))])),
        ("set()", Set(Vec::new())),
        ("{1, 2, 3}", Set(vec![Int(1), Int(2), Int(3)])),
        ("frozenset()", FrozenSet(Vec::new())),
        ("frozenset({7})", FrozenSet(vec![Int(7)])),
        ("{frozenset({7})}", Set(vec![FrozenSet(vec![Int(7)])])),
        ("(lambda shared: [shared, shared])([1])", List(vec![List(vec![Int(1)]), List(vec![Int(1)])])),
        (
            "(lambda shared: (shared, {shared: shared}))('s')",
            Tuple(vec![text("s"), Dict(vec![(text("s"), text("s"))])]),
        ),
    ]
}

/// Holds that the two are the same, where a float that is no number is the same as itself, and −0.0 is not 0.0.
fn assert_same(got: &Object, expected: &Object, what: &str) {
    assert_eq!(format!("{got:?}"), format!("{expected:?}"), "{what}");
}

fn assert_cpython_sends_objects(cpython: &mut CPython, mut receive: impl FnMut() -> Result<Object, Error>) {
    for (expression, expected) in objects() {
        cpython.tell(&format!("connection.send({expression})"));
        assert_same(&receive().expect(expression), &expected, expression);
        assert_eq!(cpython.answer(), "None", "{expression}");
    }
}

fn assert_cpython_receives_objects(
    cpython: &mut CPython,
    mut send: impl FnMut(&Object) -> Result<(), Error>,
) {
    for (expression, object) in objects() {
        cpython.tell(&format!("same({expression})"));
        send(&object).expect(expression);
        assert_eq!(cpython.answer(), "True", "{expression}");
    }
}

#[test]
fn over_a_pipe_every_kind_of_object_comes_from_cpython() {
    let (mut receiver, sender) = pipe().expect("a pipe");
    let Some(mut cpython) = CPython::with(sender, "w") else { return };
    assert_cpython_sends_objects(&mut cpython, || receiver.recv_object());
}

#[test]
fn over_a_pipe_cpython_receives_every_kind_of_object() {
    let (receiver, mut sender) = pipe().expect("a pipe");
    let Some(mut cpython) = CPython::with(receiver, "r") else { return };
    assert_cpython_receives_objects(&mut cpython, |object| sender.send_object(object));
}

/// A `CPython`, and our end of a two-way connection with it.
fn connected() -> Option<(CPython, Connection)> {
    let (ours, its) = duplex().expect("a socket pair");
    Some((CPython::with(its, "rw")?, ours))
}

#[test]
fn over_a_two_way_connection_every_kind_of_object_goes_both_ways() {
    let Some((mut cpython, mut ours)) = connected() else { return };
    assert_cpython_sends_objects(&mut cpython, || ours.recv_object());
    assert_cpython_receives_objects(&mut cpython, |object| ours.send_object(object));
}

#[test]
fn every_kind_of_object_comes_in_every_protocol() {
    let Some((mut cpython, mut ours)) = connected() else { return };
    for (expression, expected) in objects() {
        for protocol in 0..=5 {
            cpython.tell(&format!("connection.send_bytes(pickle.dumps({expression}, {protocol}))"));
            let what = format!("{expression} in protocol {protocol}");
            assert_same(&ours.recv_object().expect(&what), &expected, &what);
            assert_eq!(cpython.answer(), "None", "{what}");
        }
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Order {
    item: String,
    amounts: Vec<Option<u8>>,
    place: (f64, f64),
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Shape {
    Point,
    Circle(f64),
    Box { width: u32 },
}

/// Holds that `value` is `expression` in Python, both ways.
fn assert_typed<T>(connected: &mut (CPython, Connection), value: &T, expression: &str)
where
    T: std::fmt::Debug + PartialEq + Serialize + serde::de::DeserializeOwned,
{
    let (cpython, ours) = connected;
    cpython.tell(&format!("same({expression})"));
    ours.send(value).expect(expression);
    assert_eq!(cpython.answer(), "True", "{expression}");
    cpython.tell(&format!("connection.send({expression})"));
    assert_eq!(&ours.recv::<T>().expect(expression), value, "{expression}");
    assert_eq!(cpython.answer(), "None", "{expression}");
}

#[test]
fn values_of_types_go_both_ways() {
    let Some(connected) = &mut connected() else { return };
    assert_typed(connected, &(), "None");
    assert_typed(connected, &true, "True");
    assert_typed(connected, &u64::MAX, "2**64 - 1");
    assert_typed(connected, &i64::MIN, "-2**63");
    assert_typed(connected, &f64::INFINITY, "float('inf')");
    assert_typed(connected, &"线程 🐍".to_owned(), r"'线程 \U0001f40d'");
    assert_typed(connected, &None::<u8>, "None");
    assert_typed(connected, &Some(1_u8), "1");
    assert_typed(connected, &vec![1_u16, 2], "[1, 2]");
    assert_typed(connected, &(1_u8, "a".to_owned(), [0.5_f32; 2]), "(1, 'a', (0.5, 0.5))");
    assert_typed(connected, &HashMap::from([("one".to_owned(), 1)]), "{'one': 1}");
    assert_typed(connected, &BTreeMap::from([(1, None), (2, Some(true))]), "{1: None, 2: True}");
    let order = Order { item: "a".to_owned(), amounts: vec![Some(1), None], place: (0.5, -0.5) };
    assert_typed(connected, &order, "{'item': 'a', 'amounts': [1, None], 'place': (0.5, -0.5)}");
    assert_typed(connected, &Shape::Point, "'Point'");
    assert_typed(connected, &Shape::Circle(0.5), "{'Circle': 0.5}");
    assert_typed(connected, &Shape::Box { width: 3 }, "{'Box': {'width': 3}}");
}

#[test]
fn a_value_of_another_type_is_an_error_and_the_next_is_intact() {
    let Some((mut cpython, mut ours)) = connected() else { return };
    for expression in ["'text'", "[1]", "-1", "2**64", "None", "1.5"] {
        cpython.tell(&format!("(connection.send({expression}), connection.send('next'))"));
        let error = ours.recv::<u64>().expect_err(expression);
        assert!(matches!(error, Error::Pickle(PickleError::Mismatch(_))), "{expression}: {error}");
        assert_eq!(ours.recv::<String>().expect("it comes"), "next", "after {expression}");
        assert_eq!(cpython.answer(), "(None, None)");
    }
}

/// Values that are more than plain ones, and what stands for them in a pickle.
const NOT_PLAIN: [(&str, &str); 12] = [
    ("datetime.date(2020, 2, 29)", "datetime.date"),
    ("decimal.Decimal('1.5')", "decimal.Decimal"),
    ("Colour.RED", "__main__.Colour"),
    ("Point(1, 2)", "__main__.Point"),
    ("Plain()", "__main__.Plain"),
    ("Plain", "__main__.Plain"),
    ("function", "__main__.function"),
    ("len", "builtins.len"),
    ("set", "builtins.set"),
    ("2j", "builtins.complex"),
    ("range(3)", "builtins.range"),
    ("[1, {'deep': (Point(1, 2),)}]", "__main__.Point"),
];

#[test]
fn a_value_that_is_not_plain_is_an_error_that_names_it_and_the_next_is_intact() {
    let Some((mut cpython, mut ours)) = connected() else { return };
    for (expression, name) in NOT_PLAIN {
        cpython.tell(&format!("[connection.send(object) for object in 2 * [{expression}, 'next']] and None"));
        let as_object = ours.recv_object().map(drop);
        assert_eq!(ours.recv::<String>().expect("it comes"), "next", "after {expression}");
        let as_type = ours.recv::<serde_json::Value>().map(drop);
        assert_eq!(ours.recv_object().expect("it comes"), text("next"), "after {expression}");
        for result in [as_object, as_type] {
            let error = result.expect_err(expression).to_string();
            assert!(error.contains(&format!(" {name},")), "{expression}: {error}");
        }
        assert_eq!(cpython.answer(), "None", "{expression}");
    }
}

#[test]
fn a_string_that_no_rust_string_can_be_is_an_error_and_the_next_is_intact() {
    let Some((mut cpython, mut ours)) = connected() else { return };
    cpython.tell(r"(connection.send('\udc80'), connection.send('next'))");
    assert!(matches!(ours.recv_object(), Err(Error::Pickle(PickleError::LoneSurrogate { .. }))));
    assert_eq!(ours.recv::<String>().expect("it comes"), "next");
}

#[test]
fn a_list_that_contains_itself_is_an_error_and_the_next_is_intact() {
    let Some((mut cpython, mut ours)) = connected() else { return };
    cpython.tell("(lambda list: [list.append(list), connection.send(list), connection.send('next')])([])");
    assert!(matches!(ours.recv_object(), Err(Error::Pickle(PickleError::TooDeep))));
    assert_eq!(ours.recv::<String>().expect("it comes"), "next");
}

#[test]
fn what_cpython_cannot_hash_is_an_error_and_nothing_is_sent() {
    let Some((mut cpython, mut ours)) = connected() else { return };
    let error = ours.send_object(&Set(vec![List(Vec::new())])).expect_err("no list is in a set");
    assert!(matches!(error, Error::Pickle(PickleError::InvalidValue { .. })), "{error}");
    ours.send("next").expect("it is sent");
    assert_eq!(cpython.ask("connection.recv()"), "'next'");
}
