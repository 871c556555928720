//! Standard input, output and error of a process.
//!
//! Standard output is buffered by lines, as std's: a text goes out up to its last newline, and the rest stays in the
//! buffer of the process until its newline, a flush or the exit of the process. For the output of the whole program, the
//! exploration has the buffer; for a pipe, the process.

use ::std::any::Any;
use ::std::fmt;
use ::std::io::{self, Read, Write};
use ::std::mem;
use ::std::panic::Location;
use ::std::sync::Arc;

use exploration::Operation;
use exploration::runtime::{self, step, step_at};

use super::pipe::{PipeReader, PipeWriter};
use crate::panic::panic_with_hook;
use crate::registry::{self, Handle};

/// Replaces `std::io::Stdout`. It has no `lock`: each text is printed by itself.
#[derive(Debug)]
pub struct Stdout(());

/// Replaces `std::io::Stderr`. What is written to it becomes a note in the record of the run, unless it is a pipe.
#[derive(Debug)]
pub struct Stderr(());

/// Replaces `std::io::Stdin`. It is not buffered. The first process has an empty one.
#[derive(Debug)]
pub struct Stdin(());

/// Replaces `std::io::stdout`.
#[must_use]
pub fn stdout() -> Stdout {
    Stdout(())
}

/// Replaces `std::io::stderr`.
#[must_use]
pub fn stderr() -> Stderr {
    Stderr(())
}

/// Replaces `std::io::stdin`.
#[must_use]
pub fn stdin() -> Stdin {
    Stdin(())
}

/// Replaces `std::io::IsTerminal`, which only std can implement.
pub trait IsTerminal {
    /// Returns false.
    fn is_terminal(&self) -> bool {
        false
    }
}

impl IsTerminal for Stdin {}
impl IsTerminal for Stdout {}
impl IsTerminal for Stderr {}

/// Returns the end of a pipe of bytes that a process was given.
///
/// # Panics
/// Panics if it is an end for messages.
fn bytes<End: Handle>(handle: Arc<dyn Handle>) -> Arc<End> {
    let handle: Arc<dyn Any + Send + Sync> = handle;
    handle
        .downcast()
        .expect("an end for messages is no standard input or output for bytes: use pipe_ipc to take it")
}

impl Read for Stdin {
    #[track_caller]
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match registry::current_process(|process| process.stdin.clone()) {
            Some(pipe) => (&*bytes::<PipeReader>(pipe)).read(buffer),
            None => Ok(0),
        }
    }

    #[track_caller]
    fn read_to_end(&mut self, text: &mut Vec<u8>) -> io::Result<usize> {
        match registry::current_process(|process| process.stdin.clone()) {
            Some(pipe) => (&*bytes::<PipeReader>(pipe)).read_to_end(text),
            None => Ok(0),
        }
    }

    #[track_caller]
    fn read_to_string(&mut self, text: &mut String) -> io::Result<usize> {
        match registry::current_process(|process| process.stdin.clone()) {
            Some(pipe) => (&*bytes::<PipeReader>(pipe)).read_to_string(text),
            None => Ok(0),
        }
    }
}

impl Write for Stdout {
    /// Prints the text as a whole, as `println!` does.
    #[track_caller]
    fn write_fmt(&mut self, text: fmt::Arguments<'_>) -> io::Result<()> {
        print(text.to_string().as_bytes())
    }

    #[track_caller]
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        print(text).map(|()| text.len())
    }

    #[track_caller]
    fn write_all(&mut self, text: &[u8]) -> io::Result<()> {
        print(text)
    }

    #[track_caller]
    fn flush(&mut self) -> io::Result<()> {
        flush()
    }
}

impl Write for Stderr {
    #[track_caller]
    fn write_fmt(&mut self, text: fmt::Arguments<'_>) -> io::Result<()> {
        self.write_all(text.to_string().as_bytes())
    }

    #[track_caller]
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        if let Some(pipe) = registry::current_process(|process| process.stderr.clone()) {
            return (&*bytes::<PipeWriter>(pipe)).write(text);
        }
        runtime::note(String::from_utf8_lossy(text).trim_end_matches('\n').to_owned());
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Prints a text for `print!` and `println!`.
///
/// # Panics
/// Panics if standard output is a pipe without a reader, after a call of the process's hook.
#[track_caller]
pub fn print_text(text: &str) {
    if let Err(error) = print(text.as_bytes()) {
        panic_with_hook(&format!("failed printing to stdout: {error}"));
    }
}

/// Prints a text for `eprint!` and `eprintln!`.
#[track_caller]
pub fn eprint_text(text: &str) {
    // std panics here too if nothing reads standard error. It would not be seen.
    let _ = stderr().write_all(text.as_bytes());
}

fn stdout_pipe() -> Option<Arc<PipeWriter>> {
    registry::current_process(|process| process.stdout.clone()).map(bytes)
}

/// Returns whether the output of the current process is thrown away.
fn is_silent() -> bool {
    registry::current_process(|process| process.stdout_is_null)
}

#[track_caller]
fn print(text: &[u8]) -> io::Result<()> {
    if text.is_empty() || is_silent() {
        return Ok(());
    }
    match stdout_pipe() {
        None => print_to_program(text),
        Some(pipe) => {
            let _lock = StdoutLock::acquire();
            let whole = registry::current_process(|process| {
                process.line.extend(text);
                let end = process.line.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
                process.line.drain(..end).collect::<Vec<_>>()
            });
            (&*pipe).write_all(&whole)?;
        }
    }
    Ok(())
}

#[track_caller]
fn print_to_program(text: &[u8]) {
    let text = String::from_utf8_lossy(text).into_owned();
    let whole = text.ends_with('\n');
    step(Operation::Print { text, whole });
}

#[track_caller]
fn flush() -> io::Result<()> {
    match stdout_pipe() {
        None if is_silent() => {}
        None => flush_program(),
        Some(pipe) => {
            let _lock = StdoutLock::acquire();
            let line = registry::current_process(|process| mem::take(&mut process.line));
            (&*pipe).write_all(&line)?;
        }
    }
    Ok(())
}

/// Lets the incomplete line of the process go out.
#[track_caller]
fn flush_program() {
    step(Operation::Print { text: String::new(), whole: false });
}

/// Writes to standard output without a buffer, as a program that is not written in Rust may do.
#[track_caller]
pub(crate) fn write_unbuffered(text: &[u8]) -> io::Result<()> {
    match stdout_pipe() {
        Some(pipe) => (&*pipe).write_all(text),
        None if is_silent() => Ok(()),
        None => {
            print_to_program(text);
            if !text.ends_with(b"\n") {
                flush_program();
            }
            Ok(())
        }
    }
}

/// Writes what the buffer holds at the exit of the process. An error is ignored, as in std.
#[track_caller]
pub(crate) fn exit_stdout() {
    if let Some(pipe) = stdout_pipe() {
        let line = registry::current_process(|process| mem::take(&mut process.line));
        let _ = (&*pipe).write_all(&line);
    }
}

/// The lock that `print!` holds while it writes into a pipe.
struct StdoutLock(&'static Location<'static>);

impl StdoutLock {
    #[track_caller]
    fn acquire() -> Self {
        step(Operation::Lock(Self::object()));
        Self(Location::caller())
    }

    fn object() -> exploration::Object {
        registry::current_process(|process| Arc::clone(&process.stdout_lock)).object()
    }
}

impl Drop for StdoutLock {
    fn drop(&mut self) {
        step_at(Operation::Unlock(Self::object()), self.0);
    }
}
