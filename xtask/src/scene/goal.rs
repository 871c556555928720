//! What a player can try to reach.

use serde::{Deserialize, Serialize};

/// An outcome that a player can try to reach, at the end of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Goal {
    /// What it is called: "print 1003".
    pub name: String,
    /// Lines that are printed, in this order; others too, unless `exact`.
    pub lines: Vec<String>,
    /// Lines that are not printed.
    pub lacks: Vec<String>,
    /// Whether no other lines are printed.
    pub exact: bool,
    /// How the run ends: `exit`, `deadlock`, `panic` or `failed`; `None`: in any way.
    pub ends: Option<String>,
}
