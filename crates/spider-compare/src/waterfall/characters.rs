//! The waterfall in a terminal: bars of characters.

use unicode_width::UnicodeWidthStr;

use crate::trace::Trace;

use super::bar::bars;
use super::cells::{CRAWL, END, FAILED, Places, READING, STARTING, WAITING, cells};
use super::group::groups;
use super::scale::Scale;
use super::sentence::sentence;
use super::words::{plain, shortened, wrapped};
use super::{figures, title};

/// Less than this is no picture.
const FEWEST_COLUMNS: usize = 40;

/// What stands on the left of the bars.
const NAMES: usize = 19;

/// `traces` as bars of characters, a panel each, one below the other, all on one time scale. No line is wider than
/// `columns`; fewer than 40 count as 40.
///
/// A row stands for several requests that follow each other, and says which. Five strategies take some sixty lines,
/// however many requests they have.
#[must_use]
pub fn text(traces: &[Trace], columns: usize) -> String {
    let columns = columns.max(FEWEST_COLUMNS);
    let places = Places { scale: Scale::of(traces), columns: columns - NAMES - 1 };
    let mut lines = wrapped(&title(traces), columns);
    lines.extend(legend(columns));
    for trace in traces {
        lines.push(String::new());
        lines.extend(panel(trace, &places, columns));
        lines.push(marks(&places));
    }
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn legend(columns: usize) -> Vec<String> {
    let signs = [
        (STARTING, "a process or a thread is started"),
        (WAITING, "waiting for the answer"),
        (READING, "its bytes come"),
        (FAILED, "it failed"),
        (CRAWL, "all addresses are known"),
        (END, "the end"),
    ];
    let signs = signs.map(|(sign, meaning)| format!("{sign} {meaning}")).join("; ");
    let reading = "A row stands for the requests that it names, and shows what most of them were doing.";
    wrapped(&format!("{signs}. {reading}"), columns)
}

fn panel(trace: &Trace, places: &Places, columns: usize) -> Vec<String> {
    let mut lines = vec![heading(trace, columns)];
    lines.extend(wrapped(&sentence(trace), columns));
    let rows = groups(&bars(trace));
    lines.extend(rows.iter().map(|group| format!("{:NAMES$}{}", group.name, cells(group, trace, places))));
    lines
}

/// The strategy's name, shortened where it would leave no room for the figures.
fn heading(trace: &Trace, columns: usize) -> String {
    let figures = figures(trace);
    let name = shortened(&plain(&trace.strategy), columns.saturating_sub(figures.width() + 2));
    shortened(&format!("{name}  {figures}"), columns)
}

/// The marks of time, each from its column on, as far as there is room.
fn marks(places: &Places) -> String {
    let mut line = " ".repeat(NAMES);
    for (time, label) in places.scale.marks() {
        let at = NAMES + places.column(time);
        let room = at > line.width() || time == 0.0;
        if room && at + label.width() <= NAMES + places.columns + 1 {
            line.push_str(&" ".repeat(at - line.width()));
            line.push_str(&label);
        }
    }
    line
}
