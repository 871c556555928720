//! How much a pickle may unfold to.

use std::cell::Cell;

use super::error::{PickleError, Result};
use super::object::Object;

/// What every message may cost, in bytes: a few thousand references to a string of some kilobytes are nothing unusual.
const BASE_BUDGET: usize = 64 << 20;

/// How many bytes each byte of a message may cost. What is not shared costs at most some 40, so that it always passes;
/// and as the shortest reference takes two bytes, so do references to strings of up to 96 bytes, however many.
const BUDGET_PER_BYTE: usize = 64;

/// What a value costs, beside the bytes of a string.
const VALUE: usize = size_of::<Object>();

/// What reading one message may still cost: roughly the bytes of memory that its shared values take when each reference
/// becomes a copy.
///
/// Lists that each hold the one before twice grow by a power of two with each two bytes of the message; this makes an end to it.
#[derive(Debug)]
pub(super) struct ExpansionBudget {
    left: Cell<usize>,
}

impl ExpansionBudget {
    /// What a message of that length may cost.
    pub(super) fn for_message(length: usize) -> Self {
        Self { left: Cell::new(length.saturating_mul(BUDGET_PER_BYTE).saturating_add(BASE_BUDGET)) }
    }

    /// Pays for a value with so many bytes.
    pub(super) fn charge(&self, bytes: usize) -> Result<()> {
        let left = self.left.get().checked_sub(bytes).and_then(|left| left.checked_sub(VALUE));
        self.left.set(left.ok_or(PickleError::TooLarge)?);
        Ok(())
    }
}
