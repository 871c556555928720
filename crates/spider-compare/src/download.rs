//! One image, from its address to its file. The file is complete, or does not exist.

use std::fs::{self, File, Permissions};
use std::io::{self, Read, Write};
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

/// The outcome of a download.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Saved {
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
        let file = temp_file(folder, &image.file_name).with_context(cannot_write)?;
        let bytes = copy(&mut response, file.as_file())?;
        file.persist(&final_path).with_context(cannot_write)?;
        Ok(Saved::Downloaded(bytes))
    })
}

/// Creates a temporary file. Its name begins with a dot, unlike the name of any image, and differs in each run.
fn temp_file(folder: &Path, name: &str) -> io::Result<NamedTempFile> {
    tempfile::Builder::new()
        .prefix(&format!(".{name}."))
        .suffix(".part")
        // Those of any new file, before the umask.
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder)
}

/// Returns an error if the `Content-Type` is not that of an image. Servers send none, or `application/octet-stream`, for
/// types that they do not know.
fn check_content_type(response: &mut Response) -> Result<(), FetchError> {
    let Some(content_type) = response.content_type.clone() else { return Ok(()) };
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if matches!(&*media_type, "" | "application/octet-stream") || media_type.starts_with("image/") {
        return Ok(());
    }
    Err(response.fail(anyhow!("the Content-Type is {content_type:?}, not that of an image")))
}

/// Copies the body to `file`, if it is an image. Returns its length.
fn copy(response: &mut Response, mut file: &File) -> Result<u64, FetchError> {
    let mut chunk = vec![0; CHUNK];
    let mut count = read_chunk(response, &mut chunk)?;
    if !is_image(&chunk[..count]) {
        return Err(response.fail(anyhow!("the response is not an image")));
    }
    let mut length = 0;
    while count > 0 {
        file.write_all(&chunk[..count]).context("cannot write the file")?;
        length += count as u64;
        count = read_chunk(response, &mut chunk)?;
    }
    Ok(length)
}

/// Fills `chunk` and returns its length, which is less only at the end of the body.
fn read_chunk(response: &mut Response, chunk: &mut [u8]) -> Result<usize, FetchError> {
    let mut filled = 0;
    while filled < chunk.len() {
        match response.read(&mut chunk[filled..])? {
            0 => break,
            count => filled += count,
        }
    }
    Ok(filled)
}

/// Returns whether these are the first bytes of a JPEG, PNG, GIF, WebP or AVIF file.
pub fn is_image(bytes: &[u8]) -> bool {
    let signatures = [&b"\xFF\xD8\xFF"[..], b"\x89PNG\r\n\x1A\n", b"GIF87a", b"GIF89a"];
    let has_at = |index: usize, text: &[u8]| bytes.get(index..).is_some_and(|rest| rest.starts_with(text));
    signatures.iter().any(|signature| bytes.starts_with(signature))
        || (bytes.starts_with(b"RIFF") && has_at(8, b"WEBP"))
        || has_at(4, b"ftypavif")
}
