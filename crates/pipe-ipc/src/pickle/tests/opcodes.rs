//! Opcodes by hand: those that no CPython 3 writes, and programs that make no sense.

use crate::pickle::{BigInt, Object, PickleError, read_object};

fn read(pickle: &[u8]) -> Object {
    read_object(pickle).unwrap_or_else(|error| panic!("{pickle:?}: {error}"))
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
        (b"L5\n.", Object::Int(5)),
        (b"L00000000000000000000000000000000000005L\n.", Object::Int(5)),
        (b"I170141183460469231731687303715884105728\n.", Object::BigInt(BigInt::from(1_u128 << 127))),
    ] {
        assert_eq!(read(pickle), expected);
    }
}

#[test]
fn what_python_2_writes_is_read_as_python_3_reads_it() {
    for (pickle, expected) in [
        (&b"S'ab\\\\\\n\\r\\t\\x1a\\''\np0\n."[..], Object::from("ab\\\n\r\t\x1a'")),
        (b"S\"it's\"\np0\n.", Object::from("it's")),
        (b"\x80\x02U\x02abq\0.", Object::from("ab")),
        (b"T\x02\0\0\0ab.", Object::from("ab")),
        (b"\x80\x02I9223372036854775807\n.", Object::Int(i64::MAX)),
        (
            b"\x80\x02c__builtin__\nbytearray\nq\0X\x04\0\0\0ab\xc3\xbfq\x01U\x07latin-1q\x02\x86q\x03Rq\x04.",
            Object::ByteArray(b"ab\xff".to_vec()),
        ),
    ] {
        assert_eq!(read(pickle), expected);
    }
    let error = read_object(b"U\x01\xff.").expect_err("Python 3 does not know what character that is");
    assert_eq!(error.to_string(), "at byte 0 the pickle holds a str of Python 2 that is not ASCII");
}

#[test]
fn the_stack_can_be_handled_in_every_way() {
    for (pickle, expected) in [
        (&b"K\x012\x86."[..], Object::Tuple(ints([1, 1]))),
        (b"K\x01K\x020.", Object::Int(1)),
        (b"K\x01(0.", Object::Int(1)),
        (b"K\x01(K\x02K\x031.", Object::Int(1)),
        (
            b"(K\x01(K\x02K\x03tK\x04l.",
            Object::List(vec![Object::Int(1), Object::Tuple(ints([2, 3])), Object::Int(4)]),
        ),
        (
            b"(K\x01K\x02K\x03K\x04d.",
            Object::Dict([(1, 2), (3, 4)].map(|(k, v)| (k.into(), v.into())).to_vec()),
        ),
        (b"K\x01K\x02q\x050h\x05\x86.", Object::Tuple(ints([1, 2]))),
        (b"K\x01q\x03K\x02\x94h\x03h\x01\x87.", Object::Tuple(ints([2, 1, 2]))),
    ] {
        assert_eq!(read(pickle), expected, "{}", pickle.escape_ascii());
    }
}

#[test]
fn a_list_is_filled_where_it_is_shared_too() {
    let one = || Object::List(ints([1]));
    assert_eq!(read(b"]q\0h\0\x86h\0K\x01a0."), Object::Tuple(vec![one(), one()]));
}

#[test]
fn a_program_that_makes_no_sense_is_an_error_that_says_where() {
    for (pickle, expected) in [
        (&b"."[..], "at byte 0 the pickle takes a value off an empty stack"),
        (b"0.", "at byte 0 the pickle takes a value off an empty stack"),
        (b"K\x01(.", "at byte 3 the pickle takes a value off an empty stack"),
        (b"K\x01(K\x02\x86.", "at byte 5 the pickle takes a value off an empty stack"),
        (b"](a.", "at byte 2 the pickle takes a value off an empty stack"),
        (b"]e.", "at byte 1 the pickle looks for a mark where none is"),
        (b"](K\x01u.", "at byte 4 the pickle has a key without a value"),
        (b"](K\x01K\x02u.", "at byte 6 the pickle sets an item of what is no dict"),
        (b"}(K\x01\x90.", "at byte 4 the pickle adds to what is no set"),
        (b"(K\x01d.", "at byte 3 the pickle has a key without a value"),
        (b"h\0.", "at byte 0 the pickle refers to a value that it has not had"),
        (b"gx\n.", "at byte 0 the pickle refers to a value by what is no number"),
        (b"NN\x93.", "at byte 2 the pickle names a class by what is no string"),
        (b"N)R.", "at byte 2 the pickle calls what cannot be called"),
        (
            b"cbuiltins\nset\nN\x85R.",
            "at byte 16 the pickle calls a class with arguments that it does not take",
        ),
        (b"\x80\x06N.", "at byte 0 the pickle has a protocol above 5"),
        (b"\x80\x05\x97.", "at byte 2 the pickle wants a buffer that was sent beside it"),
        (b"Ix\n.", "at byte 0 the pickle holds an integer that is none"),
        (b"L-L\n.", "at byte 0 the pickle holds an integer that is none"),
        (b"Fx\n.", "at byte 0 the pickle holds a float that is none"),
        (b"Sx\n.", "at byte 0 the pickle holds a string without its quotes"),
        (b"S'\\x0'\n.", "at byte 0 the pickle holds an escape that is none"),
        (b"S'\\q'\n.", "at byte 0 the pickle holds an escape that is none"),
        (b"V\\u12\n.", "at byte 0 the pickle holds an escape that is none"),
        (b"V\\U00110000\n.", "at byte 0 the pickle holds a character beyond Unicode"),
        (b"\x8c\x01\xff.", "at byte 0 the pickle holds a string that is not UTF-8"),
        (b"(i__main__\nThing\n.", "it refers to __main__.Thing, which is no plain value"),
        (b"(ibuiltins\nset\n.", "byte 1 (0x69) is no opcode that a plain value uses"),
        (b"cbuiltins\nset\n.", "it refers to builtins.set, which is no plain value"),
        (b"P1\n.", "byte 0 (0x50) is no opcode that a plain value uses"),
        (b"\x82\x01.", "byte 0 (0x82) is no opcode that a plain value uses"),
    ] {
        let error = read_object(pickle).expect_err("it makes no sense");
        assert_eq!(error.to_string(), expected, "{}", pickle.escape_ascii());
    }
}

#[test]
fn a_name_is_repeated_only_so_far_and_without_control_characters() {
    let error = read_object(&[&b"cm\x1b[2J\n"[..], &[b'a'; 1000], b"\n."].concat())
        .expect_err("it is no plain value");
    let PickleError::UnsupportedGlobal { name } = error else { panic!("{error}") };
    assert!(name.starts_with("m\\u{1b}[2J.aaa"), "{name}");
    assert_eq!(name.len(), "\\u{1b}".len() + 99);
}
