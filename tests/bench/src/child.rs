//! Child processes that are measured.

use std::fs::File;
use std::io::{Read, Seek};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};

/// A child process that is killed and waited for on drop.
#[derive(Debug)]
pub struct KillOnDrop(pub Child);

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        // Neither fails for a child that is waited for only here.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs `command` and returns what it writes to standard output. Its standard error is part of the error if it fails.
///
/// # Errors
/// If the command cannot be started, fails, or has not closed its standard output after `limit`; it is killed then.
pub fn output_within(command: &mut Command, limit: Duration) -> Result<String> {
    let errors = tempfile::tempfile()?;
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(errors.try_clone()?);
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = KillOnDrop(command.spawn().with_context(|| format!("cannot run `{program}`"))?);
    let output = child.0.stdout.take().context("standard output is not a pipe")?;
    let output = read_within(output, limit).with_context(|| format!("`{program}`"))?;
    let status = child.0.wait()?;
    ensure!(status.success(), "`{program}` failed: {status}: {}", content(errors)?);
    Ok(output)
}

fn read_within(mut output: ChildStdout, limit: Duration) -> Result<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut text = String::new();
        let read = output.read_to_string(&mut text).map(|_| text);
        // The receiver is gone after the time limit.
        let _ = sender.send(read);
    });
    let read = receiver.recv_timeout(limit);
    Ok(read.map_err(|_| anyhow!("still running after {} s", limit.as_secs()))??)
}

fn content(mut file: File) -> Result<String> {
    let mut text = String::new();
    file.rewind()?;
    file.read_to_string(&mut text)?;
    Ok(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn the_output_of_a_command_that_succeeds_is_returned() {
        let output = output_within(&mut shell("echo done; echo progress >&2"), Duration::from_secs(60));
        assert_eq!(output.expect("it succeeds"), "done\n");
    }

    #[test]
    fn the_error_of_a_command_that_fails_contains_its_standard_error() {
        let error = output_within(&mut shell("echo no such page >&2; exit 3"), Duration::from_secs(60));
        let error = format!("{:#}", error.expect_err("it fails"));
        assert!(error.contains("exit status: 3") && error.contains("no such page"), "{error}");
    }

    #[test]
    fn a_command_that_hangs_is_killed() {
        let error = output_within(&mut shell("exec sleep 3600"), Duration::from_millis(1))
            .expect_err("it does not end");
        assert!(format!("{error:#}").contains("still running"), "{error:#}");
    }
}
