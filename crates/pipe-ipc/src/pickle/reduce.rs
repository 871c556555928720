//! The opcode REDUCE: the few calls that build plain values in the older protocols.

use std::borrow::Cow;

use super::budget::ExpansionBudget;
use super::error::Result;
use super::node::{Arena, Global, Node, NodeId};

/// Returns what `global` builds from `arguments`, or `None` if `pickle.dumps` never calls it with such arguments.
///
/// # Errors
/// [`PickleError::TooLarge`](super::PickleError::TooLarge) if the copies exceed the budget: a pickle may make the same
/// call again and again.
pub(super) fn call<'a>(
    global: Global,
    arguments: &[NodeId],
    arena: &Arena<'a>,
    budget: &ExpansionBudget,
) -> Result<Option<Node<'a>>> {
    let mut arguments = arguments.iter().map(|id| arena.get(*id));
    let node = match (global, arguments.next(), arguments.next()) {
        (Global::Set, Some(Node::List(items)), None) => Node::Set(copy(items, budget)?),
        (Global::FrozenSet, Some(Node::List(items)), None) => Node::FrozenSet(copy(items, budget)?),
        (Global::Bytes, None, None) => Node::Bytes(Cow::Borrowed(&[])),
        (Global::ByteArray, None, None) => Node::ByteArray(Cow::Borrowed(&[])),
        (Global::ByteArray, Some(Node::Bytes(bytes)), None) => {
            budget.charge(bytes.len())?;
            Node::ByteArray(bytes.clone())
        }
        // Bytes are `_codecs.encode(string, 'latin1')` in protocol 2; up to Python 3.7, bytearrays were
        // `bytearray(string, 'latin-1')`.
        (Global::Encode, Some(Node::Str(text)), Some(Node::Str("latin1"))) => {
            return Ok(encode_latin_1(text, budget)?.map(Node::Bytes));
        }
        (Global::ByteArray, Some(Node::Str(text)), Some(Node::Str("latin-1"))) => {
            return Ok(encode_latin_1(text, budget)?.map(Node::ByteArray));
        }
        _ => return Ok(None),
    };
    Ok(Some(node))
}

fn copy(items: &[NodeId], budget: &ExpansionBudget) -> Result<Vec<NodeId>> {
    budget.charge(size_of_val(items))?;
    Ok(items.to_vec())
}

/// Returns one byte a character, or `None` if a character is not in Latin-1.
fn encode_latin_1<'a>(text: &'a str, budget: &ExpansionBudget) -> Result<Option<Cow<'a, [u8]>>> {
    if text.is_ascii() {
        return Ok(Some(Cow::Borrowed(text.as_bytes())));
    }
    budget.charge(text.len())?;
    Ok(text.chars().map(|char| u8::try_from(char).ok()).collect())
}
