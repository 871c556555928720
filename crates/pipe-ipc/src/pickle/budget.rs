//! The limit on the memory that shared references may expand to.

use std::cell::Cell;

use super::error::{PickleError, Result};
use super::limits::{BASE_BUDGET, BUDGET_PER_BYTE};
use super::object::Object;

/// The size of a value in the collection that contains it, in bytes.
pub(super) const VALUE_SIZE: usize = size_of::<Object>();

/// What an allocation takes in addition to its bytes, at most: allocators round up and keep the size.
pub(super) const ALLOCATION_SIZE: usize = 32;

/// The memory that one message may still take while its values are copied out of it, in bytes.
///
/// Without a limit, lists that each refer to the previous list twice would double in size with every few bytes of the
/// message.
#[derive(Debug)]
pub(super) struct ExpansionBudget {
    left: Cell<usize>,
}

impl ExpansionBudget {
    /// Returns the budget of a message of `length` bytes.
    pub(super) fn for_message(length: usize) -> Self {
        Self { left: Cell::new(length.saturating_mul(BUDGET_PER_BYTE).saturating_add(BASE_BUDGET)) }
    }

    /// Charges `bytes` bytes.
    ///
    /// # Errors
    /// [`PickleError::TooLarge`] if the budget is exhausted.
    pub(super) fn charge(&self, bytes: usize) -> Result<()> {
        self.left.set(self.left.get().checked_sub(bytes).ok_or(PickleError::TooLarge)?);
        Ok(())
    }
}
