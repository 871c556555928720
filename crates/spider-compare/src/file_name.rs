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

/// The longest name that file systems allow, in bytes.
const MAX_BYTES: usize = 255;

/// Characters that Windows or Unix does not allow in a file name.
const FORBIDDEN: &[u8] = b"/\\:*?\"<>|";

/// Returns the file name of the picture at `address`: the last segment of its path, as in the Python original. A name that
/// is too long for a file system is shortened, and gets a hash of the address.
///
/// It is an error if the name is empty or hidden, or could be understood as a path. The name is never decoded, but must be
/// safe after decoding too, unlike `..%2Fpasswd`: another program may decode it.
pub fn from_address(address: &Url) -> Result<String> {
    let name = address.path().rsplit('/').next().unwrap_or_default();
    ensure!(!name.is_empty(), "the address has no file name at its end");
    let decoded: Vec<u8> = percent_decode_str(name).collect();
    let is_allowed = |byte: &u8| !byte.is_ascii_control() && !FORBIDDEN.contains(byte);
    ensure!(!decoded.starts_with(b".") && decoded.iter().all(is_allowed), "{name:?} is not a safe file name");
    Ok(if name.len() > MAX_BYTES { with_hash(name, hash(address.as_str())) } else { name.to_owned() })
}

/// Inserts twelve digits of a hash before the extension, and shortens what is before them as far as necessary, not within a
/// character that is encoded, such as `%E5%9B%BE`.
fn with_hash(name: &str, hash: u64) -> String {
    let dot = name.rfind('.').filter(|dot| name.len() - dot <= 16);
    let (stem, extension) = name.split_at(dot.unwrap_or(name.len()));
    let max = MAX_BYTES - 13 - extension.len();
    let is_boundary = |end: &usize| {
        let continues = |rest: &[u8]| matches!(rest, [b'%', b'8' | b'9' | b'A' | b'B' | b'a' | b'b', ..]);
        !stem[end - 2..*end].contains('%') && !continues(&stem.as_bytes()[*end..])
    };
    // In other encodings than UTF-8, there may be no boundary.
    let end =
        if stem.len() > max { (max - 12..=max).rev().find(is_boundary).unwrap_or(max) } else { stem.len() };
    format!("{}-{:012x}{extension}", &stem[..end], hash >> 16)
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
        let original = from_address(address)?;
        let (mut name, mut digest) = (original.clone(), hash(address.as_str()));
        while !self.0.insert(hash(&name.to_lowercase())) {
            name = with_hash(&original, digest);
            digest = hash(&digest.to_string());
        }
        Ok(name)
    }
}
