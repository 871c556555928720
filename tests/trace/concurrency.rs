//! Which lines of a run happen before which, and which actors are therefore concurrent.

use std::fmt::Write as _;

use crate::trace::line::Line;

/// `relation[a][b]`: whether line a happens before line b.
pub(crate) type Relation = Vec<Vec<bool>>;

/// Returns which of `lines`, given in an order in which they were printed, happen before which: directly, or through
/// other lines.
pub(crate) fn happens_before(lines: &[Line]) -> Relation {
    let count = lines.len();
    let mut before = vec![vec![false; count]; count];
    for later in 0..count {
        for earlier in (0..later).filter(|&earlier| lines[earlier].depends_on(&lines[later])) {
            for (line, row) in before.iter_mut().enumerate().take(earlier + 1) {
                row[later] |= line == earlier || row[earlier];
            }
        }
    }
    before
}

/// How many pairs of lines of two actors have an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ordered {
    None,
    Some,
    All,
}

/// Describes which actors are concurrent, one line for each group of them.
pub(crate) fn describe_concurrency(lines: &[Line], before: &Relation) -> String {
    let actors = actors(lines);
    let lines_of =
        |actor: &str| (0..lines.len()).filter(|&index| lines[index].actor == actor).collect::<Vec<_>>();
    let pair = |a: &str, b: &str| compare(&lines_of(a), &lines_of(b), before);
    let mut text = String::new();
    let concurrent = groups(&actors, |a, b| pair(a, b) == Ordered::None);
    if concurrent.is_empty() {
        text.push_str("in either order: nothing\n");
    }
    for group in concurrent {
        let _ = writeln!(text, "in either order: {}", group.join(", "));
    }
    for group in groups(&actors, |a, b| pair(a, b) == Ordered::Some) {
        let _ = writeln!(text, "partly in either order: {}", group.join(", "));
    }
    let unordered = |actor: &&&str| lines.iter().any(|line| line.unordered && line.actor == **actor);
    for actor in actors.iter().filter(unordered) {
        let _ = writeln!(text, "in either order among themselves: {actor}");
    }
    text
}

/// Returns the actors by first appearance.
fn actors(lines: &[Line]) -> Vec<&str> {
    let mut actors: Vec<&str> = Vec::new();
    for line in lines {
        if !actors.contains(&line.actor.as_str()) {
            actors.push(&line.actor);
        }
    }
    actors
}

fn compare(ours: &[usize], theirs: &[usize], before: &Relation) -> Ordered {
    let pairs = ours.iter().flat_map(|&our| theirs.iter().map(move |&their| (our, their)));
    let ordered = pairs.filter(|&(our, their)| before[our][their] || before[their][our]).count();
    match ordered {
        0 => Ordered::None,
        _ if ordered < ours.len() * theirs.len() => Ordered::Some,
        _ => Ordered::All,
    }
}

/// Returns groups whose members are all related to each other, and which together contain every related pair.
pub(crate) fn groups<'a>(members: &[&'a str], related: impl Fn(&str, &str) -> bool) -> Vec<Vec<&'a str>> {
    let mut groups: Vec<Vec<&str>> = Vec::new();
    for (index, a) in members.iter().enumerate() {
        for b in &members[index + 1..] {
            let contained = groups.iter().any(|group| group.contains(a) && group.contains(b));
            if contained || !related(a, b) {
                continue;
            }
            let mut group = vec![*a, *b];
            for c in members {
                if !group.contains(c) && group.iter().all(|member| related(member, c)) {
                    group.push(c);
                }
            }
            groups.push(group);
        }
    }
    groups
}
