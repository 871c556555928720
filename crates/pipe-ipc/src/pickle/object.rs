use num_bigint::BigInt;

use super::error::{PickleError, Result};

/// A Python value of any plain type.
///
/// A shared value is repeated at each place that refers to it. A dict keeps the order of insertion; a set has the order
/// in which it was sent. Neither is searched for duplicates: a pickle that sets a key twice, which `pickle.dumps` never
/// writes, gives a dict with two such keys.
#[derive(Debug, Clone, PartialEq)]
pub enum Object {
    /// `None`
    None,
    /// `bool`
    Bool(bool),
    /// An `int` that fits into 64 bits
    Int(i64),
    /// Any other `int`. It is read back as [`Object::Int`] if it fits into an `i64`, and rejected by the receiver if it
    /// takes more than 128 KiB.
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

macro_rules! from {
    ($($type:ty => $variant:ident),*) => {$(
        impl From<$type> for Object {
            fn from(value: $type) -> Self {
                Self::$variant(value.into())
            }
        }
    )*};
}

from!(bool => Bool, i64 => Int, f64 => Float, &str => Str, String => Str);

impl Object {
    /// Checks that Python can hash the object. Only then can it be a key of a dict or an item of a set.
    ///
    /// # Errors
    /// [`PickleError::InvalidValue`] with the type that is not hashable.
    pub(super) fn check_hashable(&self) -> Result<()> {
        let problem = match self {
            Self::Tuple(items) => return items.iter().try_for_each(Self::check_hashable),
            Self::List(_) => "a list cannot be a key of a dict or an item of a set",
            Self::Set(_) => "a set cannot be a key of a dict or an item of a set",
            Self::Dict(_) => "a dict cannot be a key of a dict or an item of a set",
            Self::ByteArray(_) => "a bytearray cannot be a key of a dict or an item of a set",
            _ => return Ok(()),
        };
        Err(PickleError::InvalidValue { problem })
    }
}
