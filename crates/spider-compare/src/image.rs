//! Images by their bytes, whatever `Content-Type` the site gives them: which files are images, and whether they are
//! complete.

use std::io::{self, BufRead, ErrorKind, Read};

#[derive(Debug, Clone, Copy)]
enum Format {
    Jpeg,
    Png,
    Gif,
    WebP,
    Avif,
}

/// Returns whether these are the first bytes of a JPEG, PNG, GIF, WebP or AVIF file.
pub fn is_image(bytes: &[u8]) -> bool {
    Format::of(bytes).is_some()
}

/// Reads an image to its end, as its format marks it. Fails with [`ErrorKind::UnexpectedEof`] if the file ends before. Bytes
/// after the end are allowed: cameras store previews and films there.
pub fn check_complete(mut file: impl BufRead) -> io::Result<()> {
    match Format::of(file.fill_buf()?) {
        Some(Format::Jpeg) => read_jpeg(file),
        Some(Format::Png) => read_png(file),
        Some(Format::Gif) => read_gif(file),
        Some(Format::WebP) => {
            let [.., a, b, c, d] = bytes::<8>(&mut file)?;
            skip(&mut file, u32::from_le_bytes([a, b, c, d]).into())
        }
        Some(Format::Avif) => read_boxes(file),
        None => Err(ErrorKind::InvalidData.into()),
    }
}

impl Format {
    fn of(bytes: &[u8]) -> Option<Self> {
        let has_at =
            |index: usize, text: &[u8]| bytes.get(index..).is_some_and(|rest| rest.starts_with(text));
        match bytes {
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'R', b'I', b'F', b'F', ..] if has_at(8, b"WEBP") => Some(Self::WebP),
            [0, 0, high, low, b'f', b't', b'y', b'p', ..] => {
                // The brand of an image can stand anywhere in the list of brands.
                let end = usize::from(u16::from_be_bytes([*high, *low])).min(bytes.len());
                let mut brands = bytes.get(8..end)?.chunks(4);
                let known = [b"avif", b"avis", b"mif1", b"msf1", b"miaf"];
                brands.any(|brand| known.iter().any(|known| brand == *known)).then_some(Self::Avif)
            }
            _ => has_at(0, b"\x89PNG\r\n\x1A\n").then_some(Self::Png),
        }
    }
}

/// Reads segments with a length, and data between them, to the marker "end of image".
fn read_jpeg(mut file: impl BufRead) -> io::Result<()> {
    loop {
        file.skip_until(0xFF)?;
        let mut marker = 0xFF;
        while marker == 0xFF {
            [marker] = bytes(&mut file)?;
        }
        match marker {
            0xD9 => return Ok(()),
            // A byte 0xFF of the data, and markers without a segment.
            0x00 | 0x01 | 0xD0..=0xD8 => {}
            _ => {
                let length = u16::from_be_bytes(bytes(&mut file)?);
                skip(&mut file, u64::from(length).saturating_sub(2))?;
            }
        }
    }
}

/// Reads chunks to the one with the type `IEND`. Each has its length first, and a checksum at its end.
fn read_png(mut file: impl Read) -> io::Result<()> {
    skip(&mut file, 8)?;
    loop {
        let length = u32::from_be_bytes(bytes(&mut file)?);
        let kind: [u8; 4] = bytes(&mut file)?;
        skip(&mut file, u64::from(length) + 4)?;
        if kind == *b"IEND" {
            return Ok(());
        }
    }
}

/// Reads blocks to the trailer. As in browsers, the file may also end between two blocks, or go on with anything else, if
/// there is an image before.
fn read_gif(mut file: impl BufRead) -> io::Result<()> {
    skip(&mut file, 10)?;
    skip_colour_table(&mut file, 2)?;
    let mut has_image = false;
    loop {
        if has_image && file.fill_buf()?.is_empty() {
            return Ok(());
        }
        match bytes(&mut file)? {
            [b'!'] => skip(&mut file, 1)?,
            [b','] => {
                skip(&mut file, 8)?;
                skip_colour_table(&mut file, 1)?;
                has_image = true;
            }
            _ => return Ok(()),
        }
        while let length @ 1.. = u8::from_be_bytes(bytes(&mut file)?) {
            skip(&mut file, length.into())?;
        }
    }
}

/// Skips the colour table that the next byte announces, and `others` more bytes.
fn skip_colour_table(file: &mut impl Read, others: u64) -> io::Result<()> {
    let [flags] = bytes(file)?;
    let colours = if flags & 0x80 == 0 { 0 } else { 2 << (flags & 7) };
    skip(file, others + 3 * colours)
}

/// Reads boxes, of which each has its length first, to the end of the file.
fn read_boxes(mut file: impl BufRead) -> io::Result<()> {
    while !file.fill_buf()?.is_empty() {
        let [length @ .., _, _, _, _] = bytes::<8>(&mut file)?;
        match u32::from_be_bytes(length).into() {
            1 => {
                let length = u64::from_be_bytes(bytes(&mut file)?);
                skip(&mut file, length.saturating_sub(16))?;
            }
            length @ 8.. => skip(&mut file, length - 8)?,
            // It extends to the end of the file.
            _ => return Ok(()),
        }
    }
    Ok(())
}

fn bytes<const N: usize>(file: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn skip(file: &mut impl Read, count: u64) -> io::Result<()> {
    let skipped = io::copy(&mut file.take(count), &mut io::sink())?;
    if skipped < count { Err(ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
}
