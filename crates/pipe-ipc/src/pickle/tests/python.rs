//! CPython itself: what it writes is read, and what is written it reads.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};

use course_tests::python::Twin;

use crate::pickle::{BigInt, Object, read_object, write_object};

/// Answers each line with an expression by the pickles of its value, in each protocol, with and without what
/// `pickletools.optimize` leaves out; then compares the pickle that it is given with the value. All pickles are in
/// hexadecimal digits.
const PEER: &str = r"
import collections, datetime, decimal, pickle, pickletools, sys

Point = collections.namedtuple('Point', 'x y')

class Thing:
    pass

shared = ['shared']

def shape(value):
    'What differs where a type, an order or the sign of a zero does.'
    if isinstance(value, (list, tuple)):
        return type(value), [shape(item) for item in value]
    if isinstance(value, dict):
        return dict, [(shape(key), shape(item)) for key, item in value.items()]
    if isinstance(value, (set, frozenset)):
        return type(value), sorted(repr(shape(item)) for item in value)
    return type(value), repr(value)

if hasattr(sys, 'set_int_max_str_digits'):
    sys.set_int_max_str_digits(0)
for line in sys.stdin:
    value = eval(line)
    pickles = [pickle.dumps(value, protocol) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
    pickles += [pickletools.optimize(dumped) for dumped in pickles]
    print(*[dumped.hex() for dumped in pickles], flush=True)
    answer = sys.stdin.readline().strip()
    if answer:
        back = pickle.loads(bytes.fromhex(answer))
        print('same' if shape(back) == shape(value) else repr(back), flush=True)
";

/// A Python that runs [`PEER`], and ends when this is dropped.
struct Peer {
    python: Child,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    /// `None` where there is no Python.
    fn start() -> Option<Self> {
        let twin = Twin::of(env!("CARGO_MANIFEST_DIR"))?;
        let mut python = Command::new(twin.python());
        python.args(["-I", "-S", "-c", PEER]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut python = python.spawn().expect("Python starts");
        let answers = BufReader::new(python.stdout.take().expect("it is piped"));
        Some(Self { python, answers })
    }

    fn ask(&mut self, request: &str) {
        let requests = self.python.stdin.as_mut().expect("it is piped");
        writeln!(requests, "{request}").expect("Python reads");
    }

    fn answer(&mut self) -> String {
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("Python answers in UTF-8");
        assert!(answer.ends_with('\n'), "Python has ended; its error is above");
        answer.trim_end().to_owned()
    }

    /// The pickles of the value of `expression`.
    fn pickles(&mut self, expression: &str) -> Vec<Vec<u8>> {
        self.ask(expression);
        self.answer().split(' ').map(from_hexadecimal).collect()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It closes Python's standard input first. A failure has been told by then.
        let _ = self.python.wait();
    }
}

fn from_hexadecimal(digits: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).expect("two hexadecimal digits");
    (0..digits.len()).step_by(2).map(byte).collect()
}

fn to_hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn big(value: i128) -> Object {
    Object::BigInt(value.into())
}

fn ints(values: impl IntoIterator<Item = i64>) -> Vec<Object> {
    values.into_iter().map(Object::Int).collect()
}

fn numbers() -> Vec<(String, Object)> {
    let mut values = vec![
        ("2**63".to_owned(), big(1 << 63)),
        ("-2**63 - 1".to_owned(), big(-(1 << 63) - 1)),
        ("10**30".to_owned(), big(10_i128.pow(30))),
        ("-10**30".to_owned(), big(-10_i128.pow(30))),
        ("2**64 - 1".to_owned(), big(u64::MAX.into())),
        ("2**2040".to_owned(), power_of_two(2040)),
        ("2**14000".to_owned(), power_of_two(14_000)),
        ("float('inf')".to_owned(), Object::Float(f64::INFINITY)),
        ("float('-inf')".to_owned(), Object::Float(f64::NEG_INFINITY)),
    ];
    let edges = [0, 1, 255, 256, 65_535, 65_536, (1 << 31) - 1, 1 << 31, 1 << 40, i64::MAX];
    for value in edges.into_iter().flat_map(|value| [value, -value, -value - 1]) {
        values.push((value.to_string(), Object::Int(value)));
    }
    for value in [0.0, -0.0, 1.5, -2.5e-300, 1e16, 1e300, 5e-324, 0.1] {
        values.push((format!("{value:?}"), Object::Float(value)));
    }
    values
}

fn power_of_two(bits: usize) -> Object {
    let mut bytes = vec![0; bits / 8];
    bytes.push(1 << (bits % 8));
    Object::BigInt(BigInt::from_signed_bytes_le(&bytes))
}

fn strings() -> Vec<(String, Object)> {
    let mut values = vec![
        (r"'a\\b\n\r\0\x1a\xe9\u20ac\U0001f600'".to_owned(), Object::from("a\\b\n\r\0\x1aé€😀")),
        (r"'\\u0041 \\\\u0041 \\'".to_owned(), Object::from(r"\u0041 \\u0041 \")),
        (r"'线程\'\x22'".to_owned(), Object::from("线程'\"")),
        ("bytes(range(256))".to_owned(), Object::Bytes((0..=255).collect())),
        ("bytearray(range(256))".to_owned(), Object::ByteArray((0..=255).collect())),
        ("b'ascii'".to_owned(), Object::Bytes(b"ascii".to_vec())),
    ];
    for length in [0, 1, 255, 256, 65_535, 70_000] {
        values.push((format!("'é' * {length}"), "é".repeat(length).into()));
        values.push((format!("b'b' * {length}"), Object::Bytes(vec![b'b'; length])));
        values.push((format!("bytearray(b'c') * {length}"), Object::ByteArray(vec![b'c'; length])));
    }
    values
}

fn collections() -> Vec<(String, Object)> {
    let shared = || Object::List(vec!["shared".into()]);
    let dict = |entries: &[(i64, i64)]| {
        Object::Dict(entries.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect())
    };
    let mut values = vec![
        ("{}".to_owned(), Object::Dict(Vec::new())),
        ("{3: 1, 1: 2, 2: 3}".to_owned(), dict(&[(3, 1), (1, 2), (2, 3)])),
        ("{n: -n for n in range(2500, 0, -1)}".to_owned(), {
            dict(&(1..=2500).rev().map(|n| (n, -n)).collect::<Vec<_>>())
        }),
        ("[shared, shared, (shared,)]".to_owned(), {
            Object::List(vec![shared(), shared(), Object::Tuple(vec![shared()])])
        }),
        ("[None, True, False, [[]], ((),)]".to_owned(), {
            let (list, tuple) =
                (Object::List(vec![Object::List(vec![])]), Object::Tuple(vec![Object::Tuple(vec![])]));
            Object::List(vec![Object::None, true.into(), false.into(), list, tuple])
        }),
        ("{(1, frozenset({b'x'})): {'deep': {1.5}}}".to_owned(), {
            let key = Object::Tuple(vec![1.into(), Object::FrozenSet(vec![Object::Bytes(b"x".to_vec())])]);
            let value = Object::Dict(vec![("deep".into(), Object::Set(vec![1.5.into()]))]);
            Object::Dict(vec![(key, value)])
        }),
        ("None".to_owned(), Object::None),
        ("True".to_owned(), true.into()),
        ("False".to_owned(), false.into()),
    ];
    for length in [0, 1, 2, 3, 4, 1000, 1001, 2500] {
        let items = || ints(0..length);
        values.push((format!("list(range({length}))"), Object::List(items())));
        values.push((format!("tuple(range({length}))"), Object::Tuple(items())));
        values.push((format!("set(range({length}))"), Object::Set(items())));
        values.push((format!("frozenset(range({length}))"), Object::FrozenSet(items())));
    }
    values
}

#[test]
fn a_plain_value_is_the_same_in_every_protocol_and_on_the_way_back() {
    let Some(mut peer) = Peer::start() else { return };
    for (expression, expected) in [numbers(), strings(), collections()].concat() {
        let pickles = peer.pickles(&expression);
        assert!(pickles.len() >= 12, "protocols 0 to 5, twice");
        for pickle in pickles {
            let object = read_object(&pickle).unwrap_or_else(|error| panic!("{expression}: {error}"));
            assert!(object == expected, "{expression} is {object:?} in {}", pickle.escape_ascii());
        }
        let mut back = Vec::new();
        write_object(&expected, &mut back).expect("Python can have it");
        peer.ask(&to_hexadecimal(&back));
        assert_eq!(peer.answer(), "same", "{expression}");
    }
}

#[test]
fn a_float_that_is_no_number_arrives_as_one() {
    let Some(mut peer) = Peer::start() else { return };
    for pickle in peer.pickles("float('nan')") {
        let object = read_object(&pickle).expect("it is a float");
        assert!(matches!(object, Object::Float(value) if value.is_nan()), "{object:?}");
    }
}

#[test]
fn a_value_that_is_not_plain_is_an_error_that_names_its_class() {
    let Some(mut peer) = Peer::start() else { return };
    for (expression, names) in [
        ("datetime.date(2024, 2, 29)", ["datetime.date"; 2]),
        ("[{'deep': decimal.Decimal(1)}]", ["decimal.Decimal"; 2]),
        ("collections.OrderedDict(a=1)", ["collections.OrderedDict"; 2]),
        ("Point(1, 2)", ["__main__.Point"; 2]),
        ("Thing()", ["__main__.Thing"; 2]),
        ("Thing", ["__main__.Thing"; 2]),
        ("1j", ["__builtin__.complex", "builtins.complex"]),
        ("...", ["__builtin__.Ellipsis", "builtins.Ellipsis"]),
        ("range(3)", ["__builtin__.xrange", "builtins.range"]),
        ("len", ["__builtin__.len", "builtins.len"]),
        ("set", ["builtins.set"; 2]),
    ] {
        for pickle in peer.pickles(expression) {
            let error = read_object(&pickle).expect_err(expression).to_string();
            let expected = names.map(|name| format!("it refers to {name}, which is no plain value"));
            assert!(expected.contains(&error), "{expression}: {error}");
        }
        peer.ask("");
    }
}

#[test]
fn a_string_with_half_a_surrogate_pair_is_an_error_that_says_so() {
    let Some(mut peer) = Peer::start() else { return };
    for pickle in peer.pickles(r"'ab\ud83d'") {
        let error = read_object(&pickle).expect_err("Rust has no such string").to_string();
        assert!(error.ends_with("holds half a surrogate pair, which no Rust string can"), "{error}");
    }
}

#[test]
fn an_integer_in_decimal_digits_is_read_up_to_the_length_that_python_reads() {
    let Some(mut peer) = Peer::start() else { return };
    for (expression, read) in [("10**4299", true), ("10**4300", false)] {
        let pickles = peer.pickles(expression);
        peer.ask("");
        let [text, .., binary] = &pickles[..] else { panic!("several protocols") };
        assert!(read_object(binary).is_ok(), "{expression}");
        assert_eq!(read_object(text).is_ok(), read, "{expression}");
    }
}
