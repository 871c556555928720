//! The few classes and functions that plain values need in the older protocols.

use std::borrow::Cow;

use super::budget::ExpansionBudget;
use super::error::{PickleError, Result};
use super::node::{Arena, Node, NodeId};

/// The longest name that an error repeats, in characters.
const LONGEST_NAME: usize = 100;

/// A class or function that `pickle.dumps` refers to when it is given a plain value.
///
/// Sets have opcodes of their own since protocol 4, bytes since 3, and bytearrays since 5.
#[derive(Debug, Clone, Copy)]
pub(super) enum Global {
    Set,
    FrozenSet,
    Bytes,
    ByteArray,
    Encode,
    /// Makes an instance of a class that the pickle refers to next. The class is to be named by the error, not this.
    Reconstructor,
}

impl Global {
    /// The one of that name. Up to protocol 2 modules have their names from Python 2.
    ///
    /// # Errors
    /// When it is any other: values that need it are not plain.
    pub(super) fn lookup(module: &[u8], name: &[u8]) -> Result<Self> {
        match (module, name) {
            (b"builtins" | b"__builtin__", b"set") => Ok(Self::Set),
            (b"builtins" | b"__builtin__", b"frozenset") => Ok(Self::FrozenSet),
            (b"builtins" | b"__builtin__", b"bytes") => Ok(Self::Bytes),
            (b"builtins" | b"__builtin__", b"bytearray") => Ok(Self::ByteArray),
            (b"_codecs", b"encode") => Ok(Self::Encode),
            (b"copyreg" | b"copy_reg", b"_reconstructor") => Ok(Self::Reconstructor),
            _ => Err(unsupported_global(&String::from_utf8_lossy(&[module, b".", name].concat()))),
        }
    }

    /// The error where it stands in the place of a value.
    pub(super) fn as_value_error(self) -> PickleError {
        unsupported_global(match self {
            Self::Set => "builtins.set",
            Self::FrozenSet => "builtins.frozenset",
            Self::Bytes => "builtins.bytes",
            Self::ByteArray => "builtins.bytearray",
            Self::Encode => "_codecs.encode",
            Self::Reconstructor => "copyreg._reconstructor",
        })
    }

    /// What it makes of those arguments; `None` if `pickle.dumps` gives it no such arguments.
    ///
    /// # Errors
    /// When it has copied too much: the same arguments may be given to it again and again.
    pub(super) fn call<'a>(
        self,
        arguments: &[NodeId],
        nodes: &Arena<'a>,
        budget: &ExpansionBudget,
    ) -> Result<Option<Node<'a>>> {
        let mut arguments = arguments.iter().map(|number| nodes.get(*number));
        let node = match (self, arguments.next(), arguments.next()) {
            (Self::Set, Some(Node::List(items)), None) => Node::Set(copied(items, budget)?),
            (Self::FrozenSet, Some(Node::List(items)), None) => Node::FrozenSet(copied(items, budget)?),
            (Self::Bytes, None, None) => Node::Bytes(Cow::Borrowed(&[])),
            (Self::ByteArray, None, None) => Node::ByteArray(Cow::Borrowed(&[])),
            (Self::ByteArray, Some(Node::Bytes(bytes)), None) => {
                budget.charge(bytes.len())?;
                Node::ByteArray(bytes.clone())
            }
            // `_codecs.encode(string, 'latin1')` is bytes in Python 3, `bytearray(string, 'latin-1')` is Python 2's.
            (Self::Encode, Some(Node::Str(text)), Some(Node::Str(encoding))) if is_latin_1(encoding) => {
                return Ok(encoded(text, budget)?.map(Node::Bytes));
            }
            (Self::ByteArray, Some(Node::Str(text)), Some(Node::Str(encoding))) if is_latin_1(encoding) => {
                return Ok(encoded(text, budget)?.map(Node::ByteArray));
            }
            _ => return Ok(None),
        };
        Ok(Some(node))
    }
}

fn unsupported_global(name: &str) -> PickleError {
    let name = name.chars().take(LONGEST_NAME).flat_map(char::escape_debug).collect();
    PickleError::UnsupportedGlobal { name }
}

fn copied(items: &[NodeId], budget: &ExpansionBudget) -> Result<Vec<NodeId>> {
    budget.charge(size_of_val(items))?;
    Ok(items.to_vec())
}

fn is_latin_1(encoding: &str) -> bool {
    matches!(encoding, "latin1" | "latin-1")
}

/// The characters of `text` as a byte each; `None` if one has a higher number.
fn encoded<'a>(text: &str, budget: &ExpansionBudget) -> Result<Option<Cow<'a, [u8]>>> {
    budget.charge(text.len())?;
    if text.is_ascii() {
        return Ok(Some(Cow::Owned(text.as_bytes().to_vec())));
    }
    Ok(text.chars().map(|char| u8::try_from(char).ok()).collect())
}
