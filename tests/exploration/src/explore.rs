//! What a program can print, and how it can fail: the front end of an exploration.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::mem;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use course_tests::TraceSpec;
use course_tests::guarantees::{
    self, Evidence, Facts, Guarantees, MAX_OUTPUTS, Outputs, PartialOrder, derive, derive_orders,
};
use course_tests::mistakes::{Outcome, Outcomes};

use crate::counterexample::Counterexample;
use crate::explorer::Reduction;
use crate::operation::{Actor, Operation};
use crate::run::{Ending, Run, Step};
use crate::runtime::{Counts, Options, explore};
use crate::watchdog::Watchdog;

/// How many runs are kept, one for each partial order, to show how an output comes about.
const MAX_KEPT_RUNS: usize = 5_000;

/// How many of the runs that fail are compared: the one that is easiest to follow is shown.
const MAX_COMPARED_FAILURES: usize = 100;

/// How many random schedules are run before the first check for new partial orders.
const FIRST_RANDOM_RUNS: usize = 2_000;

/// If new partial orders keep appearing after this many random schedules, there are too many to find them all.
const MAX_RANDOM_RUNS: usize = 64_000;

/// A program that is explored several times. Functions that take a closure put it into one of these, so that the
/// exploration is compiled once, and not for each closure.
pub(crate) type Program = Arc<dyn Fn() + Send + Sync>;

/// What a program can print, and how it can fail.
#[derive(Debug)]
pub struct Exploration {
    /// What each run prints.
    orders: BTreeMap<PartialOrder, Printed>,
    /// With how many choices, given in advance, each run begins.
    given: usize,
    /// How many threads and processes each run has at least.
    fewest_actors: usize,
    counts: Counts,
    is_random: bool,
    /// The run that fails and is easiest to follow.
    failure: Option<Counterexample>,
    failures: usize,
    outputs: OnceLock<Option<Outputs>>,
}

/// The runs that print the same, in the same order.
#[derive(Debug, Default)]
struct Printed {
    runs: usize,
    failures: usize,
    /// One of them, unless too many are kept already.
    example: Option<Run>,
}

impl Exploration {
    /// Explores `program` under every schedule, up to the order of independent steps.
    ///
    /// # Errors
    /// If it cannot be explored: it is not deterministic, a run does not end, its processes share memory, or it has too many
    /// schedules.
    pub fn new(program: impl Fn() + Send + Sync + 'static) -> Result<Self, String> {
        Self::up_to(Options::default().max_runs, None, Arc::new(program))
    }

    /// Explores `program` under every schedule, or under random ones if there are too many: a learner's copy of a
    /// lesson, say. The evidence of its guarantees says which.
    ///
    /// # Errors
    /// As [`Exploration::new`].
    pub fn new_or_random(program: impl Fn() + Send + Sync + 'static) -> Result<Self, String> {
        Self::new_or_random_beyond(Options::default().max_runs, &(Arc::new(program) as Program))
    }

    fn new_or_random_beyond(max_runs: usize, program: &Program) -> Result<Self, String> {
        let exploration = Self::with(Options { max_runs, ..Options::default() }, Arc::clone(program))?;
        if exploration.counts.complete { Ok(exploration) } else { Self::run_at_random(program) }
    }

    /// Explores the schedules that begin with these choices, if there are any: at most this number.
    ///
    /// # Errors
    /// As [`Exploration::new`].
    pub(crate) fn up_to(
        max_runs: usize,
        choices: Option<Vec<Actor>>,
        program: Program,
    ) -> Result<Self, String> {
        let options = Options { choices, max_runs, ..Options::default() };
        let exploration = Self::with(options, program)?;
        if exploration.counts.complete { Ok(exploration) } else { Err(exploration.too_many_runs()) }
    }

    fn too_many_runs(&self) -> String {
        format!("there are more than {} schedules: explore a smaller program", self.counts.runs)
    }

