//! The opcodes that push a number or a string.

use std::borrow::Cow;

use num_bigint::BigInt;

use super::error::{PickleError, Result};
use super::input::Input;
use super::limits::MAX_INT_SIZE;
use super::node::Node;
use super::opcode::{
    BINBYTES, BINBYTES8, BINFLOAT, BININT, BININT1, BININT2, BINUNICODE, BINUNICODE8, BYTEARRAY8, LONG1,
    LONG4, NEWFALSE, NEWTRUE, NONE, SHORT_BINBYTES, SHORT_BINUNICODE,
};

// What a truncated message cuts off.
const INTEGER: &str = "an integer";
const FLOAT: &str = "a float";
const STRING: &str = "a string";

/// Reads the scalar that `opcode` pushes. `at` is the position of the opcode, which has been read.
///
/// # Errors
/// If the opcode pushes no scalar, or the scalar is invalid.
pub(super) fn read<'a>(opcode: u8, at: usize, input: &mut Input<'a>) -> Result<Node<'a>> {
    Ok(match opcode {
        NONE => Node::None,
        NEWTRUE => Node::Bool(true),
        NEWFALSE => Node::Bool(false),

        BININT => Node::Int(i32::from_le_bytes(input.array(INTEGER)?).into()),
        BININT1 => Node::Int(input.byte(INTEGER)?.into()),
        BININT2 => Node::Int(u16::from_le_bytes(input.array(INTEGER)?).into()),
        LONG1 => integer(counted_u8(input, INTEGER)?, at)?,
        LONG4 => integer(counted_i32(input, at, INTEGER)?, at)?,
        BINFLOAT => Node::Float(f64::from_be_bytes(input.array(FLOAT)?)),

        SHORT_BINUNICODE => Node::Str(utf_8(counted_u8(input, STRING)?, at)?),
        BINUNICODE => Node::Str(utf_8(counted_u32(input, STRING)?, at)?),
        BINUNICODE8 => Node::Str(utf_8(counted_u64(input, STRING)?, at)?),

        SHORT_BINBYTES => Node::Bytes(Cow::Borrowed(counted_u8(input, STRING)?)),
        BINBYTES => Node::Bytes(Cow::Borrowed(counted_u32(input, STRING)?)),
        BINBYTES8 => Node::Bytes(Cow::Borrowed(counted_u64(input, STRING)?)),
        BYTEARRAY8 => Node::ByteArray(Cow::Borrowed(counted_u64(input, STRING)?)),
        _ => return Err(PickleError::UnsupportedOpcode { opcode, at }),
    })
}

/// Reads bytes that follow their length of one byte.
fn counted_u8<'a>(input: &mut Input<'a>, inside: &'static str) -> Result<&'a [u8]> {
    let length = input.byte(inside)?;
    input.bytes(length.into(), inside)
}

/// Reads bytes that follow their length of four bytes.
fn counted_u32<'a>(input: &mut Input<'a>, inside: &'static str) -> Result<&'a [u8]> {
    let length = u32::from_le_bytes(input.array(inside)?);
    input.bytes(length.into(), inside)
}

/// Reads bytes that follow their length of four bytes with a sign.
fn counted_i32<'a>(input: &mut Input<'a>, at: usize, inside: &'static str) -> Result<&'a [u8]> {
    let length = i32::from_le_bytes(input.array(inside)?);
    let negative = |_| PickleError::Malformed { problem: "has a negative length", at };
    input.bytes(u64::try_from(length).map_err(negative)?, inside)
}

/// Reads bytes that follow their length of eight bytes.
fn counted_u64<'a>(input: &mut Input<'a>, inside: &'static str) -> Result<&'a [u8]> {
    let length = u64::from_le_bytes(input.array(inside)?);
    input.bytes(length, inside)
}

/// Returns the integer with this little-endian two's complement, which may be longer than necessary.
fn integer(bytes: &[u8], at: usize) -> Result<Node<'_>> {
    if bytes.len() > MAX_INT_SIZE {
        return Err(PickleError::Malformed { problem: "contains an integer of more than 128 KiB", at });
    }
    let value = match sign_extend(bytes) {
        Some(value) => Some(value),
        None => i64::try_from(BigInt::from_signed_bytes_le(bytes)).ok(),
    };
    Ok(value.map_or(Node::BigInt(bytes), Node::Int))
}

/// Returns the integer if it takes at most eight bytes.
fn sign_extend(bytes: &[u8]) -> Option<i64> {
    let negative = bytes.last().is_some_and(|last| *last >= 0x80);
    let mut extended = [if negative { 0xff } else { 0 }; size_of::<i64>()];
    extended.get_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(i64::from_le_bytes(extended))
}

fn utf_8(bytes: &[u8], at: usize) -> Result<&str> {
    str::from_utf8(bytes).map_err(|error| {
        // Python encodes a surrogate like any other character: 0xed and two bytes, of which the first is above 0x9f.
        match bytes.get(error.valid_up_to()..) {
            Some([0xed, 0xa0..=0xbf, ..]) => PickleError::LoneSurrogate { at },
            _ => PickleError::Malformed { problem: "contains a string that is not UTF-8", at },
        }
    })
}
