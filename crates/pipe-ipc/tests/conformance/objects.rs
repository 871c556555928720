//! Objects of every type, between `CPython` and this crate.

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

fn big(value: impl Into<BigInt>) -> Object {
    Object::BigInt(value.into())
}

fn ints(values: impl IntoIterator<Item = i64>) -> Vec<Object> {
    values.into_iter().map(Int).collect()
}

fn dict(entries: impl IntoIterator<Item = (Object, Object)>) -> Object {
    Dict(entries.into_iter().collect())
}

/// Objects of every type: as an expression in Python, and in Rust.
fn objects() -> Vec<(String, Object)> {
    let constants = [("None", Nothing), ("True", Bool(true)), ("False", Bool(false))];
    let constants = constants.map(|(expression, object)| (expression.to_owned(), object));
    [&constants[..], &numbers(), &strings(), &collections(), &collections_of_every_length()].concat()
}

fn numbers() -> Vec<(String, Object)> {
    let mut numbers = Vec::new();
    let edges = [0, 1, 255, 256, 65_535, 65_536, (1 << 31) - 1, 1 << 31, 1 << 40, i64::MAX];
    for value in edges.into_iter().flat_map(|value| [value, -value, -value - 1]) {
        numbers.push((value.to_string(), Int(value)));
    }
    for value in [0.0, -0.0, 1.5, -2.5e-300, 1e16, 1e300, 5e-324, 0.1] {
        numbers.push((format!("{value:?}"), Float(value)));
    }
    for (text, value) in [("inf", f64::INFINITY), ("-inf", f64::NEG_INFINITY), ("nan", f64::NAN)] {
        numbers.push((format!("float('{text}')"), Float(value)));
    }
    for exponent in [63_u32, 64, 127, 200, 2040, 14_000] {
        let power = BigInt::from(1) << exponent;
        numbers.push((format!("2**{exponent}"), big(power.clone())));
        numbers.push((format!("-2**{exponent} - 1"), big(-power - 1)));
    }
    numbers
}

fn strings() -> Vec<(String, Object)> {
    let mut strings = vec![
        (r"'线程 \U0001f40d \0\r\n\x1a\\ \' \u0041'".to_owned(), text("线程 🐍 \0\r\n\u{1a}\\ ' A")),
        ("bytes(range(256))".to_owned(), Bytes((0..=255).collect())),
        ("bytearray(range(256))".to_owned(), ByteArray((0..=255).collect())),
        ("b'ascii'".to_owned(), Bytes(b"ascii".to_vec())),
    ];
    for length in [0, 1, 255, 256, 65_535, 70_000] {
        strings.push((format!("'é' * {length}"), Str("é".repeat(length))));
        strings.push((format!("b'b' * {length}"), Bytes(vec![b'b'; length])));
        strings.push((format!("bytearray(b'c') * {length}"), ByteArray(vec![b'c'; length])));
    }
    strings
}

fn collections() -> Vec<(String, Object)> {
    let shared = || List(ints([1]));
    [
        ("[1, 'a', [None]]", List(vec![Int(1), text("a"), List(vec![Nothing])])),
        ("[[[]], ((),)]", List(vec![List(vec![List(vec![])]), Tuple(vec![Tuple(vec![])])])),
        ("{'z': 1, 'a': 2, 'm': 3}", dict([("z", 1), ("a", 2), ("m", 3)].map(|(k, v)| (text(k), Int(v))))),
        ("{(1, b'k'): {}}", dict([(Tuple(vec![Int(1), Bytes(b"k".to_vec())]), dict([]))])),
        ("{frozenset({7}): {1.5}}", dict([(FrozenSet(ints([7])), Set(vec![Float(1.5)]))])),
        ("{frozenset({7})}", Set(vec![FrozenSet(ints([7]))])),
        ("(lambda x: [x, x, (x,)])([1])", List(vec![shared(), shared(), Tuple(vec![shared()])])),
        ("(lambda x: (x, {x: x}))('s')", Tuple(vec![text("s"), dict([(text("s"), text("s"))])])),
    ]
    .map(|(expression, object)| (expression.to_owned(), object))
    .to_vec()
}

/// Python sends more than a thousand items in several batches.
fn collections_of_every_length() -> Vec<(String, Object)> {
    let mut collections = Vec::new();
    for length in [0, 1, 2, 3, 4, 1000, 1001, 2500] {
        let items = || ints(0..length);
        collections.push((format!("list(range({length}))"), List(items())));
        collections.push((format!("tuple(range({length}))"), Tuple(items())));
        collections.push((format!("set(range({length}))"), Set(items())));
        collections.push((format!("frozenset(range({length}))"), FrozenSet(items())));
        let entries = (1..=length).rev().map(|number| (Int(number), Int(-number)));
        collections.push((format!("{{n: -n for n in range({length}, 0, -1)}}"), dict(entries)));
    }
    collections
}

