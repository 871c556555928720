//! The errors that the compiler reports for a program.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, io};

use serde_json::Value;

/// An error that the compiler reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompileError {
    /// Its code, such as `E0382`; empty if it has none.
    pub code: String,
    /// Its first line.
    pub message: String,
    /// The line of the program that it points at, without indentation.
    pub line: String,
}

/// Returns the errors that `rustc` reports for a whole program that needs only `std`; none if it compiles.
///
/// # Panics
/// Panics if the program cannot be read, or `rustc` cannot be run.
#[must_use]
pub fn errors_of(program: &Path) -> Vec<CompileError> {
    let source = fs::read_to_string(program)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", program.display()));
    errors_in(&source)
}

/// Like [`errors_of`], but for a program given as text.
///
/// # Panics
/// Panics if `rustc` cannot be run.
#[must_use]
pub fn errors_in(source: &str) -> Vec<CompileError> {
    errors_with(source, [])
}

/// Like [`errors_in`], with more arguments for `rustc`: for a program that needs a library.
///
/// # Panics
/// Panics if `rustc` cannot be run.
#[must_use]
pub fn errors_with<const N: usize>(source: &str, args: [&str; N]) -> Vec<CompileError> {
    let (compiles, reported) =
        compile(source, &args).unwrap_or_else(|error| panic!("cannot run rustc: {error}"));
    let errors: Vec<_> =
        reported.lines().filter_map(|line| error(&serde_json::from_str(line).ok()?)).collect();
    assert_eq!(compiles, errors.is_empty(), "rustc reported something unexpected:\n{reported}");
    errors
}

/// Returns the `rustc` that cargo uses, for the edition of the course.
#[must_use]
pub fn rustc() -> Command {
    // In the folder of the cargo that runs this, where there is no need to ask rustup for the toolchain.
    let beside_cargo = || Some(Path::new(&env::var_os("CARGO")?).with_file_name("rustc"));
    let rustc =
        env::var_os("RUSTC").map(PathBuf::from).or_else(|| beside_cargo().filter(|path| path.is_file()));
    let mut rustc = Command::new(rustc.unwrap_or_else(|| "rustc".into()));
    rustc.arg("--edition=2024").stdin(Stdio::null());
    // With CARGO_BUILD_TARGET, macros are in another folder than what uses them.
    rustc.args(host_libraries().map(|folder| format!("-Ldependency={}", folder.display())));
    rustc
}

/// Returns the folder of the libraries for the host, if this test is built for a target: it is TARGET/debug/deps/TEST then,
/// beside debug/deps.
fn host_libraries() -> Option<PathBuf> {
    let folder = env::current_exe().ok()?.ancestors().nth(4)?.join("debug/deps");
    folder.is_dir().then_some(folder)
}

/// Returns whether a program compiles, and what `rustc` reports: one JSON object a line.
fn compile(source: &str, args: &[&str]) -> io::Result<(bool, String)> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("program.rs");
    fs::write(&file, source)?;
    let output = rustc()
        .args(["--error-format=json", "--emit=metadata", "--out-dir"])
        .args([folder.path(), &file])
        .args(args)
        .output()?;
    Ok((output.status.success(), String::from_utf8(output.stderr).map_err(io::Error::other)?))
}

/// Reads a message of the compiler, if it is an error with a span. (The final count of errors has none.)
fn error(message: &Value) -> Option<CompileError> {
    let place = message["spans"].as_array()?.iter().find(|span| span["is_primary"] == true)?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (message["level"] == "error").then(|| CompileError {
        code: text(&message["code"]["code"]),
        message: text(&message["message"]),
        line: text(&place["text"][0]["text"]).trim().to_owned(),
    })
}
