use std::collections::BTreeSet;

use gallery::{Options, Picture};

use crate::client::Client;
use crate::start;

#[test]
fn two_thousand_pictures_are_listed_on_a_hundred_pages() {
    let gallery = start(&Options { pictures: 2_000, size: Some(60_000), ..Options::default() });
    assert_eq!((gallery.pictures().len(), gallery.first_page().len()), (2_000, 20));
    let mut client = Client::connect(&gallery.url());
    let mut details = BTreeSet::new();
    for page in 1..=100 {
        let path = match page {
            1 => "/4kdongman/".to_owned(),
            _ => format!("/4kdongman/index_{page}.html"),
        };
        let listing = client.get(&path).unwrap().body;
        let listing = String::from_utf8_lossy(&listing);
        assert!(page == 100 || listing.contains(&format!("index_{}.html", page + 1)), "{path}");
        details.extend(listing.split("href=\"/tupian/").skip(1).map(|rest| rest[..10].to_owned()));
    }
    assert_eq!(details.len(), 2_000);
}

#[test]
fn two_thousand_pictures_of_the_smallest_size_are_all_different() {
    let gallery = start(&Options { pictures: 2_000, size: Some(2_000), ..Options::default() });
    let pictures: BTreeSet<_> = gallery.pictures().iter().map(Picture::bytes).collect();
    assert_eq!(pictures.len(), 2_000);
    assert!(pictures.iter().all(|picture| picture.len() == 2_000));
}

#[test]
fn the_bytes_sent_are_the_bytes_of_the_picture() {
    for size in [None, Some(2_000), Some(60_000), Some(65_536)] {
        let gallery = start(&Options { size, ..Options::default() });
        let mut client = Client::connect(&gallery.url());
        for picture in gallery.pictures() {
            assert!(
                client.get(&picture.path).unwrap().body == picture.bytes(),
                "{size:?} {}",
                picture.file_name
            );
        }
        let bytes: usize = gallery.pictures().iter().map(|picture| picture.bytes().len()).sum();
        assert_eq!(gallery.counters().bytes, bytes);
    }
}
