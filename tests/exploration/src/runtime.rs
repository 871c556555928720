//! Runs a program under the schedules that an explorer chooses. This is what the stand-ins call.
//!
//! An actor is a task of shuttle. Shuttle only switches from one task to another; none of its own locks or channels is
//! used, so nothing waits without the explorer's knowledge. An actor announces its next step with [`step`]. Then the
//! explorer chooses among the announced steps, and the chosen actor runs on until it announces its next one.

use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::mem;
use std::panic::{self, AssertUnwindSafe, Location};
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};
use std::vec;

use shuttle::scheduler::{RoundRobinScheduler, Schedule, Scheduler, Task, TaskId};
use shuttle::{Config, FailurePersistence, MaxSteps, Runner};

use crate::explorer::{Choice, Explorer, Reduction};
use crate::objects::Objects;
use crate::operation::{Actor, Object, Operation, Outcome, Process};
use crate::run::{ActorInfo, Ending, Run, Step, Waiting};

/// The number of runs of all explorations.
static RUNS: AtomicU64 = AtomicU64::new(1);

/// The size of an actor's stack in bytes.
const STACK_SIZE: usize = 1 << 18;

/// How often actors of a run that is over let others unwind first.
const MAX_ASIDE: usize = 1000;

/// How a program is explored.
#[derive(Debug, Clone)]
pub struct Options {
    /// Which runs are made.
    pub reduction: Reduction,
    /// The choices with which every run begins, if any: which actor takes each next step. Meanwhile an actor starts as soon
    /// as it is created: its start is not among the choices. Actors have numbers in the order of their creation.
    pub choices: Option<Vec<Actor>>,
    /// Whether the only run ends after the choices.
    pub stops: bool,
    /// Whether two runs that differ only in the order of prints are different runs. Otherwise a run stands for all orders
    /// of its prints that keep the order of everything else.
    pub ordered_prints: bool,
    /// The exploration ends after this many runs.
    pub max_runs: usize,
    /// No run begins after this time.
    pub max_time: Option<Duration>,
    /// A run with more steps fails: it probably never ends.
    pub max_steps: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            reduction: Reduction::SourceSets,
            choices: None,
            stops: false,
            ordered_prints: false,
            max_runs: 200_000,
            max_time: None,
            max_steps: 20_000,
        }
    }
}

/// How much was explored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// The number of runs, with those that were given up.
    pub runs: usize,
    /// How many were given up, because what was left of them had been run already.
    pub redundant: usize,
    /// Whether there was nothing left to run.
    pub complete: bool,
}

/// Why a run is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Over {
    Exited,
    Stuck,
    Stopped,
    Redundant,
    Failed,
}

/// The payload with which an actor unwinds when the run is over.
struct RunIsOver;

struct State {
    options: Options,
    explorer: Explorer,
    objects: Objects,
    /// By actor, as all that follow: the step that it has announced.
    pending: Vec<Option<Operation>>,
    places: Vec<&'static Location<'static>>,
    notes: Vec<Vec<String>>,
    outcomes: Vec<Outcome>,
    actors: Vec<ActorInfo>,
    unwinds: Vec<bool>,
    task_of: Vec<usize>,
    /// How many objects and actors it has made.
    objects_made: Vec<u32>,
    actors_made: Vec<u32>,
    /// The actor of each task.
    tasks: Vec<Actor>,
    /// The handles of the tasks: shuttle ends a run without the tasks whose handles are gone.
    handles: Vec<Box<dyn Any>>,
    /// Actors and processes by who starts them, and as which one: they have the same number in all runs.
    actor_numbers: BTreeMap<(Actor, u32), Actor>,
    process_numbers: BTreeMap<Actor, Process>,
    /// The steps of this run, and, beyond them, those that the run before had taken in their place.
    steps: Vec<Step>,
    taken: usize,
    run_number: u64,
    scene: Option<String>,
    /// Where the objects of this run were made, if that is known.
    made: Vec<(Object, &'static Location<'static>)>,
    channels: Vec<Object>,
    next: Option<Actor>,
    over: Option<Over>,
    /// How often an actor let others unwind first, and whether it did so just now.
    aside: usize,
    steps_aside: bool,
    /// Why the exploration cannot go on.
    failure: Option<String>,
    redundant: usize,
    runs: usize,
    start: Instant,
    complete: bool,
}

thread_local! {
    static STATE: RefCell<Option<State>> = const { RefCell::new(None) };
}

