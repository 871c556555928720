//! `cargo xtask exercise`: mend a program, which is judged under every schedule at each save.

mod copy;
mod list;
mod progress;
mod verdict;

use std::fmt;
use std::fs;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::diff::difference;
use crate::files::relative_to_current_dir;
use crate::flags;
use crate::lessons::{self, Course};
use crate::saves::Mtimes;
use crate::scene::{self, Exercise, Libraries};
use crate::status_line::StatusLine;
use crate::supervisor::Supervisor;
use crate::terminal::{BOLD, GREEN, RED, print, styled};
use list::{bar, list};
use progress::{Progress, ProgressFile};
use verdict::{Verdict, judge};

/// How often it checks whether the supervisor has stopped while it waits for Enter.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// What to say about a change that makes no schedule impossible.
const SLEEPS: &str = "You have added a `sleep` or a `yield_now`. It makes a schedule rarer, but forbids none: wait for what \
                      must have happened instead.\n";

/// The name of an exercise that does not exist.
#[derive(Debug)]
pub struct UnknownExercise {
    unknown: String,
    exercises: Vec<String>,
}

impl fmt::Display for UnknownExercise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown exercise `{}`; the exercises are {}", self.unknown, self.exercises.join(", "))
    }
}

impl std::error::Error for UnknownExercise {}

/// Opens an exercise and judges it at each save until it is passed, or does what an option asks for. Returns false with
/// `--once` if it is not passed, and with `--solution` before a try.
///
/// # Errors
/// If the exercise is unknown, a file cannot be read or written, the progress is damaged, the libraries cannot be built,
/// standard output is closed, or the supervisor has stopped.
pub fn run(options: &flags::Exercise, supervisor: &Supervisor) -> Result<bool> {
    let course = lessons::course()?;
    let exercises = scene::exercises(&course)?;
    ensure!(!exercises.is_empty(), "the course has no exercises");
    let progress = ProgressFile::of(&course.root);
    let known = progress.read()?;
    if options.list {
        print(&list(&exercises, &known)?)?;
        return Ok(true);
    }
    let Some(chosen) = choose(options, &exercises, &known)? else {
        print(&format!("{}\n{}\n", bar(&exercises, &known), all_done()))?;
        return Ok(true);
    };
    if options.hint {
        print(&format!("{}: {}\n", chosen.name, chosen.hint))?;
        return Ok(true);
    }
    if options.reset {
        print(&reset(chosen, &course.root)?)?;
        return Ok(true);
    }
    if options.solution {
        return show_solution(chosen, &course.root, &known);
    }
    let libraries = Libraries::build(&course, supervisor)?;
    let once = options.once;
    Session { course: &course, exercises: &exercises, progress, libraries, supervisor, once }.run(chosen)
}

/// Returns the exercise that the options name: by default the current one, or if that is done, the next open one. `None` if
/// all are done.
fn choose<'a>(
    options: &flags::Exercise,
    exercises: &'a [Exercise],
    progress: &Progress,
) -> Result<Option<&'a Exercise>, UnknownExercise> {
    if let Some(name) = &options.name {
        let found = exercises.iter().find(|exercise| exercise.name == *name);
        let names = || exercises.iter().map(|exercise| exercise.name.clone()).collect();
        return match found {
            Some(found) => Ok(Some(found)),
            None => Err(UnknownExercise { unknown: name.clone(), exercises: names() }),
        };
    }
    let current = exercises.iter().find(|exercise| progress.current.as_ref() == Some(&exercise.name));
    Ok(match current {
        Some(current) if !options.next && (options.solution || !progress.of(current).done) => Some(current),
        _ => next_open(exercises, current, progress),
    })
}

/// Returns the first exercise after `current` that is not done; after the last one comes the first one.
fn next_open<'a>(
    exercises: &'a [Exercise],
    current: Option<&Exercise>,
    progress: &Progress,
) -> Option<&'a Exercise> {
    let after = current.and_then(|current| exercises.iter().position(|one| one.name == current.name));
    let (before, rest) = exercises.split_at(after.map_or(0, |index| index + 1));
    rest.iter().chain(before).find(|exercise| !progress.of(exercise).done)
}

