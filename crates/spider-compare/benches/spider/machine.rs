//! Where it was measured, and with what.

use std::env;
use std::ffi::OsString;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, ensure};
use serde::{Serialize, Serializer};

/// What every figure depends on.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    cores: usize,
    system: String,
    /// Versions of the Python that the original runs in, or why there is none; in JSON, `null` if so.
    #[serde(serialize_with = "if_there")]
    pub(crate) python: Result<String, String>,
    date: String,
}

impl Machine {
    /// Asks the system for it.
    pub(crate) fn look_at() -> Result<Self> {
        Ok(Self {
            cores: thread::available_parallelism()?.get(),
            system: output_of("uname", &["-srm"])?,
            python: python_versions(),
            date: output_of("date", &["-u", "+%Y-%m-%d"])?,
        })
    }

    /// All of it in one line.
    pub(crate) fn in_words(&self) -> String {
        let python = self.python.as_ref().unwrap_or_else(|missing| missing);
        format!("{} cores, {}, {python}, {}", self.cores, self.system, self.date)
    }
}

fn if_there<S: Serializer>(python: &Result<String, String>, serializer: S) -> Result<S::Ok, S::Error> {
    python.as_ref().ok().serialize(serializer)
}

/// The Python that the original runs in.
pub(crate) fn python() -> OsString {
    env::var_os("PYTHON").unwrap_or_else(|| "python3".into())
}

fn python_versions() -> Result<String, String> {
    let question = "import platform, requests, lxml; print('Python', platform.python_version() + \
                    ', requests', requests.__version__ + ', lxml', lxml.__version__)";
    let python = python();
    let shown = python.to_string_lossy().into_owned();
    if output_of(&python, &["-c", ""]).is_err() {
        return Err(format!("no {shown}"));
    }
    output_of(&python, &["-c", question]).map_err(|_| format!("{shown} has no requests or no lxml"))
}

fn output_of(program: impl Into<OsString>, arguments: &[&str]) -> Result<String> {
    let program = program.into();
    let shown = program.to_string_lossy();
    let mut command = Command::new(&program);
    let output = command.args(arguments).stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("{shown} cannot be started"))?;
    ensure!(output.status.success(), "{shown} failed: {}", output.status);
    Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
}
