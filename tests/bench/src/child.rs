//! Child processes that are measured.

use std::fs::File;
use std::io::{Read, Seek};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// The time between two looks at a child that has closed its standard output and has not ended yet.
const POLL: Duration = Duration::from_millis(5);

/// A child process that is killed and waited for on drop.
#[derive(Debug)]
pub struct KillOnDrop(pub Child);

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        // Both do nothing if the child has already been waited for.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs `command` and returns what it writes to standard output. Its standard error is part of the error if it fails.
///
/// # Errors
/// If the command cannot be started, fails, or is still running after `limit` (it is killed then), or if its output is
/// not UTF-8.
pub fn output_within(command: &mut Command, limit: Duration) -> Result<String> {
    let errors = tempfile::tempfile()?;
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(errors.try_clone()?);
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = KillOnDrop(command.spawn().with_context(|| format!("cannot run `{program}`"))?);
    let finished = finish(&mut child.0, Instant::now() + limit).with_context(|| format!("`{program}`"))?;
    drop(child);
    let failure = match finished {
        Some((output, status)) if status.success() => {
            return String::from_utf8(output).with_context(|| format!("invalid output of `{program}`"));
        }
        Some((_, status)) => format!("failed: {status}"),
        None => format!("is still running after {limit:?}"),
    };
    let errors = content(errors)?;
    let separator = if errors.is_empty() { "" } else { ": " };
    bail!("`{program}` {failure}{separator}{errors}")
}

/// Returns the output and the status of `child`, or `None` if it is still running at `deadline`.
fn finish(child: &mut Child, deadline: Instant) -> Result<Option<(Vec<u8>, ExitStatus)>> {
    let mut output = child.stdout.take().context("standard output is not a pipe")?;
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = output.read_to_end(&mut bytes).map(|_| bytes);
        // The receiver is gone after the deadline.
        let _ = sender.send(read);
    });
    let Ok(read) = receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())) else {
        return Ok(None);
    };
    let bytes = read?;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some((bytes, status)));
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
        thread::sleep(POLL);
    }
}

/// Returns the content of `file`; what is not UTF-8 is replaced.
fn content(mut file: File) -> Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn the_output_of_a_command_that_succeeds_is_returned() {
        let output = output_within(&mut shell("echo done; echo progress >&2"), LONG);
        assert_eq!(output.expect("it succeeds"), "done\n");
    }

    #[test]
    fn the_error_of_a_command_that_fails_contains_its_standard_error() {
        let error = output_within(&mut shell("echo no such page >&2; exit 3"), LONG);
        let error = format!("{:#}", error.expect_err("it fails"));
        assert!(error.contains("exit status: 3") && error.contains("no such page"), "{error}");
    }

    #[test]
    fn the_standard_error_of_a_command_that_fails_need_not_be_utf8() {
        let error = output_within(&mut shell(r"printf '\377 \376' | tee /dev/stderr; exit 3"), LONG);
        let error = format!("{:#}", error.expect_err("it fails"));
        assert!(error.contains("exit status: 3: \u{fffd} \u{fffd}"), "{error}");
    }

    #[test]
    fn a_command_that_hangs_is_killed_with_its_standard_output_open_or_closed() {
        for (script, limit) in [("exec sleep 3600", 1), ("exec sleep 3600 >&-", 1_000)] {
            let error = output_within(&mut shell(script), Duration::from_millis(limit));
            let error = error.expect_err("it does not end").to_string();
            assert!(error.starts_with("`sh` is still running after 1"), "{error}");
        }
    }
}
