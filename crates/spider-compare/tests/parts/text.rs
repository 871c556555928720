//! Text that is printed.

use spider_compare::text::redacted;

#[test]
fn user_names_and_passwords_of_addresses_are_redacted_and_nothing_else() {
    for (text, expected) in [
        ("http://user:secret@a.example/b: failed", "http://***@a.example/b: failed"),
        ("'ftp://user:se@cret@a.example'", "'ftp://***@a.example'"),
        (
            "http://secret@a.example?x http://a:secret@b.example#y",
            "http://***@a.example?x http://***@b.example#y",
        ),
        ("//user:secret word@a.example/", "//***@a.example/"),
        ("https://a.example/me@home.jpg", "https://a.example/me@home.jpg"),
        ("https://a.example/?to=me@home", "https://a.example/?to=me@home"),
        ("me@home and // no address", "me@home and // no address"),
        ("", ""),
    ] {
        assert_eq!(redacted(text), expected);
    }
}
