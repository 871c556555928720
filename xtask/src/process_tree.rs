//! Killing a process with all its descendants, those in other process groups included.

use std::collections::HashSet;

use course_tests::run::process_group::GroupId;
use rustix::process::{Pid, Signal, kill_process_group};

/// Kills a process group, and the groups of all descendants of its leader.
pub fn kill(group: GroupId) {
    // Stopped first, so that it starts no process while its descendants are collected.
    signal(group.leader(), Signal::STOP);
    let groups = groups_below(group.leader(), &processes());
    group.kill();
    for group in groups {
        signal(group, Signal::KILL);
    }
}

fn signal(group: Pid, signal: Signal) {
    // The only possible error is ESRCH: the group no longer exists.
    let _ = kill_process_group(group, signal);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Process {
    id: Pid,
    parent: Pid,
    group: Pid,
}

/// Returns the groups of the descendants of `ancestor`.
fn groups_below(ancestor: Pid, processes: &[Process]) -> HashSet<Pid> {
    let children = processes.iter().filter(|process| process.parent == ancestor);
    let groups_of = |child: &Process| {
        let mut groups = groups_below(child.id, processes);
        groups.insert(child.group);
        groups
    };
    children.flat_map(groups_of).collect()
}

/// Returns all processes, from `/proc`.
#[cfg(target_os = "linux")]
fn processes() -> Vec<Process> {
    let folders = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    folders
        .filter_map(|folder| parse_stat(&std::fs::read_to_string(folder.path().join("stat")).ok()?))
        .collect()
}

/// Parses `/proc/ID/stat`, see `man proc_pid_stat`: id, program in parentheses (which may contain any character), state,
/// parent, group, and more.
#[cfg(target_os = "linux")]
fn parse_stat(stat: &str) -> Option<Process> {
    let (id, rest) = stat.split_once(" (")?;
    let mut words = rest.rsplit_once(") ")?.1.split(' ').skip(1);
    Some(Process { id: pid(id)?, parent: pid(words.next()?)?, group: pid(words.next()?)? })
}

/// Returns all processes, from `ps`.
#[cfg(not(target_os = "linux"))]
fn processes() -> Vec<Process> {
    let output = std::process::Command::new("ps").args(["-A", "-o", "pid=,ppid=,pgid="]).output();
    let table = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let row = |row: &str| {
        let mut words = row.split_whitespace();
        Some(Process { id: pid(words.next()?)?, parent: pid(words.next()?)?, group: pid(words.next()?)? })
    };
    table.lines().filter_map(row).collect()
}

/// `None` for 0, which means that a process has no parent or no group here.
fn pid(word: &str) -> Option<Pid> {
    word.parse().ok().and_then(Pid::from_raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(id: i32, parent: i32, group: i32) -> Process {
        let pid = |number| Pid::from_raw(number).expect("not 0");
        Process { id: pid(id), parent: pid(parent), group: pid(group) }
    }

    #[test]
    fn only_descendants_at_any_depth_are_found() {
        let all = [process(2, 1, 2), process(3, 2, 2), process(4, 3, 4), process(5, 4, 5), process(9, 1, 9)];
        let groups = groups_below(all[0].id, &all);
        assert_eq!(groups, [2, 4, 5].into_iter().filter_map(Pid::from_raw).collect());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_name_of_the_program_may_contain_parentheses_and_spaces() {
        assert_eq!(parse_stat("7 (a) 1 (b)) S 3 5 5 0 -1"), Some(process(7, 3, 5)));
        assert_eq!(parse_stat("2 (kthreadd) S 0 0 0 0"), None);
    }
}
