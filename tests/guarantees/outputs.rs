//! The outputs that partial orders allow.

use std::collections::BTreeSet;

use crate::guarantees::labels::Labels;
use crate::guarantees::partial_order::{PartialOrder, Position};
use crate::trace::spec::TraceSpec;

/// The outputs that a program can have: each a list of lines.
pub type Outputs = BTreeSet<Vec<String>>;

/// With more outputs than this, they are not listed.
pub const MAX_OUTPUTS: usize = 200_000;

/// Returns the outputs that `orders` allow; `None` if they are more than [`MAX_OUTPUTS`].
#[must_use]
pub fn outputs<'a>(orders: impl IntoIterator<Item = &'a PartialOrder>) -> Option<Outputs> {
    outputs_up_to(MAX_OUTPUTS, orders)
}

/// Returns the outputs that `orders` allow; `None` if they are more than `limit`.
pub(super) fn outputs_up_to<'a>(
    limit: usize,
    orders: impl IntoIterator<Item = &'a PartialOrder>,
) -> Option<Outputs> {
    let mut found = Vec::new();
    let are_all = for_each_output(orders, |lines| {
        found.push(lines.to_vec());
        found.len() <= limit
    });
    let owned = |lines: Vec<&str>| lines.into_iter().map(str::to_owned).collect();
    are_all.then(|| found.into_iter().map(owned).collect())
}

/// Calls `visit` for each output that `orders` allow, once and in alphabetical order, until it returns false. Returns
/// whether that never happened.
pub fn for_each_output<'a>(
    orders: impl IntoIterator<Item = &'a PartialOrder>,
    visit: impl FnMut(&[&'a str]) -> bool,
) -> bool {
    let orders: Vec<&PartialOrder> = orders.into_iter().collect();
    let states = (0..orders.len()).map(|order| ("", order, Position::START)).collect();
    Search { orders, states, lines: Vec::new(), visit }.visit_from(0)
}

/// Returns whether one of `orders` allows this output, apart from what varies by `spec`.
#[must_use]
pub fn allow<'a>(orders: impl IntoIterator<Item = &'a PartialOrder>, output: &str, spec: &TraceSpec) -> bool {
    let mut labels = Labels::new(spec.clone());
    let output: Vec<usize> = output.lines().map(|line| labels.of(line)).collect();
    orders.into_iter().any(|order| order.allows(&output, |line| labels.of(line)))
}

/// A line, the index of an order, and where its output has got to with that line.
type State<'a> = (&'a str, usize, Position);

/// A search through all orders at once, so that an output that several of them allow is found once.
struct Search<'a, V> {
    orders: Vec<&'a PartialOrder>,
    /// The states after each of `lines`, one group after the other.
    states: Vec<State<'a>>,
    /// The current output.
    lines: Vec<&'a str>,
    visit: V,
}

impl<'a, V: FnMut(&[&'a str]) -> bool> Search<'a, V> {
    /// Visits the outputs that begin with `lines`. The states after the last of them are those from index `first` on.
    fn visit_from(&mut self, first: usize) -> bool {
        let last = self.states.len();
        let mut states = self.states[first..].iter();
        if states.any(|&(_, order, position)| self.orders[order].is_end(position))
            && !(self.visit)(&self.lines)
        {
            return false;
        }
        let mut next: Vec<State> = Vec::new();
        for &(_, order, position) in &self.states[first..] {
            let after = self.orders[order].after(position);
            next.extend(after.map(|(line, position)| (line, order, position)));
        }
        next.sort_unstable();
        next.dedup();
        for group in next.chunk_by(|a, b| a.0 == b.0) {
            self.lines.push(group[0].0);
            self.states.extend(group);
            if !self.visit_from(last) {
                return false;
            }
            self.states.truncate(last);
            self.lines.pop();
        }
        true
    }
}
