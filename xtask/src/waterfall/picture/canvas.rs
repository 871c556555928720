//! The few shapes that the picture is made of.

use std::fmt::Write as _;

use super::words::plain;

/// Shapes, the later ones above the earlier.
#[derive(Debug, Default)]
pub(super) struct Canvas(String);

impl Canvas {
    pub(super) fn into_body(self) -> String {
        self.0
    }

    /// A text that begins at `x`, or ends there if its class says so; `y` is its base line.
    pub(super) fn text(&mut self, x: f64, y: f64, class: &str, text: &str) {
        let _ =
            writeln!(self.0, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", escaped(text));
    }

    /// A heading, and beside it a text in plain letters.
    pub(super) fn heading(&mut self, y: f64, heading: &str, beside: &str) {
        let (heading, beside) = (escaped(heading), escaped(beside));
        let _ = writeln!(
            self.0,
            "<text x=\"20\" y=\"{y:.1}\"><tspan class=\"name\">{heading}</tspan>\
             <tspan class=\"quiet\" dx=\"12\">{beside}</tspan></text>"
        );
    }

    pub(super) fn rect(&mut self, class: &str, x: f64, y: f64, width: f64, height: f64) {
        let _ = writeln!(
            self.0,
            "<rect class=\"{class}\" x=\"{x:.2}\" y=\"{y:.2}\" width=\"{width:.2}\" height=\"{height:.2}\"/>"
        );
    }

    /// A line from top to bottom.
    pub(super) fn upright(&mut self, class: &str, x: f64, top: f64, bottom: f64) {
        let _ = writeln!(self.0, "<path class=\"{class}\" d=\"M{x:.2} {top:.2}V{bottom:.2}\"/>");
    }

    /// A cross around this point.
    pub(super) fn cross(&mut self, x: f64, y: f64) {
        let (left, right, top, bottom) = (x - 3.5, x + 3.5, y - 3.5, y + 3.5);
        let path =
            format!("M{left:.2} {top:.2}L{right:.2} {bottom:.2}M{left:.2} {bottom:.2}L{right:.2} {top:.2}");
        let _ = writeln!(self.0, "<path class=\"halo\" d=\"{path}\"/><path class=\"cross\" d=\"{path}\"/>");
    }

    /// Shapes that belong together, and what is said about them when a pointer rests on them.
    pub(super) fn group(&mut self, class: &str, said: &str, draw: impl FnOnce(&mut Self)) {
        let _ = writeln!(self.0, "<g class=\"{class}\"><title>{}</title>", escaped(said));
        draw(self);
        self.0.push_str("</g>\n");
    }
}

pub(super) fn escaped(text: &str) -> String {
    plain(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