fn all_done() -> &'static str {
    "All exercises are done. To do one again: cargo xtask exercise --reset NAME, then cargo xtask exercise NAME"
}

fn reset(exercise: &Exercise, root: &Path) -> Result<String> {
    let backup = copy::reset(exercise, root)?;
    let copy = relative_to_current_dir(&exercise.copy(root));
    let kept = backup.map(|backup| format!("\nYour changes are in {}.", relative_to_current_dir(&backup)));
    Ok(format!("{copy} is as given again.{}\n", kept.unwrap_or_default()))
}

/// Prints how the solution differs from the learner's copy. Returns false if there was no try.
fn show_solution(exercise: &Exercise, root: &Path, progress: &Progress) -> Result<bool> {
    if progress.of(exercise).tries == 0 {
        print(&format!(
            "Try first: change {}, and let it be judged. Then --solution shows how a solution differs from it.\n",
            relative_to_current_dir(&exercise.copy(root))
        ))?;
        return Ok(false);
    }
    let path = exercise.solution();
    let solution = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let copy = copy::prepare(exercise, root)?;
    let mine = String::from_utf8_lossy(&fs::read(&copy)?).into_owned();
    let changes = difference(&mine, &solution);
    print(&match changes.as_str() {
        "" => "Your copy is the solution.\n".to_owned(),
        _ => format!("{changes}\nThe whole solution: {}\n", relative_to_current_dir(&path)),
    })?;
    Ok(true)
}

/// Working on exercises, one after the other.
struct Session<'a> {
    course: &'a Course,
    exercises: &'a [Exercise],
    progress: ProgressFile,
    libraries: Libraries,
    supervisor: &'a Supervisor,
    once: bool,
}

/// How the work on an exercise has ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    Passed,
    NotPassed,
    Interrupted,
}

