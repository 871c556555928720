//! A row of characters: what its requests were doing, column by column.

use crate::trace::Trace;

use super::bar::Doing;
use super::group::Group;
use super::scale::Scale;

pub(super) const STARTING: char = '▒';
pub(super) const WAITING: char = '─';
pub(super) const READING: char = '█';
pub(super) const FAILED: char = '×';
pub(super) const CRAWL: char = '┆';
pub(super) const END: char = '│';

/// Where in a row a time is.
#[derive(Debug)]
pub(super) struct Places {
    pub(super) scale: Scale,
    pub(super) columns: usize,
}

impl Places {
    /// The column of a time; that of the scale's end is one more than there are.
    pub(super) fn column(&self, time: f64) -> usize {
        whole(self.exactly(time))
    }

    /// In columns, from 0 to their number.
    fn exactly(&self, time: f64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "no terminal has so many columns")]
        let columns = self.columns as f64;
        self.scale.share(time) * columns
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "from 0 to the number of columns"
)]
fn whole(columns: f64) -> usize {
    columns as usize
}

/// The row of `group`, with the ends of the crawl and of the run where nothing else is.
pub(super) fn cells(group: &Group, trace: &Trace, places: &Places) -> String {
    let mut cells: Vec<char> = weights(group, places).iter().map(most).collect();
    // The end of the longest run is behind all bars.
    cells.push(' ');
    for bar in group.bars.iter().filter(|bar| bar.failed()) {
        cells[places.column(bar.ended)] = FAILED;
    }
    for (time, sign) in [(trace.total, END), (trace.crawl, CRAWL)] {
        let cell = &mut cells[places.column(time.as_secs_f64())];
        if *cell == ' ' {
            *cell = sign;
        }
    }
    cells.into_iter().collect()
}

/// How much of each column the requests were waiting, reading and starting.
type Weights = [f64; 3];

fn weights(group: &Group, places: &Places) -> Vec<Weights> {
    let mut weights = vec![Weights::default(); places.columns];
    for bar in &group.bars {
        for (doing, from, to) in bar.segments() {
            let (from, to) = (places.exactly(from), places.exactly(to));
            for (column, weights) in weights.iter_mut().enumerate().take(whole(to) + 1).skip(whole(from)) {
                weights[index(doing)] += within(column, from, to);
            }
        }
        // One that took no time is seen nevertheless.
        if bar.ended <= bar.wanted {
            weights[places.column(bar.ended).min(places.columns - 1)][index(Doing::Reading)] += f64::EPSILON;
        }
    }
    weights
}

/// How much of this column lies between the two.
fn within(column: usize, from: f64, to: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "no terminal has so many columns")]
    let left = column as f64;
    (to.min(left + 1.0) - from.max(left)).max(0.0)
}

fn index(doing: Doing) -> usize {
    match doing {
        Doing::Waiting => 0,
        Doing::Reading => 1,
        Doing::Starting => 2,
    }
}

/// What was done most.
fn most(weights: &Weights) -> char {
    let signs = weights.iter().zip([WAITING, READING, STARTING]);
    let done = signs.filter(|(weight, _)| **weight > 0.0);
    done.max_by(|one, other| one.0.total_cmp(other.0)).map_or(' ', |(_, sign)| sign)
}
