//! Where it was measured, and with what.

use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, ensure};
use serde::Serialize;

/// What every figure depends on.
#[derive(Debug, Serialize)]
pub(crate) struct Reader {
    cores: usize,
    system: String,
    /// The version of the `python3` on the `PATH`, if there is one.
    pub(crate) cpython: Option<String>,
    date: String,
}

impl Reader {
    /// Asks the system for it.
    pub(crate) fn look_at() -> Result<Self> {
        Ok(Self {
            cores: thread::available_parallelism()?.get(),
            system: output_of("uname", &["-srm"])?,
            cpython: cpython_version(),
            date: output_of("date", &["-u", "+%Y-%m-%d"])?,
        })
    }

    /// All of it in one line.
    pub(crate) fn in_words(&self) -> String {
        let cpython =
            self.cpython.as_ref().map_or("no python3".to_owned(), |version| format!("CPython {version}"));
        format!("{} cores, {}, {cpython}, {}", self.cores, self.system, self.date)
    }
}

/// Only CPython has the connection that is measured; another Python counts as none.
fn cpython_version() -> Option<String> {
    let question = "import platform; print(platform.python_implementation(), platform.python_version())";
    let answer = output_of("python3", &["-I", "-c", question]).ok()?;
    answer.strip_prefix("CPython ").map(str::to_owned)
}

fn output_of(program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("{program} cannot be started"))?;
    ensure!(output.status.success(), "{program} failed: {}", output.status);
    Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
}
