//! Pickles of plain values: what Python's `pickle` makes of numbers, strings, lists, dicts and sets.
//!
//! [`read_value`] and [`read_object`] read protocols 2 to 5; [`write_value`] and [`write_object`] write pickles that every
//! Python since 3.4 reads. Nothing in a pickle is looked up, imported or called: a pickle that refers to a class or a
//! function is an error that names it. Protocols 0 and 1 are an error too: Python's default has been 3 or higher since
//! Python 3.0, so that they do not occur on a `Connection`.
//!
//! # Why not serde-pickle
//!
//! [`write_value`] uses its serializer. Its deserializer is not used: it overflows the stack on some 2,000 nested lists,
//! silently turns a namedtuple or any other instance into `{}`, loses the order of a dict, cannot read an integer above
//! [`i64::MAX`] into a [`u64`], and copies shared references without a limit, so that a pickle of 200 bytes can expand to
//! gigabytes.
//!
//! # How a pickle is read
//!
//! 1. [`reader`] runs the opcodes on a stack machine. It adds each value to an arena ([`node`]), in which strings borrow
//!    from the message and lists hold the ids of their items. A shared value is stored once, a value that contains itself
//!    does no harm, and the memory is linear in the size of the message.
//! 2. [`value`] copies the values out of the arena, into an [`Object`] or, through serde ([`de`]), into any type. Only here
//!    are shared values repeated: within the depth that [`limits`] sets, and within the [`budget`].
//!
//! Whatever visits a whole object does it in a loop ([`walk`]): an object is nested more deeply than a stack can recurse.
//! Only types are read by recursion, because serde works that way.
//!
//! Read the files in the order `opcode`, `node`, `reader`, `walk`, `object`, `value`, `de`, `write`.

mod budget;
mod de;
mod error;
mod input;
mod limits;
mod node;
mod object;
mod opcode;
mod reader;
mod reduce;
mod scalar;
mod value;
mod walk;
mod write;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_pickle::SerOptions;

pub use error::PickleError;
pub use num_bigint::BigInt;
pub use object::Object;

pub(crate) use write::write_object;

use error::Result;
use limits::{OBJECT_DEPTH, TYPE_DEPTH};
use reader::Reader;

/// Reads a value of the type `T` from a message: the inverse of [`write_value`], and of `pickle.dumps` where the types
/// match.
///
/// | Python | Rust |
/// |---|---|
/// | `None` | `None`, `()`, a unit struct |
/// | `int` | any integer type with that range; the nearest float |
/// | `bytes`, `bytearray` | bytes, or a sequence of `u8` |
/// | `str` | `String`, `char`, a variant of an enum |
/// | `list`, `tuple`, `set`, `frozenset` | a sequence, a tuple |
/// | `dict` | a map, a struct, `{'Variant': content}` an enum |
///
/// # Errors
/// If the message is not a pickle of a plain value, or the value is not a `T`.
pub(crate) fn read_value<T: DeserializeOwned>(message: &[u8]) -> Result<T> {
    let pickle = Reader::run(message)?;
    T::deserialize(pickle.value(TYPE_DEPTH))
}

/// Reads a value of any plain type from a message.
///
/// # Errors
/// If the message is not a pickle of a plain value.
pub(crate) fn read_object(message: &[u8]) -> Result<Object> {
    Reader::run(message)?.value(OBJECT_DEPTH).to_object()
}

/// Appends a pickle of protocol 3. An enum becomes the name of its variant, or `{'Variant': content}`.
///
/// # Errors
/// If `value` fails to serialize, contains an `i128` or `u128`, or takes 4 GiB or more. A part of it may have been
/// appended.
pub(crate) fn write_value<T: Serialize + ?Sized>(value: &T, buffer: &mut Vec<u8>) -> Result<()> {
    let written = serde_pickle::to_writer(&mut *buffer, &value, SerOptions::new());
    written.map_err(|error| PickleError::Serialize(Box::new(error)))?;
    // serde-pickle would write the length of such a string modulo 4 GiB, and Python would run the rest as opcodes.
    if u32::try_from(buffer.len()).is_ok() {
        return Ok(());
    }
    Err(PickleError::InvalidValue {
        problem: "a typed value takes 4 GiB or more; send it in parts, or as an Object",
    })
}

impl Object {
    /// Reads a pickle, as Python's `pickle.loads`: [`recv_object`](crate::Receiver::recv_object) for a message that has
    /// already been received. Bytes after the pickle are ignored.
    ///
    /// # Errors
    /// If `pickle` is not a pickle of a plain value, or exceeds a limit.
    pub fn from_pickle(pickle: &[u8]) -> Result<Self> {
        read_object(pickle)
    }

    /// Returns a pickle, as Python's `pickle.dumps`: the message that [`send_object`](crate::Sender::send_object) sends.
    ///
    /// # Errors
    /// If the object is nested too deeply, or a key of a dict or an item of a set is not hashable in Python.
    pub fn to_pickle(&self) -> Result<Vec<u8>> {
        let mut pickle = Vec::new();
        write_object(self, &mut pickle)?;
        Ok(pickle)
    }
}