    /// Explores `program` under random schedules, the same ones each time, until twice as many as before have shown no new
    /// partial order: for programs with too many schedules to run them all.
    ///
    /// # Errors
    /// As [`Exploration::new`].
    pub fn at_random(program: impl Fn() + Send + Sync + 'static) -> Result<Self, String> {
        Self::run_at_random(&(Arc::new(program) as Program))
    }

    fn run_at_random(program: &Program) -> Result<Self, String> {
        let mut all = Self::empty();
        let mut runs = FIRST_RANDOM_RUNS;
        loop {
            let known = all.orders.len();
            all.merge(Self::with(random(runs), Arc::clone(program))?);
            if all.orders.len() == known {
                return Ok(all);
            }
            runs *= 2;
            if runs > MAX_RANDOM_RUNS {
                return Err(format!(
                    "new outputs keep appearing after {} schedules: explore a smaller program",
                    all.counts.runs
                ));
            }
        }
    }

    /// Explores `program` under this number of random schedules, the same ones each time.
    ///
    /// # Errors
    /// As [`Exploration::new`].
    pub fn sample(runs: usize, program: impl Fn() + Send + Sync + 'static) -> Result<Self, String> {
        Self::with(random(runs), Arc::new(program))
    }

    fn empty() -> Self {
        Self {
            orders: BTreeMap::new(),
            given: 0,
            fewest_actors: usize::MAX,
            counts: Counts { runs: 0, redundant: 0, complete: false },
            is_random: true,
            failure: None,
            failures: 0,
            outputs: OnceLock::new(),
        }
    }

    pub(crate) fn with(options: Options, program: Program) -> Result<Self, String> {
        let is_random = matches!(options.reduction, Reduction::Random(_));
        let given = options.choices.as_ref().map_or(0, Vec::len);
        let all = Rc::new(RefCell::new(Self { given, is_random, ..Self::empty() }));
        let collected = Rc::clone(&all);
        let watchdog = Watchdog::that_exits();
        let add = move |run: &Run| {
            watchdog.run_has_ended();
            collected.borrow_mut().add(run);
        };
        let counts = explore(options, move || program(), add)?;
        let all = mem::replace(&mut *all.borrow_mut(), Self::empty());
        Ok(Self { counts, ..all })
    }

    fn add(&mut self, run: &Run) {
        let keeps_more = self.orders.len() < MAX_KEPT_RUNS;
        let new = || Printed { example: keeps_more.then(|| run.clone()), ..Printed::default() };
        let printed = self.orders.entry(printed(run, self.given)).or_insert_with(new);
        printed.runs += 1;
        printed.failures += usize::from(run.fails());
        self.fewest_actors = self.fewest_actors.min(run.by_creation().len());
        if run.fails() {
            self.failures += 1;
            let is_first_that_ends = run.waiting().is_empty()
                && self.failure.as_ref().is_some_and(|shown| !shown.run().waiting().is_empty());
            if self.failures <= MAX_COMPARED_FAILURES || is_first_that_ends {
                let found = Counterexample::new(run.clone(), None);
                self.failure = Counterexample::shortest(self.failure.take().into_iter().chain(found));
            }
        }
    }

    fn merge(&mut self, other: Self) {
        for (order, printed) in other.orders {
            let known = self.orders.entry(order).or_default();
            known.runs += printed.runs;
            known.failures += printed.failures;
            known.example = known.example.take().or(printed.example);
        }
        self.fewest_actors = self.fewest_actors.min(other.fewest_actors);
        self.counts.runs += other.counts.runs;
        self.failures += other.failures;
        self.failure = Counterexample::shortest(self.failure.take().into_iter().chain(other.failure));
    }

    /// Returns how much was explored.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Returns the outputs; `None` if they are too many to list.
    #[must_use]
    pub fn outputs(&self) -> Option<&Outputs> {
        self.outputs.get_or_init(|| guarantees::outputs(self.orders.keys())).as_ref()
    }

    /// Returns the outputs.
    ///
    /// # Panics
    /// Panics if they are too many to list.
    #[must_use]
    pub fn all_outputs(&self) -> &Outputs {
        self.outputs()
            .unwrap_or_else(|| panic!("there are more than {MAX_OUTPUTS} outputs: explore a smaller program"))
    }

