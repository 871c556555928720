//! What can be wrong with a pickle.

use std::fmt;

use serde::de;

use super::{OBJECT_DEPTH, TYPE_DEPTH};

/// Why a pickle could not be read, or a value not be turned into a pickle.
#[derive(Debug)]
#[non_exhaustive]
pub enum PickleError {
    /// The message ends before the pickle does.
    Truncated {
        /// What it ends in the middle of: `"a string"`, for one.
        inside: &'static str,
        /// The length of the message, in bytes.
        at: usize,
    },
    /// There is an opcode that no plain value needs, or a byte that is no opcode at all.
    Opcode {
        /// The byte.
        opcode: u8,
        /// Where it stands in the message.
        at: usize,
    },
    /// The pickle refers to a class or a function: it is an instance of the class, or the class itself. Neither is
    /// looked up or called.
    UnsupportedGlobal {
        /// The module and the name, as in `datetime.date`.
        name: String,
    },
    /// A `str` holds a surrogate without its other half, as Python's `surrogateescape` makes them. No Rust string can.
    LoneSurrogate {
        /// Where the string's opcode stands in the message.
        at: usize,
    },
    /// The bytes make no sense; most of these `CPython` refuses too.
    Malformed {
        /// What the pickle does, as in `"appends to what is no list"`.
        problem: &'static str,
        /// Where the opcode stands in the message.
        at: usize,
    },
    /// The value is nested too deep: more than 200 levels for a type, 500 for an `Object`, or contains itself. The limit keeps the stack from overflowing, of a thread
    /// with 2 MiB and in a debug build too.
    TooDeep,
    /// The value is much larger than its pickle, as it holds the same values over and over.
    TooLarge,
    /// The value is not of the type that was asked for.
    Mismatch(String),
    /// Python would refuse to read such a value.
    InvalidValue {
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A typed value could not be serialized.
    Serialize(Box<serde_pickle::Error>),
}

/// The result of reading or writing a pickle.
pub(super) type Result<T> = std::result::Result<T, PickleError>;

impl fmt::Display for PickleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated { inside, at } => {
                write!(f, "the pickle ends in the middle of {inside}, at byte {at}")
            }
            Self::Opcode { opcode, at } => {
                write!(f, "byte {at} ({opcode:#04x}) is no opcode that a plain value uses")
            }
            Self::UnsupportedGlobal { name } => write!(f, "it refers to {name}, which is no plain value"),
            Self::LoneSurrogate { at } => {
                write!(f, "the string at byte {at} holds half a surrogate pair, which no Rust string can")
            }
            Self::Malformed { problem, at } => write!(f, "at byte {at} the pickle {problem}"),
            Self::TooDeep => {
                write!(f, "the value contains itself, or is nested too deep: {TYPE_DEPTH} levels ")?;
                write!(f, "are read into a type, {OBJECT_DEPTH} into an Object")
            }
            Self::TooLarge => write!(f, "the value repeats so much that it is far larger than its pickle"),
            Self::Mismatch(message) => f.write_str(message),
            Self::InvalidValue { problem } => f.write_str(problem),
            Self::Serialize(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for PickleError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Serialize(error) => Some(error),
            _ => None,
        }
    }
}

impl de::Error for PickleError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Mismatch(message.to_string())
    }
}

#[cfg(test)]
mod tests {
    use crate::pickle::read_object;

    fn message(pickle: &[u8]) -> String {
        read_object(pickle).expect_err("it is no pickle").to_string()
    }

    #[test]
    fn an_error_says_what_is_wrong_and_at_which_byte() {
        for (pickle, expected) in [
            (&b""[..], "the pickle ends in the middle of a value, at byte 0"),
            (b"\x80\x04\x8c\x10only this", "the pickle ends in the middle of a string, at byte 13"),
            (b"\x80\x04]\x81.", "byte 3 (0x81) is no opcode that a plain value uses"),
            (b"\x80\x04K\x01K\x02a.", "at byte 6 the pickle appends to what is no list"),
            (b"cdatetime\ndate\n.", "it refers to datetime.date, which is no plain value"),
            (
                b"X\x03\0\0\0\xed\xa0\xbd.",
                "the string at byte 0 holds half a surrogate pair, which no Rust string can",
            ),
            (
                b"]q\0h\0a.",
                "the value contains itself, or is nested too deep: 200 levels are read into a type, 500 into an Object",
            ),
        ] {
            assert_eq!(message(pickle), expected);
        }
    }
}
