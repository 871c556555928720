//! Prints what was measured: as tables for people, or as JSON for programs.

mod columns;
mod json;
mod tables;

use crate::comparison::Comparison;
use crate::growth::Growth;
use crate::machine::Machine;

/// All that was measured, and where.
pub(crate) struct Report<'a> {
    pub(crate) machine: &'a Machine,
    pub(crate) comparisons: &'a [Comparison],
    pub(crate) growth: &'a [Growth],
}
