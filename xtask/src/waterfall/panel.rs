//! The panel of one strategy.

use std::collections::BTreeMap;

use indicatif::DecimalBytes;

use super::caption::caption;
use super::scale::Scale;
use super::trace::{Kind, Request, Stage, Trace};
use super::units::{counted, seconds};
use crate::svg::{Canvas, horizontal, multiple, vertical};

/// The width of the picture.
pub(super) const WIDTH: f64 = 960.0;

/// The left end of all texts.
pub(super) const LEFT_EDGE: f64 = 20.0;

/// The space on the left of the bars, for names.
const LEFT: f64 = 76.0;

/// The space on the right of the bars, for the total time.
const RIGHT: f64 = 80.0;

/// The space above the bars, for the heading and the caption.
const ABOVE: f64 = 52.0;

/// The space below the bars, for the marks of time and a gap before the next panel.
const BELOW: f64 = 36.0;

/// The maximum height of all rows together.
const MAX_HEIGHT: f64 = 240.0;

/// The maximum height of a row.
const ROW: f64 = 5.0;

/// The rows of more requests would be too thin to see.
const MAX_ROWS: usize = 120;

/// The rows of a panel, and where they are.
struct Rows<'a> {
    requests: Vec<&'a Request>,
    top: f64,
    pitch: f64,
}

impl<'a> Rows<'a> {
    fn new(requests: Vec<&'a Request>, top: f64) -> Self {
        let pitch = (MAX_HEIGHT / multiple(requests.len().max(1), 1.0)).min(ROW);
        Self { requests, top, pitch }
    }

    /// The thickness of a bar; the rest of its row is a gap.
    fn thickness(&self) -> f64 {
        self.pitch * 0.8
    }

    /// The middle of the bar in this row.
    fn middle(&self, row: usize) -> f64 {
        self.top + multiple(row, self.pitch) + self.thickness() / 2.0
    }

    fn bottom(&self) -> f64 {
        self.top + multiple(self.requests.len().max(4), self.pitch)
    }
}

/// Draws the panel from `y` down, and returns where it ends.
pub(super) fn draw(canvas: &mut Canvas, trace: &Trace, scale: &Scale, y: f64) -> f64 {
    let rows = Rows::new(sample(&trace.requests), y + ABOVE);
    canvas.text_pair(
        LEFT_EDGE,
        y + 16.0,
        ("name", &trace.strategy),
        ("quiet", &figures(trace, rows.requests.len())),
    );
    canvas.text(LEFT_EDGE, y + 34.0, "", &caption(trace));
    background(canvas, scale, &rows);
    bars(canvas, scale, &rows);
    failures(canvas, scale, &rows);
    names(canvas, &rows);
    ends(canvas, trace, scale, &rows);
    rows.bottom() + BELOW
}

/// Returns a sample of at most [`MAX_ROWS`] requests, in their order: one of each group of neighbours, a failed one if there
/// is any.
fn sample(requests: &[Request]) -> Vec<&Request> {
    let groups = requests.chunks(requests.len().div_ceil(MAX_ROWS).max(1)).enumerate();
    groups
        .map(|(index, group)| {
            let failed = group.iter().find(|request| request.error.is_some());
            // The first of each would show detail pages only, where they take turns with images.
            failed.unwrap_or(&group[index % group.len()])
        })
        .collect()
}

fn figures(trace: &Trace, drawn: usize) -> String {
    let requests = &trace.requests;
    let received = requests.iter().fold(0_u64, |sum, request| sum.saturating_add(request.bytes));
    let failed = requests.iter().filter(|request| request.error.is_some()).count();
    let mut figures = vec![
        seconds(trace.total_seconds),
        counted(requests.len(), "request"),
        DecimalBytes(received).to_string(),
    ];
    if failed > 0 {
        figures.push(format!("{failed} failed"));
    }
    if drawn < requests.len() {
        figures.push(format!("{drawn} of the requests are drawn, failed ones first"));
    }
    figures.join(" · ")
}

/// Returns where on the picture a time is.
fn x(scale: &Scale, time: f64) -> f64 {
    LEFT + scale.position(time) * (WIDTH - LEFT - RIGHT)
}

