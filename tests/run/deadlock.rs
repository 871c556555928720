//! Whether the processes of a group wait for each other: then they do so for ever, and no time need be waited to know it.

#[cfg(target_os = "linux")]
use std::{fs, path::Path};

use crate::run::process_group::GroupId;

/// How each thread of `group` waits, if all of them wait for a pipe, a child or a lock. Elsewhere than on Linux the system
/// does not tell.
#[cfg(not(target_os = "linux"))]
pub(crate) fn snapshot(_: GroupId) -> Option<Vec<String>> {
    None
}

/// How each thread of `group` waits, if all of them wait for a pipe, a child or a lock. When two looks show the same, then
/// between the two nobody did anything else, and nobody is left who could wake one of them.
#[cfg(target_os = "linux")]
pub(crate) fn snapshot(group: GroupId) -> Option<Vec<String>> {
    let processes = fs::read_dir("/proc").ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let ours = processes.filter(|process| group_of(process) == Some(group.to_string()));
    let threads = ours.flat_map(|process| fs::read_dir(process.join("task")).into_iter().flatten());
    let waits = threads.map(|thread| wait(&thread.ok()?.path())).collect::<Option<Vec<_>>>()?;
    (!waits.is_empty()).then_some(waits)
}

/// The process group in which the process is (`man 5 proc_pid_stat`): its name may hold any character, but no field after
/// it.
#[cfg(target_os = "linux")]
fn group_of(process: &Path) -> Option<String> {
    let stat = fs::read_to_string(process.join("stat")).ok()?;
    Some(stat.rsplit_once(") ")?.1.split(' ').nth(2)?.to_owned())
}

/// In which function of the kernel a thread waits, and how often it has gone on and stopped again; if it waits for a pipe,
/// a child, or a lock (or another thread's end) without a time limit.
#[cfg(target_os = "linux")]
fn wait(thread: &Path) -> Option<String> {
    let place = fs::read_to_string(thread.join("wchan")).ok()?;
    let status = fs::read_to_string(thread.join("status")).ok()?;
    let switches: String = status.lines().filter(|line| line.contains("ctxt_switches")).collect();
    let for_others =
        ["pipe_read", "pipe_write", "pipe_wait", "do_wait"].iter().any(|name| place.contains(name));
    let for_a_lock = place.contains("futex") && has_no_time_limit(thread);
    (for_others || for_a_lock).then(|| format!("{} in {place}, {switches}", thread.display()))
}

/// Whether a thread in `futex(2)` waits as long as it takes: the fourth argument, its time limit, is none.
#[cfg(target_os = "linux")]
fn has_no_time_limit(thread: &Path) -> bool {
    let call = fs::read_to_string(thread.join("syscall")).unwrap_or_default();
    call.split(' ').nth(4) == Some("0x0")
}
