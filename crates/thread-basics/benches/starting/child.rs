//! The child processes that are measured: this program again.

use std::io::{self, Read};
use std::process::{Command, Stdio};
use std::sync::Barrier;
use std::{env, fs, thread};

/// The first argument of a child; its task is the second.
const CHILD: &str = "child";

/// The task of a child that exits at once.
pub(crate) const EXIT: &str = "exit";
/// The task of a child that prints a line, and then waits for the end of its standard input.
pub(crate) const WAIT: &str = "wait";
/// The task of a child that prints the memory of one of its idle threads.
pub(crate) const IDLE_THREADS: &str = "idle-threads";

/// The number of threads of [`IDLE_THREADS`].
const THREADS: usize = 1_000;

/// Returns the command that runs this program as a child with this task.
///
/// # Panics
/// Panics if the path of this program is unknown.
pub(crate) fn command(task: &str) -> Command {
    let mut command = Command::new(env::current_exe().expect("the path of this program is known"));
    command.args([CHILD, task]).stdin(Stdio::null());
    command
}

/// Returns the task of this process, if it is a child. It is not parsed by clap, whose time would be measured.
pub(crate) fn task() -> Option<String> {
    let mut arguments = env::args().skip(1);
    (arguments.next()? == CHILD).then(|| arguments.next()).flatten()
}

/// Runs the task of a child.
pub(crate) fn run(task: &str) {
    match task {
        IDLE_THREADS => {
            if let Some(bytes) = memory_of_idle_thread() {
                println!("{bytes}");
            }
        }
        WAIT => {
            println!();
            let _ = io::stdin().read(&mut [0]);
        }
        _ => {}
    }
}

fn memory_of_idle_thread() -> Option<f64> {
    let before = proportional_bytes("self")?;
    let [started, end] = [(); 2].map(|()| Barrier::new(THREADS + 1));
    let after = thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                started.wait();
                end.wait();
            });
        }
        started.wait();
        let after = proportional_bytes("self");
        end.wait();
        after
    })?;
    #[expect(clippy::cast_precision_loss, reason = "a thousand")]
    Some((after - before) / THREADS as f64)
}

/// Returns the proportional set size of a process in bytes: `/proc/PID/smaps_rollup`, see proc(5).
pub(crate) fn proportional_bytes(pid: &str) -> Option<f64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.split_whitespace().next()?.parse::<f64>().ok().map(|kib| kib * 1024.0)
}
