//! Starting a program so that nothing of it stays behind: no process, and no temporary file.
//!
//! - It has a folder of its own for temporary files, which is removed after it: a program that is killed cannot tidy up.
//! - On Linux, that folder identifies its descendants, so that those that have left its process group are killed too.
//! - On Linux, it is killed when the command itself is killed: it is started through the command's own program
//!   ([`exec_if_asked`]), which asks the system for that, and then becomes the program.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::RwLockReadGuard;
use process_groups::process_group::{Ended, Group};
use tempfile::TempDir;

use crate::process_tree;
use crate::supervisor::{Registration, Supervisor};

/// The environment variable with the folder for temporary files.
const TEMPORARY_VAR: &str = "TMPDIR";

/// The first argument with which the command's own program is asked to become another one: the id of the process that
/// asks, the other program and its arguments follow.
const EXEC: &str = "--exec-until-parent-ends";

/// The exit status of the command's own program if it cannot become the other one.
const NOT_RUN: i32 = 127;

/// What it prints then, before the program and the reason.
const CANNOT_RUN: &str = "error: cannot run ";

/// How long [`kill_strays`] tries: each kill may come after another start.
#[cfg(target_os = "linux")]
const STRAYS_LIMIT: Duration = Duration::from_secs(1);

/// Whether the program that is running understands [`EXEC`].
static UNDERSTANDS_EXEC: AtomicBool = AtomicBool::new(false);

/// A program that is running.
pub struct Launched<'a> {
    group: Group,
    /// `None` if the folder is shared with other programs.
    folder: Option<TempDir>,
    _registration: Registration<'a>,
    /// Dropped last: until the folder is removed.
    _delay: RwLockReadGuard<'a, ()>,
}

impl Supervisor {
    /// Starts a program with an empty standard input. It is killed with all its descendants if the supervisor
    /// stops. Returns `None` if it has stopped already.
    ///
    /// # Errors
    /// If the program cannot be started, or the folder for its temporary files cannot be created.
    pub fn launch(&self, mut command: Command) -> io::Result<Option<Launched<'_>>> {
        let delay = self.delay_exit();
        let folder = own_temporary_folder(&mut command)?;
        let mark = folder.as_ref().map(|folder| folder.path().to_owned());
        let started = self.start(|| {
            let mut command = tied_to_this_process(command);
            command.stdin(Stdio::null());
            let group = Group::start(command)?;
            let id = group.id();
            let kill = move || {
                process_tree::kill(id);
                // While the supervisor is locked: the command may exit as soon as it sees that it has stopped.
                mark.as_deref().map(kill_strays);
            };
            Ok((group, kill))
        })?;
        let launched =
            |(group, registration)| Launched { group, folder, _registration: registration, _delay: delay };
        Ok(started.map(launched))
    }
}

impl Launched<'_> {
    /// Waits until it has ended, for `limit` at most, and kills what is left of it.
    ///
    /// # Errors
    /// If it could not be started, waiting fails, or the output cannot be read.
    pub fn finish(self, limit: Duration) -> io::Result<Ended> {
        let ended = self.group.finish(limit);
        let had_strays = self.folder.as_ref().is_some_and(|folder| kill_strays(folder.path()));
        let mut ended =
            ended.map_err(|error| io::Error::new(error.kind(), format!("cannot wait for it: {error}")))?;
        let output = String::from_utf8_lossy(&ended.output);
        if ended.status.code() == Some(NOT_RUN)
            && let Some(reason) = output.lines().last().and_then(|line| line.strip_prefix(CANNOT_RUN))
        {
            return Err(io::Error::other(format!("cannot start {reason}")));
        }
        if had_strays && !ended.timed_out {
            ended.orphans.push("a child process outside its process group was still running".to_owned());
        }
        Ok(ended)
    }
}

/// Gives a program a new folder for its temporary files, unless one is chosen for it. The folder is removed when the result
/// is dropped.
///
/// # Errors
/// If the folder cannot be created.
pub fn own_temporary_folder(command: &mut Command) -> io::Result<Option<TempDir>> {
    if command.get_envs().any(|(name, _)| name == TEMPORARY_VAR) {
        return Ok(None);
    }
    let folder = tempfile::Builder::new().prefix("xtask-").tempdir();
    let folder = folder.map_err(|error| {
        io::Error::new(error.kind(), format!("cannot create a temporary folder (see TMPDIR): {error}"))
    })?;
    command.env(TEMPORARY_VAR, folder.path());
    Ok(Some(folder))
}

/// Kills the processes that have this folder for temporary files, and those that they start meanwhile. Returns whether
/// there were any.
#[must_use]
pub fn kill_strays(folder: &Path) -> bool {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::ffi::OsStrExt;
        use std::thread;
        use std::time::Instant;

        use process_groups::processes::ProcessStat;
        use rustix::process::{Signal, kill_process};

        let mark = [TEMPORARY_VAR.as_bytes(), b"=", folder.as_os_str().as_bytes()].concat();
        let is_marked = |process: &ProcessStat| {
            let environment = std::fs::read(format!("/proc/{}/environ", process.id)).unwrap_or_default();
            // A folder in it marks them, too.
            let is_mark = |variable: &[u8]| {
                variable.strip_prefix(&mark[..]).is_some_and(|rest| matches!(rest, [] | [b'/', ..]))
            };
            process.state != 'Z' && environment.split(|&byte| byte == 0).any(is_mark)
        };
        let start = Instant::now();
        let mut found = false;
        while start.elapsed() < STRAYS_LIMIT {
            let strays: Vec<_> = ProcessStat::all().filter(is_marked).collect();
            if strays.is_empty() {
                break;
            }
            found = true;
            for stray in strays {
                // The only possible error is ESRCH: it has ended.
                let _ = kill_process(stray.id, Signal::KILL);
            }
            thread::sleep(Duration::from_millis(1));
        }
        found
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = folder;
        false
    }
}

/// Returns a command that starts the same program with the standard streams of this process, and lets the system kill it
/// when the thread that starts it has ended. In a program that has not called [`exec_if_asked`], such as one of tests,
/// returns the command as it is.
#[must_use]
pub fn tied_to_this_process(command: Command) -> Command {
    if !UNDERSTANDS_EXEC.load(Ordering::Relaxed) {
        return command;
    }
    // Not by its path: another build may have replaced it.
    let mut tied = Command::new("/proc/self/exe");
    tied.args([EXEC, &std::process::id().to_string()]).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => tied.env(name, value),
            None => tied.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        tied.current_dir(folder);
    }
    tied
}

/// Becomes another program if the arguments ask for it. To be called first by each `main` whose programs are to be killed
/// with it.
pub fn exec_if_asked() {
    #[cfg(target_os = "linux")]
    {
        use std::io::Write;
        use std::os::unix::process::CommandExt;

        use rustix::process::{Pid, Signal, getppid, set_parent_process_death_signal};

        let mut args = std::env::args_os().skip(1);
        if args.next().is_none_or(|arg| arg != EXEC) {
            UNDERSTANDS_EXEC.store(true, Ordering::Relaxed);
            return;
        }
        let parent = args.next().and_then(|id| id.to_str()?.parse().ok()).and_then(Pid::from_raw);
        let program = args.next().unwrap_or_default();
        let set = set_parent_process_death_signal(Some(Signal::KILL));
        // Not if the parent ended before that.
        if getppid() == parent {
            let error = set.err().map_or_else(|| Command::new(&program).args(args).exec(), io::Error::from);
            let _ = writeln!(io::stderr(), "{CANNOT_RUN}{}: {error}", program.display());
        }
        std::process::exit(NOT_RUN);
    }
}
