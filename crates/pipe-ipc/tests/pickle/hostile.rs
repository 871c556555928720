//! Bytes that no pickler writes: always an error or a value, in little time and memory.

use std::collections::{BTreeMap, HashSet};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde::Deserialize;
use serde::de::IgnoredAny;

use pipe_ipc::{Object, PickleError};

use super::{objects, read_value, write};

/// Opcodes of all kinds with small arguments, some of them legacy.
const PARTS: &[&[u8]] = &[
    b"(",
    b".",
    b"0",
    b"1",
    b"2",
    b"N",
    b"\x88",
    b"K\x01",
    b"M\x01\x02",
    b"J\x01\x02\x03\x04",
    b"\x8a\x02\xff\x01",
    b"I7\n",
    b"G\x3f\xf8\0\0\0\0\0\0",
    b"U\x01a",
    b"\x8c\x01b",
    b"C\x02\xff\0",
    b"\x96\x01\0\0\0\0\0\0\0c",
    b"]",
    b"l",
    b"a",
    b"e",
    b")",
    b"t",
    b"\x85",
    b"\x86",
    b"\x87",
    b"}",
    b"s",
    b"u",
    b"\x8f",
    b"\x90",
    b"\x91",
    b"q\0",
    b"q\x01",
    b"\x94",
    b"h\x01",
    b"h\0",
    b"h\x07",
    b"R",
    b"\x93",
    b"cbuiltins\nset\n",
    b"c__builtin__\nfrozenset\n",
    b"cbuiltins\nbytearray\n",
    b"c_codecs\nencode\n",
    b"\x8c\x06latin1",
    b"\x8c\x08builtins",
    b"\x8c\x05bytes",
    b"\x80\x04",
];

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "it is only read")]
struct Typed {
    number: u8,
    numbers: Option<Vec<i128>>,
    table: BTreeMap<String, (f32, char)>,
    choice: Choice,
    rest: IgnoredAny,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "it is only read")]
enum Choice {
    Unit,
    Newtype(HashSet<String>),
    Tuple(u64, Vec<u8>),
    Struct { inner: Box<Typed> },
}

