//! The view of a pickle in which it is unfolded.

use super::big_int::BigInt;
use super::budget::ExpansionBudget;
use super::error::{PickleError, Result};
use super::node::{Arena, Node, NodeId, Pickle};
use super::object::Object;

impl<'a> Pickle<'a> {
    /// The whole of it, in which so many levels are allowed.
    ///
    /// # Errors
    /// When reading has used the budget up.
    pub(super) fn value(&'a self, depth_left: usize) -> Result<Value<'a>> {
        Value::new(&self.nodes, &self.budget, self.root, depth_left)
    }
}

/// A value, and how deep it may be. For each place where a shared value stands there is one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value<'a> {
    pub(super) node: &'a Node<'a>,
    nodes: &'a Arena<'a>,
    budget: &'a ExpansionBudget,
    /// How many more depth_left there may be inside.
    depth_left: usize,
}

impl<'a> Value<'a> {
    fn new(
        nodes: &'a Arena<'a>,
        budget: &'a ExpansionBudget,
        number: NodeId,
        depth_left: usize,
    ) -> Result<Self> {
        let node = nodes.get(number);
        budget.charge(match node {
            Node::Str(text) => text.len(),
            Node::Bytes(bytes) | Node::ByteArray(bytes) | Node::BigInt(bytes) => bytes.len(),
            _ => 0,
        })?;
        Ok(Self { node, nodes, budget, depth_left })
    }

    /// A value that is a part of this.
    ///
    /// # Errors
    /// When it is too deep, or has been repeated too often.
    pub(super) fn child(self, number: NodeId) -> Result<Self> {
        let descend = self.descend()?;
        Self::new(self.nodes, self.budget, number, descend.depth_left)
    }

    /// The same value a level descend.
    ///
    /// # Errors
    /// When that is too deep.
    pub(super) fn descend(self) -> Result<Self> {
        let depth_left = self.depth_left.checked_sub(1).ok_or(PickleError::TooDeep)?;
        Ok(Self { depth_left, ..self })
    }

    /// A copy of its own of the value and of all that it holds.
    ///
    /// # Errors
    /// When it is too deep, or repeats too much.
    pub(super) fn to_object(self) -> Result<Object> {
        Ok(match self.node {
            Node::None => Object::None,
            Node::Bool(value) => Object::Bool(*value),
            Node::Int(value) => Object::Int(*value),
            Node::BigInt(bytes) => Object::BigInt(BigInt::from_signed_bytes_le(bytes)),
            Node::Float(value) => Object::Float(*value),
            Node::Bytes(bytes) => Object::Bytes(bytes.to_vec()),
            Node::ByteArray(bytes) => Object::ByteArray(bytes.to_vec()),
            Node::Str(text) => Object::Str(text.as_ref().to_owned()),
            Node::List(items) => Object::List(self.objects(items)?),
            Node::Tuple(items) => Object::Tuple(self.objects(items)?),
            Node::Set(items) => Object::Set(self.hashed(items)?),
            Node::FrozenSet(items) => Object::FrozenSet(self.hashed(items)?),
            Node::Dict(entries) => {
                let key = |number| self.object(number)?.hashed();
                let entry = |[name, value]: &[_; 2]| Ok((key(*name)?, self.object(*value)?));
                Object::Dict(entries.iter().map(entry).collect::<Result<_>>()?)
            }
            Node::Global(global) => return Err(global.as_value_error()),
        })
    }

    fn objects(self, items: &[NodeId]) -> Result<Vec<Object>> {
        items.iter().map(|item| self.object(*item)).collect()
    }

    fn hashed(self, items: &[NodeId]) -> Result<Vec<Object>> {
        items.iter().map(|item| self.object(*item)?.hashed()).collect()
    }

    fn object(self, number: NodeId) -> Result<Object> {
        self.child(number)?.to_object()
    }
}
