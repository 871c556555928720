//! One image, from its address to its file. The file is complete, or does not exist.

use std::fs::{self, Permissions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, anyhow};
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use crate::crawl::Image;
use crate::site::{FetchError, Response, Site};
use crate::trace::Kind;

/// The size of one write to the file.
const CHUNK: usize = 64 * 1024;

/// More than any of the signatures in [`is_image`].
const SIGNATURE: u64 = 16;

/// The permissions of a new file, before the user's umask. Those of a temporary file are stricter.
const MODE: u32 = 0o666;

/// The outcome of a download.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Saved {
    /// Downloaded: this many bytes.
    Downloaded(u64),
    /// The file existed already.
    AlreadyPresent,
}

/// Downloads `image` into `folder`, unless its file exists already. `queued` is when the image's own process or thread was
/// requested, if it has one.
///
/// The bytes are written to a temporary file in the same folder, which is renamed when it is complete, and removed after
/// an error. Two runs can download the same image at the same time: the last one replaces the file of the other.
pub(crate) fn save(
    site: &Site,
    image: &Image,
    folder: &Path,
    mut queued: Option<f64>,
) -> anyhow::Result<Saved> {
    let final_path = folder.join(&image.file_name);
    if fs::symlink_metadata(&final_path).is_ok() {
        return Ok(Saved::AlreadyPresent);
    }
    let cannot_write = || format!("cannot write {}", final_path.display());
    site.with_retries(|attempt| {
        let mut response = site.get(Kind::Image, &image.address, attempt, queued.take())?;
        check_content_type(&mut response)?;
        let mut file = temp_file(folder, &image.file_name).with_context(cannot_write)?;
        let bytes = copy(&mut response, |chunk| file.write_all(chunk).with_context(cannot_write))?;
        file.persist(&final_path).with_context(cannot_write)?;
        Ok(Saved::Downloaded(bytes))
    })
}

/// Creates a temporary file. Its name begins with a dot, as no image's name does, and is different in each run.
fn temp_file(folder: &Path, name: &str) -> io::Result<NamedTempFile> {
    tempfile::Builder::new()
        .prefix(&format!(".{name}."))
        .suffix(".part")
        .permissions(Permissions::from_mode(MODE))
        .tempfile_in(folder)
}

/// Returns an error if the `Content-Type` is not that of an image. Servers send none, or `application/octet-stream`, for
/// files that they do not know.
fn check_content_type(response: &mut Response) -> Result<(), FetchError> {
    let Some(content_type) = response.content_type.clone() else { return Ok(()) };
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if matches!(&*media_type, "" | "application/octet-stream") || media_type.starts_with("image/") {
        return Ok(());
    }
    Err(response.fail(anyhow!("the Content-Type is {content_type:?}, not that of an image")))
}

/// Passes the body to `write` piece by piece, if it is an image. Returns its length.
fn copy(
    response: &mut Response,
    mut write: impl FnMut(&[u8]) -> anyhow::Result<()>,
) -> Result<u64, FetchError> {
    let mut head = Vec::new();
    response.by_ref().take(SIGNATURE).read_to_end(&mut head)?;
    if !is_image(&head) {
        return Err(response.fail(anyhow!("the response is not an image")));
    }
    write(&head)?;
    let mut length = head.len() as u64;
    let mut chunk = vec![0; CHUNK];
    loop {
        match response.read(&mut chunk) {
            Ok(0) => return Ok(length),
            Ok(count) => {
                write(&chunk[..count])?;
                length += count as u64;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Returns whether these are the first bytes of a JPEG, PNG, GIF, WebP or AVIF file.
fn is_image(bytes: &[u8]) -> bool {
    let signatures = [&b"\xFF\xD8\xFF"[..], b"\x89PNG\r\n\x1A\n", b"GIF87a", b"GIF89a"];
    let has_at = |index: usize, text: &[u8]| bytes.get(index..).is_some_and(|rest| rest.starts_with(text));
    signatures.iter().any(|signature| bytes.starts_with(signature))
        || (bytes.starts_with(b"RIFF") && has_at(8, b"WEBP"))
        || has_at(4, b"ftypavif")
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
