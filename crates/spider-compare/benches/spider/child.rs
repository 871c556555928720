//! A process that prints something and ends, in time.

use std::io::Read;
use std::process::{self, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};

/// On a busy machine the slowest takes ten seconds or so; one that is not done by then hangs.
const LIMIT: Duration = Duration::from_secs(60);

/// What `command` prints on standard output. What it says on standard error is heard only when it fails.
///
/// # Errors
/// When it cannot be started, ends with another status than 0, or does not end in time.
pub(crate) fn output_of(command: &mut Command) -> Result<String> {
    let errors = tempfile::tempfile()?;
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(errors.try_clone()?);
    let mut child = Child(command.spawn().context("it cannot be started")?);
    let printed = in_time(child.0.stdout.take().context("it has no output")?)?;
    let status = child.0.wait()?;
    ensure!(status.success(), "{status}: {}", said(errors));
    Ok(printed)
}

/// All that comes until the end.
fn in_time(mut output: process::ChildStdout) -> Result<String> {
    let (done, printed) = mpsc::channel();
    thread::spawn(move || {
        let mut text = String::new();
        let read = output.read_to_string(&mut text).map(|_| text);
        // Nobody listens any more once the limit is over.
        let _ = done.send(read);
    });
    let printed = printed.recv_timeout(LIMIT);
    Ok(printed.map_err(|_| anyhow!("it is not done after {} s", LIMIT.as_secs()))??)
}

fn said(mut errors: std::fs::File) -> String {
    use std::io::Seek;
    let mut text = String::new();
    let read = errors.rewind().and_then(|()| errors.read_to_string(&mut text));
    if read.is_err() { "what it said cannot be read".to_owned() } else { text.trim().to_owned() }
}

/// Dropped, it is killed and waited for.
pub(crate) struct Child(pub(crate) process::Child);

impl Drop for Child {
    fn drop(&mut self) {
        // Neither can fail for a child that nobody else waits for.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
