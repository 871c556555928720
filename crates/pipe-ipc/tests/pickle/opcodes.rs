//! Handwritten pickles: rare opcodes, legacy protocols, and invalid programs.

use pipe_ipc::{BigInt, Object, PickleError};

/// The bytes of the largest integer.
const MAX_INT_SIZE: usize = 128 * 1024;

fn read(pickle: &[u8]) -> Object {
    Object::from_pickle(pickle).unwrap_or_else(|error| panic!("{pickle:?}: {error}"))
}

fn ints(values: impl IntoIterator<Item = i64>) -> Vec<Object> {
    values.into_iter().map(Object::Int).collect()
}

#[test]
fn the_long_forms_are_read_like_the_short_ones() {
    for (pickle, expected) in [
        (&b"\x8d\x02\0\0\0\0\0\0\0\xc3\xa9."[..], Object::from("é")),
        (b"\x8e\x02\0\0\0\0\0\0\0\xc3\xa9.", Object::Bytes(b"\xc3\xa9".to_vec())),
        (b"\x8b\x02\0\0\0\0\x01.", Object::Int(256)),
        (b"\x8a\0.", Object::Int(0)),
        (b"\x8a\x0b\xfe\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff.", Object::Int(-2)),
        (b"\x8b\x09\0\0\0\0\0\0\0\0\0\0\x80\0.", Object::BigInt(BigInt::from(1_u64 << 63))),
    ] {
        assert_eq!(read(pickle), expected);
    }
}

/// Python up to 3.7 pickles a bytearray in this way in protocol 2.
#[test]
fn a_bytearray_may_be_built_from_a_string_in_latin_1() {
    let pickle =
        b"\x80\x02c__builtin__\nbytearray\nq\0X\x04\0\0\0ab\xc3\xbfq\x01X\x07\0\0\0latin-1q\x02\x86q\x03Rq\x04.";
    assert_eq!(read(pickle), Object::ByteArray(b"ab\xff".to_vec()));
}

/// What CPython makes of bytes, bytearrays and sets in protocol 2.
#[test]
fn plain_values_may_be_built_by_calls() {
    for (pickle, expected) in [
        (&b"\x80\x02c__builtin__\nbytes\n)R."[..], Object::Bytes(Vec::new())),
        (b"\x80\x02c__builtin__\nbytearray\n)R.", Object::ByteArray(Vec::new())),
        (b"\x80\x03cbuiltins\nbytearray\nC\x02ab\x85R.", Object::ByteArray(b"ab".to_vec())),
        (b"\x80\x02c_codecs\nencode\nX\x02\0\0\0abX\x06\0\0\0latin1\x86R.", Object::Bytes(b"ab".to_vec())),
        (b"\x80\x02c_codecs\nencode\nX\x02\0\0\0\xc3\xa9X\x06\0\0\0latin1\x86R.", Object::Bytes(vec![0xe9])),
        (b"\x80\x02c__builtin__\nset\n](K\x01K\x02e\x85R.", Object::Set(ints([1, 2]))),
        (b"\x80\x02c__builtin__\nfrozenset\n]\x85R.", Object::FrozenSet(Vec::new())),
    ] {
        assert_eq!(read(pickle), expected, "{}", pickle.escape_ascii());
    }
}

#[test]
fn the_stack_and_the_memo_work_as_in_python() {
    for (pickle, expected) in [
        (&b"K\x01K\x020."[..], Object::Int(1)),
        (b"K\x01(K\x02K\x031.", Object::Int(1)),
        (
            b"(K\x01(K\x02K\x03tK\x04t.",
            Object::Tuple(vec![Object::Int(1), Object::Tuple(ints([2, 3])), Object::Int(4)]),
        ),
        (b"K\x01K\x02q\x000h\x00\x86.", Object::Tuple(ints([1, 2]))),
        (b"K\x01q\x00K\x02\x94h\x00h\x01\x87.", Object::Tuple(ints([2, 1, 2]))),
        (b"K\x01\x94K\x02r\0\0\0\0j\0\0\0\0\x86.", Object::Tuple(ints([2, 2]))),
    ] {
        assert_eq!(read(pickle), expected, "{}", pickle.escape_ascii());
    }
}

#[test]
fn a_list_can_be_filled_after_it_was_shared() {
    let one = || Object::List(ints([1]));
    assert_eq!(read(b"]q\0h\0\x86h\0K\x01a0."), Object::Tuple(vec![one(), one()]));
}

/// What `pickle.dumps` makes of `[1, 'a']` in protocols 0 and 1, and what CPython never writes.
#[test]
fn a_legacy_protocol_is_an_error_that_names_it() {
    for (pickle, expected) in [
        (
            &b"(lp0\nI1\naVa\np1\na."[..],
            "byte 1 (0x6c) is an opcode of pickle protocol 0, which is not supported; use protocol 2, 3, 4 or 5",
        ),
        (
            b"U\x01a.",
            "byte 0 (0x55) is an opcode of pickle protocol 1, which is not supported; use protocol 2, 3, 4 or 5",
        ),
        (b"\x80\x01K\x01.", "pickle protocol 1 is not supported; use protocol 2, 3, 4 or 5"),
        (b"\x80\x06N.", "pickle protocol 6 is not supported; use protocol 2, 3, 4 or 5"),
    ] {
        assert_eq!(Object::from_pickle(pickle).expect_err("it is not supported").to_string(), expected);
    }
}

