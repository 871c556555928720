//! The Python value of any plain type. Its traits work in loops, because a value may be nested deeper than a stack can
//! recurse.

use std::convert::Infallible;
use std::{fmt, iter, mem};

use num_bigint::BigInt;

use super::walk::{Kind, Step, Tree, walk};

/// A Python value of any plain type.
///
/// It may be nested 100,000 levels deep. Cloning, comparing, printing and dropping it take no more stack than a flat one.
/// If your own code recurses into an object, limit the depth. Because [`Drop`] is implemented, `match object` cannot move
/// the items out; match `&mut object` and use [`std::mem::take`].
///
/// A shared value is repeated at each place that refers to it. A dict keeps the order of insertion; a set has the order
/// in which it was sent. Neither is searched for duplicates: a pickle that sets a key twice, which `pickle.dumps` never
/// writes, gives a dict with two such keys.
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

impl Tree for &Object {
    fn kind(self) -> Kind {
        match self {
            Object::ByteArray(_) => Kind::ByteArray,
            Object::List(_) => Kind::List,
            Object::Tuple(_) => Kind::Tuple,
            Object::Set(_) => Kind::Set,
            Object::FrozenSet(_) => Kind::FrozenSet,
            Object::Dict(_) => Kind::Dict,
            _ => Kind::Scalar,
        }
    }

    fn item(self, index: usize) -> Option<Self> {
        match self {
            Object::List(items) | Object::Tuple(items) | Object::Set(items) | Object::FrozenSet(items) => {
                items.get(index)
            }
            Object::Dict(entries) => {
                let (key, value) = entries.get(index / 2)?;
                Some(if index.is_multiple_of(2) { key } else { value })
            }
            _ => None,
        }
    }
}

/// Builds an object from the steps of a walk. `start` returns a scalar whole, and a collection without its items.
///
/// # Errors
/// The first error of `start`.
pub(super) fn build<T: Tree, E>(
    root: T,
    mut start: impl FnMut(Step<T>) -> Result<Object, E>,
) -> Result<Object, E> {
    let mut open: Vec<Object> = Vec::new();
    for step in walk(root) {
        let object = if step.out { open.pop().unwrap_or(Object::None) } else { start(step)? };
        if step.kind.is_collection() && !step.out {
            open.push(object);
        } else if let Some(parent) = open.last_mut() {
            parent.push(step.index, object);
        } else {
            return Ok(object);
        }
    }
    Ok(Object::None)
}

impl Object {
    /// Adds an item to a collection that has `index` items; see [`Kind::Dict`].
    fn push(&mut self, index: usize, item: Self) {
        match self {
            Self::List(items) | Self::Tuple(items) | Self::Set(items) | Self::FrozenSet(items) => {
                items.push(item);
            }
            Self::Dict(entries) if index.is_multiple_of(2) => entries.push((item, Self::None)),
            Self::Dict(entries) => {
                if let Some((_, value)) = entries.last_mut() {
                    *value = item;
                }
            }
            _ => {}
        }
    }

    /// Returns whether the object has items.
    fn is_nested(&self) -> bool {
        self.item(0).is_some()
    }

    /// Removes items, the last first, until one has items itself, and returns that one.
    fn pop_nested(&mut self) -> Option<Self> {
        match self {
            Self::List(items) | Self::Tuple(items) | Self::Set(items) | Self::FrozenSet(items) => {
                iter::from_fn(|| items.pop()).find(Self::is_nested)
            }
            Self::Dict(entries) => loop {
                let (key, value) = entries.last_mut()?;
                if let Some(nested) = [value, key].into_iter().find(|part| part.is_nested()) {
                    return Some(mem::replace(nested, Self::None));
                }
                entries.pop();
            },
            _ => None,
        }
    }
}

impl Clone for Object {
    fn clone(&self) -> Self {
        let Ok(copy) = build(self, |step| {
            Ok::<_, Infallible>(match step.value {
                Self::None => Self::None,
                Self::Bool(value) => Self::Bool(*value),
                Self::Int(value) => Self::Int(*value),
                Self::BigInt(value) => Self::BigInt(value.clone()),
                Self::Float(value) => Self::Float(*value),
                Self::Bytes(bytes) => Self::Bytes(bytes.clone()),
                Self::ByteArray(bytes) => Self::ByteArray(bytes.clone()),
                Self::Str(text) => Self::Str(text.clone()),
                Self::List(items) => Self::List(Vec::with_capacity(items.len())),
                Self::Tuple(items) => Self::Tuple(Vec::with_capacity(items.len())),
                Self::Set(items) => Self::Set(Vec::with_capacity(items.len())),
                Self::FrozenSet(items) => Self::FrozenSet(Vec::with_capacity(items.len())),
                Self::Dict(entries) => Self::Dict(Vec::with_capacity(entries.len())),
            })
        });
        copy
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        iter::zip(walk(self), walk(other)).all(|(left, right)| match (left.value, right.value) {
            (Self::None, Self::None) => true,
            (Self::Bool(left), Self::Bool(right)) => left == right,
            (Self::Int(left), Self::Int(right)) => left == right,
            (Self::BigInt(left), Self::BigInt(right)) => left == right,
            (Self::Float(left), Self::Float(right)) => left == right,
            (Self::Str(left), Self::Str(right)) => left == right,
            (Self::Bytes(left), Self::Bytes(right)) | (Self::ByteArray(left), Self::ByteArray(right)) => {
                left == right
            }
            // A collection with fewer items is left earlier.
            _ => left.kind.is_collection() && left.kind == right.kind && left.out == right.out,
        })
    }
}

/// Prints an object as a derived implementation does, on one line.
impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in walk(self) {
            f.write_str(match (step.parent, step.index) {
                _ if step.out => "",
                (Kind::Dict, 0) => "(",
                (_, 0) => "",
                (Kind::Dict, index) if index.is_multiple_of(2) => "), (",
                _ => ", ",
            })?;
            match step.value {
                Self::Dict(entries) if step.out && !entries.is_empty() => f.write_str(")])")?,
                _ if step.out => f.write_str("])")?,
                Self::None => f.write_str("None")?,
                Self::Bool(value) => write!(f, "Bool({value})")?,
                Self::Int(value) => write!(f, "Int({value})")?,
                Self::BigInt(value) => write!(f, "BigInt({value})")?,
                Self::Float(value) => write!(f, "Float({value:?})")?,
                Self::Bytes(bytes) => write!(f, "Bytes({bytes:?})")?,
                Self::ByteArray(bytes) => write!(f, "ByteArray({bytes:?})")?,
                Self::Str(text) => write!(f, "Str({text:?})")?,
                _ => write!(f, "{:?}([", step.kind)?,
            }
        }
        Ok(())
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        let Some(nested) = self.pop_nested() else { return };
        let mut open = vec![nested];
        while let Some(object) = open.last_mut() {
            match object.pop_nested() {
                Some(nested) => open.push(nested),
                None => drop(open.pop()),
            }
        }
    }
}
