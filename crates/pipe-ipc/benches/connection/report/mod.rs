//! Prints what was measured: as a table for people, or as JSON for programs.

mod json;
mod table;

pub(crate) use json::json;
pub(crate) use table::table;
