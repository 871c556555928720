//! One image, from its address to its file. The file is complete, or does not exist.

use std::fs::{self, File, Permissions};
use std::io::{self, BufReader, Read, Seek, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, anyhow, ensure};
use page_reader::image;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use crate::crawl::Image;
use crate::site::{FetchError, Response, Site};
use crate::trace::Kind;

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
    if let Ok(present) = fs::symlink_metadata(&final_path) {
        let shown = final_path.display();
        ensure!(present.is_file(), "{shown} exists and is not a regular file; remove it, or change --out");
        return Ok(Saved::AlreadyPresent);
    }
    let cannot_write = || format!("cannot write {}", final_path.display());
    site.with_retries(|attempt| {
        let mut response =
            site.get(Kind::Image, &image.address, Some(&image.page), attempt, queued.take())?;
        let file = temp_file(folder, &image.file_name).with_context(cannot_write)?;
        let bytes = copy(&mut response, file.as_file())?;
        file.persist(&final_path).with_context(cannot_write)?;
        Ok(Saved::Downloaded(bytes))
    })
}

/// Creates a temporary file. Its name begins with a dot, unlike the name of any image, and differs in each run.
fn temp_file(folder: &Path, name: &str) -> io::Result<NamedTempFile> {
    tempfile::Builder::new()
        // The name is ASCII. Together they must not be too long for a file system.
        .prefix(&format!(".{}.", &name[..name.len().min(200)]))
        .suffix(".part")
        // Those of any new file, before the umask.
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder)
}

/// Copies the body to `file`, if it is an image, and a complete one. Returns its length.
fn copy(response: &mut Response, mut file: &File) -> Result<u64, FetchError> {
    let (mut length, mut chunk, mut check) = (0, Vec::new(), None);
    while response.take(64 << 10).read_to_end(&mut chunk)? > 0 || length == 0 {
        check = check.or_else(|| image::check_of(&chunk));
        if check.is_none() {
            let kind = response.content_type.as_deref().unwrap_or("none");
            return Err(response.fail(anyhow!("the response is not an image (Content-Type: {kind})")));
        }
        file.write_all(&chunk).context("cannot write the file")?;
        length += chunk.len() as u64;
        chunk.clear();
    }
    // A server can also send half of an image as if it were all.
    file.rewind().context("cannot read the file")?;
    let complete = check.map_or(Ok(()), |check| check(&mut BufReader::new(file)));
    complete.map_err(|error| response.fail(error))?;
    Ok(length)
}