/// Asserts that two objects are the same. Compares them as text: NaN does not equal itself, and −0.0 equals 0.0.
#[track_caller]
fn assert_same(got: &Object, expected: &Object, what: &str) {
    assert_eq!(format!("{got:?}"), format!("{expected:?}"), "{what}");
}

fn assert_cpython_sends_objects(cpython: &mut CPython, mut receive: impl FnMut() -> Result<Object, Error>) {
    for (expression, expected) in objects() {
        cpython.start(&format!("connection.send({expression})"));
        assert_same(&receive().expect(&expression), &expected, &expression);
        assert_eq!(cpython.answer(), "None", "{expression}");
    }
}

fn assert_cpython_receives_objects(
    cpython: &mut CPython,
    mut send: impl FnMut(&Object) -> Result<(), Error>,
) {
    for (expression, object) in objects() {
        cpython.start(&format!("same({expression})"));
        send(&object).expect(&expression);
        assert_eq!(cpython.answer(), "True", "{expression}");
    }
}

#[test]
fn objects_of_every_type_are_received_from_cpython_over_a_pipe() {
    let (mut receiver, sender) = pipe().expect("a pipe can be created");
    let Some(mut cpython) = CPython::with(sender, "w") else { return };
    assert_cpython_sends_objects(&mut cpython, || receiver.recv_object());
}

#[test]
fn cpython_receives_objects_of_every_type_over_a_pipe() {
    let (receiver, mut sender) = pipe().expect("a pipe can be created");
    let Some(mut cpython) = CPython::with(receiver, "r") else { return };
    assert_cpython_receives_objects(&mut cpython, |object| sender.send_object(object));
}

/// Returns a `CPython` and our end of a two-way connection to it.
fn connected() -> Option<(CPython, Connection)> {
    let (ours, its) = duplex().expect("a socket pair can be created");
    Some((CPython::with(its, "rw")?, ours))
}

#[test]
fn objects_of_every_type_travel_both_ways_over_a_two_way_connection() {
    let Some((mut cpython, mut ours)) = connected() else { return };
    assert_cpython_sends_objects(&mut cpython, || ours.recv_object());
    assert_cpython_receives_objects(&mut cpython, |object| ours.send_object(object));
}

/// Optimized pickles lack the memo entries that nothing refers to.
#[test]
fn objects_of_every_type_are_read_in_protocols_2_to_5() {
    let Some((mut cpython, mut ours)) = connected() else { return };
    for (expression, expected) in objects() {
        for protocol in 2..=5 {
            let pickle = format!("pickle.dumps({expression}, {protocol})");
            for pickle in [format!("pickletools.optimize({pickle})"), pickle] {
                cpython.start(&format!("connection.send_bytes({pickle})"));
                assert_same(&ours.recv_object().expect(&pickle), &expected, &pickle);
                assert_eq!(cpython.answer(), "None", "{pickle}");
            }
        }
    }
}

