//! Requests that share a row of characters.

use crate::trace::Kind;

use super::bar::Bar;
use super::words;

/// Some requests of one kind that follow each other.
#[derive(Debug)]
pub(super) struct Group<'a> {
    /// Which ones: `details 8–14`.
    pub(super) name: String,
    pub(super) bars: Vec<Bar<'a>>,
}

/// All of `bars`, in groups: the kinds one after the other, each in its order.
pub(super) fn groups<'a>(bars: &[Bar<'a>]) -> Vec<Group<'a>> {
    // What there is most of, and what takes the time, has three rows.
    let kinds = [(Kind::Robots, 1), (Kind::Listing, 1), (Kind::Detail, 3), (Kind::Image, 3)];
    kinds.into_iter().flat_map(|(kind, rows)| groups_of(kind, rows, bars)).collect()
}

fn groups_of<'a>(kind: Kind, rows: usize, bars: &[Bar<'a>]) -> Vec<Group<'a>> {
    let bars: Vec<_> = bars.iter().copied().filter(|bar| bar.request.kind == kind).collect();
    let size = bars.len().div_ceil(rows).max(1);
    let groups = bars.chunks(size).enumerate();
    groups
        .map(|(number, group)| {
            let name = name(kind, number * size + 1, group.len(), bars.len());
            Group { name, bars: group.to_vec() }
        })
        .collect()
}

fn name(kind: Kind, first: usize, count: usize, all: usize) -> String {
    let one = words::name(kind);
    match (count, all) {
        (_, 1) => one.to_owned(),
        (1, _) => format!("{one} {first}"),
        _ => format!("{one}s {first}–{}", first + count - 1),
    }
}
