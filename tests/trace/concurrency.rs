//! Says in words between which actors the tidy text keeps no order.

use std::fmt::Write as _;

use crate::trace::spec::Line;

/// How the lines of two actors stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pair {
    /// No line of one has a place among the lines of the other.
    Unordered,
    /// Some have.
    Partly,
    /// All have.
    Ordered,
}

/// The foot of a tidy text: who is unordered with whom. `depends` says of two lines whether their order is kept.
pub(crate) fn describe_concurrency(lines: &[Line], depends: impl Fn(usize, usize) -> bool) -> String {
    let before = happens_before(lines.len(), depends);
    let actors = actors(lines);
    let pair = |a: &str, b: &str| {
        let places =
            |actor: &str| (0..lines.len()).filter(|&place| lines[place].actor == actor).collect::<Vec<_>>();
        compare(&places(a), &places(b), &before)
    };
    let mut words = String::new();
    let groups = groups(&actors, |a, b| pair(a, b) == Pair::Unordered);
    let none = if groups.is_empty() { "in either order: nothing\n" } else { "" };
    words.push_str(none);
    for group in groups {
        let _ = writeln!(words, "in either order: {}", group.join(", "));
    }
    for group in self::groups(&actors, |a, b| pair(a, b) == Pair::Partly) {
        let _ = writeln!(words, "partly in either order: {}", group.join(", "));
    }
    for unordered in
        actors.iter().filter(|actor| lines.iter().any(|line| line.unordered && line.actor == **actor))
    {
        let _ = writeln!(words, "in either order among themselves: {unordered}");
    }
    words
}

/// The actors, by first appearance.
fn actors(lines: &[Line]) -> Vec<&str> {
    let mut actors: Vec<&str> = Vec::new();
    for line in lines {
        if !actors.contains(&line.actor.as_str()) {
            actors.push(&line.actor);
        }
    }
    actors
}

/// `before[a][b]`: line a must come before line b, be it by way of others.
pub(crate) fn happens_before(count: usize, depends: impl Fn(usize, usize) -> bool) -> Vec<Vec<bool>> {
    let mut before = vec![vec![false; count]; count];
    for later in 0..count {
        for earlier in (0..later).filter(|&earlier| depends(earlier, later)) {
            for (line, row) in before.iter_mut().enumerate().take(earlier + 1) {
                row[later] |= line == earlier || row[earlier];
            }
        }
    }
    before
}

fn compare(ours: &[usize], theirs: &[usize], before: &[Vec<bool>]) -> Pair {
    let all = ours.len() * theirs.len();
    let ordered = ours
        .iter()
        .flat_map(|&our| theirs.iter().map(move |&their| (our, their)))
        .filter(|&(our, their)| before[our][their] || before[their][our])
        .count();
    match ordered {
        0 => Pair::Unordered,
        _ if ordered < all => Pair::Partly,
        _ => Pair::Ordered,
    }
}

/// Groups of actors of which each stands so to each other one; together they hold every such pair.
pub(crate) fn groups<'a>(actors: &[&'a str], related: impl Fn(&str, &str) -> bool) -> Vec<Vec<&'a str>> {
    let mut groups: Vec<Vec<&str>> = Vec::new();
    for (place, a) in actors.iter().enumerate() {
        for b in &actors[place + 1..] {
            let told = groups.iter().any(|group| group.contains(a) && group.contains(b));
            if related(a, b) && !told {
                let mut group = vec![*a, *b];
                for c in actors {
                    if !group.contains(c) && group.iter().all(|member| related(member, c)) {
                        group.push(c);
                    }
                }
                groups.push(group);
            }
        }
    }
    groups
}
