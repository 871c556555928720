//! Under which names pictures are kept: names that stay inside their folder, and that no two pictures share.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use anyhow::{Result, bail, ensure};
use url::Url;

/// Leaves room for what a half image is called, and for a number, within the 255 bytes that file systems allow.
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

/// The titles that are taken: eight bytes each.
#[derive(Debug, Default)]
pub struct Taken(HashSet<u64>);

impl Taken {
    /// `title`, or the first of `name-2.jpg`, `name-3.jpg`, … that is free. Case does not distinguish two titles: there
    /// are file systems on which it does not.
    pub fn take(&mut self, title: &str) -> String {
        let (name, ending) = match title.rfind('.') {
            Some(dot) => title.split_at(dot),
            None => (title, ""),
        };
        let mut free = title.to_owned();
        let mut number = 1;
        while !self.0.insert(hash(&free.to_lowercase())) {
            number += 1;
            free = format!("{name}-{number}{ending}");
        }
        free
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
    fn two_pictures_never_share_a_title() {
        let mut taken = Taken::default();
        let titles = ["a.jpg", "a.jpg", "A.JPG", "a-2.jpg", "b", "b"].map(|title| taken.take(title));
        assert_eq!(titles, ["a.jpg", "a-2.jpg", "A-3.JPG", "a-2-2.jpg", "b", "b-2"]);
    }
}
