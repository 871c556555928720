//! A value of a pickle at one of the places that contain it, and its copy as an [`Object`].

use num_bigint::BigInt;

use super::budget::ExpansionBudget;
use super::error::{PickleError, Result};
use super::node::{Arena, Node, NodeId};
use super::object::Object;

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
    ///
    /// # Errors
    /// [`PickleError::TooLarge`] if reading has exhausted the budget.
    pub(super) fn value(&'a self, depth: usize) -> Result<Value<'a>> {
        Value::new(&self.arena, &self.budget, self.root, depth)
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
    fn new(arena: &'a Arena<'a>, budget: &'a ExpansionBudget, id: NodeId, depth_left: usize) -> Result<Self> {
        let node = arena.get(id);
        budget.charge(match node {
            Node::Str(text) => text.len(),
            Node::Bytes(bytes) | Node::ByteArray(bytes) => bytes.len(),
            Node::BigInt(bytes) => bytes.len(),
            _ => 0,
        })?;
        Ok(Self { node, arena, budget, depth_left })
    }

    /// Returns an item of this value.
    ///
    /// # Errors
    /// [`PickleError::TooDeep`] or [`PickleError::TooLarge`].
    pub(super) fn child(self, id: NodeId) -> Result<Self> {
        let inner = self.descend()?;
        Self::new(self.arena, self.budget, id, inner.depth_left)
    }

    /// Returns the same value one level deeper.
    ///
    /// # Errors
    /// [`PickleError::TooDeep`].
    pub(super) fn descend(self) -> Result<Self> {
        let depth_left = self.depth_left.checked_sub(1).ok_or(PickleError::TooDeep)?;
        Ok(Self { depth_left, ..self })
    }

    /// Copies the value and everything in it.
    ///
    /// # Errors
    /// [`PickleError::TooDeep`] or [`PickleError::TooLarge`]; [`PickleError::InvalidValue`] if a key of a dict or an item
    /// of a set is not hashable.
    pub(super) fn to_object(self) -> Result<Object> {
        Ok(match self.node {
            Node::None => Object::None,
            Node::Bool(value) => Object::Bool(*value),
            Node::Int(value) => Object::Int(*value),
            Node::BigInt(bytes) => Object::BigInt(BigInt::from_signed_bytes_le(bytes)),
            Node::Float(value) => Object::Float(*value),
            Node::Bytes(bytes) => Object::Bytes(bytes.to_vec()),
            Node::ByteArray(bytes) => Object::ByteArray(bytes.to_vec()),
            Node::Str(text) => Object::Str((*text).to_owned()),
            Node::List(items) => Object::List(self.objects(items)?),
            Node::Tuple(items) => Object::Tuple(self.objects(items)?),
            Node::Set(items) => Object::Set(self.hashable_objects(items)?),
            Node::FrozenSet(items) => Object::FrozenSet(self.hashable_objects(items)?),
            Node::Dict(entries) => {
                let entry = |[key, value]: &[_; 2]| Ok((self.hashable(*key)?, self.object(*value)?));
                Object::Dict(entries.iter().map(entry).collect::<Result<_>>()?)
            }
            Node::Global(global) => return Err(global.as_value_error()),
        })
    }

    fn objects(self, items: &[NodeId]) -> Result<Vec<Object>> {
        items.iter().map(|item| self.object(*item)).collect()
    }

    fn hashable_objects(self, items: &[NodeId]) -> Result<Vec<Object>> {
        items.iter().map(|item| self.hashable(*item)).collect()
    }

    fn object(self, id: NodeId) -> Result<Object> {
        self.child(id)?.to_object()
    }

    fn hashable(self, id: NodeId) -> Result<Object> {
        let object = self.object(id)?;
        object.check_hashable()?;
        Ok(object)
    }
}
