//! JPEG files of any size: a small grey image, padded with comments.
//!
//! Comment segments hold up to 65,533 bytes each, and every decoder skips them (ITU-T T.81, B.2.4.5). Their content is
//! cut from one block of noise that all pictures share, so a picture costs no copying until it is sent.

use std::borrow::Cow;
use std::sync::LazyLock;

use jpeg_encoder::{ColorType, Encoder};

use crate::body::Body;

/// Bytes of the smallest picture. The images themselves are smaller.
pub(crate) const MIN_SIZE: usize = 2_000;

/// Bytes of the largest picture.
pub(crate) const MAX_SIZE: usize = 1 << 30;

/// Width and height in pixels.
const SIDE: u16 = 32;

/// Number of images. They differ in brightness; more pictures than this repeat images, but not comments.
const SHADES: u8 = 32;

/// Length of the start-of-image marker and the JFIF segment, which have to come first in a file.
const JFIF_HEAD: usize = 20;

/// Length of a comment segment's marker and length field.
const COMMENT_HEAD: usize = 4;

/// Length of the largest comment segment: marker, length field and 65,533 bytes.
const MAX_COMMENT: usize = 2 + 0xFFFF;

/// Number of offsets in the noise at which a comment can begin.
const OFFSETS: usize = 0x1_0000;

/// Distance between the offsets of two pictures, and of two comments in one picture. Both are odd, so all offsets are
/// used before one repeats.
const PICTURE_STRIDE: usize = 7_919;
const COMMENT_STRIDE: usize = 40_687;

/// The images, encoded once.
static IMAGES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| (0..SHADES).map(encode).collect());

/// The content of the comments. It is noise, so that tests notice swapped parts of a picture or of two pictures.
static NOISE: LazyLock<Vec<u8>> = LazyLock::new(|| noise(OFFSETS + MAX_COMMENT));

/// Returns the image of the picture with this number.
pub(crate) fn image(number: usize) -> &'static [u8] {
    &IMAGES[number % usize::from(SHADES)]
}

/// Encodes squares of 8 × 8 pixels, each a little brighter than the one before.
fn encode(shade: u8) -> Vec<u8> {
    let brightness = |x, y| u8::try_from(y / 8 * 16 + x / 8 * 2).expect("at most 54") + shade * 4;
    let pixels: Vec<u8> = (0..SIDE).flat_map(|y| (0..SIDE).map(move |x| brightness(x, y))).collect();
    let mut image = Vec::new();
    Encoder::new(&mut image, 90)
        .encode(&pixels, SIDE, SIDE, ColorType::Luma)
        .expect("the number of pixels matches, and writing to memory cannot fail");
    image
}

/// Returns `image` padded to `size` bytes. The comments contain `number`, so pictures with different numbers differ.
///
/// # Panics
/// Panics if `size` is below [`MIN_SIZE`].
pub(crate) fn pad(image: &'static [u8], number: usize, size: usize) -> Body {
    assert!(size >= MIN_SIZE, "a picture of {size} bytes is too small");
    let (head, rest) = image.split_at(JFIF_HEAD);
    let number_bytes = number.to_be_bytes();
    let head = [head, &comment_head(number_bytes.len()), &number_bytes].concat();
    let padding = size - head.len() - rest.len();
    let mut pieces = vec![Cow::Owned(head)];
    pieces.extend(comments(number, padding));
    pieces.push(Cow::Borrowed(rest));
    Body(pieces)
}

/// Returns the marker and the length field of a comment. The length counts itself.
fn comment_head(content: usize) -> [u8; COMMENT_HEAD] {
    let [high, low] = u16::try_from(content + 2).expect("a comment holds at most 65,533 bytes").to_be_bytes();
    [0xFF, 0xFE, high, low]
}

/// Returns comment segments with a total length of `size` bytes.
fn comments(number: usize, size: usize) -> Vec<Cow<'static, [u8]>> {
    let mut pieces = Vec::new();
    let mut offset = number * PICTURE_STRIDE;
    let mut missing = size;
    while missing > 0 {
        // The rest has to be nothing, or long enough for another comment.
        let length = match missing {
            0..=MAX_COMMENT => missing,
            _ => MAX_COMMENT.min(missing - COMMENT_HEAD),
        };
        let content = length - COMMENT_HEAD;
        let begin = offset % OFFSETS;
        pieces.push(Cow::Owned(comment_head(content).to_vec()));
        pieces.push(Cow::Borrowed(&NOISE[begin..begin + content]));
        offset += COMMENT_STRIDE;
        missing -= length;
    }
    pieces
}

/// Returns the same pseudo-random bytes in every run (xorshift64, Marsaglia 2003).
fn noise(count: usize) -> Vec<u8> {
    let mut state: u64 = 1;
    let mut bytes = Vec::with_capacity(count + 8);
    while bytes.len() < count {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jpeg_decoder::{Decoder, PixelFormat};

    use super::*;

    fn bytes(number: usize, size: usize) -> Vec<u8> {
        pad(image(number), number, size).to_bytes()
    }

    #[test]
    fn a_picture_has_exactly_the_requested_size() {
        let up_to_two_comments = MAX_COMMENT..MAX_COMMENT + MIN_SIZE;
        for size in up_to_two_comments.chain([MIN_SIZE, 2_001, 60_000, 66_000, 133_000, 610_000]) {
            assert_eq!(pad(image(3), 3, size).len(), size);
            assert_eq!(bytes(3, size).len(), size);
        }
    }

    #[test]
    fn a_decoder_accepts_pictures_of_every_shade_and_none_look_the_same() {
        let mut images = BTreeSet::new();
        for number in 0..usize::from(SHADES) {
            let picture = bytes(number, 150_000);
            let mut decoder = Decoder::new(picture.as_slice());
            images.insert(decoder.decode().unwrap());
            let info = decoder.info().unwrap();
            assert_eq!((info.width, info.height, info.pixel_format), (SIDE, SIDE, PixelFormat::L8));
        }
        assert_eq!(images.len(), usize::from(SHADES));
    }

    #[test]
    fn equal_numbers_give_equal_files_and_different_numbers_different_files() {
        assert_eq!(bytes(1, 5_000), bytes(1, 5_000));
        assert_ne!(bytes(1, 5_000), bytes(2, 5_000));
        assert_ne!(bytes(1, 5_000), bytes(1 + usize::from(SHADES), 5_000));
    }
}
