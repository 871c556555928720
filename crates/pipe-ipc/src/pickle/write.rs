//! An object becomes a pickle of protocol 4.

use super::OBJECT_DEPTH;
use super::error::{PickleError, Result};
use super::object::Object;
use super::opcode::{
    ADDITEMS, APPENDS, BINBYTES, BINBYTES8, BINFLOAT, BININT, BININT1, BININT2, BINUNICODE, BINUNICODE8,
    EMPTY_DICT, EMPTY_LIST, EMPTY_SET, EMPTY_TUPLE, FROZENSET, GLOBAL, LONG1, LONG4, MARK, NEWFALSE, NEWTRUE,
    NONE, PROTO, REDUCE, SETITEMS, SHORT_BINBYTES, SHORT_BINUNICODE, STOP, TUPLE, TUPLE1,
};

/// The protocol: the first with opcodes for sets and for strings of 4 GiB.
const PROTOCOL: u8 = 4;

/// Appends the pickle of `object`.
///
/// # Errors
/// When it is nested too deep, or Python could not hash what must be hashed. A part of it is appended then.
pub(super) fn pickle(object: &Object, into: &mut Vec<u8>) -> Result<()> {
    into.extend([PROTO, PROTOCOL]);
    Writer { into, depth: 0, hashed: false }.object(object)?;
    into.push(STOP);
    Ok(())
}

/// What appends an object at its place.
struct Writer<'a> {
    into: &'a mut Vec<u8>,
    /// How deep the place is inside of collections.
    depth: usize,
    /// Whether the place is one for a key of a dict or an item of a set, or in a tuple that is one.
    hashed: bool,
}

impl Writer<'_> {
    fn object(&mut self, object: &Object) -> Result<()> {
        match object {
            Object::None => self.opcode(NONE),
            Object::Bool(true) => self.opcode(NEWTRUE),
            Object::Bool(false) => self.opcode(NEWFALSE),
            Object::Int(value) => self.int(*value),
            Object::BigInt(value) => return self.long(value.as_signed_bytes_le()),
            Object::Float(value) => {
                self.opcode(BINFLOAT);
                self.into.extend(value.to_be_bytes());
            }
            Object::Bytes(bytes) => self.counted([SHORT_BINBYTES, BINBYTES, BINBYTES8], bytes),
            Object::Str(text) => self.counted([SHORT_BINUNICODE, BINUNICODE, BINUNICODE8], text.as_bytes()),
            Object::ByteArray(bytes) => {
                self.refuse_to_hash("a bytearray cannot be a key of a dict or an item of a set")?;
                self.opcode(GLOBAL);
                self.into.extend(b"builtins\nbytearray\n");
                self.counted([SHORT_BINBYTES, BINBYTES, BINBYTES8], bytes);
                self.into.extend([TUPLE1, REDUCE]);
            }
            Object::List(items) => {
                self.refuse_to_hash("a list cannot be a key of a dict or an item of a set")?;
                self.opcode(EMPTY_LIST);
                self.items(items, APPENDS, false)?;
            }
            Object::Tuple(items) if items.is_empty() => self.opcode(EMPTY_TUPLE),
            Object::Tuple(items) => self.items(items, TUPLE, self.hashed)?,
            Object::Set(items) => {
                self.refuse_to_hash("a set cannot be a key of a dict or an item of a set")?;
                self.opcode(EMPTY_SET);
                self.items(items, ADDITEMS, true)?;
            }
            Object::FrozenSet(items) => self.items(items, FROZENSET, true)?,
            Object::Dict(entries) => {
                self.refuse_to_hash("a dict cannot be a key of a dict or an item of a set")?;
                self.opcode(EMPTY_DICT);
                self.opcode(MARK);
                for (key, value) in entries {
                    self.inside(true)?.object(key)?;
                    self.inside(false)?.object(value)?;
                }
                self.opcode(SETITEMS);
            }
        }
        Ok(())
    }

    fn opcode(&mut self, opcode: u8) {
        self.into.push(opcode);
    }

    /// The writer for what a collection at this place holds.
    fn inside(&mut self, hashed: bool) -> Result<Writer<'_>> {
        if self.depth >= OBJECT_DEPTH {
            return Err(PickleError::TooDeep);
        }
        Ok(Writer { into: self.into, depth: self.depth + 1, hashed })
    }

    fn refuse_to_hash(&self, problem: &'static str) -> Result<()> {
        if self.hashed { Err(PickleError::InvalidValue { problem }) } else { Ok(()) }
    }

    /// Items between a mark and the opcode that makes something of them.
    fn items(&mut self, items: &[Object], opcode: u8, hashed: bool) -> Result<()> {
        self.opcode(MARK);
        for item in items {
            self.inside(hashed)?.object(item)?;
        }
        self.opcode(opcode);
        Ok(())
    }

    /// In the shortest of the forms, as Python does.
    fn int(&mut self, value: i64) {
        if let Ok(value) = u8::try_from(value) {
            self.into.extend([BININT1, value]);
        } else if let Ok(value) = u16::try_from(value) {
            self.opcode(BININT2);
            self.into.extend(value.to_le_bytes());
        } else if let Ok(value) = i32::try_from(value) {
            self.opcode(BININT);
            self.into.extend(value.to_le_bytes());
        } else {
            self.into.extend([LONG1, 8]);
            self.into.extend(value.to_le_bytes());
        }
    }

    /// Two's complement after its length.
    fn long(&mut self, bytes: &[u8]) -> Result<()> {
        if let Ok(length) = u8::try_from(bytes.len()) {
            self.into.extend([LONG1, length]);
        } else if let Ok(length) = i32::try_from(bytes.len()) {
            self.opcode(LONG4);
            self.into.extend(length.to_le_bytes());
        } else {
            return Err(PickleError::InvalidValue { problem: "an integer takes more than 2 GiB" });
        }
        self.into.extend(bytes);
        Ok(())
    }

    /// Bytes after their length of one, four or eight bytes, each of which has an opcode.
    fn counted(&mut self, [short, medium, long]: [u8; 3], bytes: &[u8]) {
        if let Ok(length) = u8::try_from(bytes.len()) {
            self.into.extend([short, length]);
        } else if let Ok(length) = u32::try_from(bytes.len()) {
            self.opcode(medium);
            self.into.extend(length.to_le_bytes());
        } else {
            self.opcode(long);
            self.into.extend((bytes.len() as u64).to_le_bytes());
        }
        self.into.extend(bytes);
    }
}
