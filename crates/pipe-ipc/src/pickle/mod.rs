//! Pickles of plain values: what Python's `pickle` makes of numbers, strings, lists, dicts and sets.
//!
//! [`read_value`] and [`read_object`] read protocols 0 to 5, [`write_value`] and [`write_object`] write what every
//! CPython since 3.4 reads. Nothing in a pickle is ever looked up, imported or called: a pickle that wants it is an
//! error which names the class or function.
//!
//! # Why not serde-pickle
//!
//! It writes typed values well, and [`write_value`] is its serializer. Reading is done here, because its reader
//! overflows the stack on some 2,000 nested lists, silently turns a namedtuple or any other instance into `{}`, forgets
//! the order of a dict, cannot read an integer above [`i64::MAX`] into a [`u64`], and copies shared references without
//! bound, so that a pickle of 200 bytes can unfold to gigabytes.
//!
//! # How a pickle is read
//!
//! 1. A stack machine ([`reader`]) runs over the opcodes. It adds each value to an arena ([`node`]) in which strings
//!    borrow from the message, and lists hold the numbers of their items. A value that is shared stands there once, one
//!    that contains itself does no harm, and memory is linear in the message.
//! 2. A view of the arena ([`value`]) is unfolded, into an [`Object`] or through serde ([`de`]) into any type.
//!    Only here is a shared value repeated: at most [`TYPE_DEPTH`] or [`OBJECT_DEPTH`] levels deep, and at most as much as the [`budget`]
//!    permits.

mod big_int;
mod budget;
mod de;
mod error;
mod input;
mod memo;
mod node;
mod object;
mod opcode;
mod reader;
mod reduce;
mod scalar;
mod text;
mod value;
mod write;

#[cfg(test)]
mod tests;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_pickle::SerOptions;

pub use big_int::BigInt;
pub use error::PickleError;
pub use object::Object;

use error::Result;
use reader::Reader;

/// How many levels deep a value may be that is read into a type. Each list, tuple, set and dict is a level, and so is each
/// [`Option`] and each newtype of the type.
///
/// Chosen by measurement: a recursive enum with serde's derived code takes less than half of a thread's 2 MiB in a debug
/// build at this depth.
pub(crate) const TYPE_DEPTH: usize = 200;

/// How many levels deep an [`Object`] may be. CPython's own pickler gives up before, at its default recursion limit.
pub(crate) const OBJECT_DEPTH: usize = 500;

/// Reads a value of the type `T`: the opposite of [`write_value`], and of `pickle.dumps` where the types fit.
///
/// | Python | Rust |
/// |---|---|
/// | `None` | `None`, `()`, a unit struct |
/// | `int` | any integer in whose range it is; the nearest float |
/// | `bytes`, `bytearray` | bytes, or a sequence of `u8` |
/// | `str` | `String`, `char`, a variant of an enum |
/// | `list`, `tuple`, `set`, `frozenset` | a sequence, a tuple |
/// | `dict` | a map, a struct, `{'Variant': content}` an enum |
///
/// # Errors
/// When the message is no pickle of a plain value, or the value is no `T`.
pub(crate) fn read_value<T: DeserializeOwned>(message: &[u8]) -> Result<T> {
    let pickle = Reader::run(message)?;
    T::deserialize(pickle.value(TYPE_DEPTH)?)
}

/// Reads a value, whatever it is.
///
/// # Errors
/// When the message is no pickle of a plain value.
pub(crate) fn read_object(message: &[u8]) -> Result<Object> {
    Reader::run(message)?.value(OBJECT_DEPTH)?.to_object()
}

/// Appends a pickle of protocol 3, which every Python 3 reads. An enum is its variant's name, or `{'Variant': content}`.
///
/// # Errors
/// When `value` refuses to be serialized, holds an `i128` or `u128`, or takes 4 GiB or more. Nothing is appended then.
pub(crate) fn write_value<T: Serialize + ?Sized>(value: &T, into: &mut Vec<u8>) -> Result<()> {
    let start = into.len();
    let written = serde_pickle::to_writer(&mut *into, &value, SerOptions::new());
    let written = written.map_err(|error| PickleError::Serialize(Box::new(error))).and_then(|()| {
        // It would write the length of such a string modulo 4 GiB, and Python would take the rest for opcodes.
        let longest = u32::MAX as usize;
        let problem = "a typed value takes 4 GiB or more; send it in parts, or as an Object";
        if into.len() - start > longest { Err(PickleError::InvalidValue { problem }) } else { Ok(()) }
    });
    written.inspect_err(|_| into.truncate(start))
}

/// Appends a pickle of protocol 4, which every Python since 3.4 reads as an equal value of the same types, a dict in the
/// same order.
///
/// # Errors
/// When `object` is nested more than [`OBJECT_DEPTH`] deep, or what Python cannot hash is a key of a dict or an item of a
/// set. Nothing is appended then.
pub(crate) fn write_object(object: &Object, into: &mut Vec<u8>) -> Result<()> {
    let start = into.len();
    write::pickle(object, into).inspect_err(|_| into.truncate(start))
}
