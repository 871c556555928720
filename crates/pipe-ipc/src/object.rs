//! Objects are pickles, the form in which Python sends them.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_pickle::{DeOptions, SerOptions};

use crate::error::Result;

/// A pickle of protocol 3, which every Python 3 reads.
pub(crate) fn to_bytes<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>> {
    Ok(serde_pickle::to_vec(&value, SerOptions::new())?)
}

/// Reads protocols 0 to 5. Nothing in the pickle is executed.
pub(crate) fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    Ok(serde_pickle::from_slice(bytes, DeOptions::new())?)
}
