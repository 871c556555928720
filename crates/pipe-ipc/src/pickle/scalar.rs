//! The opcodes that push a number or a string.

use std::borrow::Cow;

use super::error::{PickleError, Result};
use super::input::Input;
use super::node::Node;
use super::opcode::{
    BINBYTES, BINBYTES8, BINFLOAT, BININT, BININT1, BININT2, BINSTRING, BINUNICODE, BINUNICODE8, BYTEARRAY8,
    FLOAT, INT, LONG, LONG1, LONG4, NEWFALSE, NEWTRUE, NONE, SHORT_BINBYTES, SHORT_BINSTRING,
    SHORT_BINUNICODE, STRING, UNICODE,
};
use super::text;

/// What the message is said to end in the middle of.
const INTEGER: &str = "an integer";
const FLOATING: &str = "a float";
const TEXT: &str = "a string";

/// The scalar that `opcode` pushes, which stands at byte `at`, directly before what `input` goes on with.
///
/// # Errors
/// When it pushes none, or there is something wrong with the scalar.
pub(super) fn read<'a>(opcode: u8, at: usize, input: &mut Input<'a>) -> Result<Node<'a>> {
    Ok(match opcode {
        NONE => Node::None,
        NEWTRUE => Node::Bool(true),
        NEWFALSE => Node::Bool(false),

        INT => match input.line(INTEGER)? {
            b"00" => Node::Bool(false),
            b"01" => Node::Bool(true),
            line => decimal(line, at)?,
        },
        LONG => {
            let line = input.line(INTEGER)?;
            decimal(line.strip_suffix(b"L").unwrap_or(line), at)?
        }
        BININT => Node::Int(i32::from_le_bytes(input.array(INTEGER)?).into()),
        BININT1 => Node::Int(input.byte(INTEGER)?.into()),
        BININT2 => Node::Int(u16::from_le_bytes(input.array(INTEGER)?).into()),
        LONG1 => Node::integer(short(input, INTEGER)?),
        LONG4 => Node::integer(signed(input, at, INTEGER)?),

        FLOAT => {
            let line = str::from_utf8(input.line(FLOATING)?).ok();
            let value = line.and_then(|line| line.parse().ok());
            Node::Float(value.ok_or(PickleError::Malformed { problem: "holds a float that is none", at })?)
        }
        BINFLOAT => Node::Float(f64::from_be_bytes(input.array(FLOATING)?)),

        STRING => {
            let bytes = text::unquoted(input.line(TEXT)?, at)?;
            Node::Str(Cow::Owned(python_2(&bytes, at)?.to_owned()))
        }
        BINSTRING => Node::Str(Cow::Borrowed(python_2(signed(input, at, TEXT)?, at)?)),
        SHORT_BINSTRING => Node::Str(Cow::Borrowed(python_2(short(input, TEXT)?, at)?)),

        UNICODE => Node::Str(Cow::Owned(text::unescaped(input.line(TEXT)?, at)?)),
        SHORT_BINUNICODE => Node::Str(Cow::Borrowed(utf_8(short(input, TEXT)?, at)?)),
        BINUNICODE => Node::Str(Cow::Borrowed(utf_8(medium(input, TEXT)?, at)?)),
        BINUNICODE8 => Node::Str(Cow::Borrowed(utf_8(long(input, TEXT)?, at)?)),

        SHORT_BINBYTES => Node::Bytes(Cow::Borrowed(short(input, TEXT)?)),
        BINBYTES => Node::Bytes(Cow::Borrowed(medium(input, TEXT)?)),
        BINBYTES8 => Node::Bytes(Cow::Borrowed(long(input, TEXT)?)),
        BYTEARRAY8 => Node::ByteArray(Cow::Borrowed(long(input, TEXT)?)),
        _ => return Err(PickleError::Opcode { opcode, at }),
    })
}

/// Bytes after their length, a byte.
fn short<'a>(input: &mut Input<'a>, inside: &'static str) -> Result<&'a [u8]> {
    let length = input.byte(inside)?;
    input.bytes(length.into(), inside)
}

/// Bytes after their length, four bytes.
fn medium<'a>(input: &mut Input<'a>, inside: &'static str) -> Result<&'a [u8]> {
    let length = u32::from_le_bytes(input.array(inside)?);
    input.bytes(length.into(), inside)
}

/// Bytes after their length, four bytes with a sign, as the oldest opcodes have it.
fn signed<'a>(input: &mut Input<'a>, at: usize, inside: &'static str) -> Result<&'a [u8]> {
    let length = i32::from_le_bytes(input.array(inside)?);
    let negative = |_| PickleError::Malformed { problem: "says a length below zero", at };
    input.bytes(u64::try_from(length).map_err(negative)?, inside)
}

/// Bytes after their length, eight bytes.
fn long<'a>(input: &mut Input<'a>, inside: &'static str) -> Result<&'a [u8]> {
    let length = u64::from_le_bytes(input.array(inside)?);
    input.bytes(length, inside)
}

/// The integer that the decimal digits say. Most fit, and Rust parses these fast.
fn decimal(line: &[u8], at: usize) -> Result<Node<'static>> {
    if let Some(value) = str::from_utf8(line).ok().and_then(|line| line.parse().ok()) {
        return Ok(Node::Int(value));
    }
    Ok(Node::BigInt(Cow::Owned(text::decimal(line, at)?)))
}

fn utf_8(bytes: &[u8], at: usize) -> Result<&str> {
    str::from_utf8(bytes).map_err(|error| {
        // Python encodes a surrogate like any other character, as 0xed and two bytes of which the first is above 0x9f.
        match bytes.get(error.valid_up_to()..) {
            Some([0xed, 0xa0..=0xbf, ..]) => PickleError::LoneSurrogate { at },
            _ => PickleError::Malformed { problem: "holds a string that is not UTF-8", at },
        }
    })
}

/// The `str` of Python 2, which Python 3 takes for text if it is ASCII, and for an error if not.
fn python_2(bytes: &[u8], at: usize) -> Result<&str> {
    let text = str::from_utf8(bytes).ok().filter(|text| text.is_ascii());
    text.ok_or(PickleError::Malformed { problem: "holds a str of Python 2 that is not ASCII", at })
}
