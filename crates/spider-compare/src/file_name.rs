//! Under which names pictures are kept: names that stay inside their folder, and that no two pictures share.
//!
//! What is there already is known by its name alone, in this run and in later ones. A picture is called what its address
//! ends with. Where two pictures of one crawl are called the same, as `/small/1.jpg` and `/large/1.jpg` are, the one that is
//! met first has the name, and the other's is marked by its address: see [`Taken::take`]. Which of them is met first may
//! change from run to run: where pages are read side by side, where the listing has changed, or where it is another one.
//! Then, in the same folder, a file may be taken for the other picture: unless an earlier run has kept that one under its
//! marked name, it is said to be there and is not. A run into a folder of its own always brings both.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use anyhow::{Result, bail, ensure};
use url::Url;

/// Leaves room for what a half image is called, and for a mark, within the 255 bytes that file systems allow.
const LONGEST: usize = 200;

/// What a file name holds on some system or other, and a picture's name has no use for.
const FORBIDDEN: &[u8] = b"/\\:*?\"<>|";

/// The title of a picture: the last segment of its path, as the Python original takes it.
///
/// It is used as it stands, percent signs and all, and never decoded: `..%2Fpasswd` would be a harmless name until
/// somebody decodes it. It is refused all the same, for whoever handles the file next.
///
/// # Errors
/// When it is empty, hidden, too long, or means a path rather than a name.
pub fn title(address: &Url) -> Result<String> {
    let title = address.path().rsplit('/').next().unwrap_or_default();
    ensure!(!title.is_empty(), "the address has no file name at its end");
    ensure!(title.len() <= LONGEST, "the file name has {} bytes, more than {LONGEST}", title.len());
    let decoded = percent_decoded(title);
    if decoded.starts_with(b".")
        || decoded.iter().any(|byte| byte.is_ascii_control() || FORBIDDEN.contains(byte))
    {
        bail!("{title:?} is not accepted as a file name");
    }
    Ok(title.to_owned())
}

/// With twelve digits in front of its ending that depend on the whole address, and are the same at all times: FNV-1a.
fn marked(title: &str, address: &Url) -> String {
    let hash = address.as_str().bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let (name, ending) = title.split_at(title.rfind('.').unwrap_or(title.len()));
    format!("{name}-{:012x}{ending}", hash >> 16)
}

/// Each `%XX` as the byte that it means.
fn percent_decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = (first == b'%').then(|| after.get(..2)).flatten();
        let escaped = escaped.and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    bytes
}

/// The names that are taken: eight bytes each.
#[derive(Debug, Default)]
pub struct Taken(HashSet<u64>);

impl Taken {
    /// The name of the picture at `address`, marked if it is taken. Case does not distinguish two names: there are file
    /// systems on which it does not.
    ///
    /// # Errors
    /// As [`title`].
    pub fn take(&mut self, address: &Url) -> Result<String> {
        let mut free = title(address)?;
        while !self.0.insert(hash(&free.to_lowercase())) {
            free = marked(&free, address);
        }
        Ok(free)
    }
}

fn hash(title: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    title.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title_at(address: &str) -> Result<String> {
        title(&Url::parse("https://pictures.example/a/").unwrap().join(address).unwrap())
    }

    #[test]
    fn a_title_is_the_last_segment_of_the_path_alone() {
        assert_eq!(title_at("/uploads/240521/1-2.jpg?width=3#top").unwrap(), "1-2.jpg");
        assert_eq!(title_at("图.jpg").unwrap(), "%E5%9B%BE.jpg");
    }

    #[test]
    fn a_name_that_means_a_path_is_refused() {
        for address in [
            "/x/..%2F..%2Fetc%2Fpasswd",
            "/x/%2fetc%2fpasswd",
            "/x/a%5C..%5Cb.jpg",
            "/x/.htaccess",
            "/x/%2Ehtaccess",
            "/x/a%00.jpg",
            "/x/a%0a.jpg",
            "/x/a:b.jpg",
            "/x/",
            "/x/..",
        ] {
            assert!(title_at(address).is_err(), "{address}");
        }
    }

    #[test]
    fn a_name_too_long_for_a_file_system_is_refused() {
        assert!(title_at(&"a".repeat(200)).is_ok());
        assert!(title_at(&"a".repeat(201)).is_err());
    }

    #[test]
    fn a_percent_sign_that_escapes_nothing_stays() {
        assert_eq!(title_at("100%.jpg").unwrap(), "100%.jpg");
        assert_eq!(title_at("a%é.jpg").unwrap(), "a%%C3%A9.jpg");
    }

    #[test]
    fn the_mark_of_a_picture_whose_name_is_taken_never_changes() {
        let base = Url::parse("https://pictures.example/a/").unwrap();
        for (address, name) in [("1.jpg", "1-b8dcda801fb1.jpg"), ("cover", "cover-5a635499213c")] {
            let mut taken = Taken::default();
            let first = Url::parse("https://pictures.example/b/").unwrap().join(address).unwrap();
            assert_eq!(taken.take(&first).unwrap(), address);
            assert_eq!(taken.take(&base.join(address).unwrap()).unwrap(), name);
        }
    }

    #[test]
    fn two_pictures_never_share_a_title() {
        let mut taken = Taken::default();
        let addresses = ["x/12345678.jpg", "y/12345678.jpg", "12345678.JPG", "1.jpg", "b"];
        let base = Url::parse("https://pictures.example").unwrap();
        let titles =
            addresses.map(|address| taken.take(&base.join(address).unwrap()).unwrap().to_lowercase());
        assert_eq!(titles.iter().collect::<HashSet<_>>().len(), addresses.len(), "{titles:?}");
        assert_eq!(titles[0], "12345678.jpg");
        // Somebody who foresees a mark gets another.
        let foreseen = base.join(&titles[1]).unwrap();
        let mut taken = Taken::default();
        assert_eq!(taken.take(&foreseen).unwrap(), titles[1]);
        for address in &addresses[..2] {
            assert_ne!(taken.take(&base.join(address).unwrap()).unwrap(), titles[1]);
        }
    }
}
