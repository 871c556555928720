//! Which actor takes the next step, in one run after the other, until every order of dependent steps has been run.
//!
//! The method is source-DPOR with sleep sets (Abdulla, Aronsson, Jonsson and Sagonas, "Optimal dynamic partial order
//! reduction", POPL 2014, algorithm 1). A run is a path in a tree of choices; `nodes` is the path of the current run. At
//! the end of a run, each pair of steps that race is found, and the other order of the two is scheduled: at the step that
//! came first, an actor is added that leads there. The next run follows the path to the last such choice.
//!
//! A run may begin with choices that are given in advance. They stay as they are, and only what follows is explored.
//!
//! Steps that wait need two more rules. A step that was still waiting at the end of the run races like one that was taken:
//! a thread that waits for a lock forever could have been the first to take it. And a step does not race with what must
//! come before it in every run. All steps of a thread come before the join that waits for it. But steps that come before a
//! send may race with the receive of its message: if the receive came first, it would take another message.

use std::collections::VecDeque;

use crate::access::{Access, dependent, enables, racing};
use crate::clock::Clock;
use crate::objects::Objects;
use crate::operation::{Actor, Operation};

/// Which of the possible runs an explorer makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reduction {
    /// Every order of all steps.
    None,
    /// Every order of all steps, but not two runs that differ only in the order of independent steps: sleep sets alone.
    /// With it, the tests check the next one.
    SleepSets,
    /// Only runs that reverse two steps that race: source sets and sleep sets.
    SourceSets,
    /// As many runs as wanted, each chosen at random, from this seed.
    Random(u64),
}

/// A step that was taken.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) actor: Actor,
    accesses: Vec<Access>,
    /// The steps that come before this one, and itself.
    pub(crate) clock: Clock,
    /// Its number among the steps of its actor, from 1.
    pub(crate) nth: u32,
}

impl Event {
    fn happens_after(&self, other: &Self) -> bool {
        self.clock.of(other.actor) >= other.nth
    }
}

/// An actor with what its next step accesses.
type Next = (Actor, Vec<Access>);

/// A state in which an actor was chosen.
#[derive(Debug)]
struct Node {
    enabled: Vec<Next>,
    /// The actors whose steps have been tried here, or will be.
    backtrack: Vec<Actor>,
    /// The actors whose steps need not be tried here: what follows was run already.
    sleep: Vec<Actor>,
    chosen: Actor,
}

impl Node {
    fn sleeps(&self, actor: Actor) -> bool {
        self.sleep.contains(&actor)
    }

    fn accesses_of(&self, actor: Actor) -> &[Access] {
        let next = self.enabled.iter().find(|(other, _)| *other == actor);
        &next.expect("only an enabled actor is chosen").1
    }

    fn add_to_backtrack(&mut self, actor: Actor) {
        if !self.backtrack.contains(&actor) {
            self.backtrack.push(actor);
        }
    }
}

/// Chooses the actors of one run after the other.
#[derive(Debug)]
pub(crate) struct Explorer {
    reduction: Reduction,
    random: u64,
    nodes: Vec<Node>,
    /// The steps of the current run.
    pub(crate) events: Vec<Event>,
    /// The choices with which every run begins; `None` if there are none, or once the first run has made them.
    given: Option<VecDeque<Actor>>,
    /// How many steps those were, with the starts of actors.
    fixed: usize,
    /// How many steps the current run has taken; the first `shared` were also those of the run before.
    depth: usize,
    shared: usize,
    /// For each actor, its last clock in this run: at first that of the step that started it.
    clocks: Vec<Clock>,
    /// For each actor, the clock of the step that started it.
    starts: Vec<Clock>,
    counts: Vec<u32>,
    pub(crate) runs: usize,
}

/// What is left to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    /// This actor takes its step.
    Step(Actor),
    /// Whatever comes now was run already.
    Redundant,
    /// No step is enabled.
    Stuck,
    /// The choices given in advance have been made.
    Made,
    /// The next choice given in advance is this actor, and it cannot take a step.
    Impossible(Actor),
}

