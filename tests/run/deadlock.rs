//! Detects that the processes of a group wait for each other, without a time limit.

#[cfg(target_os = "linux")]
use std::{fs, path::Path};

use crate::run::process_group::GroupId;
#[cfg(target_os = "linux")]
use crate::run::processes::ProcessStat;

/// Returns how each thread of `group` waits, if all of them wait for a pipe, a child or a lock. On other systems than Linux
/// that cannot be seen.
#[cfg(not(target_os = "linux"))]
pub(crate) fn snapshot(_: GroupId) -> Option<Vec<String>> {
    None
}

/// Returns how each thread of `group` waits, if all of them wait for a pipe, a child or a lock. If two snapshots are equal,
/// no thread has run in between, and none is left that could wake another.
#[cfg(target_os = "linux")]
pub(crate) fn snapshot(group: GroupId) -> Option<Vec<String>> {
    let ours = ProcessStat::all().filter(|process| process.group == Some(group.leader()));
    let threads =
        ours.flat_map(|process| fs::read_dir(format!("/proc/{}/task", process.id)).into_iter().flatten());
    let waits = threads.map(|thread| wait(&thread.ok()?.path())).collect::<Option<Vec<_>>>()?;
    (!waits.is_empty()).then_some(waits)
}

/// Returns the kernel function in which a thread waits, and how often it was switched, if it waits for a pipe, a child, or
/// a lock (or another thread's end) without a time limit.
#[cfg(target_os = "linux")]
fn wait(thread: &Path) -> Option<String> {
    let function = fs::read_to_string(thread.join("wchan")).ok()?;
    let status = fs::read_to_string(thread.join("status")).ok()?;
    let switches: String = status.lines().filter(|line| line.contains("ctxt_switches")).collect();
    let for_others =
        ["pipe_read", "pipe_write", "pipe_wait", "do_wait"].iter().any(|name| function.contains(name));
    let for_a_lock = function.contains("futex") && has_no_time_limit(thread);
    (for_others || for_a_lock).then(|| format!("{} in {function}, {switches}", thread.display()))
}

/// Returns whether a thread in `futex(2)` waits without a time limit: the fourth argument is null.
#[cfg(target_os = "linux")]
fn has_no_time_limit(thread: &Path) -> bool {
    let call = fs::read_to_string(thread.join("syscall")).unwrap_or_default();
    call.split(' ').nth(4) == Some("0x0")
}
