//! A spider that downloads twenty pictures in five ways, and the gallery that it takes them from.
//!
//! In the order in which a run meets them:
//!
//! - [`command_line`]: what can be asked for.
//! - [`comparison`]: a whole run, strategy by strategy; [`output`] is the folder it puts images into.
//! - [`gallery`]: the local site, with knobs for what it does wrong and counters of what was asked of it.
//! - [`strategies`]: one after the other, a process an image, a thread an image, a pool, side by side; [`child`] is such
//!   a process.
//! - [`spider`]: what the strategies share. It [`crawl`]s from a listing to its images, and [`download`]s one.
//! - [`site`]: HTTP within limits, [`retry`] once more, with [`manners`]; [`charset`]: from bytes to text; [`pages`]: from
//!   text to links; [`titles`]: from addresses to file names.
//! - [`recorder`]: what is asked, noted as a [`trace`]; [`usage`]: what it costs; [`figures`]: what a run came to.
//! - [`voice`]: where lines are printed; [`report`]: all of these.
//! - [`stop`] is how Ctrl-C ends a run.

pub mod charset;
pub mod child;
pub mod command_line;
pub mod comparison;
pub mod crawl;
pub mod download;
pub mod figures;
pub mod manners;
pub mod output;
pub mod pages;
pub mod recorder;
pub mod report;
pub mod retry;
pub mod site;
pub mod spider;
pub mod stop;
pub mod strategies;
pub mod titles;
pub mod trace;
pub mod usage;
pub mod voice;
