//! The processes that a process has started, those in groups of their own too, so that none of them is left running.

use std::collections::HashSet;

use course_tests::run::process_group::GroupId;
use rustix::process::{Pid, Signal, kill_process_group};

/// Kills a group, and the groups of all that its leader has started, directly or not.
pub fn kill(group: GroupId) {
    // Stopped first, so that it starts nothing while the others are looked for.
    signal(group.leader(), Signal::STOP);
    let groups = groups_below(group.leader(), &processes());
    group.kill();
    for group in groups {
        signal(group, Signal::KILL);
    }
}

fn signal(group: Pid, signal: Signal) {
    // The one error that can come is ESRCH: nobody is left.
    let _ = kill_process_group(group, signal);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Process {
    id: Pid,
    parent: Pid,
    group: Pid,
}

/// The groups of the descendants of `ancestor`.
fn groups_below(ancestor: Pid, processes: &[Process]) -> HashSet<Pid> {
    let children = processes.iter().filter(|process| process.parent == ancestor);
    let theirs = |child: &Process| {
        let mut groups = groups_below(child.id, processes);
        groups.insert(child.group);
        groups
    };
    children.flat_map(theirs).collect()
}

/// All processes there are, as far as the system tells.
#[cfg(target_os = "linux")]
fn processes() -> Vec<Process> {
    let folders = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    folders.filter_map(|folder| of_stat(&std::fs::read_to_string(folder.path().join("stat")).ok()?)).collect()
}

/// Reads `/proc/ID/stat`: id, program in parentheses (it may hold any character), state, parent, group, and more.
#[cfg(target_os = "linux")]
fn of_stat(stat: &str) -> Option<Process> {
    let (id, rest) = stat.split_once(" (")?;
    let mut words = rest.rsplit_once(") ")?.1.split(' ').skip(1);
    Some(Process { id: pid(id)?, parent: pid(words.next()?)?, group: pid(words.next()?)? })
}

/// All processes there are, as far as `ps` tells.
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

/// None for the 0 that stands where a process has no parent or no group here.
fn pid(word: &str) -> Option<Pid> {
    word.parse().ok().and_then(Pid::from_raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(id: i32, parent: i32, group: i32) -> Process {
        let pid = |number| Pid::from_raw(number).expect("it is not 0");
        Process { id: pid(id), parent: pid(parent), group: pid(group) }
    }

    #[test]
    fn descendants_of_descendants_are_found_and_nobody_else_is() {
        let all = [process(2, 1, 2), process(3, 2, 2), process(4, 3, 4), process(5, 4, 5), process(9, 1, 9)];
        let groups = groups_below(all[0].id, &all);
        assert_eq!(groups, [2, 4, 5].into_iter().filter_map(Pid::from_raw).collect());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_is_read_whatever_its_program_is_called() {
        assert_eq!(of_stat("7 (a) 1 (b)) S 3 5 5 0 -1"), Some(process(7, 3, 5)));
        assert_eq!(of_stat("2 (kthreadd) S 0 0 0 0"), None);
    }
}