impl Explorer {
    /// Explores the runs that begin with the choices `given`, if there are any. Among them, an actor starts as soon as it is
    /// created: its start is not chosen.
    pub(crate) fn new(reduction: Reduction, given: Option<&[Actor]>) -> Self {
        let random = if let Reduction::Random(seed) = reduction { seed.wrapping_mul(2) | 1 } else { 1 };
        Self {
            reduction,
            random,
            nodes: Vec::new(),
            events: Vec::new(),
            given: given.map(|choices| choices.iter().copied().collect()),
            fixed: 0,
            depth: 0,
            shared: 0,
            clocks: Vec::new(),
            starts: Vec::new(),
            counts: Vec::new(),
            runs: 0,
        }
    }

    /// Prepares the next run. Returns false if there is none.
    pub(crate) fn begin_run(&mut self) -> bool {
        if self.runs > 0 && !self.advance() {
            return false;
        }
        self.runs += 1;
        self.depth = 0;
        self.shared = self.nodes.len().saturating_sub(1);
        self.events.truncate(self.shared);
        self.clocks.clear();
        self.starts.clear();
        self.counts.clear();
        true
    }

    /// Goes to the last choice for which another actor is left to try.
    fn advance(&mut self) -> bool {
        if let Reduction::Random(_) = self.reduction {
            self.nodes.truncate(self.fixed);
            return true;
        }
        while let Some(node) = self.nodes[self.fixed..].last_mut() {
            node.sleep.push(node.chosen);
            if let Some(next) = node.backtrack.iter().copied().find(|actor| !node.sleeps(*actor)) {
                node.chosen = next;
                return true;
            }
            self.nodes.pop();
        }
        false
    }

    /// Adds an actor, started by the last step of another one. Returns the clock of that step.
    pub(crate) fn add_actor(&mut self, actor: Actor, starter: Option<Actor>) -> Clock {
        let clock = starter.map(|starter| self.clocks[starter.0].clone()).unwrap_or_default();
        let count = self.clocks.len().max(actor.0 + 1);
        self.clocks.resize(count, Clock::default());
        self.starts.resize(count, Clock::default());
        self.counts.resize(count, 0);
        self.clocks[actor.0].clone_from(&clock);
        self.starts[actor.0].clone_from(&clock);
        clock
    }

    /// Returns whether the next step is one that the run before has taken too.
    pub(crate) fn is_replaying(&self) -> bool {
        self.depth < self.shared
    }

    /// Returns whether the run before has taken all steps that this one has taken so far.
    pub(crate) fn follows_the_run_before(&self) -> bool {
        self.runs > 1 && self.depth <= self.shared
    }

    /// Returns who takes the next step.
    pub(crate) fn choose(&mut self, objects: &Objects, pending: &[Option<Operation>]) -> Choice {
        if self.depth < self.nodes.len() {
            return Choice::Step(self.nodes[self.depth].chosen);
        }
        let enabled: Vec<Next> = pending
            .iter()
            .enumerate()
            .filter_map(|(index, operation)| Some((Actor(index), operation.as_ref()?)))
            .filter(|(actor, operation)| objects.is_enabled(*actor, operation))
            .map(|(actor, operation)| (actor, objects.accesses(actor, operation)))
            .collect();
        if let Some(choice) = self.choose_given(&enabled, pending) {
            if let Choice::Step(chosen) = choice {
                self.fixed += 1;
                self.nodes.push(Node { enabled, backtrack: vec![chosen], sleep: Vec::new(), chosen });
            }
            return choice;
        }
        if enabled.is_empty() {
            return Choice::Stuck;
        }
        let sleep = self.inherited_sleep_set();
        let mut awake: Vec<Actor> =
            enabled.iter().map(|(actor, _)| *actor).filter(|actor| !sleep.contains(actor)).collect();
        // The actor of the last step runs on if it can: then a run has few switches.
        let last = self.events.last().map(|event| event.actor);
        awake.sort_by_key(|actor| (Some(*actor) != last, *actor));
        let Some(&first) = awake.first() else { return Choice::Redundant };
        let chosen = match &self.reduction {
            Reduction::Random(_) => awake[self.next_random(awake.len())],
            _ => first,
        };
        let backtrack = match self.reduction {
            Reduction::None | Reduction::SleepSets => awake,
            _ => vec![chosen],
        };
        self.nodes.push(Node { enabled, backtrack, sleep, chosen });
        Choice::Step(chosen)
    }

