//! What is lost or gained from one version of a lesson's promises to the next, and where they are written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use course_tests::guarantees::{Guarantees, Pair};

use crate::files;

/// By lesson and scenario, and not by path: a snapshot that moves to another folder promises what it promised.
pub type ByTitle = BTreeMap<String, Guarantees>;

/// The promises that snapshots tell, each given with its path below the root of its workspace.
///
/// # Errors
/// When a snapshot cannot be read, or two tell of the same lesson and scenario.
pub fn by_title<P: AsRef<Path>>(snapshots: impl Iterator<Item = Result<(P, String)>>) -> Result<ByTitle> {
    let mut all = ByTitle::new();
    for snapshot in snapshots {
        let (path, text) = snapshot?;
        let path = path.as_ref();
        let twice = all.insert(title(path), Guarantees::read(&text)).is_some();
        ensure!(!twice, "{}: there is another snapshot of what {} promises", path.display(), title(path));
    }
    Ok(all)
}

/// The promises that the snapshots below `folder` tell; `root` is the root of its workspace.
///
/// # Errors
/// As [`by_title`], or when a folder cannot be read.
pub fn in_folder(root: &Path, folder: &Path) -> Result<ByTitle> {
    let paths = snapshots_below(folder).with_context(|| folder.display().to_string())?;
    let read = |path: &Path| fs::read_to_string(path).with_context(|| path.display().to_string());
    by_title(paths.iter().map(|path| Ok((path.strip_prefix(root)?, read(path)?))))
}

/// What a change makes of all promises: each lesson and scenario for which it makes something, and below it the
/// sentences that [`changes`] says of it. Empty when that is none.
#[must_use]
pub fn told(before: &ByTitle, after: &ByTitle) -> String {
    let titles: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut told = String::new();
    for title in titles {
        let changes = changes(before.get(title), after.get(title));
        if !changes.is_empty() {
            told.extend([title, "\n"]);
            told.extend(changes.iter().flat_map(|change| ["  - ", change, "\n"]));
        }
    }
    told
}

/// What a change makes of a scenario's promises, in sentences; empty when it is nothing.
#[must_use]
pub fn changes(before: Option<&Guarantees>, after: Option<&Guarantees>) -> Vec<String> {
    let (Some(before), Some(after)) = (before, after) else {
        return match (before, after) {
            (None, Some(after)) => vec![format!("is new: {}", after.found)],
            (Some(_), None) => vec!["is gone, with all that it promised".to_owned()],
            _ => Vec::new(),
        };
    };
    let told = |what: &str, promises: Vec<String>| -> Vec<String> {
        promises.into_iter().map(|promise| format!("{what}: {promise}")).collect()
    };
    let mut changes = [
        lines_that_come_and_go(before, after),
        told("no longer promises", beyond(before, after)),
        told("now promises", beyond(after, before)),
        values_that_come_and_go(before, after),
    ]
    .concat();
    if before.found != after.found {
        changes.push(format!("was: {}", before.found));
        changes.push(format!("is: {}", after.found));
    }
    changes
}

/// The lines that one version alone has. What was promised of these, or is, needs no word.
fn lines_that_come_and_go(before: &Guarantees, after: &Guarantees) -> Vec<String> {
    let gone = before.lines.difference(&after.lines).map(|line| format!("no longer prints “{line}”"));
    let new = after.lines.difference(&before.lines).map(|line| {
        let prints = if after.is_never_missing(line) { "prints" } else { "may print" };
        format!("{prints} a new line “{line}”")
    });
    gone.chain(new).collect()
}

/// What `one` promises of the lines that both have, and `other` does not.
fn beyond(one: &Guarantees, other: &Guarantees) -> Vec<String> {
    let both = |line: &String| one.lines.contains(line) && other.lines.contains(line);
    let ordered =
        orders_beyond(one, other).into_iter().map(|(a, b)| format!("“{a}” always comes before “{b}”"));
    let together = neighbours_beyond(one, other)
        .into_iter()
        .map(|(a, b)| format!("nothing is ever printed between “{a}” and “{b}”"));
    let missing = other.may_be_missing.iter().filter(|line| both(line) && one.is_never_missing(line));
    let never_missing = missing.map(|line| format!("“{line}” is never missing"));
    let apart = one.never_both.difference(&other.never_both).filter(|(a, b)| a < b && both(a) && both(b));
    let never_both = apart.map(|(a, b)| format!("“{a}” and “{b}” are never both printed"));
    let vary = other.may_vary.keys().filter(|line| both(line) && !one.may_vary.contains_key(*line));
    let never_varies = vary.map(|line| format!("“{line}” is the same in every run"));
    ordered.chain(together).chain(never_missing).chain(never_both).chain(never_varies).collect()
}