    /// Returns the outcomes: what is printed, and whether the program ends.
    ///
    /// # Panics
    /// Panics if they are too many to list.
    #[must_use]
    pub fn outcomes(&self) -> Outcomes {
        self.listed_outcomes().unwrap_or_else(|| panic!("there are more than {MAX_OUTPUTS} outputs"))
    }

    /// Returns the outcomes; `None` if they are too many to list.
    pub(crate) fn listed_outcomes(&self) -> Option<Outcomes> {
        let of_ending = |ended: bool| {
            let orders = self.orders.keys().filter(move |order| order.ended() == ended);
            let outputs = guarantees::outputs(orders)?;
            Some(outputs.into_iter().map(move |lines| Outcome { lines, ended }))
        };
        Some(of_ending(true)?.chain(of_ending(false)?).collect())
    }

    /// Returns what all outputs have in common.
    ///
    /// # Panics
    /// Panics if `spec` declares no actor for a line.
    #[must_use]
    pub fn guarantees(&self, spec: &TraceSpec) -> Guarantees {
        let count = self.outputs().map(Outputs::len);
        let found = if self.is_random {
            Evidence::RandomSchedules { outputs: count }
        } else {
            Evidence::every_schedule(count)
        };
        match self.outputs() {
            Some(outputs) => derive(outputs, found, spec),
            None => derive_orders(self.orders.keys(), found, spec),
        }
    }

    /// Asserts that `output`, of a real run or of another language, is possible, apart from what varies by `spec` (process
    /// ids, for example).
    ///
    /// # Panics
    /// Panics if it is not.
    pub fn assert_allows(&self, output: &str, spec: &TraceSpec) {
        if guarantees::allow(self.orders.keys(), output, spec) {
            return;
        }
        let possible = match self.outputs().map(Outputs::len) {
            Some(1) => "the only possible output".to_owned(),
            Some(count) => format!("one of the {count} possible outputs"),
            None => format!("one of the more than {MAX_OUTPUTS} possible outputs"),
        };
        panic!("this is not {possible}:\n{output}");
    }

    /// Asserts that the outputs are those of `scenarios`, each after the one before: for a lesson without an argument.
    ///
    /// # Panics
    /// Panics if they are not, or if they are too many to list.
    pub fn assert_runs_in_order(&self, scenarios: &[&Self]) {
        let nothing = Outputs::from([Vec::new()]);
        let expected = scenarios.iter().fold(nothing, |before, scenario| {
            let after = |lines: &Vec<String>| {
                let lines = lines.clone();
                scenario.all_outputs().iter().map(move |more| [&lines[..], more].concat()).collect::<Vec<_>>()
            };
            before.iter().flat_map(after).collect()
        });
        assert!(
            *self.all_outputs() == expected,
            "it does not print what its scenarios print, in their order"
        );
    }

    /// Asserts that no schedule gives an outcome that is `wrong`. The message shows the schedule that is easiest to follow.
    ///
    /// # Panics
    /// Panics if a schedule does, or if the outcomes are too many to list.
    pub fn assert_never(&self, wrong: impl Fn(&Outcome) -> bool) {
        let found = self.outcomes().into_iter().filter(wrong).take(MAX_COMPARED_FAILURES);
        let found: Vec<Outcome> = found.collect();
        if found.is_empty() {
            return;
        }
        let shown = found.iter().flat_map(|outcome| self.runs_with(outcome));
        match Counterexample::shortest(shown) {
            Some(shown) => panic!("a schedule has a wrong outcome.\n\n{shown}\n"),
            None => panic!("a schedule has a wrong outcome: {}", found[0]),
        }
    }

    fn runs_with(&self, outcome: &Outcome) -> impl Iterator<Item = Counterexample> {
        let runs = self.orders.iter().filter(|(order, _)| order.ended() == outcome.ended);
        runs.filter_map(|(_, printed)| {
            Counterexample::new(printed.example.clone()?, Some(outcome.lines.clone()))
        })
    }

