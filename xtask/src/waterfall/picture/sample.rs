//! Which requests are drawn where there are more than rows.

use super::super::bar::Bar;

/// At most so many of `bars`, in their order: one of each group of neighbours, a failed one if there is any.
pub(super) fn sample<'a>(bars: &[Bar<'a>], most: usize) -> Vec<Bar<'a>> {
    let size = bars.len().div_ceil(most).max(1);
    bars.chunks(size).enumerate().map(|(number, group)| one_of(number, group)).collect()
}

fn one_of<'a>(number: usize, group: &[Bar<'a>]) -> Bar<'a> {
    // Always the first would show only details where details and images take turns.
    let any = (number.wrapping_mul(0x9E37_79B9) >> 7) % group.len();
    *group.iter().find(|bar| bar.failed()).unwrap_or(&group[any])
}
