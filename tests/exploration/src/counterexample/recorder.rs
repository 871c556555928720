//! Makes up runs for tests.

use std::panic::Location;

use crate::clock::Clock;
use crate::operation::{Actor, Object, Operation, Outcome, Process};
use crate::run::{ActorInfo, Ending, Run, Step, Waiting};

/// The main thread of the first process.
pub(crate) const MAIN: Actor = Actor(0);

/// Records a run step by step, with the clocks.
pub(crate) struct Recorder {
    run: Run,
    waiting: Vec<Waiting>,
    objects: u32,
}

impl Recorder {
    pub(crate) fn new() -> Self {
        let run = Run {
            actors: Vec::new(),
            steps: Vec::new(),
            ending: Ending::Exited(0),
            not_waited_for: Vec::new(),
            holdings: Vec::new(),
            scene: None,
            made: Vec::new(),
            channels: Vec::new(),
        };
        let mut recorder = Self { run, waiting: Vec::new(), objects: 0 };
        recorder.create("", Process(0), Clock::default());
        recorder
    }

    pub(crate) fn object(&mut self) -> Object {
        self.objects += 1;
        Object { maker: MAIN, number: self.objects }
    }

    /// Creates a thread, which starts.
    #[track_caller]
    pub(crate) fn thread(&mut self, creator: Actor, name: &str) -> Actor {
        let process = self.run.actors[creator.0].process;
        self.create(name, process, self.clock(creator))
    }

    /// Creates a process, which starts.
    #[track_caller]
    pub(crate) fn process(&mut self, creator: Actor, name: &str) -> (Process, Actor) {
        let last = self.run.actors.iter().map(|actor| actor.process.0).max();
        let process = Process(last.map_or(0, |last| last + 1));
        (process, self.create(name, process, self.clock(creator)))
    }

    #[track_caller]
    fn create(&mut self, name: &str, process: Process, created_after: Clock) -> Actor {
        let actor = Actor(self.run.actors.len());
        let created_after = Some(created_after);
        self.run.actors.push(ActorInfo { name: name.to_owned(), process, created_after, panic: None });
        self.step(actor, Operation::Start);
        actor
    }

    #[track_caller]
    pub(crate) fn step(&mut self, actor: Actor, operation: Operation) {
        self.step_with(actor, operation, Outcome::Done);
    }

    #[track_caller]
    pub(crate) fn print(&mut self, actor: Actor, line: &str) {
        self.step(actor, Operation::Print { text: format!("{line}\n"), whole: true });
    }

    #[track_caller]
    pub(crate) fn step_with(&mut self, actor: Actor, operation: Operation, outcome: Outcome) {
        let place = Location::caller();
        let mut clock = self.clock(actor);
        for other in &self.run.steps {
            let process = |actor: Actor| self.run.actors[actor.0].process;
            let ends_it = operation == Operation::Exit(0) && process(other.actor) == process(actor);
            if ends_it || depend(other, &operation, process(other.actor)) {
                clock.join(&other.clock);
            }
        }
        let nth = clock.of(actor) + 1;
        clock.set(actor, nth);
        self.run.steps.push(Step { actor, operation, outcome, place, clock, nth, notes: Vec::new() });
    }

    /// Adds what the actor has printed on standard error before its last step.
    pub(crate) fn note(&mut self, text: &str) {
        self.run.steps.last_mut().expect("a step").notes.push(text.to_owned());
    }

    /// Ends the actor with a panic.
    #[track_caller]
    pub(crate) fn panic(&mut self, actor: Actor, message: &str) {
        self.run.actors[actor.0].panic = Some(message.to_owned());
        self.step(actor, Operation::End);
    }

    /// Adds a step that the actor can never take.
    #[track_caller]
    pub(crate) fn wait(&mut self, actor: Actor, operation: Operation) {
        self.waiting.push(Waiting { actor, operation, place: Location::caller(), enabled: false });
    }

    /// Returns the run: a deadlock if actors wait.
    pub(crate) fn finish(mut self) -> Run {
        if !self.waiting.is_empty() {
            self.run.ending = Ending::WaitsForever(self.waiting);
        }
        self.run
    }

    /// Returns the clock of the actor's last step, or else of its creator.
    fn clock(&self, actor: Actor) -> Clock {
        let last = self.run.steps.iter().rfind(|step| step.actor == actor);
        let created = || self.run.actors[actor.0].created_after.clone().unwrap_or_default();
        last.map_or_else(created, |step| step.clock.clone())
    }
}

/// Returns whether the step must come before a later one with this operation.
fn depend(step: &Step, later: &Operation, process: Process) -> bool {
    let in_common = || objects(&step.operation).iter().any(|object| objects(later).contains(object));
    match (&step.operation, later) {
        (Operation::End, Operation::Join(actors)) => actors.contains(&step.actor),
        (Operation::Exit(_), Operation::WaitFor(child)) => process == *child,
        (Operation::Load(_), Operation::Load(_)) => false,
        _ => in_common(),
    }
}

fn objects(operation: &Operation) -> Vec<Object> {
    use Operation as O;
    match *operation {
        O::Lock(object)
        | O::TryLock(object)
        | O::Unlock(object)
        | O::NotifyOne(object)
        | O::NotifyAll(object)
        | O::Load(object)
        | O::Store(object)
        | O::ReadModifyWrite(object)
        | O::Send(object, _)
        | O::Receive(object)
        | O::CloseSender(object)
        | O::CloseReceiver(object)
        | O::Write(object, _)
        | O::Read(object, _) => vec![object],
        O::Wait { condvar, lock } | O::Wake { condvar, lock, .. } => vec![condvar, lock],
        _ => Vec::new(),
    }
}