#[test]
fn an_invalid_pickle_is_an_error_that_says_where() {
    for (pickle, expected) in [
        (&b"."[..], "at byte 0, the pickle pops a value from an empty stack"),
        (b"0.", "at byte 0, the pickle pops a value from an empty stack"),
        (b"K\x01(.", "at byte 3, the pickle pops a value from an empty stack"),
        (b"K\x01(K\x02\x86.", "at byte 5, the pickle pops a value from an empty stack"),
        (b"](a.", "at byte 2, the pickle pops a value from an empty stack"),
        (b"]e.", "at byte 1, the pickle pops a MARK that was never pushed"),
        (b"K\x01K\x02a.", "at byte 4, the pickle appends to a value that is not a list"),
        (b"](K\x01u.", "at byte 4, the pickle has a key without a value"),
        (b"](K\x01K\x02u.", "at byte 6, the pickle sets an item of a value that is not a dict"),
        (b"}(K\x01\x90.", "at byte 4, the pickle adds items to a value that is not a set"),
        (b"h\0.", "at byte 0, the pickle refers to an unknown memo key"),
        (b"K\x01q\x01.", "at byte 2, the pickle skips a memo key"),
        (b"K\x01r\xff\xff\xff\xff.", "at byte 2, the pickle skips a memo key"),
        (b"NN\x93.", "at byte 2, the pickle names a class by a value that is not a string"),
        (b"N)R.", "at byte 2, the pickle applies REDUCE to a value that is not callable"),
        (
            b"c_codecs\nencode\nX\x03\0\0\0\xe2\x82\xacX\x06\0\0\0latin1\x86R.",
            "at byte 36, the pickle calls a class with arguments that it does not accept",
        ),
        (
            b"cbuiltins\nbytes\nN\x85R.",
            "at byte 18, the pickle calls a class with arguments that it does not accept",
        ),
        (
            b"cbuiltins\nset\nN\x85R.",
            "at byte 16, the pickle calls a class with arguments that it does not accept",
        ),
        (b"\x80\x05\x97.", "at byte 2, the pickle needs a buffer that is sent outside the pickle"),
        (b"\x8b\xff\xff\xff\xff.", "at byte 0, the pickle has a negative length"),
        (b"\x8c\x01\xff.", "at byte 0, the pickle contains a string that is not UTF-8"),
        (
            b"X\x03\0\0\0\xed\xa0\xbd.",
            "the string at byte 0 contains half of a surrogate pair, which a Rust string cannot hold",
        ),
        (b"", "the pickle ends inside a value, at byte 0"),
        (b"\x80\x04\x8c\x10only this", "the pickle ends inside a string, at byte 13"),
        (b"\x80\x04]\x81.", "byte 3 (0x81) is not an opcode of a plain value"),
        (b"\x82\x01.", "byte 0 (0x82) is not an opcode of a plain value"),
        (b"cdatetime\ndate\n.", "the pickle refers to datetime.date, which is not a plain value"),
        (b"cbuiltins\nset\n.", "the pickle refers to builtins.set, which is not a plain value"),
        (
            b"]q\0h\0a.",
            "the value contains itself or is nested too deeply: at most 200 levels can be read into a type, \
             100000 into an Object",
        ),
    ] {
        let error = Object::from_pickle(pickle).expect_err("it is invalid");
        assert_eq!(error.to_string(), expected, "{}", pickle.escape_ascii());
    }
}

#[test]
fn an_integer_is_read_up_to_the_maximum_size() {
    let pickle = |size: usize| {
        let length = u32::try_from(size).expect("it is small").to_le_bytes();
        [&b"\x8b"[..], &length, &vec![1; size], b"."].concat()
    };
    assert!(matches!(read(&pickle(MAX_INT_SIZE)), Object::BigInt(_)));
    let error = Object::from_pickle(&pickle(MAX_INT_SIZE + 1)).expect_err("it is too large");
    assert_eq!(error.to_string(), "at byte 0, the pickle contains an integer of more than 128 KiB");
}

#[test]
fn a_long_name_of_a_class_is_cut_and_its_control_characters_are_escaped() {
    let error = Object::from_pickle(&[&b"cm\x1b[2J\n"[..], &[b'a'; 1000], b"\n."].concat())
        .expect_err("it is not a plain value");
    let PickleError::UnsupportedGlobal { name } = error else { panic!("{error}") };
    assert!(name.starts_with("m\\u{1b}[2J.aaa"), "{name}");
    assert_eq!(name.len(), "\\u{1b}".len() + 99);
}
