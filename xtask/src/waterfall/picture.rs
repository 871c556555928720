//! The whole picture: the legend, and a panel for each strategy.

use super::panel::{self, LEFT_EDGE, WIDTH};
use super::scale::Scale;
use super::trace::Trace;
use crate::svg::{Canvas, Document, SANS_SERIF, horizontal};

/// Hues that the colour-blind can tell apart (Okabe and Ito's); pale and full ones differ in lightness too.
const STYLE: &str = "\
text { fill: #1f1f1f }
.title { font-size: 18px; font-weight: bold } .name { font-size: 16px; font-weight: bold }
.quiet { fill: #50555b } .small { fill: #50555b; font-size: 11px } .strong { font-weight: bold }
.end { text-anchor: end } .middle { text-anchor: middle }
.background { fill: #f6f7f9 } .marks { stroke: #dde0e4 }
.crawl { stroke: #50555b; stroke-width: 1.5; stroke-dasharray: 4 3 } .total { stroke: #1f1f1f; stroke-width: 2 }
.queued { stroke: #3c4043 }
.robots.waiting { stroke: #e9c9dc } .robots.receiving { stroke: #b0568b }
.listing.waiting { stroke: #86cfb9 } .listing.receiving { stroke: #007a59 }
.detail.waiting { stroke: #9ccbec } .detail.receiving { stroke: #0060a0 }
.image.waiting { stroke: #f9bd8c } .image.receiving { stroke: #c24f00 }
.halo { stroke: #ffffff; stroke-width: 4.5 } .cross { stroke: #a0001e; stroke-width: 2 }
";

const EXPLANATION: &str = "Each row is one request, from the moment when it is queued to its last byte: \
                           pale until its first byte arrives, full from then on.";

/// Draws the runs, a panel each, one below the other, all on one time scale. The result is an SVG document.
pub(super) fn draw(traces: &[Trace]) -> String {
    let title = match traces {
        [trace] => format!("Every request of {}", trace.strategy),
        _ => "Every request of every strategy, on one time scale".to_owned(),
    };
    let scale = Scale::new(traces);
    let mut canvas = Canvas::default();
    canvas.text(LEFT_EDGE, 32.0, "title", &title);
    canvas.text(LEFT_EDGE, 54.0, "quiet", EXPLANATION);
    legend(&mut canvas, 80.0);
    let height = traces.iter().fold(104.0, |y, trace| panel::draw(&mut canvas, trace, &scale, y));
    canvas.into_svg(&Document {
        title: &title,
        width: WIDTH,
        height,
        fonts: SANS_SERIF,
        font_size: 13.0,
        style: STYLE,
    })
}

/// Draws what the colours mean.
fn legend(canvas: &mut Canvas, y: f64) {
    let entries = [
        (20.0, ["listing waiting", "listing receiving"], "listing page"),
        (160.0, ["detail waiting", "detail receiving"], "detail page, with the address of one image"),
        (490.0, ["image waiting", "image receiving"], "image"),
        (600.0, ["queued", "queued"], "starting a process or a thread"),
    ];
    for (x, [left, right], meaning) in entries {
        canvas.thick_path(left, 10.0, &horizontal(x, y - 5.0, 12.0));
        canvas.thick_path(right, 10.0, &horizontal(x + 12.0, y - 5.0, 12.0));
        canvas.text(x + 30.0, y, "", meaning);
    }
    panel::cross(canvas, 864.0, y - 5.0, "");
    canvas.text(876.0, y, "", "failed");
}
