//! Images by their bytes, whatever `Content-Type` they have: which files are images, and whether they are complete.

use std::io::{self, BufRead, ErrorKind, Read};

/// Reads an image to the end that its format marks. Fails with [`ErrorKind::UnexpectedEof`] if the file ends before. More may
/// follow: cameras append previews and films.
type Check = fn(&mut dyn BufRead) -> io::Result<()>;

/// Returns the check of a JPEG, PNG, GIF, WebP or AVIF file with these first bytes, and `None` for any other file.
pub fn check_of(start: &[u8]) -> Option<Check> {
    match start {
        [0xFF, 0xD8, 0xFF, ..] => Some(check_jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(check_png),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(check_gif),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(|file| {
            let [.., a, b, c, d] = bytes::<8>(file)?;
            skip(file, u32::from_le_bytes([a, b, c, d]).into())
        }),
        [0, 0, high, low, b'f', b't', b'y', b'p', ..] => {
            // The brand of an image can stand anywhere in the list of brands.
            let end = usize::from(u16::from_be_bytes([*high, *low])).min(start.len());
            let is_known = |brand: &[u8]| matches!(brand, b"avif" | b"avis" | b"mif1" | b"msf1" | b"miaf");
            start.get(8..end)?.chunks(4).any(is_known).then_some(check_avif)
        }
        _ => None,
    }
}

/// Segments with a length, and data between them, to the marker "end of image".
fn check_jpeg(file: &mut dyn BufRead) -> io::Result<()> {
    loop {
        file.skip_until(0xFF)?;
        let mut marker = 0xFF;
        while marker == 0xFF {
            [marker] = bytes(file)?;
        }
        match marker {
            0xD9 => return Ok(()),
            // A byte 0xFF of the data, and markers without a segment.
            0x00 | 0x01 | 0xD0..=0xD8 => {}
            _ => {
                let length = u16::from_be_bytes(bytes(file)?);
                skip(file, u64::from(length).saturating_sub(2))?;
            }
        }
    }
}

/// Chunks, with their length before the type, and a checksum at their end.
fn check_png(file: &mut dyn BufRead) -> io::Result<()> {
    skip(file, 8)?;
    loop {
        let [length @ .., a, b, c, d] = bytes::<8>(file)?;
        skip(file, u64::from(u32::from_be_bytes(length)) + 4)?;
        if [a, b, c, d] == *b"IEND" {
            return Ok(());
        }
    }
}

/// Blocks to the trailer, with an image among them. As in browsers, the file may also end after a block, or go on with
/// anything else.
fn check_gif(file: &mut dyn BufRead) -> io::Result<()> {
    skip(file, 10)?;
    skip_colours(file, 2)?;
    let mut has_image = false;
    while !has_image || !file.fill_buf()?.is_empty() {
        match bytes(file)? {
            [b'!'] => skip(file, 1)?,
            [b','] => {
                skip(file, 8)?;
                skip_colours(file, 1)?;
                has_image = true;
            }
            _ if has_image => break,
            _ => return Err(ErrorKind::UnexpectedEof.into()),
        }
        while let length @ 1.. = u8::from_be_bytes(bytes(file)?) {
            skip(file, length.into())?;
        }
    }
    Ok(())
}

/// Skips the colour table that the next byte announces, and `others` more bytes.
fn skip_colours(file: &mut dyn BufRead, others: u64) -> io::Result<()> {
    let [flags] = bytes(file)?;
    let colours = if flags & 0x80 == 0 { 0 } else { 2 << (flags & 7) };
    skip(file, others + 3 * colours)
}

/// Boxes with their length before the type, or 1 and the length after it. One with the length 0 is the last.
fn check_avif(file: &mut dyn BufRead) -> io::Result<()> {
    while !file.fill_buf()?.is_empty() {
        let [length @ .., _, _, _, _] = bytes::<8>(file)?;
        let rest = match u32::from_be_bytes(length) {
            0 => break,
            1 => u64::from_be_bytes(bytes(file)?).saturating_sub(16),
            length => u64::from(length).saturating_sub(8),
        };
        skip(file, rest)?;
    }
    Ok(())
}

fn bytes<const N: usize>(file: &mut dyn BufRead) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn skip(file: &mut dyn BufRead, count: u64) -> io::Result<()> {
    let skipped = io::copy(&mut file.take(count), &mut io::sink())?;
    if skipped < count { Err(ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
}
