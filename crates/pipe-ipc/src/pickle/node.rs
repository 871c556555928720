//! The arena: the values of a pickle before they are unfolded.

use std::borrow::Cow;

use super::big_int;
use super::budget::Allowance;
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
    List(Vec<NodeNumber>),
    Tuple(Vec<NodeNumber>),
    Set(Vec<NodeNumber>),
    FrozenSet(Vec<NodeNumber>),
    /// A key and a value each.
    Dict(Vec<[NodeNumber; 2]>),
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

/// Which node of an arena it is. Only [`Nodes::add`] makes one.
#[derive(Debug, Clone, Copy)]
pub(super) struct NodeNumber(u32);

/// The arena. It only grows, so that each number goes on being that of its node.
#[derive(Debug, Default)]
pub(super) struct Nodes<'a>(Vec<Node<'a>>);

impl<'a> Nodes<'a> {
    /// Adds a node; `None` if there are four billion.
    pub(super) fn add(&mut self, node: Node<'a>) -> Option<NodeNumber> {
        let number = u32::try_from(self.0.len()).ok()?;
        self.0.push(node);
        Some(NodeNumber(number))
    }

    pub(super) fn get(&self, number: NodeNumber) -> &Node<'a> {
        &self.0[number.0 as usize]
    }

    pub(super) fn get_mut(&mut self, number: NodeNumber) -> &mut Node<'a> {
        &mut self.0[number.0 as usize]
    }
}

/// What a pickle holds.
#[derive(Debug)]
pub(super) struct Pickle<'a> {
    pub(super) nodes: Nodes<'a>,
    /// The value that the others are parts of.
    pub(super) root: NodeNumber,
    pub(super) allowance: Allowance,
}
