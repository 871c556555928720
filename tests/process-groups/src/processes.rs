//! The processes of the system.

use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{self, Pid, Signal};

/// What the system shows of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProcessStat {
    /// Its id.
    pub id: Pid,
    /// What it does, as one letter: `R` running, `S` sleeping, `T` stopped, `Z` zombie, and others.
    pub state: char,
    /// The process that started it, or that adopted it; `None` if that is not shown here.
    pub parent: Option<Pid>,
    /// Its process group; `None` if that is not shown here.
    pub group: Option<Pid>,
}

impl ProcessStat {
    /// Returns all processes, from `/proc`.
    #[cfg(target_os = "linux")]
    pub fn all() -> impl Iterator<Item = Self> {
        let names = std::fs::read_dir("/proc").into_iter().flatten().flatten().map(|entry| entry.file_name());
        names.filter_map(|name| Self::read(name.to_str()?.parse().ok().and_then(Pid::from_raw)?))
    }

    /// Reads `/proc/ID/stat`; `None` once there is no such process.
    #[cfg(target_os = "linux")]
    #[must_use]
    pub fn read(id: Pid) -> Option<Self> {
        Self::parse(&std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?)
    }

    /// Parses `/proc/ID/stat`, see `man proc_pid_stat`: id, program in parentheses (which may contain any character),
    /// state, parent, group, and more.
    #[cfg(target_os = "linux")]
    fn parse(stat: &str) -> Option<Self> {
        let (id, rest) = stat.split_once(" (")?;
        Self::from_words(id, rest.rsplit_once(") ")?.1.split(' '))
    }

    /// Returns all processes, from `ps`.
    #[cfg(not(target_os = "linux"))]
    pub fn all() -> impl Iterator<Item = Self> {
        let mut command = std::process::Command::new("ps");
        command.args(["-A", "-o", "pid=,state=,ppid=,pgid="]).stdout(std::process::Stdio::piped());
        let ps = command.spawn();
        // It shows itself, as a child of this process.
        let itself = ps.as_ref().ok().map(Pid::from_child);
        let output = ps.and_then(std::process::Child::wait_with_output);
        let table =
            output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
        let row = |row: &str| {
            let mut words = row.split_whitespace();
            Self::from_words(words.next()?, words)
        };
        table
            .lines()
            .filter_map(row)
            .filter(|process| Some(process.id) != itself)
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// Reads the state, the parent and the group from `words`.
    fn from_words<'a>(id: &str, mut words: impl Iterator<Item = &'a str>) -> Option<Self> {
        // 0 means that there is none, or none here; Linux shows -1 for a process that is gone meanwhile.
        let pid = |word: &str| Some(Pid::from_raw(word.parse::<i32>().ok()?.max(0)));
        Some(Self {
            id: pid(id)??,
            state: words.next()?.chars().next()?,
            parent: pid(words.next()?)?,
            group: pid(words.next()?)?,
        })
    }
}

/// How long child processes may take to end after a signal.
const GRACE: Duration = Duration::from_secs(1);

/// Sends `signal` to the child processes of this one until they have ended, for a second at most.
pub fn end_children(signal: Signal) {
    let this = Some(process::getpid());
    let is_child = |process: &ProcessStat| process.parent == this && process.state != 'Z';
    let start = Instant::now();
    while start.elapsed() < GRACE {
        // Again in each round: another thread may have started one meanwhile.
        let children: Vec<_> = ProcessStat::all().filter(is_child).collect();
        if children.is_empty() {
            break;
        }
        for child in children {
            // The only possible error is ESRCH: it has ended.
            let _ = process::kill_process(child.id, signal);
        }
        thread::sleep(Duration::from_millis(1));
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_program_may_contain_parentheses_and_spaces() {
        let stat = ProcessStat::parse("7 (a) 1 (b)) S 3 5 5 0 -1").expect("it can be parsed");
        assert_eq!((stat.id, stat.state), (Pid::from_raw(7).expect("not 0"), 'S'));
        assert_eq!((stat.parent, stat.group), (Pid::from_raw(3), Pid::from_raw(5)));
        let without_parent = ProcessStat::parse("2 (kthreadd) S 0 0 0 0").expect("it can be parsed");
        assert_eq!((without_parent.parent, without_parent.group), (None, None));
    }

    #[test]
    fn a_process_that_is_gone_while_it_is_read_has_no_group() {
        let stat = ProcessStat::parse("7 (sh) X 0 -1 -1 0 -1").expect("it can be parsed");
        assert_eq!((stat.parent, stat.group), (None, None));
    }
}
