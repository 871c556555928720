//! The picture that `--plot` asks for: a waterfall of all requests, in a file and in the terminal.

use std::fs::Permissions;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rustix::termios;
use tempfile::NamedTempFile;

use crate::trace::Trace;
use crate::waterfall;

/// How wide a terminal is that does not say so.
const COLUMNS: u16 = 100;

/// What a new file may be done with, where the user's mask does not forbid it.
const READABLE: u32 = 0o644;

/// A file that a picture will stand in. It is there once it is whole, or not at all.
#[derive(Debug)]
pub struct File {
    path: PathBuf,
    unfinished: NamedTempFile,
}

impl File {
    /// Finds out, before anything is done, whether a picture can be written there.
    ///
    /// # Errors
    /// When it cannot.
    pub fn create(path: &Path) -> Result<Self> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let unfinished = tempfile::Builder::new()
            .permissions(Permissions::from_mode(READABLE))
            .tempfile_in(folder)
            .with_context(|| cannot_write(path))?;
        Ok(Self { path: path.to_owned(), unfinished })
    }

    /// Writes the picture of these runs.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(mut self, traces: &[Trace]) -> Result<()> {
        let written = self.unfinished.write_all(waterfall::svg(traces).as_bytes());
        let there = written.and_then(|()| self.unfinished.persist(&self.path).map_err(io::Error::from));
        there.map(drop).with_context(|| cannot_write(&self.path))
    }
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write the picture {}; give --plot a file in a folder that can be written", path.display())
}

/// The picture as bars of characters, as wide as the terminal.
#[must_use]
pub fn in_the_terminal(traces: &[Trace]) -> String {
    let columns = termios::tcgetwinsize(io::stdout()).map_or(COLUMNS, |size| size.ws_col);
    waterfall::text(traces, columns.clamp(80, 200).into()).trim_end().to_owned()
}
