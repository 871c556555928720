//! The values that a pickle may refer to again.

use std::collections::BTreeMap;

use super::node::NodeId;

/// The values that were put aside, by their keys.
///
/// Picklers count the keys up from zero, for which a vector does. Keys with gaps are kept in a map, so that a key of
/// four billion takes no more room than another.
#[derive(Debug, Default)]
pub(super) struct Memo {
    dense: Vec<NodeId>,
    /// Each of its keys is at least the length of `dense`.
    sparse: BTreeMap<usize, NodeId>,
}

impl Memo {
    /// How many values there are: the key of the next, unless the pickle says another.
    pub(super) fn len(&self) -> usize {
        self.dense.len() + self.sparse.len()
    }

    /// The value that was put there last, if any was.
    pub(super) fn get(&self, key: usize) -> Option<NodeId> {
        self.dense.get(key).or_else(|| self.sparse.get(&key)).copied()
    }

    pub(super) fn put(&mut self, key: usize, value: NodeId) {
        if let Some(place) = self.dense.get_mut(key) {
            *place = value;
        } else if key == self.dense.len() && self.sparse.is_empty() {
            self.dense.push(value);
        } else {
            self.sparse.insert(key, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::pickle::node::{Arena, Node};

    proptest! {
        #[test]
        fn what_is_put_last_at_a_key_is_there_whatever_the_order_of_the_keys(
            keys in vec(prop_oneof![0_usize..8, Just(usize::MAX)], 0..30),
        ) {
            let (mut memo, mut model, mut nodes) = (Memo::default(), BTreeMap::new(), Arena::default());
            for (value, key) in (0..).zip(keys) {
                memo.put(key, nodes.add(Node::Int(value)).expect("they are few"));
                model.insert(key, value);
                prop_assert_eq!(memo.len(), model.len());
            }
            for key in (0..9).chain([usize::MAX]) {
                let value = memo.get(key).map(|number| nodes.get(number));
                let same = match (value, model.get(&key)) {
                    (Some(Node::Int(value)), Some(expected)) => value == expected,
                    (value, expected) => value.is_none() && expected.is_none(),
                };
                prop_assert!(same, "{:?} at {}", value, key);
            }
        }
    }
}
