//! What the colours mean, and the colours.

use super::canvas::Canvas;

/// Hues that can be told apart by those who see fewer of them (Okabe and Ito's); the pale ones by their lightness, too.
pub(super) const STYLE: &str = "\
text { fill: #1f1f1f } .title { font-size: 18px; font-weight: bold } .name { font-size: 16px; font-weight: bold } \
.quiet { fill: #50555b } .small { fill: #50555b; font-size: 11px } .end { text-anchor: end } \
.middle { text-anchor: middle } .strong { font-weight: bold } \
.ground { fill: #f6f7f9 } .mark { stroke: #dde0e4 } \
.crawl { stroke: #50555b; stroke-width: 1.5; stroke-dasharray: 4 3 } .done { stroke: #1f1f1f; stroke-width: 2 } \
.starting { fill: #3c4043 } \
.robots .waiting { fill: #e9c9dc } .robots .reading { fill: #b0568b } \
.listing .waiting { fill: #86cfb9 } .listing .reading { fill: #007a59 } \
.detail .waiting { fill: #9ccbec } .detail .reading { fill: #0060a0 } \
.image .waiting { fill: #f9bd8c } .image .reading { fill: #c24f00 } \
.halo { stroke: #ffffff; stroke-width: 4.5; fill: none } .cross { stroke: #a0001e; stroke-width: 2; fill: none }";

/// In pixels: a sample of a colour.
const SAMPLE: f64 = 22.0;

/// Draws it from `y` on; the result is where it ends.
pub(super) fn draw(canvas: &mut Canvas, y: f64) -> f64 {
    what_is_asked_for(canvas, y);
    what_goes_on(canvas, y + 22.0);
    y + 44.0
}

fn what_is_asked_for(canvas: &mut Canvas, y: f64) {
    canvas.text(20.0, y, "strong", "What is asked for:");
    let kinds = [
        (160.0, "listing", "the listing, a page of links"),
        (392.0, "detail", "a detail page, which has the address of one image"),
        (772.0, "image", "an image"),
    ];
    for (x, kind, said) in kinds {
        canvas.group(kind, said, |canvas| {
            canvas.rect("waiting", x, y - 10.0, SAMPLE - 6.0, 10.0);
            canvas.rect("reading", x + SAMPLE - 6.0, y - 10.0, 6.0, 10.0);
        });
        canvas.text(x + SAMPLE + 6.0, y, "", said);
    }
}

fn what_goes_on(canvas: &mut Canvas, y: f64) {
    canvas.text(20.0, y, "strong", "What goes on:");
    canvas.rect("starting", 160.0, y - 10.0, SAMPLE, 10.0);
    canvas.text(160.0 + SAMPLE + 6.0, y, "", "a process or a thread is started");
    for (x, kind) in [(424.0, "listing"), (432.0, "detail"), (440.0, "image")] {
        canvas.group(kind, "waiting", |canvas| canvas.rect("waiting", x, y - 10.0, 8.0, 10.0));
    }
    canvas.text(424.0 + SAMPLE + 8.0, y, "", "pale: waiting for the answer");
    for (x, kind) in [(660.0, "listing"), (668.0, "detail"), (676.0, "image")] {
        canvas.group(kind, "reading", |canvas| canvas.rect("reading", x, y - 10.0, 8.0, 10.0));
    }
    canvas.text(660.0 + SAMPLE + 8.0, y, "", "full: its bytes come");
    canvas.cross(850.0, y - 5.0);
    canvas.text(862.0, y, "", "it failed");
}
