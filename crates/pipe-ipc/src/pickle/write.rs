//! Writes an [`Object`] as a pickle of protocol 4.

use super::error::{PickleError, Result};
use super::limits::OBJECT_DEPTH;
use super::object::Object;
use super::opcode::{
    ADDITEMS, APPENDS, BINBYTES, BINBYTES8, BINFLOAT, BININT, BININT1, BININT2, BINUNICODE, BINUNICODE8,
    EMPTY_DICT, EMPTY_LIST, EMPTY_SET, EMPTY_TUPLE, FROZENSET, GLOBAL, LONG1, LONG4, MARK, NEWFALSE, NEWTRUE,
    NONE, PROTO, REDUCE, SETITEMS, SHORT_BINBYTES, SHORT_BINUNICODE, STOP, TUPLE, TUPLE1,
};
use super::walk::walk;

/// The first protocol with opcodes for sets and for strings of 4 GiB.
const PROTOCOL: u8 = 4;

/// Appends a pickle of protocol 4. Python reads it as an equal value of the same types, with dicts in the same order.
///
/// # Errors
/// If `object` is nested more than [`OBJECT_DEPTH`] levels deep, or a key of a dict or an item of a set is not hashable
/// in Python. A part of it may have been appended.
pub(crate) fn write_object(object: &Object, buffer: &mut Vec<u8>) -> Result<()> {
    buffer.extend([PROTO, PROTOCOL]);
    let mut writer = Writer { buffer };
    for step in walk(object) {
        if step.depth > OBJECT_DEPTH {
            return Err(PickleError::TooDeep);
        }
        step.check_hashable()?;
        if step.out { writer.end(step.value) } else { writer.start(step.value)? }
    }
    buffer.push(STOP);
    Ok(())
}

/// Appends opcodes.
struct Writer<'a> {
    buffer: &'a mut Vec<u8>,
}

impl Writer<'_> {
    /// Appends a scalar, or what comes before the items of a collection: those of a tuple and a frozenset are only marked.
    fn start(&mut self, object: &Object) -> Result<()> {
        match object {
            Object::None => self.opcode(NONE),
            Object::Bool(true) => self.opcode(NEWTRUE),
            Object::Bool(false) => self.opcode(NEWFALSE),
            Object::Int(value) => self.int(*value),
            Object::BigInt(value) => return self.long(&value.to_signed_bytes_le()),
            Object::Float(value) => {
                self.opcode(BINFLOAT);
                self.buffer.extend(value.to_be_bytes());
            }
            Object::Bytes(bytes) => self.counted([SHORT_BINBYTES, BINBYTES, BINBYTES8], bytes),
            Object::Str(text) => self.counted([SHORT_BINUNICODE, BINUNICODE, BINUNICODE8], text.as_bytes()),
            Object::ByteArray(bytes) => {
                self.opcode(GLOBAL);
                self.buffer.extend(b"builtins\nbytearray\n");
                self.counted([SHORT_BINBYTES, BINBYTES, BINBYTES8], bytes);
                self.buffer.extend([TUPLE1, REDUCE]);
            }
            Object::List(_) => self.buffer.extend([EMPTY_LIST, MARK]),
            Object::Set(_) => self.buffer.extend([EMPTY_SET, MARK]),
            Object::Dict(_) => self.buffer.extend([EMPTY_DICT, MARK]),
            Object::Tuple(items) if items.is_empty() => {}
            Object::Tuple(_) | Object::FrozenSet(_) => self.opcode(MARK),
        }
        Ok(())
    }

    /// Appends the opcode that collects the items.
    fn end(&mut self, collection: &Object) {
        self.opcode(match collection {
            Object::List(_) => APPENDS,
            Object::Set(_) => ADDITEMS,
            Object::Dict(_) => SETITEMS,
            Object::FrozenSet(_) => FROZENSET,
            Object::Tuple(items) if items.is_empty() => EMPTY_TUPLE,
            _ => TUPLE,
        });
    }

    fn opcode(&mut self, opcode: u8) {
        self.buffer.push(opcode);
    }

    /// Appends an integer. From 32 bits on it takes eight bytes; Python leaves out leading ones that it does not need.
    fn int(&mut self, value: i64) {
        if let Ok(value) = u8::try_from(value) {
            self.buffer.extend([BININT1, value]);
        } else if let Ok(value) = u16::try_from(value) {
            self.opcode(BININT2);
            self.buffer.extend(value.to_le_bytes());
        } else if let Ok(value) = i32::try_from(value) {
            self.opcode(BININT);
            self.buffer.extend(value.to_le_bytes());
        } else {
            self.buffer.extend([LONG1, 8]);
            self.buffer.extend(value.to_le_bytes());
        }
    }

    /// Appends an integer, given in two's complement, after its length.
    fn long(&mut self, bytes: &[u8]) -> Result<()> {
        if let Ok(length) = u8::try_from(bytes.len()) {
            self.buffer.extend([LONG1, length]);
        } else if let Ok(length) = i32::try_from(bytes.len()) {
            self.opcode(LONG4);
            self.buffer.extend(length.to_le_bytes());
        } else {
            return Err(PickleError::InvalidValue { problem: "an integer takes more than 2 GiB" });
        }
        self.buffer.extend(bytes);
        Ok(())
    }

    /// Appends bytes after their length of one, four or eight bytes, each of which has an opcode.
    fn counted(&mut self, [short, medium, long]: [u8; 3], bytes: &[u8]) {
        if let Ok(length) = u8::try_from(bytes.len()) {
            self.buffer.extend([short, length]);
        } else if let Ok(length) = u32::try_from(bytes.len()) {
            self.opcode(medium);
            self.buffer.extend(length.to_le_bytes());
        } else {
            self.opcode(long);
            self.buffer.extend((bytes.len() as u64).to_le_bytes());
        }
        self.buffer.extend(bytes);
    }
}
