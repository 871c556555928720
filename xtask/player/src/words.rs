//! Words that the screen and the line mode share.

use crate::program::{EndKind, Goal, Position, State};
use crate::session::{Progress, Session};

/// Returns whether an actor can take a step, in a word.
#[must_use]
pub fn state(state: State) -> &'static str {
    match state {
        State::Ready => "ready",
        State::Waits => "waits",
        State::Ended => "ended",
        State::CutOff => "cut off",
    }
}

/// The folders whose programs can have several files.
const SEVERAL_FILES: [&str; 2] = ["/src/", "/tests/lesson/"];

/// Describes a place: "line 12" in main.rs or a program of one file, elsewhere "child.rs line 12".
#[must_use]
pub fn place(position: &Position, file: Option<&str>, line: usize) -> String {
    let Some(file) = file else { return String::new() };
    let first = position.steps.iter().find_map(|step| step.file.as_deref());
    let first = first.or_else(|| position.actors.first()?.file.as_deref());
    let is_one_of_several = SEVERAL_FILES.iter().any(|folder| file.contains(folder));
    if file.ends_with("/main.rs") || first == Some(file) && !is_one_of_several {
        return format!("line {line}");
    }
    format!("{} line {line}", file.rsplit('/').next().unwrap_or(file))
}

/// Returns a number of switches in words.
#[must_use]
pub fn switches(count: usize) -> String {
    if count == 1 { "1 switch".to_owned() } else { format!("{count} switches") }
}

/// Describes a goal and how far the player has come with it: `[x] print 1000: 4 switches (fewest: 2)`.
#[must_use]
pub fn goal(goal: &Goal, progress: &Progress) -> String {
    let (mark, own) = match progress.own {
        Some(own) => ('x', format!(": {}", switches(own))),
        None => (' ', String::new()),
    };
    let fewest = match progress.fewest {
        Some(fewest) if own.is_empty() => format!(" (fewest switches: {fewest})"),
        Some(fewest) => format!(" (fewest: {fewest})"),
        None if progress.impossible => " (no schedule reaches it)".to_owned(),
        None => String::new(),
    };
    format!("[{mark}] {}{own}{fewest}", goal.name)
}

/// Announces how the program has ended and which goals are reached, a line each. Empty while it runs.
#[must_use]
pub fn announcements(session: &Session) -> Vec<String> {
    let Some(end) = &session.position().end else { return Vec::new() };
    let (kind, default) = match end.kind {
        EndKind::Exit => ("END", "the program has exited"),
        EndKind::Deadlock => ("DEADLOCK", "no thread or process can take another step"),
        EndKind::Panic => ("PANIC", "a thread has panicked"),
        EndKind::Failed => ("FAILED", "the program has failed"),
    };
    let words = end.words.join(" ");
    let words = match words.split_once(": ") {
        Some((begin, rest)) if begin.eq_ignore_ascii_case(kind) => rest,
        _ if words.is_empty() => default,
        _ => &words,
    };
    let mut lines = vec![format!("{kind}: {words}")];
    lines.extend(session.reached().map(|(goal, progress)| {
        let fewest = progress.fewest.map(|fewest| format!(" (fewest: {fewest})")).unwrap_or_default();
        format!("GOAL REACHED: {}, in {}{fewest}", goal.name, switches(session.switches()))
    }));
    lines
}

#[cfg(test)]
mod tests {
    use super::place;
    use crate::program::Position;

    #[test]
    fn a_file_is_named_if_it_is_neither_main_rs_nor_the_only_one() {
        let in_first_file = |file: &str| {
            let first = format!(r#"[{{"name": "main", "state": "ready", "file": "{file}"}}]"#);
            let json =
                format!(r#"{{"actors": {first}, "printed": [], "holds": [], "steps": [], "end": null}}"#);
            let position: Position = serde_json::from_str(&json).expect("a position");
            place(&position, Some(file), 4)
        };
        assert_eq!(in_first_file("crates/tea/src/main.rs"), "line 4");
        assert_eq!(in_first_file("crates/tea/src/kettle.rs"), "kettle.rs line 4");
        assert_eq!(in_first_file("crates/tea/wrong/spilt.rs"), "line 4");
    }
}
