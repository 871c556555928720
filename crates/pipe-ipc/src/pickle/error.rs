//! The errors of reading and writing pickles.

use std::fmt;

use serde::de;

use super::limits::{OBJECT_DEPTH, TYPE_DEPTH};
use super::opcode::legacy_protocol;

/// An error from reading or writing a pickle.
#[derive(Debug)]
#[non_exhaustive]
pub enum PickleError {
    /// The message ends before the pickle does.
    Truncated {
        /// What is cut off, for example `"a string"`.
        inside: &'static str,
        /// The length of the message, in bytes.
        at: usize,
    },
    /// The pickle has a protocol below 2 or above 5.
    UnsupportedProtocol {
        /// The protocol.
        protocol: u8,
    },
    /// The pickle contains an opcode that plain values do not use in protocols 2 to 5, or a byte that is not an opcode.
    UnsupportedOpcode {
        /// The byte.
        opcode: u8,
        /// Its position in the message.
        at: usize,
    },
    /// The pickle refers to a class or a function. It is never looked up or called.
    UnsupportedGlobal {
        /// The module and the name, for example `datetime.date`.
        name: String,
    },
    /// A `str` contains half of a surrogate pair, as Python's `surrogateescape` produces. A Rust string cannot hold it.
    LoneSurrogate {
        /// The position of the string's opcode in the message.
        at: usize,
    },
    /// The pickle is invalid. CPython rejects most of these pickles too.
    Malformed {
        /// What the pickle does, for example `"appends to a value that is not a list"`.
        problem: &'static str,
        /// The position of the opcode in the message.
        at: usize,
    },
    /// The value contains itself, or is nested more than 200 levels deep for a type, or 100,000 for an
    /// [`Object`](crate::Object). The first limit keeps a stack of 2 MiB from overflowing, in a debug build too.
    TooDeep,
    /// The value is much larger than its pickle, because it contains the same values again and again.
    TooLarge,
    /// The value does not have the requested type.
    Mismatch(String),
    /// Python cannot read such a value.
    InvalidValue {
        /// Why.
        problem: &'static str,
    },
    /// A typed value could not be serialized.
    Serialize(Box<serde_pickle::Error>),
}

pub(super) type Result<T> = std::result::Result<T, PickleError>;

impl fmt::Display for PickleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated { inside, at } => write!(f, "the pickle ends inside {inside}, at byte {at}"),
            Self::UnsupportedProtocol { protocol } => {
                write!(f, "pickle protocol {protocol} is not supported; use protocol 2, 3, 4 or 5")
            }
            Self::UnsupportedOpcode { opcode, at } => match legacy_protocol(*opcode) {
                Some(protocol) => write!(
                    f,
                    "byte {at} ({opcode:#04x}) is an opcode of pickle protocol {protocol}, which is not \
                     supported; use protocol 2, 3, 4 or 5"
                ),
                None => write!(f, "byte {at} ({opcode:#04x}) is not an opcode of a plain value"),
            },
            Self::UnsupportedGlobal { name } => {
                write!(f, "the pickle refers to {name}, which is not a plain value")
            }
            Self::LoneSurrogate { at } => write!(
                f,
                "the string at byte {at} contains half of a surrogate pair, which a Rust string cannot hold"
            ),
            Self::Malformed { problem, at } => write!(f, "at byte {at}, the pickle {problem}"),
            Self::TooDeep => write!(
                f,
                "the value contains itself or is nested too deeply: at most {TYPE_DEPTH} levels can be read \
                 into a type, {OBJECT_DEPTH} into an Object"
            ),
            Self::TooLarge => f.write_str("the value expands beyond the limit through shared references"),
            Self::Mismatch(message) => f.write_str(message),
            Self::InvalidValue { problem } => f.write_str(problem),
            // serde-pickle calls it a decoding error.
            Self::Serialize(error) => match &**error {
                serde_pickle::Error::Syntax(problem) => problem.fmt(f),
                error => error.fmt(f),
            },
        }
    }
}

// `Display` prints the error inside `Serialize`, so that it is not a source as well.
impl std::error::Error for PickleError {}

impl de::Error for PickleError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Mismatch(message.to_string())
    }
}
