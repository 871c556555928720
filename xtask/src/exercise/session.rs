//! Working on exercises: each is judged at each save, until it is passed.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::Result;

use super::choice::next_open;
use super::copy;
use super::list::{ALL_DONE, bar};
use super::progress::ProgressFile;
use super::verdict::{Verdict, judge};
use crate::files::relative_to_current_dir;
use crate::lessons::Course;
use crate::saves::Mtimes;
use crate::scene::{Exercise, Libraries};
use crate::status_line::StatusLine;
use crate::supervisor::Supervisor;
use crate::terminal::{BOLD, GREEN, RED, print, styled};

/// How often it checks whether the supervisor has stopped while it waits for Enter.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// What to say about a change that makes no schedule impossible.
const SLEEPS: &str = "You have added a `sleep` or a `yield_now`. It makes a schedule rarer, but forbids none: wait for what \
                      must have happened instead.\n";

/// Working on exercises, one after the other.
pub(super) struct Session<'a> {
    pub(super) course: &'a Course,
    pub(super) exercises: &'a [Exercise],
    pub(super) progress: ProgressFile,
    pub(super) libraries: Libraries,
    pub(super) supervisor: &'a Supervisor,
    pub(super) once: bool,
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
    pub(super) fn run(&self, first: &Exercise) -> Result<bool> {
        let mut exercise = first;
        loop {
            let ended = self.work_on(exercise)?;
            if ended != Ended::Passed || self.once {
                return Ok(ended != Ended::NotPassed);
            }
            let progress = self.progress.read()?;
            print(&format!("{}\n", bar(self.exercises, &progress)))?;
            let Some(next) = next_open(self.exercises, Some(exercise), &progress) else {
                print(&format!("{ALL_DONE}\n"))?;
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
        if of_given.is_none() && verdict.goes_wrong() {
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
