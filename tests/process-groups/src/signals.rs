//! What the programs of this workspace do at a signal.
//!
//! | signal, or what happens | what a program does |
//! |---|---|
//! | SIGINT (Ctrl-C), SIGTERM, SIGHUP | ends with its child processes, without temporary files; its exit status is 128 + the signal's number, or the signal itself ends it |
//! | the same, while a program cleans up | nothing more; but a second Ctrl-C ends the spider, whatever it waits for |
//! | one of these that is ignored when the program starts (`nohup`, or `&` in a script; Linux only) | nothing |
//! | SIGPIPE: standard output was closed (`\| head -1`) | ends without a message: a lesson and the spider with status 0, `cargo xtask` with 141; a process that another one waits for runs on |
//! | another error while it writes (a full disk) | prints the error and ends with status 1 |
//! | SIGQUIT, SIGKILL | ends at once; a temporary folder may be left |
//! | its parent ends | a child process ends too: see [`end_with_parent`], and the pipe of `GalleryProcess` |
//!
//! A program that has nothing to clean up leaves the signals alone: the system ends it.

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use std::{env, fs, io, process, thread};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::{flag, low_level};

const SIGNALS: [i32; 3] = [SIGINT, SIGTERM, SIGHUP];

/// How long it may take until a signal, or a cancellation, has an effect in every thread and process.
pub const GRACE: Duration = Duration::from_millis(300);

/// Calls `work` in a thread of its own at the first SIGINT, SIGTERM or SIGHUP, with its number. `work` must end the
/// process, or let another thread end it. If `work` returns, the process ends soon after a SIGINT that follows, whatever
/// its other threads wait for. Call this before you create anything that must be cleaned up.
///
/// Only SIGINT counts as a second signal: `timeout` sends SIGTERM twice; when a terminal is closed, the kernel and the shell
/// both send SIGHUP; and a child process gets SIGTERM when SIGINT has ended its parent.
///
/// # Errors
/// If a handler cannot be installed, or the thread cannot be started.
pub fn on_first(work: impl FnOnce(i32) + Send + 'static) -> io::Result<()> {
    let handled: Vec<_> = SIGNALS.into_iter().filter(|&signal| !is_ignored(signal)).collect();
    for &signal in &handled {
        flag::register(signal, Arc::clone(&STATE.has_arrived))?;
        flag::register_conditional_default(signal, Arc::clone(&STATE.ends))?;
    }
    let mut signals = Signals::new(handled)?;
    let handle = move || {
        let mut signals = signals.forever();
        if let Some(first) = signals.next() {
            work(first);
        }
        if signals.any(|signal| signal == SIGINT) {
            thread::sleep(GRACE);
            process::exit(128 + SIGINT);
        }
    };
    thread::Builder::new().name("signals".to_owned()).spawn(handle).map(drop)
}

/// What a signal does besides what [`on_first`] says.
#[derive(Default)]
struct State {
    /// Whether one has arrived: its handler runs at once, unlike the thread of [`on_first`].
    has_arrived: Arc<AtomicBool>,
    /// Whether the next one ends the process as by default.
    ends: Arc<AtomicBool>,
}

static STATE: LazyLock<State> = LazyLock::new(State::default);

/// Lets signals end this process at once, as before [`on_first`]: it becomes another program. Returns false if one has arrived,
/// which that program would never see.
pub fn hand_over() -> bool {
    STATE.ends.store(true, Ordering::SeqCst);
    !STATE.has_arrived.load(Ordering::SeqCst)
}

/// Ignores SIGINT, SIGTERM and SIGHUP. For a child process that ends when its parent does: Ctrl-C in a terminal reaches
/// both.
///
/// # Errors
/// If a handler cannot be installed.
pub fn ignore() -> io::Result<()> {
    SIGNALS.into_iter().try_for_each(|signal| flag::register(signal, Arc::default()).map(drop))
}

/// The environment variable with the id of the process that starts another one, see [`end_with_parent`].
const PARENT_VAR: &str = "ENDS_WITH_PROCESS";

/// Lets the program that `command` starts end when this process has ended, if it calls [`end_with_parent`].
pub fn end_with_this_process(command: &mut Command) {
    command.env(PARENT_VAR, process::id().to_string());
}

/// Lets the programs that this process starts have SIGINT, SIGTERM and SIGHUP as by default, even if this process was started
/// with one of them ignored, which it goes on to ignore.
///
/// # Errors
/// If a handler cannot be installed.
pub fn ignore_without_children() -> io::Result<()> {
    let mut ignored = SIGNALS.into_iter().filter(|&signal| is_ignored(signal));
    // A program that is started inherits what is ignored, and no handler.
    ignored.try_for_each(|signal| flag::register(signal, Arc::default()).map(drop))
}

/// Lets SIGTERM end this process when the thread that started it has ended, however that ends (Linux only). Call it at the
/// start of a program that is started with [`end_with_this_process`].
pub fn end_with_parent() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Pid, Signal, getppid, set_parent_process_death_signal};

        let parent = env::var(PARENT_VAR).ok().and_then(|id| Pid::from_raw(id.parse().ok()?));
        if parent.is_some() {
            let _ = set_parent_process_death_signal(Some(Signal::TERM));
            // It may have ended before that, and then sends nothing.
            if getppid() != parent {
                end_by(SIGTERM);
            }
        }
    }
}

/// Ends this process as `signal` does by default. Its parent sees which signal it was.
pub(crate) fn end_by(signal: i32) -> ! {
    let _ = low_level::emulate_default_handler(signal);
    unreachable!("the default of signal {signal} is to end the process")
}

/// Returns whether this process was started with `signal` ignored.
fn is_ignored(signal: i32) -> bool {
    // On other systems, std offers no way to ask.
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    mask >> (signal - 1) & 1 == 1
}
