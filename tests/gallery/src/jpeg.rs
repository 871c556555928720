//! A JPEG encoder that can do one thing: grey squares of 8 × 8 pixels, each of one brightness.
//!
//! That is enough for pictures that every viewer opens, that all differ, and whose size is free to choose: JPEG's comment
//! segments hold up to 65,533 bytes each and are skipped by every decoder (ITU-T T.81, B.2.4.5).
//!
//! What is in the comments is cut from one block of noise that all pictures share, each from another place: a picture is
//! made when it is asked for, at the cost of its few hundred bytes of squares.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::body::Body;

/// Bytes of the smallest picture that can be asked for. A picture without comments is smaller by far.
pub(crate) const SMALLEST: usize = 2_000;

/// Squares in a row, and rows of squares.
const SIDE: u8 = 16;

/// The most that one comment segment can take up: marker, length field and 65,533 bytes.
const LARGEST_COMMENT: usize = 2 + 0xFFFF;

/// Marker and length field.
const SMALLEST_COMMENT: usize = 4;

/// The marker of a comment segment.
const COMMENT: u8 = 0xFE;

/// From how many places of the noise a comment can begin.
const PLACES: usize = 0x1_0000;

/// How far apart, in the noise, the comments of one picture begin: it is odd, so that none of the places comes twice
/// before all have come.
const STRIDE: usize = 7_919;

/// What the comments hold. Noise, so that whoever mixes up two parts of a picture, or of two pictures, is found out.
static NOISE: LazyLock<Vec<u8>> = LazyLock::new(|| noise(PLACES + LARGEST_COMMENT));

/// The picture with this number, `size` bytes of it: a gradient that starts at another brightness for each number,
/// between comments that differ from number to number too.
///
/// # Panics
/// When `size` is below [`SMALLEST`].
pub(crate) fn picture(number: usize, size: usize) -> Body {
    assert!(size >= SMALLEST, "a picture of {size} bytes is too small");
    let head = [
        &[0xFF, 0xD8][..],
        &segment(0xE0, b"JFIF\0\x01\x01\x00\x00\x01\x00\x01\x00\x00"),
        // Squares and places in the noise are the same again after a while; the number is not.
        &segment(COMMENT, &number.to_be_bytes()),
    ]
    .concat();
    let tail = [tables(), squares(number), vec![0xFF, 0xD9]].concat();
    let padding = size - head.len() - tail.len();
    let mut pieces = vec![Cow::Owned(head)];
    pieces.extend(comments(number, padding));
    pieces.push(Cow::Owned(tail));
    pieces.into_iter().collect()
}

/// A segment: marker, length, content.
fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    [&segment_head(marker, content.len()), content].concat()
}

/// Marker and length of a segment. The length counts itself.
fn segment_head(marker: u8, content: usize) -> [u8; SMALLEST_COMMENT] {
    let length = u16::try_from(content + 2).expect("a segment holds at most 65,533 bytes");
    let [high, low] = length.to_be_bytes();
    [0xFF, marker, high, low]
}

/// Comment segments that take up `size` bytes together.
fn comments(number: usize, size: usize) -> Vec<Cow<'static, [u8]>> {
    let mut pieces = Vec::new();
    let mut place = number;
    let mut missing = size;
    while missing > 0 {
        // What remains after this one must be nothing, or enough for one more.
        let this = match missing {
            0..=LARGEST_COMMENT => missing,
            _ => LARGEST_COMMENT.min(missing - SMALLEST_COMMENT),
        };
        let content = this - SMALLEST_COMMENT;
        let begin = place * STRIDE % PLACES;
        pieces.push(Cow::Owned(segment_head(COMMENT, content).to_vec()));
        pieces.push(Cow::Borrowed(&NOISE[begin..begin + content]));
        // Not the next place: the next picture begins there.
        place += PLACES / 2 + 1;
        missing -= this;
    }
    pieces
}

