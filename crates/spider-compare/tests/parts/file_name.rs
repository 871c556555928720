//! File names of pictures.

use std::collections::HashSet;

use anyhow::Result;
use spider_compare::file_name::{UsedNames, from_address};
use url::Url;

fn url(address: &str) -> Url {
    Url::parse("https://pictures.example/a/").unwrap().join(address).unwrap()
}

fn file_name(address: &str) -> Result<String> {
    from_address(&url(address))
}

#[test]
fn a_file_name_is_the_last_segment_of_the_path() {
    assert_eq!(file_name("/uploads/240521/1-2.jpg?width=3#top").unwrap(), "1-2.jpg");
    assert_eq!(file_name("图.jpg").unwrap(), "%E5%9B%BE.jpg");
}

#[test]
fn a_name_that_could_be_understood_as_a_path_is_rejected() {
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
        assert!(file_name(address).is_err(), "{address}");
    }
}

#[test]
fn a_name_that_is_too_long_for_a_file_system_is_shortened_and_keeps_its_extension() {
    let longest = format!("{}.jpg", "a".repeat(251));
    assert_eq!(file_name(&longest).unwrap(), longest);
    for (address, extension) in [
        (format!("a{longest}"), ".jpg"),
        ("图".repeat(30) + ".webp", ".webp"),
        (format!("1.{}", "x".repeat(300)), ""),
        ("a".repeat(100_000), ""),
        ("%25".repeat(300), ""),
    ] {
        let name = file_name(&address).unwrap();
        let hash = name.strip_suffix(extension).unwrap().rsplit_once('-').unwrap().1;
        assert!((240..=255).contains(&name.len()) && hash.len() == 12, "{name}");
        assert_eq!(name, file_name(&address).unwrap());
    }
}

#[test]
fn a_name_is_shortened_between_two_characters() {
    for ascii in 0..12 {
        for char in ["图", "é", "😀", "%25"] {
            let name = file_name(&("a".repeat(ascii) + &char.repeat(130))).unwrap();
            let stem = name.rsplit_once('-').unwrap().0;
            let decoded = percent_encoding::percent_decode_str(stem).decode_utf8().unwrap();
            let char = if char == "%25" { "%" } else { char };
            assert_eq!(decoded.trim_start_matches('a').replace(char, ""), "", "{name}");
        }
    }
    // Text in another encoding than UTF-8 is shortened too.
    assert!(file_name(&"%BC".repeat(200)).unwrap().len() > 240);
}

#[test]
fn two_long_names_that_differ_stay_different() {
    let mut used = UsedNames::default();
    let addresses = [1, 2, 3].map(|number| url(&format!("{}{number}.jpg", "a".repeat(300))));
    let mut names: Vec<_> = addresses.iter().map(|address| used.insert(address).unwrap()).collect();
    // Names that look like those of the long ones, at other addresses.
    for address in &addresses {
        let taken = format!("/other/{}", from_address(address).unwrap());
        names.push(used.insert(&url(&taken)).unwrap());
    }
    assert!(names.iter().all(|name| name.len() <= 255 && name.ends_with("jpg")), "{names:?}");
    assert_eq!(names.iter().collect::<HashSet<_>>().len(), 6, "{names:?}");
}

#[test]
fn a_percent_sign_without_two_digits_is_kept() {
    assert_eq!(file_name("100%.jpg").unwrap(), "100%.jpg");
    assert_eq!(file_name("a%é.jpg").unwrap(), "a%%C3%A9.jpg");
}

#[test]
fn a_disambiguated_name_is_always_the_same() {
    for (address, expected) in [("1.jpg", "1-b8dcda801fb1.jpg"), ("cover", "cover-5a635499213c")] {
        let mut names = UsedNames::default();
        assert_eq!(names.insert(&url(&format!("/b/{address}"))).unwrap(), address);
        assert_eq!(names.insert(&url(address)).unwrap(), expected);
    }
}

#[test]
fn two_pictures_never_get_the_same_name() {
    let addresses = ["/x/12345678.jpg", "/y/12345678.jpg", "/12345678.JPG", "/1.jpg", "/b"];
    let mut used = UsedNames::default();
    let names = addresses.map(|address| used.insert(&url(address)).unwrap().to_lowercase());
    assert_eq!(names.iter().collect::<HashSet<_>>().len(), addresses.len(), "{names:?}");
    assert_eq!(names[0], "12345678.jpg");
    // A name that looks disambiguated already does not collide.
    let mut used = UsedNames::default();
    assert_eq!(used.insert(&url(&format!("/{}", names[1]))).unwrap(), names[1]);
    for address in &addresses[..2] {
        assert_ne!(used.insert(&url(address)).unwrap(), names[1]);
    }
}
