//! File names for pictures: safe ones, and a different one for each picture of a crawl.
//!
//! A picture is stored under the last segment of its path. If two pictures of a crawl have the same name, as `/small/1.jpg`
//! and `/large/1.jpg`, the second one's name gets a hash of its address. Which one is second can differ from run to run, so
//! in the folder of an earlier run, the file of one can be taken for that of the other. A run into a new folder always
//! downloads both.

use std::collections::HashSet;

use anyhow::{Result, ensure};
use percent_encoding::percent_decode_str;
use url::Url;

/// The longest name in bytes. File systems allow 255; the rest is for a hash and for the name of the temporary file.
const MAX_BYTES: usize = 200;

/// Characters that Windows or Unix does not allow in a file name.
const FORBIDDEN: &[u8] = b"/\\:*?\"<>|";

/// Returns the file name of the picture at `address`: the last segment of its path, as in the Python original.
///
/// It is an error if the name is empty, hidden or too long, or could be understood as a path. The name is never decoded,
/// but must be safe after decoding too, unlike `..%2Fpasswd`: another program may decode it.
pub fn from_address(address: &Url) -> Result<String> {
    let name = address.path().rsplit('/').next().unwrap_or_default();
    ensure!(!name.is_empty(), "the address has no file name at its end");
    ensure!(name.len() <= MAX_BYTES, "the file name has more than {MAX_BYTES} bytes");
    let decoded: Vec<u8> = percent_decode_str(name).collect();
    let is_allowed = |byte: &u8| !byte.is_ascii_control() && !FORBIDDEN.contains(byte);
    ensure!(!decoded.starts_with(b".") && decoded.iter().all(is_allowed), "{name:?} is not a safe file name");
    Ok(name.to_owned())
}

/// Inserts twelve digits of a hash of `address` before the extension.
fn disambiguated(name: &str, address: &Url) -> String {
    let (stem, extension) = name.split_at(name.rfind('.').unwrap_or(name.len()));
    format!("{stem}-{:012x}{extension}", hash(address.as_str()) >> 16)
}

/// Returns the FNV-1a hash of `text`, which is the same in every run and with every version of Rust.
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The file names of a crawl so far, as hashes of eight bytes.
#[derive(Debug, Default)]
pub struct UsedNames(HashSet<u64>);

impl UsedNames {
    /// Returns a new name for the picture at `address`. Names that differ only in case are the same, as on some file
    /// systems.
    pub fn insert(&mut self, address: &Url) -> Result<String> {
        let mut name = from_address(address)?;
        while !self.0.insert(hash(&name.to_lowercase())) {
            name = disambiguated(&name, address);
        }
        Ok(name)
    }
}
