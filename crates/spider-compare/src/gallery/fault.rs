//! What may be wrong with a picture.

use serde::{Deserialize, Serialize};

/// What may be wrong with a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// There is nothing under its address: 404.
    NotFound,
    /// A page of HTML comes in its place, as when a site asks visitors to wait.
    Page,
    /// The same, said to be a JPEG.
    Disguised,
    /// The connection is closed after half of the promised bytes.
    CutShort,
    /// After half of it, nothing more comes, and the connection stays open.
    Stalled,
    /// It never ends.
    Endless,
    /// It is to be found elsewhere: a redirect (302) to this address.
    Elsewhere(String),
    /// Its detail page gives this as its address.
    Source(String),
}
