//! The arena: the values of a pickle before they are copied out of it.

use std::borrow::Cow;

use super::error::{PickleError, Result};

/// The longest name of a class that an error repeats, in characters.
const MAX_NAME: usize = 100;

/// A value. It refers to its items by their ids, and borrows its strings from the message where possible.
#[derive(Debug)]
pub(super) enum Node<'a> {
    None,
    Bool(bool),
    Int(i64),
    /// An integer beyond `i64`, in little-endian two's complement.
    BigInt(&'a [u8]),
    Float(f64),
    Bytes(Cow<'a, [u8]>),
    ByteArray(Cow<'a, [u8]>),
    Str(&'a str),
    List(Vec<NodeId>),
    Tuple(Vec<NodeId>),
    Set(Vec<NodeId>),
    FrozenSet(Vec<NodeId>),
    /// Pairs of a key and a value.
    Dict(Vec<[NodeId; 2]>),
    /// Can only be called; it is not a value.
    Global(Global),
}

/// The index of a node in its arena. Only [`Arena::add`] creates one.
#[derive(Debug, Clone, Copy)]
pub(super) struct NodeId(u32);

/// The nodes of a pickle. Nodes are never removed, so that every id stays valid.
#[derive(Debug, Default)]
pub(super) struct Arena<'a>(Vec<Node<'a>>);

impl<'a> Arena<'a> {
    /// Adds a node. Returns `None` if there are already 2³² nodes.
    pub(super) fn add(&mut self, node: Node<'a>) -> Option<NodeId> {
        let id = u32::try_from(self.0.len()).ok()?;
        self.0.push(node);
        Some(NodeId(id))
    }

    pub(super) fn get(&self, id: NodeId) -> &Node<'a> {
        &self.0[id.0 as usize]
    }

    pub(super) fn get_mut(&mut self, id: NodeId) -> &mut Node<'a> {
        &mut self.0[id.0 as usize]
    }
}

/// A class or function that `pickle.dumps` calls to build a plain value.
///
/// Sets have opcodes of their own since protocol 4, bytes since 3, and bytearrays since 5.
#[derive(Debug, Clone, Copy)]
pub(super) enum Global {
    Set,
    FrozenSet,
    Bytes,
    ByteArray,
    /// `_codecs.encode`
    Encode,
}

impl Global {
    /// Returns the global with that name. In protocol 2, modules have their names from Python 2.
    ///
    /// # Errors
    /// [`PickleError::UnsupportedGlobal`] for all others: plain values do not need them.
    pub(super) fn lookup(module: &[u8], name: &[u8]) -> Result<Self> {
        match (module, name) {
            (b"builtins" | b"__builtin__", b"set") => Ok(Self::Set),
            (b"builtins" | b"__builtin__", b"frozenset") => Ok(Self::FrozenSet),
            (b"builtins" | b"__builtin__", b"bytes") => Ok(Self::Bytes),
            (b"builtins" | b"__builtin__", b"bytearray") => Ok(Self::ByteArray),
            (b"_codecs", b"encode") => Ok(Self::Encode),
            _ => Err(unsupported_global(&String::from_utf8_lossy(&[module, b".", name].concat()))),
        }
    }

    /// Returns the error for a global in the place of a value.
    pub(super) fn as_value_error(self) -> PickleError {
        unsupported_global(match self {
            Self::Set => "builtins.set",
            Self::FrozenSet => "builtins.frozenset",
            Self::Bytes => "builtins.bytes",
            Self::ByteArray => "builtins.bytearray",
            Self::Encode => "_codecs.encode",
        })
    }
}

fn unsupported_global(name: &str) -> PickleError {
    let name = name.chars().take(MAX_NAME).flat_map(char::escape_debug).collect();
    PickleError::UnsupportedGlobal { name }
}
