//! The waterfall as a picture: SVG without scripts or fonts of its own.

mod canvas;
mod legend;
mod panel;
mod sample;

use crate::trace::Trace;

use super::scale::Scale;
use super::{LONGEST_NAME, title, words};
use canvas::Canvas;

/// In pixels: the whole picture, and the room for names on the left of the bars and for totals on their right.
const WIDTH: f64 = 960.0;
const LEFT: f64 = 76.0;
const RIGHT: f64 = 80.0;

/// What every row shows, in words.
const READING: &str = "Each thin row is one request. It begins when the request is wanted, and ends when its last byte \
                       is there; time runs to the right.";

/// A picture of `traces`, a panel each, one below the other: 960 pixels wide, on a white ground of its own.
///
/// Every request is a row of its own, with its name and times as a tooltip. Where there are too many, only some are
/// drawn, failed ones first, and the panel says how many.
#[must_use]
pub fn svg(traces: &[Trace]) -> String {
    let scale = Scale::of(traces);
    let mut canvas = Canvas::default();
    let title = title(traces);
    canvas.text(20.0, 32.0, "title", &title);
    canvas.text(20.0, 54.0, "quiet", READING);
    let mut y = legend::draw(&mut canvas, 78.0);
    for trace in traces {
        y = panel::draw(&mut canvas, trace, &scale, y);
    }
    frame(&title, &canvas.into_body(), y)
}

fn frame(title: &str, body: &str, height: f64) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         font-family=\"system-ui, 'DejaVu Sans', 'Noto Sans CJK SC', 'PingFang SC', sans-serif\" font-size=\"13\">\n\
         <title>{}</title>\n<style>{}</style>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n{body}</svg>\n",
        canvas::escaped(title),
        legend::STYLE
    )
}

/// Where on the picture a time is.
fn place(scale: &Scale, time: f64) -> f64 {
    LEFT + scale.share(time) * (WIDTH - LEFT - RIGHT)
}
