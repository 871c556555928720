//! The shapes and the document that pictures are made of.
//!
//! Shapes have classes; how a class looks is up to the style sheet of the document. All lengths are in pixels.

use std::fmt::{self, Write as _};

/// Fonts whose characters all have the same width.
pub const MONOSPACE: &str =
    "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, 'Noto Sans Mono CJK SC', 'PingFang SC', monospace";

/// Fonts for sentences.
pub const SANS_SERIF: &str = "system-ui, 'DejaVu Sans', 'Noto Sans CJK SC', 'PingFang SC', sans-serif";

/// The properties of a whole picture.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// The name of the picture; browsers show it as a tooltip.
    pub title: &'a str,
    /// The width.
    pub width: f64,
    /// The height.
    pub height: f64,
    /// The `font-family` of all texts.
    pub fonts: &'a str,
    /// The `font-size` of texts whose class has none of its own.
    pub font_size: f64,
    /// The style sheet.
    pub style: &'a str,
}

/// A drawing surface. Later shapes cover earlier ones.
#[derive(Debug, Default)]
pub struct Canvas {
    shapes: String,
}

impl Canvas {
    /// Draws a text; `y` is its base line.
    pub fn text(&mut self, x: f64, y: f64, class: &str, text: &str) {
        self.add(format_args!(
            "<text{} x=\"{}\" y=\"{}\">{}</text>",
            Class(class),
            Px(x),
            Px(y),
            Escaped(text)
        ));
    }

    /// Draws several texts of one class on one base line, each at its own `x`.
    pub fn texts(&mut self, y: f64, class: &str, texts: &[(f64, String)]) {
        let span = |(x, text): &(f64, String)| format!("<tspan x=\"{}\">{}</tspan>", Px(*x), Escaped(text));
        let spans: String = texts.iter().map(span).collect();
        self.add(format_args!("<text{} y=\"{}\">{spans}</text>", Class(class), Px(y)));
    }

    /// Draws two texts, each with its class, one right after the other.
    pub fn text_pair(&mut self, x: f64, y: f64, first: (&str, &str), second: (&str, &str)) {
        let span = |gap: &str, (class, text): (&str, &str)| {
            format!("<tspan{}{gap}>{}</tspan>", Class(class), Escaped(text))
        };
        let spans = span("", first) + &span(" dx=\"12\"", second);
        self.add(format_args!("<text x=\"{}\" y=\"{}\">{spans}</text>", Px(x), Px(y)));
    }

    /// Draws a rectangle; `x` and `y` are its upper left corner.
    pub fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, class: &str) {
        let (x, y, width, height) = (Px(x), Px(y), Px(width), Px(height));
        let class = Class(class);
        self.add(format_args!("<rect{class} x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"));
    }

    /// Draws a disc around the point.
    pub fn disc(&mut self, x: f64, y: f64, radius: f64) {
        self.add(format_args!("<circle cx=\"{}\" cy=\"{}\" r=\"{}\"/>", Px(x), Px(y), Px(radius)));
    }

    /// Draws lines; `data` is put together from [`horizontal`] and [`vertical`] ones, or from SVG's path commands.
    pub fn path(&mut self, class: &str, data: &str) {
        self.add(format_args!("<path{} d=\"{data}\"/>", Class(class)));
    }

    /// Draws lines as [`Canvas::path`] does, of this `thickness`.
    pub fn thick_path(&mut self, class: &str, thickness: f64, data: &str) {
        self.add(format_args!("<path{} stroke-width=\"{}\" d=\"{data}\"/>", Class(class), Px(thickness)));
    }

    /// Puts what `draw` draws into a group: shapes in it inherit the properties of its class. A `tooltip` that is not
    /// empty is shown when the pointer rests on one of them.
    pub fn group(&mut self, class: &str, tooltip: &str, draw: impl FnOnce(&mut Self)) {
        self.add(format_args!("<g{}>", Class(class)));
        if !tooltip.is_empty() {
            self.add(format_args!("<title>{}</title>", Escaped(tooltip)));
        }
        draw(self);
        self.add(format_args!("</g>"));
    }

    /// Returns the picture as an SVG document, on a white background.
    #[must_use]
    pub fn into_svg(self, document: &Document) -> String {
        let Document { title, fonts, style, .. } = document;
        let (width, height) = (Px(document.width), Px(document.height));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" font-family=\"{fonts}\" font-size=\"{}\">\n\
             <title>{}</title>\n<style>\n{style}</style>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n{}</svg>\n",
            Px(document.font_size),
            Escaped(title),
            self.shapes
        )
    }

    fn add(&mut self, element: fmt::Arguments) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.shapes, "{element}");
    }
}

/// Returns the path of a line to the right.
#[must_use]
pub fn horizontal(x: f64, y: f64, length: f64) -> String {
    format!("M{} {}h{}", Px(x), Px(y), Px(length))
}

/// Returns the path of a line from `top` to `bottom`.
#[must_use]
pub fn vertical(x: f64, top: f64, bottom: f64) -> String {
    format!("M{} {}V{}", Px(x), Px(top), Px(bottom))
}

/// Returns the length of `count` things, each of this `size`.
#[must_use]
pub fn multiple(count: usize, size: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "no picture has 2^53 rows or columns")]
    let count = count as f64;
    count * size
}

/// A length with at most one digit after the point: less cannot be seen.
struct Px(f64);

impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", (self.0 * 10.0).round() / 10.0)
    }
}

/// A `class` attribute, if there is any class.
struct Class<'a>(&'a str);

impl fmt::Display for Class<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, " class=\"{}\"", self.0) }
    }
}

/// A text, escaped for XML. Control characters, most of which XML cannot represent, become U+FFFD.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for char in self.0.chars() {
            match char {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\u{fffe}' | '\u{ffff}' => f.write_char(char::REPLACEMENT_CHARACTER)?,
                char if char.is_control() => f.write_char(char::REPLACEMENT_CHARACTER)?,
                char => f.write_char(char)?,
            }
        }
        Ok(())
    }
}
