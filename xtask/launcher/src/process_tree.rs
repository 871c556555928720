//! Killing a process with all its descendants, those in other process groups included.

use std::collections::HashSet;

use process_groups::process_group::GroupId;
use process_groups::processes::ProcessStat;
use rustix::process::{Pid, Signal, kill_process_group};

/// Kills a process group, and the groups of all descendants of its leader.
pub fn kill(group: GroupId) {
    // Stopped first, so that it starts no process while its descendants are collected.
    signal(group.leader(), Signal::STOP);
    let groups = groups_below(group.leader(), &ProcessStat::all().collect::<Vec<_>>());
    group.kill();
    for group in groups {
        signal(group, Signal::KILL);
    }
}

fn signal(group: Pid, signal: Signal) {
    // The only possible error is ESRCH: the group no longer exists.
    let _ = kill_process_group(group, signal);
}

/// Returns the groups of the descendants of `ancestor`.
fn groups_below(ancestor: Pid, processes: &[ProcessStat]) -> HashSet<Pid> {
    let children = processes.iter().filter(|process| process.parent == Some(ancestor));
    let groups_of = |child: &ProcessStat| {
        let mut groups = groups_below(child.id, processes);
        groups.extend(child.group);
        groups
    };
    children.flat_map(groups_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(id: i32, parent: i32, group: i32) -> ProcessStat {
        let [id, parent, group] = [id, parent, group].map(Pid::from_raw);
        ProcessStat { id: id.expect("not 0"), state: 'S', parent, group }
    }

    #[test]
    fn only_descendants_at_any_depth_are_found() {
        let all = [process(2, 1, 2), process(3, 2, 2), process(4, 3, 4), process(5, 4, 5), process(9, 1, 9)];
        let groups = groups_below(all[0].id, &all);
        assert_eq!(groups, [2, 4, 5].into_iter().filter_map(Pid::from_raw).collect());
    }
}
