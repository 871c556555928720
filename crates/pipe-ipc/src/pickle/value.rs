//! The view of a pickle in which it is unfolded.

use super::big_int::BigInt;
use super::budget::Allowance;
use super::error::{PickleError, Result};
use super::node::{Node, NodeNumber, Nodes, Pickle};
use super::object::Object;

impl<'a> Pickle<'a> {
    /// The whole of it, in which so many levels are allowed.
    ///
    /// # Errors
    /// When reading has used the allowance up.
    pub(super) fn value(&'a self, levels: usize) -> Result<Value<'a>> {
        Value::new(&self.nodes, &self.allowance, self.root, levels)
    }
}

/// A value, and how deep it may be. For each place where a shared value stands there is one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value<'a> {
    pub(super) node: &'a Node<'a>,
    nodes: &'a Nodes<'a>,
    allowance: &'a Allowance,
    /// How many more levels there may be inside.
    levels: usize,
}

impl<'a> Value<'a> {
    fn new(
        nodes: &'a Nodes<'a>,
        allowance: &'a Allowance,
        number: NodeNumber,
        levels: usize,
    ) -> Result<Self> {
        let node = nodes.get(number);
        allowance.spend(match node {
            Node::Str(text) => text.len(),
            Node::Bytes(bytes) | Node::ByteArray(bytes) | Node::BigInt(bytes) => bytes.len(),
            _ => 0,
        })?;
        Ok(Self { node, nodes, allowance, levels })
    }

    /// A value that is a part of this.
    ///
    /// # Errors
    /// When it is too deep, or has been repeated too often.
    pub(super) fn part(self, number: NodeNumber) -> Result<Self> {
        let deeper = self.deeper()?;
        Self::new(self.nodes, self.allowance, number, deeper.levels)
    }

    /// The same value a level deeper.
    ///
    /// # Errors
    /// When that is too deep.
    pub(super) fn deeper(self) -> Result<Self> {
        let levels = self.levels.checked_sub(1).ok_or(PickleError::TooDeep)?;
        Ok(Self { levels, ..self })
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
            Node::Global(global) => return Err(global.is_no_value()),
        })
    }

    fn objects(self, items: &[NodeNumber]) -> Result<Vec<Object>> {
        items.iter().map(|item| self.object(*item)).collect()
    }

    fn hashed(self, items: &[NodeNumber]) -> Result<Vec<Object>> {
        items.iter().map(|item| self.object(*item)?.hashed()).collect()
    }

    fn object(self, number: NodeNumber) -> Result<Object> {
        self.part(number)?.to_object()
    }
}
