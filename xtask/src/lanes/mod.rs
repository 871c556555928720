//! `cargo xtask lanes`: runs a lesson and draws the run as time lanes.
//!
//! - [`scenarios`]: the choice of what is run. The lesson's `actors.toml` declares which actor prints which line.
//! - [`run`](mod@run): runs it, and keeps the time of each line.
//! - [`columns`] and [`layout`]: the drawing as a table, a column for each actor, a row for each line.
//! - [`text`] and [`svg`]: the table in a terminal, and as a picture.

pub mod columns;
pub mod layout;
pub mod run;
pub mod scenarios;
pub mod svg;
pub mod text;

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::slice;

use anyhow::Result;
use course_tests::trace::scenarios::Scenarios;

use crate::executables;
use crate::flags::Lanes;
use crate::lessons;
use crate::status_line::StatusLine;
use crate::supervisor::Supervisor;
use crate::svg::OutputFile;
use crate::terminal::print;
use run::Language;

/// The width of a drawing that is not printed to a terminal.
const WIDTH: u16 = 100;

/// Runs and draws what `options` choose. Returns false when a run has failed.
///
/// # Errors
/// If the lesson or the scenario is unknown, it cannot be built or run, the picture cannot be written, standard output was
/// closed, or the run was interrupted.
pub fn run(options: &Lanes, supervisor: &Supervisor) -> Result<bool> {
    let lesson = lessons::choose(lessons::all()?, slice::from_ref(&options.lesson))?.remove(0);
    let picture = options.svg.as_deref().map(OutputFile::create).transpose()?;
    let status_line = StatusLine::new();
    let declared = Scenarios::read(lesson.folder())?;
    let chosen = scenarios::choose(&declared, &lesson, options.scenario.as_deref())?;
    let mut program = PathBuf::new();
    let on_built = |_, path: &Path| path.clone_into(&mut program);
    executables::build_lessons(slice::from_ref(&lesson), true, supervisor, &status_line, on_built)?;
    let languages = Language::of(&lesson, program)?;
    let width = options.width.or_else(terminal_width).unwrap_or(WIDTH).into();
    let mut scenarios = Vec::new();
    for scenario in chosen {
        let mut runs = Vec::new();
        for language in &languages {
            let run = run::run(&lesson, scenario, language, supervisor, &status_line)?;
            if picture.is_none() {
                status_line.suspend(|| print(&text::text(&run, width)))?;
            }
            runs.push(run);
        }
        scenarios.push(runs);
    }
    drop(status_line);
    match picture {
        Some(picture) => picture.write(&svg::svg(&scenarios))?,
        None => print(&text::legend())?,
    }
    Ok(scenarios.iter().flatten().all(|run| !run.failed))
}

fn terminal_width() -> Option<u16> {
    let out = io::stdout();
    let size = out.is_terminal().then(|| rustix::termios::tcgetwinsize(out).ok())??;
    Some(size.ws_col).filter(|&columns| columns >= 40)
}
