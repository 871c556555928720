//! The images of a crawl.

use spider_compare::crawl::Seen;
use url::Url;

fn file_names(addresses: &[&str]) -> Vec<String> {
    let mut seen = Seen::default();
    let page = Url::parse("https://pictures.example/tupian/1.html").unwrap();
    let images =
        addresses.iter().map(|address| seen.insert_image(Url::parse(address).unwrap(), &page).unwrap());
    images.flatten().map(|image| image.file_name).collect()
}

#[test]
fn an_image_that_is_linked_twice_appears_once() {
    let address = "http://a.example/12345678.jpg";
    assert_eq!(file_names(&[address, address]), ["12345678.jpg"]);
}

#[test]
fn an_address_may_be_that_of_a_page_and_of_an_image_but_not_of_two_kinds_of_pages() {
    let (mut seen, address) = (Seen::default(), Url::parse("http://a.example/1.jpg").unwrap());
    assert!(seen.insert_detail(&address) && !seen.insert_detail(&address));
    assert!(seen.insert_image(address.clone(), &address).unwrap().is_some());
    let listing = Url::parse("http://a.example/").unwrap();
    assert!(seen.insert_listing(&listing) && !seen.insert_detail(&listing));
}

#[test]
fn two_images_with_the_same_name_get_different_file_names() {
    let names = file_names(&["http://a.example/x/12345678.jpg", "http://a.example/y/12345678.jpg"]);
    assert_eq!(names, ["12345678.jpg", "12345678-539dc30c8da0.jpg"]);
}