    /// Returns how many runs can print an output that is `wrong`, though they do not fail; and of all that end and can, the
    /// one that is easiest to follow.
    pub(crate) fn runs_that_print(&self, wrong: impl Fn(&[&str]) -> bool) -> (usize, Option<Counterexample>) {
        let (mut runs, mut shown) = (0, Vec::new());
        for (order, printed) in self.orders.iter().filter(|(order, _)| order.ended()) {
            let mut found: Option<Vec<String>> = None;
            // Only the first one: an order can have more than can be listed.
            guarantees::for_each_output([order], |lines| {
                found = wrong(lines).then(|| lines.iter().copied().map(str::to_owned).collect());
                found.is_none()
            });
            let Some(lines) = found else { continue };
            runs += printed.runs - printed.failures;
            if shown.len() < MAX_COMPARED_FAILURES {
                shown.extend(printed.example.clone().and_then(|run| Counterexample::new(run, Some(lines))));
            }
        }
        (runs, Counterexample::shortest(shown))
    }

    /// Returns how many threads and processes each run has at least.
    pub(crate) fn fewest_actors(&self) -> usize {
        self.fewest_actors
    }

    /// Returns the run that fails and is easiest to follow: see [`Run::fails`].
    #[must_use]
    pub fn failure(&self) -> Option<&Counterexample> {
        self.failure.as_ref()
    }

    /// Asserts that no run fails. The message shows the one that is easiest to follow.
    ///
    /// # Panics
    /// Panics if one does.
    pub fn assert_succeeds(&self) {
        if let Some(failure) = self.failure() {
            panic!("a schedule lets the program fail.\n\n{failure}\n");
        }
    }

    /// Returns how many runs fail.
    #[must_use]
    pub fn failures(&self) -> usize {
        self.failures
    }

    /// Returns in how many runs nothing was left out: those that were given up are not counted.
    #[must_use]
    pub fn runs(&self) -> usize {
        self.counts.runs - self.counts.redundant
    }
}

/// Returns what a run prints. Its first choices were `given`: what they print comes in this order, and before the rest.
///
/// The texts are sorted by actor, so that two runs that print the same in the same order are equal.
fn printed(run: &Run, given: usize) -> PartialOrder {
    let chosen = run.steps.iter().filter(|step| step.operation != Operation::Start).take(given);
    let fixed: Vec<_> = chosen.map(|step| (step.actor, step.nth)).collect();
    let texts = run.texts();
    let is_fixed = |(step, _): &&(&Step, String)| fixed.contains(&(step.actor, step.nth));
    let fixed = texts.iter().take_while(is_fixed).count();
    let mut printed: Vec<_> = texts.into_iter().enumerate().collect();
    printed.sort_by_key(|(_, (step, _))| (step.actor, step.nth));
    let before = |index: usize| {
        let (place, (step, _)) = &printed[index];
        let is_before = |&other: &usize| {
            let (other_place, (earlier, _)) = &printed[other];
            other != index && step.happens_after(earlier) || other_place < place && *other_place < fixed
        };
        (0..printed.len()).filter(is_before).fold(0_u128, |set, other| set | 1 << other)
    };
    let before: Vec<u128> = (0..printed.len()).map(before).collect();
    let without_newline = |text: String| text.strip_suffix('\n').unwrap_or(&text).to_owned();
    let texts = printed.into_iter().map(|(_, (_, text))| without_newline(text)).zip(before);
    PartialOrder::new(texts, matches!(run.ending, Ending::Exited(_)))
}

/// Returns the options for this number of random schedules.
fn random(runs: usize) -> Options {
    Options { reduction: Reduction::Random(runs as u64), max_runs: runs, ..Options::default() }
}

/// Explores `program` under every schedule, up to the order of independent steps.
///
/// A run ends when all processes have ended. When the main thread of a process returns, its other threads end, too.
///
/// # Panics
/// Panics if a schedule lets the program fail: see [`Run::fails`]. The message shows that schedule. Panics too if the
/// program cannot be explored. If it has too many schedules, random ones are run, and the guarantees say so.
#[must_use]
pub fn every_schedule(program: impl Fn() + Send + Sync + 'static) -> Exploration {
    succeeds(Exploration::new_or_random(program))
}