    /// Returns the next of the choices given in advance, or the start of an actor among them; `None` once they
    /// are used up.
    fn choose_given(&mut self, enabled: &[Next], pending: &[Option<Operation>]) -> Option<Choice> {
        let given = self.given.as_mut()?;
        let starts = |actor: &&Next| pending[actor.0.0] == Some(Operation::Start);
        if let Some((actor, _)) = enabled.iter().find(starts) {
            return Some(Choice::Step(*actor));
        }
        let Some(actor) = given.pop_front() else {
            self.given = None;
            return (!enabled.is_empty()).then_some(Choice::Made);
        };
        let is_enabled = enabled.iter().any(|(other, _)| *other == actor);
        Some(if is_enabled { Choice::Step(actor) } else { Choice::Impossible(actor) })
    }

    /// Returns the next of the choices given in advance that have not been made.
    pub(crate) fn next_given(&self) -> Option<Actor> {
        self.given.as_ref()?.front().copied()
    }

    /// Returns the sleep set of a new node: the actors that sleep in the node before, and those that were tried there,
    /// whose steps are independent of the step that was taken.
    fn inherited_sleep_set(&self) -> Vec<Actor> {
        let (Reduction::SleepSets | Reduction::SourceSets, Some(before)) =
            (&self.reduction, self.nodes.last())
        else {
            return Vec::new();
        };
        let taken = before.accesses_of(before.chosen);
        // What a step accesses can change while its actor sleeps: the last receiver to close its end is noticed.
        let sleeps_on =
            |actor: &Actor| *actor != before.chosen && !dependent(before.accesses_of(*actor), taken);
        before.sleep.iter().copied().filter(sleeps_on).collect()
    }

    /// xorshift64
    fn next_random(&mut self, below: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        usize::try_from(self.random >> 33).expect("31 bits") % below
    }

    /// Records the step of the chosen actor, before it changes the objects.
    pub(crate) fn take(&mut self, objects: &Objects, operation: &Operation) {
        let actor = self.nodes[self.depth].chosen;
        self.depth += 1;
        self.counts[actor.0] += 1;
        if self.depth <= self.shared {
            self.clocks[actor.0].clone_from(&self.events[self.depth - 1].clock);
            return;
        }
        let accesses = objects.accesses(actor, operation);
        let nth = self.counts[actor.0];
        let mut clock = self.clocks[actor.0].clone();
        for event in self.events.iter().rev() {
            if clock.of(event.actor) < event.nth && dependent(&event.accesses, &accesses) {
                clock.join(&event.clock);
            }
        }
        clock.set(actor, nth);
        self.clocks[actor.0].clone_from(&clock);
        self.events.push(Event { actor, accesses, clock, nth });
    }

    /// Finds the races of a run that is over, and schedules their other order.
    pub(crate) fn end_run(&mut self, objects: &Objects, pending: &[Option<Operation>]) {
        if self.reduction != Reduction::SourceSets {
            return;
        }
        for index in self.shared..self.events.len() {
            let Event { actor, accesses, nth, .. } = self.events[index].clone();
            self.reverse_races(&Late { index, actor, accesses, nth, was_taken: true });
        }
        for (actor, operation) in pending.iter().enumerate() {
            let (actor, Some(operation)) = (Actor(actor), operation) else { continue };
            let accesses = objects.accesses(actor, operation);
            let nth = self.counts[actor.0] + 1;
            self.reverse_races(&Late { index: self.events.len(), actor, accesses, nth, was_taken: false });
        }
    }