/// What a decoder must know: how values are scaled, the size of the picture, and the two codes in use.
fn tables() -> Vec<u8> {
    let mut scale = vec![0];
    scale.extend([8; 64]);
    let pixels = u16::from(SIDE) * 8;
    let [high, low] = pixels.to_be_bytes();
    // Four bits for each of the twelve sizes of a difference in brightness; one bit for "nothing else in this square".
    let mut differences = vec![0x00, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    differences.extend(0..12);
    let details = [0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    [
        segment(0xDB, &scale),
        segment(0xC0, &[8, high, low, high, low, 1, 1, 0x11, 0]),
        segment(0xC4, &differences),
        segment(0xC4, &details),
        segment(0xDA, &[1, 1, 0x00, 0, 63, 0]),
    ]
    .concat()
}

/// The squares, row by row: each is its difference in brightness to the one before.
fn squares(number: usize) -> Vec<u8> {
    let mut bits = Bits::default();
    let mut before = 0;
    for place in 0..usize::from(SIDE) * usize::from(SIDE) {
        let brightness = i32::from((place + number * 12).to_le_bytes()[0]) - 128;
        bits.push_difference(brightness - before);
        before = brightness;
    }
    bits.finish()
}

/// The picture's data, written bit by bit.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    begun: u8,
    count: u8,
}

impl Bits {
    /// The size of a difference in bits, the difference itself, and the end of the square.
    fn push_difference(&mut self, difference: i32) {
        let size = u32::BITS - difference.unsigned_abs().leading_zeros();
        self.push(size, 4);
        let value = if difference < 0 { difference + (1 << size) - 1 } else { difference };
        self.push(value.unsigned_abs(), size);
        self.push(0, 1);
    }

    /// The lowest `length` bits of `value`, the highest of them first.
    fn push(&mut self, value: u32, length: u32) {
        for place in (0..length).rev() {
            self.begun = self.begun << 1 | u8::from(value >> place & 1 == 1);
            self.count += 1;
            if self.count == 8 {
                self.end_byte();
            }
        }
    }

    fn end_byte(&mut self) {
        self.bytes.push(self.begun);
        // FF alone would begin a marker.
        if self.begun == 0xFF {
            self.bytes.push(0);
        }
        (self.begun, self.count) = (0, 0);
    }

    fn finish(mut self) -> Vec<u8> {
        while self.count != 0 {
            self.push(1, 1);
        }
        self.bytes
    }
}

/// Bytes that look random and are the same in each run (xorshift64, Marsaglia 2003).
fn noise(count: usize) -> Vec<u8> {
    let mut state: u64 = 1;
    let mut bytes = Vec::with_capacity(count + 8);
    while bytes.len() < count {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend(state.to_le_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(number: usize, size: usize) -> Vec<u8> {
        picture(number, size).bytes()
    }

    #[test]
    fn a_picture_has_exactly_the_size_asked_for() {
        for size in
            [SMALLEST, 2_001, 60_000, 66_000, 67_535, 67_536, 67_537, 67_538, 67_539, 133_000, 610_000]
        {
            assert_eq!(picture(3, size).len(), size);
            assert_eq!(bytes(3, size).len(), size);
        }
    }

    #[test]
    fn a_picture_begins_and_ends_as_a_jpeg_does() {
        let picture = bytes(0, 3_000);
        assert!(picture.starts_with(&[0xFF, 0xD8, 0xFF, 0xE0]));
        assert!(picture.ends_with(&[0xFF, 0xD9]));
    }

    #[test]
    fn the_segments_lead_from_one_to_the_next_up_to_the_squares() {
        let picture = bytes(7, 150_000);
        let mut place = 2;
        let mut markers = Vec::new();
        while markers.last() != Some(&0xDA) {
            assert_eq!(picture[place], 0xFF, "a segment begins at {place}");
            markers.push(picture[place + 1]);
            place += 2 + usize::from(u16::from_be_bytes([picture[place + 2], picture[place + 3]]));
        }
        assert_eq!(markers, [0xE0, 0xFE, 0xFE, 0xFE, 0xFE, 0xDB, 0xC0, 0xC4, 0xC4, 0xDA]);
    }

    #[test]
    fn the_same_number_gives_the_same_picture_and_another_number_another() {
        assert_eq!(bytes(1, 5_000), bytes(1, 5_000));
        assert_ne!(bytes(1, 5_000), bytes(2, 5_000));
        assert_ne!(squares(1), squares(2));
    }
}