impl Session<'_> {
    /// Returns false if an exercise was judged once and not passed.
    fn run(&self, first: &Exercise) -> Result<bool> {
        let mut exercise = first;
        loop {
            let ended = self.work_on(exercise)?;
            if ended != Ended::Passed || self.once {
                return Ok(ended != Ended::NotPassed);
            }
            let progress = self.progress.read()?;
            print(&format!("{}\n", bar(self.exercises, &progress)))?;
            let Some(next) = next_open(self.exercises, Some(exercise), &progress) else {
                print(&format!("{}\n", all_done()))?;
                return Ok(true);
            };
            if !self.goes_on_to(next)? {
                return Ok(true);
            }
            exercise = next;
        }
    }

    /// Offers the next exercise. Returns whether the learner wants it now.
    fn goes_on_to(&self, next: &Exercise) -> Result<bool> {
        if !io::stdin().is_terminal() {
            print(&format!("The next exercise, {}: cargo xtask exercise --next\n", next.name))?;
            return Ok(false);
        }
        print(&format!("Press Enter to go on with {}, Ctrl-C to stop. ", next.name))?;
        Ok(wait_for_enter(self.supervisor))
    }

    /// Judges the learner's copy at each save, until it is passed.
    fn work_on(&self, exercise: &Exercise) -> Result<Ended> {
        let path = copy::prepare(exercise, &self.course.root)?;
        self.progress.update(|progress| progress.current = Some(exercise.name.clone()))?;
        print(&self.welcome(exercise, &path)?)?;
        let mut of_given = None;
        loop {
            let mtimes = Mtimes::of(&path);
            let has_passed = self.try_once(exercise, &path, &mut of_given)?;
            if has_passed {
                return Ok(Ended::Passed);
            }
            if self.once {
                return Ok(Ended::NotPassed);
            }
            print("\nWaiting for the next save.\n")?;
            if mtimes.wait_for_save(&path, self.supervisor).is_none() {
                return Ok(Ended::Interrupted);
            }
            print("\n")?;
        }
    }

    fn welcome(&self, exercise: &Exercise, path: &Path) -> Result<String> {
        let Exercise { lesson, name, .. } = exercise;
        let number = self.exercises.iter().position(|one| one.name == *name).map_or(0, |index| index + 1);
        let count = self.exercises.len();
        let heading = styled(format_args!("==> {lesson}: {name} (exercise {number} of {count}) <=="), BOLD);
        let head = copy::head(exercise)?;
        let end = if self.once {
            ""
        } else {
            "Edit it: each time you save it, it runs under every schedule. For a second hint, run\n\
             `cargo xtask exercise --hint` in another terminal. Press Ctrl-C to stop.\n"
        };
        Ok(format!("{heading}\n{head}\nYour copy: {}\n{end}\n", relative_to_current_dir(path)))
    }

    /// Judges the copy, prints the verdict, and keeps it. `of_given` is the verdict on the file as given, if it is known.
    fn try_once(&self, exercise: &Exercise, path: &Path, of_given: &mut Option<Verdict>) -> Result<bool> {
        let given = copy::given(exercise)?;
        let Ok(text) = fs::read(path) else {
            print(&format!(
                "The copy cannot be read, or does not exist. `cargo xtask exercise --reset {}` makes a new one.\n",
                exercise.name
            ))?;
            return Ok(false);
        };
        let is_changed = text != given.as_bytes();
        let verdict = self.judge(exercise, path)?;
        let has_passed = verdict.has_passed();
        self.progress.update(|progress| {
            let record = progress.record(exercise);
            record.tries += usize::from(is_changed);
            record.done |= has_passed;
        })?;
        let mut remark = String::new();
        if is_changed && !has_passed {
            remark = self.remark(&verdict, exercise, &given, &text, of_given)?;
        }
        let words = verdict.words(exercise, &remark);
        let (start, style) = if has_passed { ("Passed:", GREEN) } else { ("Not passed:", RED) };
        print(&words.replacen(start, &styled(start, style), 1))?;
        if !is_changed {
            *of_given = Some(verdict);
        }
        Ok(has_passed)
    }

    /// Returns what to say about a change that only makes the mistake rarer.
    fn remark(
        &self,
        verdict: &Verdict,
        exercise: &Exercise,
        given: &str,
        text: &[u8],
        of_given: &mut Option<Verdict>,
    ) -> Result<String> {
        if sleeps(&String::from_utf8_lossy(text)) > sleeps(given) {
            return Ok(SLEEPS.to_owned());
        }
        if of_given.is_none() {
            *of_given = Some(self.judge(exercise, &exercise.given())?);
        }
        let is_rarer = of_given.as_ref().is_some_and(|of_given| verdict.is_rarer_than(of_given));
        let rarer =
            "That is a smaller part than in the file as given: the mistake is rarer, and still there.\n";
        Ok(if is_rarer { rarer.to_owned() } else { String::new() })
    }

    fn judge(&self, exercise: &Exercise, source: &Path) -> Result<Verdict> {
        let scene = exercise.scene_of(source.to_owned());
        let status = StatusLine::new();
        status.started(0, &format!("the verdict on {}", exercise.name));
        judge(exercise, &scene, &self.libraries, self.supervisor)
    }
}

/// Counts the calls of `sleep` and `yield_now` outside comments.
fn sleeps(text: &str) -> usize {
    let code = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    code.map(|line| line.matches("sleep(").count() + line.matches("yield_now(").count()).sum()
}

/// Waits for a line on standard input. Returns false at its end, or if the supervisor has stopped.
fn wait_for_enter(supervisor: &Supervisor) -> bool {
    let (sender, entered) = mpsc::channel();
    // In a thread: a signal does not end a read.
    thread::spawn(move || {
        sender.send(io::stdin().read_line(&mut String::new()).is_ok_and(|length| length > 0))
    });
    loop {
        match entered.recv_timeout(POLL_INTERVAL) {
            Ok(is_line) => return is_line,
            Err(RecvTimeoutError::Timeout) if !supervisor.has_stopped() => {}
            Err(_) => return false,
        }
    }
}