fn with<T>(work: impl FnOnce(&mut State) -> T) -> T {
    STATE.with_borrow_mut(|state| {
        work(state.as_mut().expect("this needs an exploration: call it from a program that is explored"))
    })
}

fn me(state: &State) -> Actor {
    state.tasks[usize::from(shuttle::current::me())]
}

/// Announces the next step of the current actor, waits until the schedule lets the actor take it, and returns its outcome.
/// The caller's place in the source is the place of the step.
///
/// Once the run is over, the actor unwinds. In a destructor that runs meanwhile, the step does nothing and returns `Done`.
#[track_caller]
#[expect(clippy::must_use_candidate, reason = "most steps have one outcome only")]
pub fn step(operation: Operation) -> Outcome {
    step_at(operation, Location::caller())
}

/// Like [`step`], for another place in the source.
#[expect(clippy::must_use_candidate, reason = "most steps have one outcome only")]
pub fn step_at(operation: Operation, place: &'static Location<'static>) -> Outcome {
    let (me, next) = with(|state| {
        let me = me(state);
        let next = state.over.is_none().then(|| {
            state.check_isolation(me, &operation, place);
            state.pending[me.0] = Some(operation);
            state.places[me.0] = place;
            state.decide()
        });
        (me, next.flatten())
    });
    if next != Some(me) && !is_over() {
        with(|state| state.next = next);
        switch();
    }
    if is_over() {
        if with(|state| mem::replace(&mut state.unwinds[me.0], true)) {
            return Outcome::Done;
        }
        panic::resume_unwind(Box::new(RunIsOver));
    }
    with(|state| state.outcomes[me.0])
}

fn switch() {
    use shuttle::sync::atomic::{AtomicBool, Ordering};
    AtomicBool::new(false).load(Ordering::SeqCst);
}

/// Adds a note to the record of the current actor's next step: what it prints on standard error. Takes no step.
pub fn note(text: String) {
    with(|state| {
        let me = me(state);
        state.notes[me.0].push(text);
    });
}

/// Returns the name of a new object.
#[must_use]
pub fn new_object() -> Object {
    new_object_made_at(None)
}

/// Returns the name of a new object. Which name it has may depend on the schedule, and where it was made does not.
#[must_use]
pub fn new_object_made_at(place: Option<&'static Location<'static>>) -> Object {
    with(|state| {
        let maker = me(state);
        state.objects_made[maker.0] += 1;
        let object = Object { maker, number: state.objects_made[maker.0] };
        state.made.extend(place.map(|place| (object, place)));
        object
    })
}

/// Returns a number that is different in each run: an object that outlives a run gets a new name in the next one.
#[must_use]
pub fn run_number() -> u64 {
    with(|state| state.run_number)
}

/// Names the program that runs: the scenario of a lesson, by which `cargo xtask play` knows it.
pub fn name_scene(name: String) {
    with(|state| state.scene = Some(name));
}

/// Creates a channel with one sender and one receiver. It holds messages of this total size.
#[must_use]
pub fn new_channel(capacity: usize) -> Object {
    let channel = new_object();
    with(|state| {
        state.objects.add_channel(channel, capacity);
        state.channels.push(channel);
    });
    channel
}

/// Creates a pipe with one writer and one reader. It holds this many bytes; a write of at most `atomic` is not split.
#[must_use]
pub fn new_pipe(capacity: usize, atomic: usize) -> Object {
    let pipe = new_object();
    with(|state| state.objects.add_pipe(pipe, capacity, atomic));
    pipe
}

/// Counts another sender, or else another receiver, of a channel or a pipe.
pub fn add_end(object: Object, sender: bool) {
    with(|state| {
        if state.over.is_none() {
            state.objects.add_end(object, sender);
        }
    });
}

/// Returns the actor that runs.
#[must_use]
pub fn current_actor() -> Actor {
    with(|state| me(state))
}

/// Returns the process of the actor that runs.
#[must_use]
pub fn current_process() -> Process {
    with(|state| state.actors[me(state).0].process)
}

/// Returns whether the run is over, so that its actors only unwind; or whether there is no run at all.
#[must_use]
pub fn is_over() -> bool {
    STATE.with_borrow(|state| state.as_ref().is_none_or(|state| state.over.is_some()))
}

/// Returns whether the current actor unwinds: from a panic, or because the run is over.
#[must_use]
pub fn is_panicking() -> bool {
    with(|state| state.unwinds[me(state).0])
}

