//! A plain value of Python's, whatever its type.

use super::big_int::BigInt;
use super::error::{PickleError, Result};

/// A value of one of Python's plain types.
///
/// A shared value is repeated wherever it is referred to. A dict keeps the order of insertion; a set has the order in
/// which it was sent. Neither is searched for duplicates: a pickle which sets a key twice, as `pickle.dumps` never
/// writes one, gives a dict with two such keys.
#[derive(Debug, Clone, PartialEq)]
pub enum Object {
    /// `None`
    None,
    /// `bool`
    Bool(bool),
    /// `int`, where it fits
    Int(i64),
    /// Any other `int`. What fits an `i64` and is written as this is read as [`Object::Int`].
    BigInt(BigInt),
    /// `float`
    Float(f64),
    /// `bytes`
    Bytes(Vec<u8>),
    /// `bytearray`
    ByteArray(Vec<u8>),
    /// `str`
    Str(String),
    /// `list`
    List(Vec<Object>),
    /// `tuple`
    Tuple(Vec<Object>),
    /// `set`
    Set(Vec<Object>),
    /// `frozenset`
    FrozenSet(Vec<Object>),
    /// `dict`
    Dict(Vec<(Object, Object)>),
}

impl From<bool> for Object {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Object {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<f64> for Object {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<&str> for Object {
    fn from(value: &str) -> Self {
        Self::Str(value.to_owned())
    }
}

impl From<String> for Object {
    fn from(value: String) -> Self {
        Self::Str(value)
    }
}

impl Object {
    /// The object itself, if Python can hash it: what it cannot can be no key of a dict and no item of a set.
    pub(super) fn hashed(self) -> Result<Self> {
        self.is_hashable()?;
        Ok(self)
    }

    fn is_hashable(&self) -> Result<()> {
        let problem = match self {
            Self::Tuple(items) => return items.iter().try_for_each(Self::is_hashable),
            Self::List(_) => "a list cannot be a key of a dict or an item of a set",
            Self::Set(_) => "a set cannot be a key of a dict or an item of a set",
            Self::Dict(_) => "a dict cannot be a key of a dict or an item of a set",
            Self::ByteArray(_) => "a bytearray cannot be a key of a dict or an item of a set",
            _ => return Ok(()),
        };
        Err(PickleError::InvalidValue { problem })
    }
}