    fn reverse_races(&mut self, late: &Late) {
        let causes = self.causes(late);
        let mut racing_events: Vec<usize> = Vec::new();
        for index in (0..late.index).rev() {
            let event = &self.events[index];
            let is_cause = event.actor == late.actor || causes.of(event.actor) >= event.nth;
            if is_cause || !racing(&event.accesses, &late.accesses) {
                continue;
            }
            // Of several that come before each other, only the last: the others follow from its reversal. But a step that
            // was disabled there cannot simply come first: what has disabled it comes earlier.
            let follows =
                |&later: &usize| self.events[later].happens_after(event) && !self.was_disabled(late, later);
            if !racing_events.iter().any(follows) {
                racing_events.push(index);
            }
        }
        for early in racing_events {
            self.schedule_before(early, late);
        }
    }

    /// Returns whether a step was announced but disabled when the event at `index` was chosen.
    fn was_disabled(&self, late: &Late, index: usize) -> bool {
        let announced = !self.events[index..late.index].iter().any(|event| event.actor == late.actor);
        announced && !self.nodes[index].enabled.iter().any(|(actor, _)| *actor == late.actor)
    }

    /// Returns what must come before a step in every run: the earlier steps of its actor, the ends that it waits for, and
    /// what comes before these.
    fn causes(&self, late: &Late) -> Clock {
        let earlier = &self.events[..late.index];
        let own = earlier.iter().rev().find(|event| event.actor == late.actor && event.nth + 1 == late.nth);
        let mut causes = own.map_or_else(|| self.starts[late.actor.0].clone(), |event| event.clock.clone());
        for event in earlier.iter().filter(|event| enables(&event.accesses, &late.accesses)) {
            causes.join(&event.clock);
        }
        causes
    }

    /// Makes sure that a run is tried in which `late` comes before the event at `early`.
    fn schedule_before(&mut self, early: usize, late: &Late) {
        if early < self.fixed {
            return;
        }
        let first = &self.events[early];
        // What can come before `first` too.
        let independent: Vec<&Event> =
            self.events[early + 1..late.index].iter().filter(|event| !event.happens_after(first)).collect();
        let late_event = late.was_taken.then(|| &self.events[late.index]);
        let mut initials: Vec<Actor> = Vec::new();
        let mut seen: Vec<Actor> = Vec::new();
        for (index, event) in independent.iter().copied().chain(late_event).enumerate() {
            if seen.contains(&event.actor) {
                continue;
            }
            seen.push(event.actor);
            let depends = independent.iter().take(index).any(|earlier| event.happens_after(earlier));
            if !depends {
                initials.push(event.actor);
            }
        }
        if !late.was_taken
            && !seen.contains(&late.actor)
            && !independent.iter().any(|event| dependent(&event.accesses, &late.accesses))
        {
            initials.push(late.actor);
        }
        let node = &mut self.nodes[early];
        if initials.iter().any(|actor| node.backtrack.contains(actor) || node.sleeps(*actor)) {
            return;
        }
        let is_enabled = |actor: &Actor| node.enabled.iter().any(|(other, _)| other == actor);
        if let Some(actor) = initials.iter().copied().find(is_enabled) {
            node.add_to_backtrack(actor);
            return;
        }
        // It is not known which of them leads there.
        let all: Vec<Actor> = node.enabled.iter().map(|(actor, _)| *actor).collect();
        for actor in all {
            node.add_to_backtrack(actor);
        }
    }
}

/// The later step of a race.
struct Late {
    /// Its place in the run; the length of the run if it was not taken.
    index: usize,
    actor: Actor,
    accesses: Vec<Access>,
    nth: u32,
    was_taken: bool,
}