/// Forgets the panic that the current actor has caught. If it was no panic but the end of the run, the actor must
/// unwind on: resume the unwinding with the same payload if this returns false.
#[must_use]
pub fn caught_panic() -> bool {
    with(|state| {
        let me = me(state);
        let caught = state.over.is_none();
        if caught {
            state.unwinds[me.0] = false;
        }
        caught
    })
}

/// Lets the current actor panic with this payload, without a call of the panic hook.
pub fn resume_panic(payload: Box<dyn Any + Send>) -> ! {
    with(|state| {
        let me = me(state);
        state.unwinds[me.0] = true;
    });
    panic::resume_unwind(payload)
}

/// Lets another actor of a run that is over unwind before the current one, which needs a lock in a destructor.
///
/// # Panics
/// Panics after many calls: the destructors of two actors wait for each other's locks.
pub fn let_others_unwind() {
    let count = with(|state| {
        state.aside += 1;
        state.steps_aside = true;
        state.aside
    });
    assert!(
        count < MAX_ASIDE,
        "after the end of a run, a destructor waits for a lock that is never released"
    );
    switch();
}

/// Creates a thread of the current process. Its name is empty if it has none. Run it with [`spawn`], or with the result of
/// [`act`] in a scoped thread of shuttle, before the next step.
#[must_use]
pub fn new_thread(name: String) -> Actor {
    with(|state| {
        let starter = me(state);
        let process = state.actors[starter.0].process;
        let actor = state.number_actor(starter);
        state.add_actor(actor, Some(starter), name, process);
        state.objects.add_thread(actor, process);
        actor
    })
}

/// Creates a child process of the current one, with its main thread. Run that with [`spawn`].
#[must_use]
pub fn new_process(name: String) -> (Process, Actor) {
    with(|state| {
        let starter = me(state);
        let parent = state.actors[starter.0].process;
        let main = state.number_actor(starter);
        let new = Process(state.process_numbers.len() + 1);
        let process = *state.process_numbers.entry(main).or_insert(new);
        state.add_actor(main, Some(starter), name, process);
        state.objects.add_process(process, Some(parent), main);
        (process, main)
    })
}

/// Runs `work` as an actor, in a task of its own: see [`act`].
pub fn spawn(actor: Actor, work: impl FnOnce() + Send + 'static) {
    // Compiled once, and not for each program and each closure: that is most of the time that a scene takes to compile.
    fn spawn(actor: Actor, work: Box<dyn FnOnce() + Send>) {
        let handle = shuttle::thread::spawn(act(actor, work));
        with(|state| state.handles.push(Box::new(handle)));
    }
    spawn(actor, Box::new(work));
}

/// Returns what a task of shuttle runs to be `actor`: `work`, then the step `End`. Its result is that of `work`, or its
/// panic; `None` if the run ends before. The work of a process's main thread takes the step `Exit`, which does not return.
pub fn act<T>(actor: Actor, work: impl FnOnce() -> T) -> impl FnOnce() -> Option<thread::Result<T>> {
    // Shuttle numbers its tasks in the order in which they are started.
    with(|state| {
        state.task_of[actor.0] = state.tasks.len();
        state.tasks.push(actor);
    });
    move || {
        if is_over() {
            // It never runs. What it would have used is dropped, as by an actor that unwinds.
            with(|state| state.unwinds[actor.0] = true);
            drop(work);
            return None;
        }
        let whole = panic::catch_unwind(AssertUnwindSafe(|| {
            let result = panic::catch_unwind(AssertUnwindSafe(work));
            if !caught_panic() {
                return None;
            }
            step(Operation::End);
            Some(result)
        }));
        whole.ok().flatten()
    }
}

impl State {
    fn new(options: Options) -> Self {
        Self {
            explorer: Explorer::new(options.reduction.clone(), options.choices.as_deref()),
            objects: Objects::new(options.ordered_prints),
            options,
            pending: Vec::new(),
            places: Vec::new(),
            notes: Vec::new(),
            outcomes: Vec::new(),
            actors: Vec::new(),
            unwinds: Vec::new(),
            task_of: Vec::new(),
            objects_made: Vec::new(),
            actors_made: Vec::new(),
            tasks: Vec::new(),
            handles: Vec::new(),
            actor_numbers: BTreeMap::new(),
            process_numbers: BTreeMap::new(),
            steps: Vec::new(),
            taken: 0,
            run_number: 0,
            scene: None,
            made: Vec::new(),
            channels: Vec::new(),
            next: None,
            over: None,
            aside: 0,
            steps_aside: false,
            failure: None,
            redundant: 0,
            runs: 0,
            start: Instant::now(),
            complete: false,
        }
    }

