//! Finds the guarantees of a scenario.

use crate::guarantees::data::{Evidence, Guarantees};
use crate::guarantees::facts::Facts;
use crate::guarantees::outputs::Outputs;
use crate::guarantees::partial_order::PartialOrder;
use crate::trace::spec::TraceSpec;

/// Returns what all of `outputs` have in common. `spec` says which actor prints a line, and what varies in it.
///
/// # Panics
/// Panics if `spec` declares no actor for a line.
#[must_use]
pub fn derive(outputs: &Outputs, found: Evidence, spec: &TraceSpec) -> Guarantees {
    Facts::of_outputs(outputs, spec).guarantees(found)
}

/// Returns what all outputs that `orders` allow have in common, without listing them: for those that have too many.
///
/// # Panics
/// As [`Facts::add`] and [`Facts::guarantees`].
#[must_use]
pub fn derive_orders<'a>(
    orders: impl IntoIterator<Item = &'a PartialOrder>,
    found: Evidence,
    spec: &TraceSpec,
) -> Guarantees {
    let mut facts = Facts::new(spec);
    orders.into_iter().for_each(|order| facts.add(order));
    facts.guarantees(found)
}