#[test]
fn a_pickle_of_protocol_0_or_1_is_an_error_that_names_the_protocol() {
    let Some((mut cpython, mut ours)) = connected() else { return };
    for (expression, protocol) in [("[1, 'a']", 0), ("1.5", 0), ("2**70", 1), ("True", 1)] {
        cpython.start(&format!("connection.send_bytes(pickle.dumps({expression}, {protocol}))"));
        let error = ours.recv_object().expect_err(expression).to_string();
        assert!(error.contains("is an opcode of pickle protocol 0, which is not supported"), "{error}");
        assert_eq!(cpython.answer(), "None", "{expression}");
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Order {
    item: String,
    amounts: Vec<Option<u8>>,
    position: (f64, f64),
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Shape {
    Point,
    Circle(f64),
    Box { width: u32 },
}

/// Asserts that `value` is `expression` in Python, in both directions.
fn assert_typed<T>(connected: &mut (CPython, Connection), value: &T, expression: &str)
where
    T: std::fmt::Debug + PartialEq + Serialize + serde::de::DeserializeOwned,
{
    let (cpython, ours) = connected;
    cpython.start(&format!("same({expression})"));
    ours.send(value).expect(expression);
    assert_eq!(cpython.answer(), "True", "{expression}");
    cpython.start(&format!("connection.send({expression})"));
    assert_eq!(&ours.recv::<T>().expect(expression), value, "{expression}");
    assert_eq!(cpython.answer(), "None", "{expression}");
}

#[test]
fn typed_values_travel_both_ways() {
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
    let order = Order { item: "a".to_owned(), amounts: vec![Some(1), None], position: (0.5, -0.5) };
    assert_typed(connected, &order, "{'item': 'a', 'amounts': [1, None], 'position': (0.5, -0.5)}");
    assert_typed(connected, &Shape::Point, "'Point'");
    assert_typed(connected, &Shape::Circle(0.5), "{'Circle': 0.5}");
    assert_typed(connected, &Shape::Box { width: 3 }, "{'Box': {'width': 3}}");
}

#[test]
fn a_value_of_another_type_is_an_error_and_the_next_message_is_intact() {
    let Some((mut cpython, mut ours)) = connected() else { return };
    for expression in ["'text'", "[1]", "-1", "2**64", "None", "1.5"] {
        cpython.start(&format!("(connection.send({expression}), connection.send('next'))"));
        let error = ours.recv::<u64>().expect_err(expression);
        assert!(matches!(error, Error::Pickle(PickleError::Mismatch(_))), "{expression}: {error}");
        assert_eq!(ours.recv::<String>().expect("the message is intact"), "next", "after {expression}");
        assert_eq!(cpython.answer(), "(None, None)");
    }
}

/// Values that are not plain, and the name that their pickle refers to.
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
fn a_value_that_is_not_plain_is_an_error_that_names_it() {
    let Some((mut cpython, mut ours)) = connected() else { return };
    for (expression, name) in NOT_PLAIN {
        cpython
            .start(&format!("[connection.send(object) for object in 2 * [{expression}, 'next']] and None"));
        let as_object = ours.recv_object().map(drop);
        assert_eq!(ours.recv::<String>().expect("the message is intact"), "next", "after {expression}");
        let as_type = ours.recv::<serde_json::Value>().map(drop);
        assert_eq!(ours.recv_object().expect("the message is intact"), text("next"), "after {expression}");
        for result in [as_object, as_type] {
            let error = result.expect_err(expression).to_string();
            assert!(error.contains(&format!(" {name},")), "{expression}: {error}");
        }
        assert_eq!(cpython.answer(), "None", "{expression}");
    }
}

/// In protocol 2, modules have their names from Python 2.
#[test]
fn a_value_that_is_not_plain_is_an_error_that_names_it_in_every_protocol() {
    let Some((mut cpython, mut ours)) = connected() else { return };
    for (expression, name) in NOT_PLAIN {
        for protocol in 2..=5 {
            cpython.start(&format!("connection.send_bytes(pickle.dumps({expression}, {protocol}))"));
            let error = ours.recv_object().expect_err(expression).to_string();
            let legacy_name =
                name.replace("builtins.range", "__builtin__.xrange").replace("builtins", "__builtin__");
            let names_it = [name, &legacy_name].iter().any(|name| error.contains(&format!(" {name},")));
            assert!(names_it, "{expression} in protocol {protocol}: {error}");
            assert_eq!(cpython.answer(), "None", "{expression}");
        }
    }
}

#[test]
fn a_string_with_half_of_a_surrogate_pair_is_an_error_and_the_next_message_is_intact() {
    let Some((mut cpython, mut ours)) = connected() else { return };
    for expression in [r"'\udc80'", r"'ab\ud83d'"] {
        cpython.start(&format!("(connection.send({expression}), connection.send('next'))"));
        assert!(matches!(ours.recv_object(), Err(Error::Pickle(PickleError::LoneSurrogate { .. }))));
        assert_eq!(ours.recv::<String>().expect("the message is intact"), "next");
        assert_eq!(cpython.answer(), "(None, None)");
    }
}

#[test]
fn an_object_as_deep_as_cpython_sends_is_received_and_sent_back() {
    let Some((mut cpython, mut ours)) = connected() else { return };
    for nested in
        ["[inner]", "(inner,)", "(1, inner)", "[inner, inner and 2]", "{1: inner}", "frozenset([inner])"]
    {
        cpython.start(&format!(
            "[sent := deepest(lambda inner: {nested}), connection.send(sent), \
             pickle.dumps(connection.recv()) == pickle.dumps(sent)][2]"
        ));
        let object = ours.recv_object().expect(nested);
        ours.send_object(&object).expect(nested);
        assert_eq!(cpython.answer(), "True", "{nested}");
    }
}

#[test]
fn a_list_that_contains_itself_is_an_error_and_the_next_message_is_intact() {
    let Some((mut cpython, mut ours)) = connected() else { return };
    cpython.start("(lambda list: [list.append(list), connection.send(list), connection.send('next')])([])");
    assert!(matches!(ours.recv_object(), Err(Error::Pickle(PickleError::TooDeep))));
    assert_eq!(ours.recv::<String>().expect("the message is intact"), "next");
}

#[test]
fn an_object_that_cpython_cannot_hash_is_an_error_and_nothing_is_sent() {
    let Some((mut cpython, mut ours)) = connected() else { return };
    let error = ours.send_object(&Set(vec![List(Vec::new())])).expect_err("a list is not hashable");
    assert!(matches!(error, Error::Unpicklable(PickleError::InvalidValue { .. })), "{error}");
    ours.send("next").expect("the message is sent");
    assert_eq!(cpython.eval("connection.recv()"), "'next'");
}