    /// Prepares the next run. Returns false if there is none.
    fn begin_run(&mut self) -> bool {
        if self.failure.is_some() {
            return false;
        }
        let limit = self.options.max_time;
        if limit.is_some_and(|limit| self.start.elapsed() > limit) || self.runs >= self.options.max_runs {
            // What is left is not run.
            self.complete = !self.explorer.begin_run();
            return false;
        }
        if !self.explorer.begin_run() {
            self.complete = true;
            return false;
        }
        self.objects = Objects::new(self.options.ordered_prints);
        for actor in 0..self.pending.len() {
            self.pending[actor] = None;
            self.notes[actor].clear();
            self.actors[actor].created_after = None;
            self.actors[actor].panic = None;
        }
        self.tasks.clear();
        self.runs += 1;
        self.handles.clear();
        self.made.clear();
        self.channels.clear();
        self.taken = 0;
        self.run_number = RUNS.fetch_add(1, Relaxed);
        self.over = None;
        self.aside = 0;
        let (main, process) = (Actor(0), Process(0));
        self.add_actor(main, None, "main".to_owned(), process);
        self.objects.add_process(process, None, main);
        self.task_of[0] = 0;
        self.tasks.push(main);
        // It runs at once.
        self.pending[0] = None;
        self.next = Some(main);
        true
    }

    /// Returns the number of the next actor that `starter` starts.
    fn number_actor(&mut self, starter: Actor) -> Actor {
        self.actors_made[starter.0] += 1;
        let new = Actor(self.actor_numbers.len() + 1);
        *self.actor_numbers.entry((starter, self.actors_made[starter.0])).or_insert(new)
    }

    fn add_actor(&mut self, actor: Actor, starter: Option<Actor>, name: String, process: Process) {
        if self.actors.len() <= actor.0 {
            let count = actor.0 + 1;
            self.pending.resize(count, None);
            self.places.resize(count, Location::caller());
            self.notes.resize(count, Vec::new());
            self.outcomes.resize(count, Outcome::Done);
            self.actors
                .resize(count, ActorInfo { name: String::new(), process, created_after: None, panic: None });
            self.unwinds.resize(count, false);
            self.task_of.resize(count, 0);
            self.objects_made.resize(count, 0);
            self.actors_made.resize(count, 0);
        }
        self.pending[actor.0] = Some(Operation::Start);
        self.places[actor.0] = starter.map_or(Location::caller(), |starter| self.places[starter.0]);
        self.unwinds[actor.0] = false;
        self.objects_made[actor.0] = 0;
        self.actors_made[actor.0] = 0;
        let created_after = Some(self.explorer.add_actor(actor, starter));
        self.actors[actor.0] = ActorInfo { name, process, created_after, panic: None };
    }

    /// A process shares pipes and named objects with others, and nothing else.
    fn check_isolation(&mut self, actor: Actor, operation: &Operation, place: &Location<'_>) {
        let Some(object) = operation.memory() else { return };
        if object.has_name() || self.actors[object.maker.0].process == self.actors[actor.0].process {
            return;
        }
        let text = format!("{place}: a process uses an object in the memory of another process");
        self.fail(text);
    }

    fn fail(&mut self, message: String) {
        self.failure.get_or_insert(message);
        self.over = Some(Over::Failed);
    }

    /// Lets actors take steps until one of them runs, and returns that one; `None` if the run is over.
    fn decide(&mut self) -> Option<Actor> {
        while self.over.is_none() {
            match self.explorer.choose(&self.objects, &self.pending) {
                Choice::Stuck => self.end_run(Over::Stuck),
                Choice::Redundant => self.end_run(Over::Redundant),
                Choice::Made if self.options.stops => self.end_run(Over::Stopped),
                Choice::Made => {}
                Choice::Impossible(actor) => {
                    let text = self.impossible(actor);
                    self.fail(text);
                }
                Choice::Step(actor) => {
                    self.take_step(actor);
                    if self.over.is_none() && self.objects.all_exited() {
                        self.end_run(Over::Exited);
                        if let Some(actor) = self.explorer.next_given() {
                            let text = self.impossible(actor);
                            self.fail(text);
                        }
                    }
                    if self.over.is_none() && self.objects.is_running(actor) {
                        return Some(actor);
                    }
                }
            }
        }
        None
    }

