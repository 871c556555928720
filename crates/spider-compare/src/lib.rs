//! A spider that downloads the pictures of a site in five ways.
//!
//! Read it in this order:
//!
//! 1. `strategies`, the lesson: the same work done sequentially, with a process or a thread per image, with a pool, and
//!    with everything overlapped. `strategies/process` contains all code for child processes.
//! 2. `spider`, the steps that the strategies share: `crawl` from a listing to its images, `download` an image, print the
//!    `lines`, in which `text` from the site has a limited length.
//! 3. `site`, HTTP with timeouts, redirects and retries (`backoff`), and `politeness` towards other people's sites.
//!    `charset` turns bytes into text, `file_name` links into safe file names.
//! 4. `compare`, a whole run as the `args` ask for it: one `strategy` after the other into an `output_dir`, then the
//!    `stats` of each as a row of the `table`.
//! 5. Modules that all of them use: `cancel` (Ctrl-C), `reporter` (standard output and the progress bar), `trace` (a
//!    record of every request), `resource_usage` (CPU time and memory).
//!
//! The package `page-reader`, in `tests/page-reader`, turns the text of a page into links, and tells whether the bytes of an
//! image are all there. The site that is crawled by default is a server of this workspace too: the package `gallery`, in
//! `tests/gallery`.

#![allow(clippy::missing_errors_doc, reason = "the first paragraph says when a function fails")]
#![allow(clippy::must_use_candidate, reason = "the library serves this program and its tests")]

pub mod args;
pub mod backoff;
pub mod cancel;
pub mod charset;
pub mod compare;
pub mod crawl;
pub mod download;
pub mod file_name;
pub mod lines;
pub mod output_dir;
pub mod politeness;
pub mod reporter;
pub mod resource_usage;
pub mod robots;
pub mod site;
pub mod spider;
pub mod stats;
pub mod strategies;
pub mod strategy;
pub mod table;
pub mod text;
pub mod trace;
