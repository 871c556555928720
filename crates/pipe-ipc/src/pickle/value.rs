//! A value of a pickle at one of the places that contain it, and its copy as an [`Object`].

use num_bigint::BigInt;

use super::budget::{ALLOCATION_SIZE, ExpansionBudget, VALUE_SIZE};
use super::error::{PickleError, Result};
use super::node::{Arena, Node, NodeId};
use super::object::{Object, build};
use super::walk::{Kind, Tree};

/// The content of a pickle.
#[derive(Debug)]
pub(super) struct Pickle<'a> {
    pub(super) arena: Arena<'a>,
    /// The value that contains all others.
    pub(super) root: NodeId,
    pub(super) budget: ExpansionBudget,
}

impl<'a> Pickle<'a> {
    /// Returns the root, which may contain `depth` levels.
    pub(super) fn value(&'a self, depth: usize) -> Value<'a> {
        Value { node: self.arena.get(self.root), arena: &self.arena, budget: &self.budget, depth_left: depth }
    }
}

/// A value at one place. A shared value has several places, and is charged at each of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value<'a> {
    pub(super) node: &'a Node<'a>,
    arena: &'a Arena<'a>,
    budget: &'a ExpansionBudget,
    /// How many more levels the value may contain.
    depth_left: usize,
}

impl<'a> Value<'a> {
    /// Returns an item of this value.
    ///
    /// # Errors
    /// [`PickleError::TooDeep`] or [`PickleError::TooLarge`].
    pub(super) fn child(self, id: NodeId) -> Result<Self> {
        let child = Self { node: self.arena.get(id), ..self.descend()? };
        self.budget.charge(VALUE_SIZE + child.place().heap_size())?;
        Ok(child)
    }

    /// Returns the same value one level deeper.
    ///
    /// # Errors
    /// [`PickleError::TooDeep`].
    pub(super) fn descend(self) -> Result<Self> {
        let depth_left = self.depth_left.checked_sub(1).ok_or(PickleError::TooDeep)?;
        Ok(Self { depth_left, ..self })
    }

    /// Charges a sequence of `count` numbers that this value is deserialized as.
    ///
    /// # Errors
    /// [`PickleError::TooLarge`].
    pub(super) fn charge_numbers(self, count: usize) -> Result<()> {
        self.budget.charge(count.saturating_mul(VALUE_SIZE))
    }

    fn place(self) -> Place<'a> {
        Place { node: self.node, arena: self.arena }
    }

    /// Copies the value and everything in it.
    ///
    /// # Errors
    /// [`PickleError::TooDeep`] or [`PickleError::TooLarge`]; [`PickleError::InvalidValue`] if a key of a dict or an item
    /// of a set is not hashable.
    pub(super) fn to_object(self) -> Result<Object> {
        build(self.place(), |step| {
            if step.depth > self.depth_left {
                return Err(PickleError::TooDeep);
            }
            step.check_hashable()?;
            let items = step.value.items().len();
            // All items are charged before the memory for any of them is allocated.
            self.budget.charge(items.saturating_mul(VALUE_SIZE).saturating_add(step.value.heap_size()))?;
            Ok(match step.value.node {
                Node::None => Object::None,
                Node::Bool(value) => Object::Bool(*value),
                Node::Int(value) => Object::Int(*value),
                Node::BigInt(bytes) => Object::BigInt(BigInt::from_signed_bytes_le(bytes)),
                Node::Float(value) => Object::Float(*value),
                Node::Bytes(bytes) => Object::Bytes(bytes.to_vec()),
                Node::ByteArray(bytes) => Object::ByteArray(bytes.to_vec()),
                Node::Str(text) => Object::Str((*text).to_owned()),
                Node::List(_) => Object::List(Vec::with_capacity(items)),
                Node::Tuple(_) => Object::Tuple(Vec::with_capacity(items)),
                Node::Set(_) => Object::Set(Vec::with_capacity(items)),
                Node::FrozenSet(_) => Object::FrozenSet(Vec::with_capacity(items)),
                Node::Dict(_) => Object::Dict(Vec::with_capacity(items / 2)),
                Node::Global(global) => return Err(global.as_value_error()),
            })
        })
    }
}

/// What a walk needs of a value: it keeps one for each level.
#[derive(Clone, Copy)]
struct Place<'a> {
    node: &'a Node<'a>,
    arena: &'a Arena<'a>,
}

impl<'a> Place<'a> {
    /// Returns how much memory a copy allocates without its items, in bytes.
    fn heap_size(self) -> usize {
        match self.node {
            Node::Str(text) => text.len() + ALLOCATION_SIZE,
            Node::Bytes(bytes) | Node::ByteArray(bytes) => bytes.len() + ALLOCATION_SIZE,
            Node::BigInt(bytes) => bytes.len() + ALLOCATION_SIZE,
            _ if self.kind().is_collection() => ALLOCATION_SIZE,
            _ => 0,
        }
    }

    /// Returns the items of a collection; see [`Kind::Dict`].
    fn items(self) -> &'a [NodeId] {
        match self.node {
            Node::List(items) | Node::Tuple(items) | Node::Set(items) | Node::FrozenSet(items) => items,
            Node::Dict(entries) => entries.as_flattened(),
            _ => &[],
        }
    }
}

impl Tree for Place<'_> {
    fn kind(self) -> Kind {
        match self.node {
            Node::ByteArray(_) => Kind::ByteArray,
            Node::List(_) => Kind::List,
            Node::Tuple(_) => Kind::Tuple,
            Node::Set(_) => Kind::Set,
            Node::FrozenSet(_) => Kind::FrozenSet,
            Node::Dict(_) => Kind::Dict,
            _ => Kind::Scalar,
        }
    }

    #[inline]
    fn item(self, index: usize) -> Option<Self> {
        let id = self.items().get(index)?;
        Some(Self { node: self.arena.get(*id), ..self })
    }
}
