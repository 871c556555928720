//! One strategy's panel.

use std::ops::Range;

use crate::trace::{Kind, Trace};

use super::canvas::Canvas;
use super::sample::sample;
use super::{LEFT, LONGEST_NAME, RIGHT, WIDTH, place, words};
use crate::waterfall::bar::{Bar, Doing, bars};
use crate::waterfall::figures;
use crate::waterfall::scale::Scale;
use crate::waterfall::sentence::sentence;

/// In pixels: the height of all rows together at the most, of a single one, and what is above and below them.
const TALLEST: f64 = 240.0;
const ROW: f64 = 5.0;
const ABOVE: f64 = 34.0;
const BELOW: f64 = 36.0;
const LINE: f64 = 18.0;

/// In letters: so long may a line of the sentence be.
const LETTERS: usize = 134;

/// Rows thinner than this cannot be told apart.
const MOST_ROWS: usize = 120;

/// In pixels: a request is seen, however short it was, and in a thin row no worse.
const SHORTEST: f64 = 1.0;
const SHORTEST_IF_THIN: f64 = 3.0;

/// The rows of a panel, and where they stand.
struct Rows<'a> {
    bars: Vec<Bar<'a>>,
    top: f64,
    pitch: f64,
}

impl Rows<'_> {
    fn y(&self, row: usize) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "there are at most MOST_ROWS")]
        let row = row as f64;
        self.top + row * self.pitch
    }

    fn bottom(&self) -> f64 {
        self.y(self.bars.len().max(4))
    }
}

/// Draws it from `y` on; the result is where it ends.
pub(super) fn draw(canvas: &mut Canvas, trace: &Trace, scale: &Scale, y: f64) -> f64 {
    let all = bars(trace);
    let sentence = words::wrapped(&sentence(trace), LETTERS);
    let mut rows = rows(&all, y + ABOVE);
    let name = words::shortened(&trace.strategy, LONGEST_NAME);
    canvas.heading(y + 16.0, &name, &(figures(trace) + &sampled(all.len(), rows.bars.len())));
    for line in sentence {
        canvas.text(20.0, rows.top, "", &line);
        rows.top += LINE;
    }
    ground(canvas, scale, &rows);
    for (row, bar) in rows.bars.iter().enumerate() {
        request(canvas, bar, scale, rows.y(row), rows.pitch);
    }
    kinds(canvas, &rows);
    ends(canvas, trace, scale, &rows);
    rows.bottom() + BELOW
}

fn rows<'a>(all: &[Bar<'a>], top: f64) -> Rows<'a> {
    let bars = sample(all, MOST_ROWS);
    #[expect(clippy::cast_precision_loss, reason = "there are at most MOST_ROWS")]
    let pitch = (TALLEST / bars.len().max(1) as f64).min(ROW);
    Rows { bars, top, pitch }
}

fn sampled(all: usize, drawn: usize) -> String {
    if all == drawn {
        return String::new();
    }
    format!(" · too many for a row each: {drawn} of them are drawn, failed ones first")
}

/// The panel's own ground, and the marks of time on it.
fn ground(canvas: &mut Canvas, scale: &Scale, rows: &Rows) {
    let (top, bottom) = (rows.top, rows.bottom());
    canvas.rect("ground", LEFT, top, WIDTH - LEFT - RIGHT, bottom - top);
    for (time, label) in scale.marks() {
        let x = place(scale, time);
        canvas.upright("mark", x, top, bottom + 4.0);
        canvas.text(x, bottom + 15.0, "small middle", &label);
    }
}

fn request(canvas: &mut Canvas, bar: &Bar, scale: &Scale, y: f64, pitch: f64) {
    let thin = pitch < 3.0;
    let height = if thin { pitch } else { pitch - 1.0 };
    canvas.group(&format!("request {}", class(bar.request.kind)), &said(bar), |canvas| {
        for (doing, from, to) in bar.segments() {
            let (name, shortest) = match doing {
                Doing::Starting => ("starting", 0.0),
                Doing::Waiting => ("waiting", 0.0),
                Doing::Reading if thin => ("reading", SHORTEST_IF_THIN),
                Doing::Reading => ("reading", SHORTEST),
            };
            let (from, to) = (place(scale, from), place(scale, to));
            let width = (to - from).max(shortest);
            // A segment that is made longer still ends where it ends.
            let x = if width > to - from { (to - width).max(LEFT) } else { from };
            if width > 0.0 {
                canvas.rect(name, x, y, width, height);
            }
        }
        if bar.failed() {
            canvas.cross(place(scale, bar.ended), y + height / 2.0);
        }
    });
}

fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Robots => "robots",
        Kind::Listing => "listing",
        Kind::Detail => "detail",
        Kind::Image => "image",
    }
}

/// All that is known of a request, on one line.
fn said(bar: &Bar) -> String {
    let request = bar.request;
    let [starting, waiting, reading] = bar.segments().map(|(_, from, to)| words::seconds(to - from));
    let failure = request.failure.as_ref().map(|why| format!("; failed: {why}")).unwrap_or_default();
    format!(
        "{} {}: at {}, started in {starting}, answered after {waiting}, {} in {reading}{failure}",
        words::name(request.kind),
        request.name,
        words::seconds(bar.wanted),
        words::bytes(request.bytes)
    )
}

/// Names the kinds of neighbouring rows on their left, where there is room for letters. Kinds that take turns row by row
/// are named together.
fn kinds(canvas: &mut Canvas, rows: &Rows) {
    let mut first = 0;
    let mut turns = 0..0;
    for neighbours in rows.bars.chunk_by(|one, other| one.request.kind == other.request.kind) {
        let end = first + neighbours.len();
        let name = words::name(neighbours[0].request.kind);
        let plural = if neighbours.len() == 1 { "" } else { "s" };
        if name_rows(canvas, rows, first..end, &format!("{name}{plural}")) {
            name_rows(canvas, rows, turns, "both kinds");
            turns = end..end;
        }
        turns.end = end;
        first = end;
    }
    name_rows(canvas, rows, turns, "both kinds");
}

/// Whether there was room for it.
fn name_rows(canvas: &mut Canvas, rows: &Rows, named: Range<usize>, name: &str) -> bool {
    let (top, bottom) = (rows.y(named.start), rows.y(named.end));
    let room = bottom - top >= 3.0 * ROW;
    if room {
        canvas.text(LEFT - 8.0, f64::midpoint(top, bottom) + 4.0, "small end", name);
    }
    room
}

/// The ends of the crawl and of the whole run.
fn ends(canvas: &mut Canvas, trace: &Trace, scale: &Scale, rows: &Rows) {
    let (crawl, total) = (trace.crawl.as_secs_f64(), trace.total.as_secs_f64());
    let (top, bottom) = (rows.top, rows.bottom());
    let x = place(scale, crawl);
    canvas.upright("crawl", x, top - 6.0, bottom);
    let label = format!("all addresses known: {}", words::seconds(crawl));
    let (x, class) = if x > LEFT + 200.0 { (x - 4.0, "small end") } else { (x + 4.0, "small") };
    canvas.text(x, top - 3.0, class, &label);
    let x = place(scale, total);
    canvas.upright("done", x, top, bottom);
    canvas.text(x + 6.0, bottom - 3.0, "small strong", &words::seconds(total));
}
