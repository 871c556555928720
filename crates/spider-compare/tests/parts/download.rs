//! Downloads of images.

use spider_compare::download::is_image;

#[test]
fn images_are_recognised_by_their_first_bytes() {
    for image in [
        &b"\xFF\xD8\xFF\xE0"[..],
        b"\x89PNG\r\n\x1A\n",
        b"GIF89a",
        b"RIFF\x24\0\0\0WEBPVP8 ",
        b"\0\0\0\x20ftypavif",
    ] {
        assert!(is_image(image), "{}", image.escape_ascii());
    }
}

#[test]
fn pages_programs_and_empty_files_are_not_images() {
    for other in [&b""[..], b"<!DOCTYPE html>", b"\x7FELF", b"\xFF\xD8", b"RIFF\x24\0\0\0WAVE"] {
        assert!(!is_image(other), "{}", other.escape_ascii());
    }
}
