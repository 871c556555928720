//! Fifos, by which a test learns that a process has started and is gone; the lines of a command that waits for saves; and
//! programs that are shell scripts.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File, Permissions};
use std::io::{self, BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Command};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

/// Reached only by a test that fails. Shorter than the `sleep 60` that is used for "never".
const LIMIT: Duration = Duration::from_secs(40);

/// The same for a line of output: a lesson may be built first.
const OUTPUT_LIMIT: Duration = Duration::from_secs(120);

/// A fifo that processes keep open while they live: end of file proves that none of them is running.
pub(crate) struct Fifo {
    folder: TempDir,
    events: Receiver<io::Result<()>>,
}

impl Fifo {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = make_fifo(folder.path(), "up");
        let (sender, events) = mpsc::channel();
        thread::spawn(move || {
            let mut fifo = None;
            let _ = sender.send(first_line(&path).map(|opened| fifo = Some(opened)));
            if let Some(mut fifo) = fifo {
                let _ = sender.send(io::copy(&mut fifo, &mut io::sink()).map(|_| ()));
            }
        });
        Self { folder, events }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("up")
    }

    /// Waits until a process has opened the fifo and written a line.
    pub(crate) fn wait_until_up(&self) {
        self.events.recv_timeout(LIMIT).expect("no process has started").unwrap();
    }

    /// Waits until no process holds the fifo open.
    pub(crate) fn wait_until_gone(&self) {
        self.events.recv_timeout(LIMIT).expect("a process is still running").unwrap();
    }
}

fn first_line(fifo: &Path) -> io::Result<BufReader<File>> {
    let mut reader = BufReader::new(File::open(fifo)?);
    reader.read_line(&mut String::new()).map(|_| reader)
}

/// The lines that a command prints.
pub(crate) struct Lines(Receiver<String>);

impl Lines {
    pub(crate) fn of(stdout: ChildStdout) -> Self {
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            BufReader::new(stdout).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        Self(lines)
    }

    /// Returns what is printed until the command waits for the next save.
    pub(crate) fn until_the_next_save(&self) -> String {
        let mut lines = String::new();
        while !lines.contains("Waiting for the next save.") {
            lines += &self.0.recv_timeout(OUTPUT_LIMIT).expect("it prints another line");
            lines.push('\n');
        }
        lines
    }

    /// Returns what is printed until the command ends.
    pub(crate) fn to_the_end(&self) -> String {
        let mut lines = String::new();
        loop {
            match self.0.recv_timeout(OUTPUT_LIMIT) {
                Ok(line) => lines = lines + &line + "\n",
                Err(RecvTimeoutError::Disconnected) => return lines,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end; it printed:\n{lines}"),
            }
        }
    }
}

/// Makes a fifo: reading and writing wait for each other.
pub(crate) fn make_fifo(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    path
}

/// Writes a program `name` into `folder`: a shell script.
pub(crate) fn write_script(folder: &Path, name: &str, script: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
    path
}

/// Returns `cargo xtask` without the variables of this environment that change what it prints, or where cargo builds.
pub(crate) fn xtask() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CARGO_TERM_COLOR", "CARGO_BUILD_TARGET"] {
        command.env_remove(variable);
    }
    command
}

/// Returns the cargo that runs the tests.
pub(crate) fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