/// The pairs of lines that `one` orders and `other` does not, but for those of which a part would be told anyway.
fn orders_beyond(one: &Guarantees, other: &Guarantees) -> Vec<Pair> {
    let (ours, theirs) = (one.before(), other.before());
    let never_missing = |line: &&String| one.is_never_missing(line) && other.is_never_missing(line);
    let joints: BTreeSet<&String> = one.lines.iter().filter(never_missing).collect();
    let ordered = |a: &str, b: &str| ours.contains(&(a.to_owned(), b.to_owned()));
    let has_parts = |(a, b): &Pair| joints.iter().any(|between| ordered(a, between) && ordered(between, b));
    let both = |line: &String| other.lines.contains(line);
    let beyond = ours.difference(&theirs).filter(|pair| both(&pair.0) && both(&pair.1) && !has_parts(pair));
    beyond.cloned().collect()
}

/// The pairs of lines that nothing comes between in `one`, though another line could, and something may in `other`. Where
/// that follows from the order of lines in `one`, the order is told.
fn neighbours_beyond(one: &Guarantees, other: &Guarantees) -> Vec<Pair> {
    let (theirs, ordered) = (other.directly(), other.before());
    let lost = |pair: &&Pair| ordered.contains(pair) && !theirs.contains(pair);
    one.nothing_between.iter().filter(lost).cloned().collect()
}

/// What lines can be that vary in both versions.
fn values_that_come_and_go(before: &Guarantees, after: &Guarantees) -> Vec<String> {
    let mut changes = Vec::new();
    for (line, values) in &after.may_vary {
        let Some(former) = before.may_vary.get(line) else { continue };
        let gone: Vec<&str> = former.difference(values).map(String::as_str).collect();
        let new: Vec<&str> = values.difference(former).map(String::as_str).collect();
        if !gone.is_empty() {
            changes.push(format!("“{line}” can no longer be {}", gone.join(", ")));
        }
        if !new.is_empty() {
            changes.push(format!("“{line}” can now also be {}", new.join(", ")));
        }
    }
    changes
}

/// The snapshots of guarantees below `folder`, by path.
///
/// # Errors
/// When a folder cannot be read.
pub fn snapshots_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = files::below(folder)?;
    files.retain(|path| is_of_guarantees(path));
    Ok(files)
}

/// Whether a file is a snapshot of guarantees, by its name.
#[must_use]
pub fn is_of_guarantees(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.contains("__guarantees") && name.ends_with(".snap")
}

