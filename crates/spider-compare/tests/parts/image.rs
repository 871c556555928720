//! Images by their bytes.

use std::io::{self, ErrorKind};

use page_reader::image::check_of;

fn is_image(bytes: &[u8]) -> bool {
    check_of(bytes).is_some()
}

/// Checks a file that is known to begin as an image.
fn check_complete(file: &[u8]) -> io::Result<()> {
    check_of(file).ok_or(ErrorKind::InvalidData)?(&mut &file[..])
}

#[test]
fn images_are_recognised_by_their_first_bytes() {
    for image in [
        &b"\xFF\xD8\xFF\xE0"[..],
        b"\xFF\xD8\xFF\xDB",
        b"\x89PNG\r\n\x1A\n",
        b"GIF87a",
        b"GIF89a",
        b"RIFF\x24\0\0\0WEBPVP8 ",
        b"\0\0\0\x20ftypavif\0\0\0\0avifmif1miafMA1B",
        b"\0\0\0\x2Cftypavis\0\0\0\0avifavismsf1iso8mif1miafMA1B",
        b"\0\0\0\x1Cftypmif1\0\0\0\0mif1avifmiaf",
        b"\0\0\0\x14ftypMA1A\0\0\0\0miaf",
        b"\0\0\0\x10ftypmsf1\0\0\0\0",
    ] {
        assert!(is_image(image), "{}", image.escape_ascii());
    }
}

#[test]
fn pages_programs_films_and_empty_files_are_not_images() {
    for other in [
        &b""[..],
        b"<!DOCTYPE html>",
        b"\x7FELF",
        b"\xFF\xD8",
        b"GIF88a",
        b"GIF8",
        b"\x89PNG",
        b"RIFF\x24\0\0\0WAVE",
        b"\0\0\0\x18ftypisom\0\0\0\0isomavc1",
        // After the list of brands.
        b"\0\0\0\x14ftypisom\0\0\0\0isomavif",
        b"\0\0\0\x04ftypavif",
    ] {
        assert!(!is_image(other), "{}", other.escape_ascii());
    }
}

/// An image of each format, with something after its end where the format allows it to be there.
fn images() -> [(&'static str, Vec<u8>, usize); 9] {
    let jpeg = [
        &b"\xFF\xD8\xFF\xE1\0\x0BPREVIEW\xFF\xD9"[..],
        b"\xFF\xDB\0\x04\xFF\xD9\xFF\xDA\0\x04\0\0data\xFF\0data\xFF\xD3data\xFF\xFF\xC4\0\x03\0\xFF\xDA\0\x02data\xFF\xD9",
    ];
    let png = b"\x89PNG\r\n\x1A\n\0\0\0\x04IHDRsizeCRC4\0\0\0\x08IDATIEND\0\0\0\0CRC4\0\0\0\0IENDCRC4";
    let gif =
        b"GIF89a\x01\0\x01\0\x80\0\0colour!\xF9\x04\0;;;\0,\0\0\0\0\x01\0\x01\0\x81twelvecolour\x02\x02;;\0;";
    let webp = b"RIFF\x0E\0\0\0WEBPVP8 \x02\0\0\0ab";
    let avif = b"\0\0\0\x14ftypmif1\0\0\0\0avif\0\0\0\x0Ametaab\0\0\0\x0Amdatab";
    let long = b"\0\0\0\x14ftypmif1\0\0\0\0avif\0\0\0\x01mdat\0\0\0\0\0\0\0\x12ab";
    let open = b"\0\0\0\x14ftypavif\0\0\0\0avif\0\0\0\0mdat";
    [
        ("JPEG", jpeg.concat(), 0),
        ("JPEG with a film after it", [&jpeg.concat()[..], b"\0\0film"].concat(), 6),
        ("PNG", png.to_vec(), 0),
        ("PNG with data after it", [&png[..], b"data"].concat(), 4),
        ("GIF", gif.to_vec(), 1),
        ("WebP", webp.to_vec(), 0),
        ("AVIF", avif.to_vec(), 0),
        ("AVIF with a long length", long.to_vec(), 0),
        ("AVIF whose last box is open", open.to_vec(), 0),
    ]
}

#[test]
fn an_image_is_complete_only_with_its_last_byte() {
    for (name, image, optional) in images() {
        check_complete(&image).unwrap_or_else(|error| panic!("{name}: {error}"));
        for length in 0..image.len() - optional {
            let cut = &image[..length];
            // Two boxes can be a whole file, and how long a box without a length is, is not known.
            let ends_with_a_box =
                name.starts_with("AVIF") && (length == 20 || length == 30 && name == "AVIF");
            let error = check_complete(cut).err().map(|error| error.kind());
            if ends_with_a_box {
                assert_eq!(error, None, "{name}, {length} bytes");
            } else if is_image(cut) {
                assert_eq!(error, Some(ErrorKind::UnexpectedEof), "{name}, {length} bytes");
            } else {
                assert_eq!(error, Some(ErrorKind::InvalidData), "{name}, {length} bytes");
            }
        }
    }
}

#[test]
fn a_gif_that_browsers_show_is_complete() {
    let [.., (_, gif, _), _, _, _, _] = images();
    assert!(gif.starts_with(b"GIF"));
    let without_trailer = &gif[..gif.len() - 1];
    check_complete(without_trailer).unwrap();
    check_complete(&[without_trailer, b"\0\0"].concat()).unwrap();
    check_complete(&[&gif[..], b"data"].concat()).unwrap();
    check_complete(b"GIF89a\x01\0\x01\0\0\0\0;").expect_err("it has no image");
}

#[test]
fn no_bytes_make_it_panic() {
    let mut random = fastrand::Rng::with_seed(21);
    for (_, image, _) in images() {
        for _ in 0..2_000 {
            let mut broken = image.clone();
            for _ in 0..random.usize(1..4) {
                broken[random.usize(4..image.len())] = random.u8(..);
            }
            let _ = check_complete(&broken);
        }
    }
}