/// Reads the bytes in every way. A value that can be read can also be written and read back, unless Python would reject it.
fn try_all(bytes: &[u8]) {
    let _ = read_value::<Typed>(bytes);
    let _ = read_value::<Choice>(bytes);
    let _ = read_value::<Vec<Choice>>(bytes);
    let _ = read_value::<BTreeMap<String, Typed>>(bytes);
    if let Ok(object) = Object::from_pickle(bytes) {
        match object.to_pickle() {
            Ok(pickle) => {
                let same = Object::from_pickle(&pickle).expect("it can be read back");
                // Compared as text: NaN does not equal itself.
                assert_eq!(format!("{same:?}"), format!("{object:?}"));
            }
            Err(error) => assert!(matches!(error, PickleError::InvalidValue { .. }), "{error}"),
        }
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_an_error_or_a_value(bytes: Vec<u8>) {
        try_all(&bytes);
    }

    #[test]
    fn arbitrary_opcodes_are_an_error_or_a_value(parts in vec(select(PARTS), 0..60)) {
        try_all(&[&parts.concat()[..], b"."].concat());
    }

    #[test]
    fn a_pickle_with_changed_bytes_is_an_error_or_a_value(
        object in objects(),
        changes in vec((any::<Index>(), any::<u8>()), 1..5),
    ) {
        let mut pickle = write(&object);
        for (index, byte) in changes {
            let at = index.index(pickle.len());
            pickle[at] = byte;
        }
        try_all(&pickle);
    }

    #[test]
    fn a_pickle_that_is_cut_anywhere_is_truncated(object in objects(), cut: Index) {
        let pickle = write(&object);
        let cut = cut.index(pickle.len());
        let error = Object::from_pickle(&pickle[..cut]).expect_err("the end is missing");
        let expected = matches!(error, PickleError::Truncated { at, .. } if at == cut);
        prop_assert!(expected, "{}", error);
    }
}

#[test]
fn a_length_beyond_the_message_is_truncation() {
    for pickle in [
        &b"\x8e\0\0\0\0\0\0\0\x80."[..],
        b"\x8e\xff\xff\xff\xff\xff\xff\xff\xff.",
        b"\x8d\xff\xff\xff\xff\xff\xff\xff\x7f.",
        b"\x96\xff\xff\xff\xff\xff\xff\xff\xff.",
        b"B\xff\xff\xff\xff.",
        b"X\xff\xff\xff\xff.",
        b"\x8b\xff\xff\xff\x7f.",
        b"\x95\xff\xff\xff\xff\xff\xff\xff\xffN.",
        b"\x95\x03\0\0\0\0\0\0\0N.",
    ] {
        let error = Object::from_pickle(pickle).expect_err("the length is wrong");
        assert!(matches!(error, PickleError::Truncated { at, .. } if at == pickle.len()), "{error}");
    }
}

/// Lists that each refer to the previous one twice: the "billion laughs". The last expands to 2 to the power of `levels`
/// copies of the first value.
fn laughs(first: &[u8], levels: u8) -> Vec<u8> {
    let mut pickle = [first, b"\x94"].concat();
    for level in 0..levels {
        pickle.extend([b']', b'(', b'h', level, b'h', level, b'e', 0x94]);
    }
    pickle.push(b'.');
    pickle
}

#[test]
fn a_short_pickle_does_not_expand_to_gigabytes() {
    let long = [&b"X\0\0\x10\0"[..], &vec![b'a'; 1 << 20]].concat();
    for pickle in [laughs(b"K\x01", 60), laughs(&long, 20)] {
        let error = Object::from_pickle(&pickle).expect_err("it is too large");
        assert!(matches!(error, PickleError::TooLarge), "{error}");
    }
    let error = read_value::<Vec<Vec<Vec<Vec<Vec<Vec<Vec<String>>>>>>>>(&laughs(&long, 7))
        .expect_err("it is too large");
    assert!(matches!(error, PickleError::TooLarge), "{error}");
}

#[test]
fn bytes_that_become_numbers_count_as_what_they_take() {
    let shared = |times: usize| {
        let bytes = [&b"B\0\0\x01\0"[..], &vec![0; 1 << 16], b"\x940"].concat();
        [&bytes[..], b"](", &b"h\0".repeat(times), b"e."].concat()
    };
    let error = read_value::<Vec<Vec<u64>>>(&shared(500)).expect_err("it is too large");
    assert!(matches!(error, PickleError::TooLarge), "{error}");
    assert_eq!(read_value::<Vec<Vec<u64>>>(&shared(10)).expect("it is within the limit").len(), 10);
}

#[test]
fn the_same_copy_again_and_again_is_an_error() {
    let list = [&b"]\x94("[..], &vec![b'N'; 100_000], b"e\x85\x94"].concat();
    let text = [&b"X\xa0\x86\x01\0"[..], "é".repeat(50_000).as_bytes(), b"\x8c\x06latin1\x86\x94"].concat();
    let sets = [&b"cbuiltins\nset\n\x940"[..], &list, &b"h\0h\x02R0".repeat(20_000), b"N."].concat();
    let bytes = [&b"c_codecs\nencode\n\x940"[..], &text, &b"h\0h\x01R0".repeat(20_000), b"N."].concat();
    for pickle in [sets, bytes] {
        let error = Object::from_pickle(&pickle).expect_err("it is too large");
        assert!(matches!(error, PickleError::TooLarge), "{error}");
    }
}

#[test]
fn a_value_without_shared_references_is_never_too_large() {
    let nones = [&b"]("[..], &vec![b'N'; 2 << 20], b"e."].concat();
    assert!(matches!(&Object::from_pickle(&nones), Ok(Object::List(items)) if items.len() == 2 << 20));
}

#[test]
fn the_same_string_may_appear_in_every_row_of_a_table() {
    let text = [b'a'; 96];
    let pickle = [&b"\x8c\x60"[..], &text, b"\x940](", &b"h\0".repeat(500_000), b"e."].concat();
    let rows: Vec<String> = read_value(&pickle).expect("it is not too large");
    assert_eq!(rows.len(), 500_000);
    assert!(rows.iter().all(|row| row.as_bytes() == text));
}

/// Returns a pickle of `times` references to a list of `per_row` references to `item`.
fn rows_of(item: &[u8], per_row: usize, times: usize) -> Vec<u8> {
    let row = [b"](", &b"h\0".repeat(per_row)[..], b"e\x940"].concat();
    [item, b"\x940", &row, b"](", &b"h\x01".repeat(times), b"e."].concat()
}

#[test]
fn each_copy_is_counted_with_what_it_allocates() {
    const SIZE: usize = 10_000;
    let long = |opcode: &[u8]| [opcode, &[1; SIZE][..]].concat();
    for (item, per_row, allocated) in [
        (b"N".to_vec(), 4000, 0),
        (b"]".to_vec(), 2000, 32),
        (b")".to_vec(), 2000, 32),
        (long(b"X\x10\x27\0\0"), 10, SIZE + 32),
        (long(b"B\x10\x27\0\0"), 10, SIZE + 32),
        (long(b"\x96\x10\x27\0\0\0\0\0\0"), 10, SIZE + 32),
        (long(b"\x8b\x10\x27\0\0"), 10, SIZE + 32),
    ] {
        let fits = |times: usize| {
            let budget = (32 << 20) + 80 * rows_of(&item, per_row, times).len();
            32 + times * (32 + 32 + per_row * (32 + allocated)) <= budget
        };
        let most = (1..5000).find(|times| !fits(times + 1)).expect("there is a limit");
        let largest = rows_of(&item, per_row, most);
        Object::from_pickle(&largest).expect("it is within the limit");
        read_value::<Vec<Vec<IgnoredAny>>>(&largest).expect("it is within the limit");
        let too_large = rows_of(&item, per_row, most + 1);
        let error = Object::from_pickle(&too_large).expect_err("it is beyond the limit");
        assert!(matches!(error, PickleError::TooLarge), "{error}");
        let error = read_value::<Vec<Vec<IgnoredAny>>>(&too_large).expect_err("it is beyond the limit");
        assert!(matches!(error, PickleError::TooLarge), "{error}");
    }
}

#[test]
fn an_ignored_value_is_not_expanded() {
    read_value::<IgnoredAny>(&laughs(b"K\x01", 60)).expect("it is skipped");
}
