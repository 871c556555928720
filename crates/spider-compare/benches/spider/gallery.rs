//! The gallery, in a process of its own: what it does is no part of a spider's processor time and memory.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::child::Child;

const PROGRAM: &str = env!("CARGO_BIN_EXE_spider-compare");

/// A running gallery. Dropped, its process ends.
pub(crate) struct Gallery {
    /// The address of its first page.
    pub(crate) url: String,
    _process: Child,
}

impl Gallery {
    /// Opens a gallery with these options, which are the library's, as JSON.
    ///
    /// # Errors
    /// When the process cannot be started, or says no address.
    pub(crate) fn open(options: &Value) -> Result<Self> {
        let mut command = Command::new(PROGRAM);
        command.arg("--serve-gallery").arg(options.to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = Child(command.spawn().context("the gallery's process cannot be started")?);
        let output = process.0.stdout.take().context("the gallery has no output")?;
        let mut url = String::new();
        BufReader::new(output).read_line(&mut url)?;
        if !url.starts_with("http://") {
            bail!("the gallery says no address, but {:?}", url.trim());
        }
        Ok(Self { url: url.trim().to_owned(), _process: process })
    }
}