    /// Returns why the next choice cannot be made.
    fn impossible(&self, actor: Actor) -> String {
        let is_enabled = |(index, operation): &(usize, &Option<Operation>)| {
            operation.as_ref().is_some_and(|operation| self.objects.is_enabled(Actor(*index), operation))
        };
        let enabled = self.pending.iter().enumerate().filter(is_enabled);
        let enabled: Vec<_> = enabled.map(|(index, _)| index.to_string()).collect();
        let made = self.steps.iter().filter(|step| step.operation != Operation::Start).count();
        match &enabled[..] {
            [] => format!("after {made} choices, no actor can take a step, and the next choice is {actor}"),
            all => {
                let all = all.join(", ");
                format!("after {made} choices, actor {actor} cannot take a step; those that can: {all}")
            }
        }
    }

    fn take_step(&mut self, actor: Actor) {
        let place = self.places[actor.0];
        let is_replay = self.explorer.is_replaying();
        // The run before has taken the same steps up to here, so this actor had announced the same step there.
        let announced = self.steps[self.taken..].iter().find(|step| step.actor == actor);
        if let Some(before) = announced.filter(|_| self.explorer.follows_the_run_before())
            && (Some(&before.operation), before.place) != (self.pending[actor.0].as_ref(), place)
        {
            let text = format!(
                "the program is not deterministic: after the same steps, an actor took one at {} in one run and one at \
                 {place} in another",
                before.place
            );
            return self.fail(text);
        }
        let is_enabled = |operation: &Operation| self.objects.is_enabled(actor, operation);
        let Some(operation) = self.pending[actor.0].take_if(|operation| is_enabled(operation)) else {
            return self.fail(format!(
                "the program is not deterministic: after the same steps, the step at {place} was possible in one run and \
                 not in another"
            ));
        };
        self.explorer.take(&self.objects, &operation);
        let outcome = self.objects.apply(actor, &operation);
        self.outcomes[actor.0] = outcome;
        let notes = mem::take(&mut self.notes[actor.0]);
        if !is_replay {
            let event = self.explorer.events.last().expect("the step was recorded");
            let (clock, nth) = (event.clock.clone(), event.nth);
            self.steps.truncate(self.taken);
            self.steps.push(Step { actor, operation, outcome, place, clock, nth, notes });
        }
        self.taken += 1;
        if self.taken > self.options.max_steps {
            self.fail(format!("a run takes more than {} steps: does it never end?", self.options.max_steps));
        }
    }

    fn end_run(&mut self, over: Over) {
        self.over = Some(over);
        self.steps.truncate(self.taken);
        self.explorer.end_run(&self.objects, &self.pending);
        self.redundant += usize::from(over == Over::Redundant);
    }

    /// Takes the record of the run that is over, unless it was given up. Before the first run there is none.
    fn take_record(&mut self) -> Option<Run> {
        let ending = match self.over? {
            Over::Redundant | Over::Failed => return None,
            Over::Exited => Ending::Exited(self.objects.status(Process(0))?),
            Over::Stuck => Ending::WaitsForever(self.waiting()),
            Over::Stopped => Ending::Stopped(self.waiting()),
        };
        let not_waited_for = self.objects.not_waited_for();
        let holdings = if self.options.stops { self.objects.holdings() } else { Vec::new() };
        Some(Run {
            actors: mem::take(&mut self.actors),
            steps: mem::take(&mut self.steps),
            ending,
            not_waited_for,
            holdings,
            scene: self.scene.clone(),
            made: mem::take(&mut self.made),
            channels: mem::take(&mut self.channels),
        })
    }

    fn waiting(&self) -> Vec<Waiting> {
        let pending = self.pending.iter().enumerate();
        pending
            .filter(|(index, _)| self.objects.is_running(Actor(*index)))
            .filter_map(|(index, operation)| {
                let (actor, operation) = (Actor(index), operation.clone()?);
                let enabled = self.objects.is_enabled(actor, &operation);
                Some(Waiting { actor, operation, place: self.places[index], enabled })
            })
            .collect()
    }

    /// Returns the task that runs next.
    fn next_task(&mut self, runnable: &[&Task], current: Option<TaskId>) -> Option<TaskId> {
        let is_runnable = |id: TaskId| runnable.iter().any(|task| task.id() == id);
        if self.over.is_none() {
            let next = self.next.take().or_else(|| {
                // In the midst of a step, or at its end.
                let current = current.filter(|id| is_runnable(*id))?;
                let actor = self.tasks[usize::from(current)];
                self.pending[actor.0].is_none().then_some(actor)
            });
            if let Some(next) = next.or_else(|| self.decide()) {
                return Some(TaskId::from(self.task_of[next.0]));
            }
        }
        // What is left of a run that is over.
        if mem::take(&mut self.steps_aside) {
            let next = runnable.iter().find(|task| current.is_none_or(|current| task.id() > current));
            return next.or(runnable.first()).map(|task| task.id());
        }
        current.filter(|id| is_runnable(*id)).or_else(|| runnable.first().map(|task| task.id()))
    }
}