/// Explores `program` under random schedules: see [`Exploration::at_random`].
///
/// # Panics
/// As [`every_schedule`].
#[must_use]
pub fn random_schedules(program: impl Fn() + Send + Sync + 'static) -> Exploration {
    succeeds(Exploration::at_random(program))
}

/// Returns the guarantees of `program` like [`every_schedule`], for a program with too many runs to keep what each prints.
///
/// # Panics
/// As [`every_schedule`], and if `spec` declares no actor for a line.
#[must_use]
pub fn guarantees_of_every_schedule(
    program: impl Fn() + Send + Sync + 'static,
    spec: &TraceSpec,
) -> Guarantees {
    guarantees_of(Arc::new(program), spec)
}

fn guarantees_of(program: Program, spec: &TraceSpec) -> Guarantees {
    let facts = Rc::new(RefCell::new(Facts::new(spec)));
    let collected = Rc::clone(&facts);
    let options = Options { max_runs: usize::MAX, ..Options::default() };
    let explored = explore(
        options,
        move || program(),
        move |run| {
            assert!(!run.fails(), "a schedule lets the program fail.\n\n{}\n", Failing(run));
            collected.borrow_mut().add(&printed(run, 0));
        },
    );
    let counts = explored.unwrap_or_else(|error| panic!("{error}"));
    println!("{} runs, of which {} were given up", counts.runs, counts.redundant);
    facts.borrow().guarantees(Evidence::every_schedule(None))
}

/// A failing run, as a table.
struct Failing<'a>(&'a Run);

impl fmt::Display for Failing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Counterexample::new(self.0.clone(), None).map_or(Ok(()), |shown| shown.fmt(f))
    }
}

fn succeeds(explored: Result<Exploration, String>) -> Exploration {
    let explored = explored.unwrap_or_else(|error| panic!("{error}"));
    explored.assert_succeeds();
    explored
}

/// Explores `program` as [`every_schedule`] does, but it may fail.
///
/// # Panics
/// Panics if the program cannot be explored.
#[must_use]
pub fn explore_failing(program: impl Fn() + Send + Sync + 'static) -> Exploration {
    Exploration::new(program).unwrap_or_else(|error| panic!("{error}"))
}

/// Returns all outcomes of `program`. Unlike [`every_schedule`] it does not stop at a deadlock, which is an outcome too.
///
/// # Panics
/// Panics if the program cannot be explored, or ends and fails under a schedule: see [`Run::fails`].
#[must_use]
pub fn outcomes(program: impl Fn() + Send + Sync + 'static) -> Outcomes {
    let explored = explore_failing(program);
    // One that ends is shown before all that wait forever.
    if explored.failure().is_some_and(|failure| failure.run().waiting().is_empty()) {
        explored.assert_succeeds();
    }
    explored.outcomes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Operation;
    use crate::runtime::{new_object, new_thread, spawn, step};

    /// Two threads write to the same atomic twice each, and print a line.
    fn program() {
        let atomic = new_object();
        for name in ["tea", "toast"] {
            spawn(new_thread(name.to_owned()), move || {
                step(Operation::Store(atomic));
                step(Operation::Store(atomic));
                step(Operation::Print { text: format!("{name}\n"), whole: true });
            });
        }
        step(Operation::Join([1, 2].map(crate::Actor).into()));
    }

    fn evidence(max_runs: usize) -> Evidence {
        let explored = Exploration::new_or_random_beyond(max_runs, &(Arc::new(program) as Program))
            .expect("it can be explored");
        explored.guarantees(&TraceSpec::new().event(".*", "$0", "")).found
    }

    #[test]
    fn a_program_with_too_many_schedules_runs_under_random_ones_and_its_evidence_says_so() {
        assert_eq!(evidence(6), Evidence::every_schedule(Some(2)));
        assert_eq!(evidence(5), Evidence::RandomSchedules { outputs: Some(2) });
    }
}
