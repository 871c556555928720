//! The arena: the values of a pickle before they are unfolded.

use std::borrow::Cow;

use super::big_int;
use super::budget::ExpansionBudget;
use super::reduce::Global;

/// A value whose items are numbers of nodes, and whose strings are borrowed from the message where they can be.
#[derive(Debug)]
pub(super) enum Node<'a> {
    None,
    Bool(bool),
    Int(i64),
    /// Little-endian two's complement, as short as can be, of what fits no `i64`.
    BigInt(Cow<'a, [u8]>),
    Float(f64),
    Bytes(Cow<'a, [u8]>),
    ByteArray(Cow<'a, [u8]>),
    Str(Cow<'a, str>),
    List(Vec<NodeId>),
    Tuple(Vec<NodeId>),
    Set(Vec<NodeId>),
    FrozenSet(Vec<NodeId>),
    /// A key and a value each.
    Dict(Vec<[NodeId; 2]>),
    /// Only to be called; it is no value.
    Global(Global),
}

impl<'a> Node<'a> {
    /// The integer with this little-endian two's complement, which may be longer than needed.
    pub(super) fn integer(bytes: &'a [u8]) -> Self {
        let bytes = big_int::shortest(bytes);
        big_int::to_i64(bytes).map_or(Self::BigInt(Cow::Borrowed(bytes)), Self::Int)
    }
}

/// Which node of an arena it is. Only [`Arena::add`] makes one.
#[derive(Debug, Clone, Copy)]
pub(super) struct NodeId(u32);

/// The arena. It only grows, so that each number goes on being that of its node.
#[derive(Debug, Default)]
pub(super) struct Arena<'a>(Vec<Node<'a>>);

impl<'a> Arena<'a> {
    /// Adds a node; `None` if there are four billion.
    pub(super) fn add(&mut self, node: Node<'a>) -> Option<NodeId> {
        let number = u32::try_from(self.0.len()).ok()?;
        self.0.push(node);
        Some(NodeId(number))
    }

    pub(super) fn get(&self, number: NodeId) -> &Node<'a> {
        &self.0[number.0 as usize]
    }

    pub(super) fn get_mut(&mut self, number: NodeId) -> &mut Node<'a> {
        &mut self.0[number.0 as usize]
    }
}

/// What a pickle holds.
#[derive(Debug)]
pub(super) struct Pickle<'a> {
    pub(super) nodes: Arena<'a>,
    /// The value that the others are parts of.
    pub(super) root: NodeId,
    pub(super) budget: ExpansionBudget,
}