/// What a snapshot is about: its lesson, and its scenario where the lesson has more than one.
#[must_use]
pub fn title(path: &Path) -> String {
    let mut folders = path.iter().map(|part| part.to_string_lossy()).skip_while(|part| part != "crates");
    let lesson = folders.nth(1).unwrap_or_default().into_owned();
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    match name.split_once("__guarantees of ") {
        Some((_, scenario)) => format!("{lesson}, {scenario}"),
        None => lesson,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "---\nsource: x\n---\n3 possible outputs; every schedule was run\n\nalways\n  a  →  b  →  end\n\n\
        in either order\n  all of a, c\n\nmay be missing\n  nothing\n\nmay vary\n  a: 1, 2, 3\n";

    fn changes_between(before: &str, after: &str) -> Vec<String> {
        changes(Some(&Guarantees::read(before)), Some(&Guarantees::read(after)))
    }

    fn changes_to(after: &str) -> Vec<String> {
        changes_between(BEFORE, after)
    }

    #[test]
    fn the_same_promises_in_other_chains_are_no_change() {
        assert!(changes_to(&BEFORE.replace("  a  →  b  →  end\n", "  a  →  b\n  b  →  end\n")).is_empty());
    }

    #[test]
    fn a_lost_pair_and_a_gained_one_are_told_in_sentences() {
        let after = BEFORE.replace("a  →  b  →  end", "b  →  a  →  end");
        assert_eq!(
            changes_to(&after),
            ["no longer promises: “a” always comes before “b”", "now promises: “b” always comes before “a”",]
        );
    }

    #[test]
    fn a_line_that_may_be_missing_from_now_on_is_a_lost_promise() {
        let after = BEFORE.replace("  nothing\n", "  end (it is there in 2 of 3 outputs)\n");
        assert_eq!(changes_to(&after), ["no longer promises: “end” is never missing"]);
        assert_eq!(changes_between(&after, BEFORE), ["now promises: “end” is never missing"]);
    }

    #[test]
    fn an_order_that_went_by_way_of_a_line_that_may_be_missing_now_is_lost() {
        let after = BEFORE
            .replace("a  →  b  →  end", "a  →  b\n  b  →  end")
            .replace("  nothing\n", "  b (it is there in 2 of 3 outputs)\n");
        assert_eq!(
            changes_to(&after),
            ["no longer promises: “a” always comes before “end”", "no longer promises: “b” is never missing"]
        );
    }

    #[test]
    fn a_new_line_is_told_as_a_new_line_whether_it_may_be_missing_or_not() {
        let there = BEFORE.replace("b  →  end", "b  →  new  →  end");
        assert_eq!(changes_to(&there), ["prints a new line “new”"]);
        let missing = there.replace("  nothing\n", "  new (it is there in 2 of 3 outputs)\n");
        assert_eq!(changes_to(&missing), ["may print a new line “new”"]);
    }

    #[test]
    fn a_line_that_goes_is_told_and_the_order_of_the_others_is_still_compared() {
        let optional = BEFORE.replace("  nothing\n", "  b (it is there in 2 of 3 outputs)\n");
        for before in [BEFORE, &optional] {
            let after = BEFORE.replace("a  →  b  →  end", "a  →  end");
            assert_eq!(changes_between(before, &after), ["no longer prints “b”"]);
        }
        let after = BEFORE.replace("a  →  b  →  end", "a\n  end");
        let lost = "no longer promises: “a” always comes before “end”";
        assert_eq!(changes_to(&after), ["no longer prints “b”", lost]);
    }

    #[test]
    fn a_renamed_line_is_one_that_goes_and_one_that_comes() {
        let after = BEFORE.replace("a  →  b  →  end", "a  →  bee  →  end");
        assert_eq!(changes_to(&after), ["no longer prints “b”", "prints a new line “bee”"]);
    }

    #[test]
    fn lines_that_a_lock_kept_together_are_told_when_it_no_longer_does() {
        let locked = BEFORE
            .replace("  a  →  b  →  end\n", "  a  →  b  →  end\n  c\n\nwith nothing between\n  a  →  b\n");
        let narrowed = locked.replace("\nwith nothing between\n  a  →  b\n", "");
        let promise = "nothing is ever printed between “a” and “b”";
        assert_eq!(changes_between(&locked, &narrowed), [format!("no longer promises: {promise}")]);
        assert_eq!(changes_between(&narrowed, &locked), [format!("now promises: {promise}")]);
        // Where it follows, it is not lost.
        let last = narrowed.replace("  c\n", "  end  →  c\n");
        let order = "now promises: “end” always comes before “c”";
        assert_eq!(changes_between(&locked, &last), [order]);
    }

    #[test]
    fn two_lines_that_are_never_both_printed_from_now_on_are_told_so() {
        let missing = "a (it is there in 1 of 3 outputs)\n  b (it is there in 2 of 3 outputs)";
        let before = BEFORE.replace("  nothing\n", &format!("  {missing}\n"));
        let after = before
            .replace("a  →  b  →  end", "a  →  end\n  b  →  end")
            .replace("\nin either", "\nnever both\n  b  or  a\n\nin either");
        let promised =
            ["“a” always comes before “b”", "“a” and “b” are never both printed"].map(str::to_owned);
        let [order, never_both] = promised;
        assert_eq!(
            changes_between(&before, &after),
            [format!("no longer promises: {order}"), format!("now promises: {never_both}")]
        );
        assert_eq!(
            changes_between(&after, &before),
            [format!("no longer promises: {never_both}"), format!("now promises: {order}")]
        );
    }

    #[test]
    fn values_are_compared_one_by_one() {
        assert_eq!(changes_to(&BEFORE.replace("1, 2, 3", "1, 2")), ["“a” can no longer be 3"]);
        assert_eq!(changes_to(&BEFORE.replace("1, 2, 3", "1, 2, 3, 4")), ["“a” can now also be 4"]);
        assert_eq!(
            changes_to(&BEFORE.replace("1, 2, 3", "2, 3, 4, 5")),
            ["“a” can no longer be 1", "“a” can now also be 4, 5"]
        );
    }

    #[test]
    fn a_line_that_varies_no_longer_or_from_now_on_is_told() {
        let after = BEFORE.replace("\nmay vary\n  a: 1, 2, 3\n", "");
        assert_eq!(changes_to(&after), ["now promises: “a” is the same in every run"]);
        assert_eq!(changes_between(&after, BEFORE), ["no longer promises: “a” is the same in every run"]);
    }

    #[test]
    fn other_counts_of_outputs_are_told() {
        let after = BEFORE.replace("3 possible", "4 possible");
        assert_eq!(
            changes_to(&after),
            [
                "was: 3 possible outputs; every schedule was run",
                "is: 4 possible outputs; every schedule was run"
            ]
        );
    }

    #[test]
    fn a_new_and_a_removed_scenario_are_told() {
        let read = Guarantees::read(BEFORE);
        assert_eq!(changes(None, Some(&read)), ["is new: 3 possible outputs; every schedule was run"]);
        assert_eq!(changes(Some(&read), None), ["is gone, with all that it promised"]);
    }

    #[test]
    fn a_title_names_the_lesson_and_its_scenario() {
        let snapshots = Path::new("/home/crates/daemon/tests/snapshots");
        assert_eq!(title(&snapshots.join("orders__guarantees of cut-off.snap")), "daemon, cut-off");
        assert_eq!(title(&snapshots.join("orders__guarantees.snap")), "daemon");
    }
}
