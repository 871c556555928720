//! `cargo xtask lanes`: runs a lesson, and draws the run as time lanes.

pub mod layout;
pub mod svg;
pub mod text;

use std::fmt;
use std::fs::Permissions;
use std::io::{self, IsTerminal, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anstream::{AutoStream, ColorChoice};
use anyhow::{Context, Result, ensure};
use clap::Args;
use course_tests::python::Python;
use course_tests::trace::scenarios as declared;
use tempfile::NamedTempFile;

use crate::cargo::cargo;
use crate::lessons::{self, Lesson};
use crate::status_line::StatusLine;
use crate::supervisor::{BUILD_LIMIT, Supervisor};
use layout::{Line, Run};

/// After this time a lesson is ended, with all that it started; longer than any takes.
const LIMIT: Duration = Duration::from_secs(60);

/// How wide a drawing is where there is no terminal.
const WIDTH: u16 = 100;

/// Run a lesson and draw the run as time lanes: one column for each that prints, time going down.
///
/// Where the lesson has a twin in Python, and there is a python3, its run comes first.
///
/// Exit status: 0, 1 when a run has failed or the picture cannot be written, 2 for a wrong argument.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct Lanes {
    /// The lesson to run
    #[arg(value_name = "LESSON")]
    lesson: String,

    /// Which of its scenarios [default: all of them, one after the other]
    #[arg(value_name = "SCENARIO")]
    scenario: Option<String>,

    /// Write the drawing to FILE, as a picture, instead of printing it
    #[arg(long, value_name = "FILE", conflicts_with = "width")]
    svg: Option<PathBuf>,

    /// How wide the drawing may be [default: as wide as the terminal, or 100]
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(40..))]
    width: Option<u16>,
}

/// A name that no scenario of the lesson has.
#[derive(Debug)]
pub struct UnknownScenario {
    lesson: String,
    unknown: String,
    scenarios: Vec<String>,
}

impl fmt::Display for UnknownScenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { lesson, unknown, scenarios } = self;
        write!(f, "{lesson} has no scenario `{unknown}`; ")?;
        match &scenarios[..] {
            [_] => write!(f, "it has one alone, without a name"),
            _ => write!(f, "its scenarios are {}", scenarios.join(", ")),
        }
    }
}

impl std::error::Error for UnknownScenario {}

/// Draws what `options` choose. False when a run has failed.
///
/// # Errors
/// When the lesson or the scenario is unknown, it cannot be built or run, the picture cannot be written, nobody reads
/// what is printed, or the run was interrupted.
pub fn run(options: &Lanes, supervisor: &Supervisor) -> Result<bool> {
    let lesson = lessons::choose(lessons::all()?, std::slice::from_ref(&options.lesson))?.remove(0);
    let picture = options.svg.as_deref().map(Picture::create).transpose()?;
    let live = StatusLine::new();
    let chosen = choose(declarations(&lesson, supervisor, &live)?, &lesson, options.scenario.as_deref())?;
    let programs = [Twin::find(&lesson)?.map(Language::Python), Some(Language::Rust)];
    let colour = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
    let mut passed = true;
    let mut drawn = Vec::new();
    for lanes in &chosen {
        let mut runs = Vec::new();
        for language in programs.iter().flatten() {
            let run = timed(&lesson, lanes, language, supervisor, &live)?;
            passed &= run.notes.is_empty();
            if picture.is_none() {
                live.suspend(|| print(&text::text(&run, options.width(), colour)))?;
            }
            runs.push(run);
        }
        drawn.push(runs);
    }
    drop(live);
    match picture {
        Some(picture) => picture.write(&svg::svg(&drawn))?,
        None => print(&text::legend(colour))?,
    }
    Ok(passed)
}

impl Lanes {
    fn width(&self) -> usize {
        let terminal = || {
            let out = io::stdout();
            let size = out.is_terminal().then(|| rustix::termios::tcgetwinsize(out).ok())??;
            Some(size.ws_col).filter(|&columns| columns >= 40)
        };
        self.width.or_else(terminal).unwrap_or(WIDTH).into()
    }
}

fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// What the lesson declares of its scenarios: its tests are asked, and built for that, with its program.
fn declarations(lesson: &Lesson, supervisor: &Supervisor, live: &StatusLine) -> Result<Vec<declared::Lanes>> {
    let name = &lesson.name;
    let test = lesson.folder().join("tests/lesson/lanes.rs");
    ensure!(
        test.is_file(),
        "the lesson {name} does not say who prints its lines: {} is missing",
        test.display()
    );
    let mut file = NamedTempFile::new().context("there is no room for a temporary file")?;
    let mut cargo = cargo();
    cargo.args([
        "test",
        "--quiet",
        "--package",
        &lesson.id,
        "--test",
        "lesson",
        "--",
        "--exact",
        declared::TEST,
    ]);
    cargo.env(declared::FILE, file.path());
    live.started(0, &format!("the build of {name}"));
    let ended = supervisor.run(cargo, BUILD_LIMIT).context("cargo cannot be run");
    live.ended(0);
    let ended = ended?;
    let mut handed_over = String::new();
    file.read_to_string(&mut handed_over)?;
    let lanes: Option<Vec<_>> = handed_over
        .lines()
        .map(|line| declared::Lanes::from_json(&serde_json::from_str(line).ok()?))
        .collect();
    let lanes = lanes.unwrap_or_default();
    if !ended.status.success() || lanes.is_empty() {
        io::stderr().write_all(&ended.output)?;
    }
    ensure!(ended.status.success(), "the lesson {name} cannot be built and asked who prints its lines");
    ensure!(!lanes.is_empty(), "the lesson {name} does not say who prints its lines");
    Ok(lanes)
}

fn choose(
    all: Vec<declared::Lanes>,
    lesson: &Lesson,
    scenario: Option<&str>,
) -> Result<Vec<declared::Lanes>, UnknownScenario> {
    let Some(name) = scenario else { return Ok(all) };
    let scenarios = all.iter().map(|lanes| lanes.scenario.clone()).collect();
    let found = all.into_iter().find(|lanes| lanes.scenario == name && !name.is_empty());
    let unknown = || UnknownScenario { lesson: lesson.name.clone(), unknown: name.to_owned(), scenarios };
    found.map(|lanes| vec![lanes]).ok_or_else(unknown)
}

enum Language {
    Python(Twin),
    Rust,
}

/// The lesson's twin, and the Python that runs it.
struct Twin {
    python: Python,
    file: PathBuf,
}

impl Twin {
    /// The twin of the lesson, if it has one, and there is a `python3` that can run it.
    fn find(lesson: &Lesson) -> io::Result<Option<Self>> {
        let file = lesson.folder().join("python").join(&lesson.name).with_extension("py");
        if !file.is_file() {
            return Ok(None);
        }
        match Python::find() {
            Ok(python) => Ok(Some(Self { python, file })),
            Err(why) => writeln!(io::stderr(), "There is {why}: Rust's run alone.").map(|()| None),
        }
    }
}

/// Runs one scenario to its end.
fn timed(
    lesson: &Lesson,
    lanes: &declared::Lanes,
    language: &Language,
    supervisor: &Supervisor,
    live: &StatusLine,
) -> Result<Run> {
    let (mut command, name) = match language {
        Language::Python(Twin { python, file }) => {
            let mut command = Command::new(python.path());
            // With seconds as long as the lesson's.
            command.arg("-I").arg(file).env_remove("LESSON_SECOND");
            (command, format!("Python {}", python.version()))
        }
        Language::Rust => (Command::new(&lanes.program), "Rust".to_owned()),
    };
    command.args(lanes.args());
    let scenario: Vec<_> = [lesson.name.as_str()].into_iter().chain(lanes.args()).collect();
    let title = format!("{} in {name}", scenario.join(" "));
    live.started(0, &title);
    let ended = supervisor.run(command, LIMIT).with_context(|| format!("{title} cannot be run"));
    live.ended(0);
    let ended = ended?;
    let mut notes = Vec::new();
    if ended.timed_out {
        notes.push(format!("It was still running after {} s, and was ended.", LIMIT.as_secs()));
    } else if !ended.status.success() {
        notes.push(format!("It failed: {}.", ended.status));
    }
    let output = String::from_utf8_lossy(&ended.output);
    let printed = |(at, text): (Duration, &str)| Line { at, lane: lanes.of(text), text: text.to_owned() };
    let printed = ended.times.into_iter().zip(output.lines()).map(printed).collect();
    Ok(Run { title, lines: printed, took: ended.took, cut_off: lanes.cut_off.clone(), notes })
}

/// A file that is there under its own name once it is whole.
struct Picture<'a> {
    path: &'a Path,
    part: NamedTempFile,
}

impl<'a> Picture<'a> {
    /// Makes sure that it can be written, before anything is run.
    fn create(path: &'a Path) -> Result<Self> {
        let cannot = || format!("{} cannot be written", path.display());
        let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        let part = tempfile::Builder::new()
            .prefix(".lanes-")
            .suffix(".part")
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(folder)
            .map_err(|error| io::Error::from(error.kind()))
            .with_context(cannot)?;
        ensure!(!path.is_dir(), "{}: it is a folder", cannot());
        Ok(Self { path, part })
    }

    fn write(mut self, svg: &str) -> Result<()> {
        let cannot = || format!("{} cannot be written", self.path.display());
        self.part.write_all(svg.as_bytes()).with_context(cannot)?;
        self.part.persist(self.path).map_err(|error| error.error).with_context(cannot)?;
        Ok(())
    }
}