/// Draws what is behind the bars, with the marks of time.
fn background(canvas: &mut Canvas, scale: &Scale, rows: &Rows) {
    let (top, bottom) = (rows.top, rows.bottom());
    canvas.rect(LEFT, top, WIDTH - LEFT - RIGHT, bottom - top, "background");
    let marks: Vec<_> = scale.marks().into_iter().map(|(time, label)| (x(scale, time), label)).collect();
    let lines: String = marks.iter().map(|(x, _)| vertical(*x, top, bottom + 4.0)).collect();
    canvas.path("marks", &lines);
    canvas.texts(bottom + 15.0, "small middle", &marks);
}

/// Draws all bars. Those of one kind and stage are one path, so that the file stays small.
fn bars(canvas: &mut Canvas, scale: &Scale, rows: &Rows) {
    let mut paths: BTreeMap<(Stage, Kind), String> = BTreeMap::new();
    for (row, request) in rows.requests.iter().enumerate() {
        for (stage, from, to) in request.stages() {
            let (start, end) = (x(scale, from), x(scale, to));
            // However short a request is, it can be seen; the thinner its row, the longer.
            let shortest = if stage == Stage::Receiving { ROW / rows.pitch } else { 0.0 };
            let length = (end - start).max(shortest);
            if length > 0.0 {
                let bar = horizontal((end - length).max(LEFT), rows.middle(row), length);
                paths.entry((stage, request.kind)).or_default().push_str(&bar);
            }
        }
    }
    for ((stage, kind), path) in paths {
        // As the style sheet names them: "image waiting".
        let class = format!("{kind:?} {stage:?}").to_lowercase();
        canvas.thick_path(&class, rows.thickness(), &path);
    }
}

/// Marks the requests that failed, with the reasons as tooltips.
fn failures(canvas: &mut Canvas, scale: &Scale, rows: &Rows) {
    for (row, request) in rows.requests.iter().enumerate() {
        if let Some(error) = &request.error {
            let tooltip = format!("{}: {error}", request.name);
            cross(canvas, x(scale, request.finished), rows.middle(row), &tooltip);
        }
    }
}

/// Draws a cross around the point.
pub(super) fn cross(canvas: &mut Canvas, x: f64, y: f64, tooltip: &str) {
    let path = format!("M{:.1} {:.1}l7 7m-7 0l7 -7", x - 3.5, y - 3.5);
    canvas.group("", tooltip, |canvas| {
        canvas.path("halo", &path);
        canvas.path("cross", &path);
    });
}

/// Names neighbouring rows of one kind on their left, where they are high enough for letters.
fn names(canvas: &mut Canvas, rows: &Rows) {
    let mut first = 0;
    for neighbours in rows.requests.chunk_by(|one, other| one.kind == other.kind) {
        let last = first + neighbours.len() - 1;
        let name = match neighbours[0].kind {
            Kind::Robots => "robots.txt",
            Kind::Listing => "listings",
            Kind::Detail => "details",
            Kind::Image => "images",
        };
        if multiple(neighbours.len(), rows.pitch) >= 3.0 * ROW {
            let middle = f64::midpoint(rows.middle(first), rows.middle(last));
            canvas.text(LEFT - 8.0, middle + 4.0, "small end", name);
        }
        first = last + 1;
    }
}

/// Draws the ends of the crawl and of the run.
fn ends(canvas: &mut Canvas, trace: &Trace, scale: &Scale, rows: &Rows) {
    let (top, bottom) = (rows.top, rows.bottom());
    let crawl = x(scale, trace.crawl_seconds);
    canvas.path("crawl", &vertical(crawl, top - 6.0, bottom));
    let (start, class) =
        if crawl > LEFT + 200.0 { (crawl - 4.0, "small end") } else { (crawl + 4.0, "small") };
    canvas.text(start, top - 3.0, class, &format!("crawl finished: {}", seconds(trace.crawl_seconds)));
    let total = x(scale, trace.total_seconds);
    canvas.path("total", &vertical(total, top, bottom));
    canvas.text(total + 6.0, bottom - 3.0, "small strong", &seconds(trace.total_seconds));
}
