//! Printing when standard output or standard error may be closed, as by `| head -1`.

use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::{env, panic, process};

use anyhow::{Context, Result};

/// Prints a line. If standard output was closed, prints nothing and returns, where `println!` ends the process: for a
/// process that a child or another process needs to run on.
///
/// # Errors
/// If the line cannot be written for another reason.
#[track_caller] // A table of steps shows the caller's line.
pub fn print_line(line: impl Display) -> Result<()> {
    match writeln!(io::stdout(), "{line}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).context("cannot write to standard output")
        }
        _ => Ok(()),
    }
}

pub(crate) fn print_to_stderr(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Ends this process where `println!` panics: quietly, with status 0, if standard output was closed; with status 1 and the
/// error if the line cannot be written for another reason.
///
/// Rust ignores SIGPIPE. A handler for it would end the process for every closed pipe, also for one between two
/// processes of a lesson. So this recognises the panic by its message, as `rustc` does.
pub(crate) fn end_when_println_fails() {
    let default_hook = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        let message = panic.payload().downcast_ref::<String>().map_or("", String::as_str);
        let Some(reason) = message.strip_prefix("failed printing to stdout: ") else {
            return default_hook(panic);
        };
        if reason.starts_with("Broken pipe") {
            process::exit(0);
        }
        print_to_stderr(format_args!("error: cannot write to standard output: {reason}"));
        process::exit(1);
    }));
}

/// Returns `text` in the terminal's faint style, if standard error is a terminal and colours are not switched off.
pub(crate) fn dimmed(text: &str) -> String {
    let no_color = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if io::stderr().is_terminal() && !no_color { format!("\x1b[2m{text}\x1b[0m") } else { text.to_owned() }
}
