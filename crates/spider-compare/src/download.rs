//! One image, from its address to a file: whole under its name, or not there at all.

use std::fs::{self, File};
use std::hash::{BuildHasher, RandomState};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::crawl::Image;
use crate::site::Site;

/// How much is read from the network, and written to the file, at a time.
const CHUNK: usize = 64 * 1024;

/// The folder that the images of a run go to. Other runs may have it too.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    run: u64,
}

impl Folder {
    /// For a run that begins.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        // Each `RandomState` has keys of its own, in each process.
        Self { path, run: RandomState::new().hash_one(()) }
    }

    /// For a process that has a part in this run.
    #[must_use]
    pub fn of_run(path: PathBuf, run: u64) -> Self {
        Self { path, run }
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What no other run has: a number by chance.
    #[must_use]
    pub fn run(&self) -> u64 {
        self.run
    }

    /// The file that an image is, once it is whole.
    #[must_use]
    pub fn whole(&self, image: &Image) -> PathBuf {
        self.path.join(&image.title)
    }

    /// The file that this run writes an image to before it is whole. It begins with a dot, as no title does: so no other
    /// image has this name. And no other run has.
    #[must_use]
    pub fn part(&self, image: &Image) -> PathBuf {
        self.path.join(format!(".{}.{:016x}.part", image.title, self.run))
    }
}

/// What became of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Saved {
    /// It was downloaded: so many bytes.
    Downloaded(u64),
    /// It was there already, whole, from an earlier run.
    There,
}

/// Downloads `image` into `folder`, under its title, unless a file of that name is there. `wanted` is when a process or a
/// thread was wanted for it, if one was started.
///
/// The bytes go to a file `.TITLE.RUN.part` beside it, which is renamed once it is whole, and removed when anything went
/// wrong: whoever sees a file under its own name sees the whole image. Of two runs that bring the same image at the same
/// time, each writes a file of its own, and the last one's stays.
///
/// # Errors
/// When the image cannot be had (see [`Site::image`]), ends too early, is no image by its first bytes, or cannot be
/// written.
pub fn save(site: &Site, image: &Image, folder: &Folder, wanted: Option<Duration>) -> Result<Saved> {
    let whole = folder.whole(image);
    if fs::symlink_metadata(&whole).is_ok() {
        return Ok(Saved::There);
    }
    site.image(&image.address, wanted, |body| {
        let part = Part::create(folder.part(image))?;
        let bytes = copy(body, &part)?;
        part.rename(&whole)?;
        Ok(Saved::Downloaded(bytes))
    })
}

/// Writes the body to the file, if it is an image. The result is its length.
fn copy(body: &mut dyn Read, part: &Part) -> Result<u64> {
    let mut chunk = vec![0; CHUNK];
    let mut filled = read_chunk(body, &mut chunk)?;
    ensure!(is_image(&chunk[..filled]), "what came is no image, whatever it is said to be");
    let mut length = 0;
    while filled != 0 {
        part.write(&chunk[..filled])?;
        length += filled as u64;
        filled = read_chunk(body, &mut chunk)?;
    }
    Ok(length)
}

/// Fills the chunk; less than all of it is the end.
fn read_chunk(body: &mut dyn Read, chunk: &mut [u8]) -> Result<usize> {
    let mut filled = 0;
    while filled < chunk.len() {
        match body.read(&mut chunk[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(filled)
}

/// Whether these are the first bytes of a JPEG, PNG, GIF, WebP or AVIF file.
fn is_image(bytes: &[u8]) -> bool {
    let starts = [&b"\xFF\xD8\xFF"[..], b"\x89PNG\r\n\x1A\n", b"GIF87a", b"GIF89a"];
    let after_length = |kind: &[u8]| bytes.get(4..).is_some_and(|rest| rest.starts_with(kind));
    starts.iter().any(|start| bytes.starts_with(start))
        || (bytes.starts_with(b"RIFF") && bytes.get(8..).is_some_and(|rest| rest.starts_with(b"WEBP")))
        || after_length(b"ftypavif")
}

/// A file that is not whole yet: dropped before it is, it is removed.
struct Part {
    path: PathBuf,
    file: File,
}

impl Part {
    fn create(path: PathBuf) -> Result<Self> {
        let file = File::create_new(&path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self { path, file })
    }

    fn write(&self, bytes: &[u8]) -> Result<()> {
        (&self.file).write_all(bytes).with_context(|| format!("cannot write {}", self.path.display()))
    }

    fn rename(self, whole: &Path) -> Result<()> {
        fs::rename(&self.path, whole).with_context(|| format!("cannot write {}", whole.display()))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // Nothing is left to remove once it has been renamed.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_known_by_their_first_bytes() {
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
    fn pages_programs_and_nothing_are_no_images() {
        for other in [&b""[..], b"<!DOCTYPE html>", b"\x7FELF", b"\xFF\xD8", b"RIFF\x24\0\0\0WAVE"] {
            assert!(!is_image(other), "{}", other.escape_ascii());
        }
    }
}
