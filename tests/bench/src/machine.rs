//! The machine and the versions that results depend on.

use std::env;
use std::ffi::OsString;
use std::fmt::{self, Display, Formatter};
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::Result;
use serde::{Serialize, Serializer};

use crate::child::output_within;

/// Where and when something was measured. Its text is a line: `2026-11-25: 2 CPUs, Linux 6.18.44 x86_64, rustc 1.95.0,
/// CPython 3.11.7`.
#[derive(Debug, Clone, Serialize)]
pub struct Machine {
    date: String,
    /// The number of CPUs that this process may use.
    cpus: usize,
    system: String,
    rustc: String,
    /// The versions of [`python`] and of its modules, or why there are none; `null` in JSON then.
    #[serde(serialize_with = "ok_or_null")]
    pub python: Result<String, String>,
}

impl Machine {
    /// Describes this machine, and its Python with these modules.
    ///
    /// # Errors
    /// If `uname`, `date` or `rustc` cannot be run.
    pub fn describe(python_modules: &[&str]) -> Result<Self> {
        let rustc = output_of("rustc", &["--version"])?;
        Ok(Self {
            date: output_of("date", &["-u", "+%Y-%m-%d"])?,
            cpus: thread::available_parallelism()?.get(),
            system: output_of("uname", &["-srm"])?,
            rustc: rustc.split(' ').take(2).collect::<Vec<_>>().join(" "),
            python: python_versions(python_modules),
        })
    }
}

impl Display for Machine {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let Self { date, cpus, system, rustc, python } = self;
        let plural = if *cpus == 1 { "" } else { "s" };
        let python = match python {
            Ok(text) | Err(text) => text,
        };
        write!(out, "{date}: {cpus} CPU{plural}, {system}, {rustc}, {python}")
    }
}

fn ok_or_null<S: Serializer>(python: &Result<String, String>, serializer: S) -> Result<S::Ok, S::Error> {
    python.as_ref().ok().serialize(serializer)
}

/// Returns the Python interpreter to measure: the environment variable `PYTHON`, or else `python3`.
#[must_use]
pub fn python() -> OsString {
    env::var_os("PYTHON").unwrap_or_else(|| "python3".into())
}

fn python_versions(modules: &[&str]) -> Result<String, String> {
    let python = python();
    let name = python.to_string_lossy().into_owned();
    let implementation =
        "import platform; print(platform.python_implementation(), platform.python_version())";
    let mut versions = vec![output_of(&python, &["-c", implementation]).map_err(|_| format!("no {name}"))?];
    for module in modules {
        let version = output_of(&python, &["-c", &format!("import {module}; print({module}.__version__)")])
            .map_err(|_| format!("{name} has no {module}"))?;
        versions.push(format!("{module} {version}"));
    }
    Ok(versions.join(", "))
}

/// The time limit for a program that describes the machine: a `python3` may be a script that waits for something.
const LIMIT: Duration = Duration::from_secs(20);

fn output_of(program: impl Into<OsString>, arguments: &[&str]) -> Result<String> {
    let output = output_within(Command::new(program.into()).args(arguments), LIMIT)?;
    Ok(output.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_python_is_explained_in_the_text_and_null_in_json() {
        let machine = Machine {
            date: "2026-11-25".to_owned(),
            cpus: 1,
            system: "Linux".to_owned(),
            rustc: "rustc 1.95.0".to_owned(),
            python: Err("no python3".to_owned()),
        };
        assert_eq!(machine.to_string(), "2026-11-25: 1 CPU, Linux, rustc 1.95.0, no python3");
        assert!(serde_json::to_value(&machine).expect("it has a JSON form")["python"].is_null());
    }
}
