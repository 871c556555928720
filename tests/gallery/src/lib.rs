//! A website of pictures on this machine, with configurable faults: the site that the spider crawls in its lesson, its
//! tests and its benchmark.
//!
//! It serves what the site of the Python original serves: a category with pages of twenty pictures, a detail page for
//! each picture, and the pictures, about 600 kB of JPEG each. [`Options`] set latency, bandwidth and [`Fault`]s.
//! [`Counters`] report what clients did, so that a test can assert how many connections were opened, or how many
//! requests were in flight at once, without measuring time.
//!
//! [`Gallery`] runs in your process, [`GalleryProcess`] in a child process; `cargo run -p gallery -- --help` describes
//! the program.
//!
//! ```
//! use gallery::{Gallery, Options};
//!
//! let gallery = Gallery::start(&Options::default())?;
//! assert!(gallery.url().starts_with("http://127.0.0.1:"));
//! assert_eq!(gallery.first_page().len(), 20);
//! assert_eq!(gallery.counters().requests, 0);
//! # std::io::Result::Ok(())
//! ```
//!
//! To read the code, start at [`Gallery`] and follow a request: `server` accepts its connection, `request` parses it,
//! `content` chooses the response, `response_writer` sends it through the `throttle`. `connections` holds what the
//! threads share.

mod body;
mod connections;
mod content;
mod fault;
mod jpeg;
mod markup;
mod options;
mod picture;
mod process;
mod request;
mod response;
mod response_writer;
mod server;
mod throttle;

pub use connections::Counters;
pub use fault::{Fault, Resource};
pub use options::Options;
pub use picture::Picture;
pub use process::{GalleryProcess, SERVE_ARGUMENT, serve};
pub use server::Gallery;
