//! SVG pictures: what `cargo xtask lanes` and `cargo xtask waterfall` share.

mod canvas;
mod file;

pub use canvas::{Canvas, Document, MONOSPACE, SANS_SERIF, horizontal, multiple, vertical};
pub use file::OutputFile;