/// Lets shuttle run the task of the actor that was chosen.
struct Chosen<F> {
    /// The explorations that follow this one.
    later: vec::IntoIter<Options>,
    visit: F,
}

impl<F: FnMut(&Run)> Scheduler for Chosen<F> {
    fn new_execution(&mut self) -> Option<Schedule> {
        if let Some(run) = with(State::take_record) {
            (self.visit)(&run);
            // The next run begins with the same steps.
            with(|state| (state.actors, state.steps) = (run.actors, run.steps));
        }
        while !with(State::begin_run) {
            if with(|state| state.failure.is_some()) {
                return None;
            }
            let options = self.later.next()?;
            with(|state| *state = State::new(options));
        }
        Some(Schedule::new(0))
    }

    fn next_task(&mut self, runnable: &[&Task], current: Option<TaskId>, _: bool) -> Option<TaskId> {
        with(|state| state.next_task(runnable, current))
    }

    fn next_u64(&mut self) -> u64 {
        0
    }
}

/// Runs `program` once for each order of dependent steps, and calls `visit` with each run that was not given up.
///
/// # Errors
/// If the exploration cannot go on: the program is not deterministic, a run does not end, or processes share memory.
///
/// # Panics
/// Panics if it is called by a program that is explored.
pub fn explore(
    options: Options,
    program: impl Fn() + Send + Sync + 'static,
    visit: impl FnMut(&Run) + 'static,
) -> Result<Counts, String> {
    explore_each(options, Vec::new(), program, visit)
}

/// Explores the program with these options, and then with each of the others: faster than one by one, since all actors
/// use the same stacks. Returns the counts of the last exploration.
pub(crate) fn explore_each(
    options: Options,
    later: Vec<Options>,
    program: impl Fn() + Send + Sync + 'static,
    visit: impl FnMut(&Run) + 'static,
) -> Result<Counts, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(record_panics);
    let before = STATE.replace(Some(State::new(options)));
    assert!(before.is_none(), "a program that is explored cannot explore another one");
    let later = later.into_iter();
    Runner::new(Chosen { later, visit }, config()).run(move || run_main(&program));
    let state = STATE.take().expect("the exploration has set it");
    match state.failure {
        Some(failure) => Err(failure),
        None => Ok(Counts { runs: state.runs, redundant: state.redundant, complete: state.complete }),
    }
}

fn config() -> Config {
    let mut config = Config::new();
    config.failure_persistence = FailurePersistence::None;
    config.max_steps = MaxSteps::None;
    config.stack_size = STACK_SIZE;
    config
}

/// Runs the main thread of the first process.
fn run_main(program: &impl Fn()) {
    // It ends by unwinding: the run is over.
    let _ = panic::catch_unwind(AssertUnwindSafe(|| {
        let result = panic::catch_unwind(AssertUnwindSafe(program));
        if caught_panic() {
            // Like a process of Rust: 101 after a panic.
            step(Operation::Exit(if result.is_ok() { 0 } else { 101 << 8 }));
        }
    }));
}

/// Records the panics of actors instead of printing them.
fn record_panics() {
    let default_hook = panic::take_hook();
    // Shuttle sets a hook in its first run, which adds lines to the message of every panic.
    Runner::new(RoundRobinScheduler::new(1), config()).run(|| ());
    panic::set_hook(Box::new(move |info| {
        let is_recorded = STATE.with(|state| {
            let Ok(mut state) = state.try_borrow_mut() else { return false };
            let Some(state) = state.as_mut().filter(|state| state.over.is_none()) else { return false };
            let me = me(state);
            let payload = info.payload();
            let text = payload.downcast_ref::<String>().map(String::as_str);
            let message = text.or_else(|| payload.downcast_ref::<&str>().copied());
            let message = message.unwrap_or("a value that is not a string");
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            state.actors[me.0].panic = Some(format!("{place}: {message}"));
            state.unwinds[me.0] = true;
            true
        });
        if !is_recorded {
            default_hook(info);
        }
    }));
}
