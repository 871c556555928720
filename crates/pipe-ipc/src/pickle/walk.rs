//! Visits a value and everything in it in a loop: a value may be nested deeper than a stack can recurse.

use super::error::{PickleError, Result};

/// What a value is to a walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Without items, and hashable.
    Scalar,
    /// Without items, and not hashable.
    ByteArray,
    List,
    Tuple,
    Set,
    FrozenSet,
    /// Its items are its first key, its first value, its second key, and so on.
    Dict,
}

impl Kind {
    pub(super) fn is_collection(self) -> bool {
        !matches!(self, Self::Scalar | Self::ByteArray)
    }

    /// Returns whether Python hashes the item at `index`. A tuple is hashed if it is a `key` itself.
    fn hashes(self, index: usize, key: bool) -> bool {
        match self {
            Self::Set | Self::FrozenSet => true,
            Self::Dict => index.is_multiple_of(2),
            Self::Tuple => key,
            _ => false,
        }
    }
}

/// A value that may contain others.
pub(super) trait Tree: Copy {
    fn kind(self) -> Kind;
    fn item(self, index: usize) -> Option<Self>;
}

/// A step of a walk: into a value, or out of a collection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step<T> {
    pub(super) value: T,
    pub(super) kind: Kind,
    /// Whether it leads out of a collection, after the last item.
    pub(super) out: bool,
    /// The kind of the collection that contains the value; a scalar for the outermost.
    pub(super) parent: Kind,
    /// The value's index in that collection.
    pub(super) index: usize,
    /// How many collections contain the value.
    pub(super) depth: usize,
    /// Whether Python hashes the value: it is a key of a dict or an item of a set, or of a tuple that is one.
    key: bool,
}

impl<T> Step<T> {
    /// Checks that Python can hash the value if it must.
    ///
    /// # Errors
    /// [`PickleError::InvalidValue`] with the type that is not hashable.
    pub(super) fn check_hashable(&self) -> Result<()> {
        let problem = match self.kind {
            Kind::List if self.key => "a list cannot be a key of a dict or an item of a set",
            Kind::Set if self.key => "a set cannot be a key of a dict or an item of a set",
            Kind::Dict if self.key => "a dict cannot be a key of a dict or an item of a set",
            Kind::ByteArray if self.key => "a bytearray cannot be a key of a dict or an item of a set",
            _ => return Ok(()),
        };
        Err(PickleError::InvalidValue { problem })
    }
}

/// The steps through a value: into each value, and out of each collection.
pub(super) struct Walk<T> {
    root: Option<T>,
    /// The collections that contain the next value.
    open: Vec<Open<T>>,
}

struct Open<T> {
    collection: T,
    /// The index of the next item.
    next: usize,
    key: bool,
}

pub(super) fn walk<T: Tree>(root: T) -> Walk<T> {
    Walk { root: Some(root), open: Vec::new() }
}

impl<T: Tree> Walk<T> {
    fn step(&self, value: T, key: bool, out: bool) -> Step<T> {
        let (parent, index) =
            self.open.last().map_or((Kind::Scalar, 0), |open| (open.collection.kind(), open.next - 1));
        Step { value, kind: value.kind(), out, parent, index, depth: self.open.len(), key }
    }
}

impl<T: Tree> Iterator for Walk<T> {
    type Item = Step<T>;

    #[inline]
    fn next(&mut self) -> Option<Step<T>> {
        let (value, key) = if let Some(open) = self.open.last_mut() {
            let Some(item) = open.collection.item(open.next) else {
                let closed = self.open.pop()?;
                return Some(self.step(closed.collection, closed.key, true));
            };
            let key = open.collection.kind().hashes(open.next, open.key);
            open.next += 1;
            (item, key)
        } else {
            (self.root.take()?, false)
        };
        let step = self.step(value, key, false);
        if step.kind.is_collection() {
            self.open.push(Open { collection: value, next: 0, key });
        }
        Some(step)
    }
}
