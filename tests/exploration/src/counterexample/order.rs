//! Orders the steps of a run so that it switches between actors as rarely as possible.

use crate::operation::{Actor, Operation};
use crate::run::{Run, Step};

/// How many states are kept for each number of steps. Programs that a person can follow have fewer; the result is the
/// best that there is then. Of a larger one, the states with the fewest switches are kept.
const MAX_STATES: usize = 2_000;

/// Returns how often `actors` changes from one actor to another.
pub(crate) fn switches(actors: impl Iterator<Item = Actor> + Clone) -> usize {
    actors.clone().zip(actors.skip(1)).filter(|(before, after)| before != after).count()
}

/// Returns the steps of `run`, as indices, in an order with the fewest switches between actors. Each step comes after those
/// that its clock includes, so the run is equivalent. Of several such orders, it is the one in which actors with low
/// numbers go first.
///
/// Prints of different actors have no order in the clocks. With `output`, only those orders count that print it; returns
/// `None` if there are none.
pub(crate) fn fewest_switches(run: &Run, output: Option<&str>) -> Option<Vec<usize>> {
    let search = Search::new(run, output);
    let mut levels = vec![vec![State::start(run.actors.len())]];
    for _ in &run.steps {
        let next = search.next_level(levels.last()?);
        levels.push(next);
    }
    let found = search.trace_back(&levels);
    // It can be better if states were dropped.
    let recorded = search.prints_output_as_recorded().then(|| (0..run.steps.len()).collect());
    let switches = |order: &Vec<usize>| switches(order.iter().map(|&index| run.steps[index].actor));
    found.into_iter().chain(recorded).min_by_key(switches)
}

/// How far each actor has come, on the way there with the fewest switches.
struct State {
    /// How many steps of each actor are taken.
    progress: Vec<usize>,
    /// The actor of the last step.
    last: usize,
    switches: usize,
    /// How many bytes are printed.
    printed: usize,
    /// The index of the state before the last step, among those of one step less.
    parent: usize,
}

impl State {
    fn start(actors: usize) -> Self {
        Self { progress: vec![0; actors], last: 0, switches: 0, printed: 0, parent: 0 }
    }
}

struct Search<'a> {
    run: &'a Run,
    output: Option<&'a str>,
    /// Of each actor, the indices of its steps.
    steps_of: Vec<Vec<usize>>,
}

impl<'a> Search<'a> {
    fn new(run: &'a Run, output: Option<&'a str>) -> Self {
        let mut steps_of = vec![Vec::new(); run.actors.len()];
        for (index, step) in run.steps.iter().enumerate() {
            steps_of[step.actor.0].push(index);
        }
        Self { run, output, steps_of }
    }

    /// Returns the states after one step more. They are in the order of the ways to them: the first is that in which actors
    /// with low numbers go first.
    fn next_level(&self, level: &[State]) -> Vec<State> {
        let actors = 0..self.steps_of.len();
        let of_state =
            |(parent, state)| actors.clone().filter_map(move |actor| self.after(parent, state, actor));
        let mut next: Vec<_> = level.iter().enumerate().flat_map(of_state).collect();
        next.sort_by(|a, b| {
            let key = |state: &State| (state.last, state.switches, state.parent);
            a.progress.cmp(&b.progress).then(key(a).cmp(&key(b)))
        });
        next.dedup_by(|a, b| (&a.progress, a.last) == (&b.progress, b.last));
        if next.len() > MAX_STATES {
            next.sort_by_key(|state| state.switches);
            next.truncate(MAX_STATES);
        }
        next.sort_by_key(|state| (state.parent, state.last));
        next
    }

    /// Returns the state after a step of `actor`, if it can take one.
    fn after(&self, parent: usize, state: &State, actor: usize) -> Option<State> {
        let step = &self.run.steps[*self.steps_of[actor].get(state.progress[actor])?];
        let is_done =
            |(other, &done): (usize, &usize)| other == actor || step.clock.of(Actor(other)) as usize <= done;
        if !state.progress.iter().enumerate().all(is_done) {
            return None;
        }
        let printed = self.printed_after(step, state.printed)?;
        let is_first = state.progress.iter().all(|&done| done == 0);
        let switches = state.switches + usize::from(!is_first && state.last != actor);
        let mut progress = state.progress.clone();
        progress[actor] += 1;
        Some(State { progress, last: actor, switches, printed, parent })
    }

    /// Returns how many bytes are printed after `step`; `None` if the output does not continue with its text.
    fn printed_after(&self, step: &Step, printed: usize) -> Option<usize> {
        let (Some(output), Operation::Print { text, whole }) = (self.output, &step.operation) else {
            return Some(printed);
        };
        let rest = output.get(printed..)?.strip_prefix(text.as_str())?;
        let rest = if *whole && !text.ends_with('\n') { rest.strip_prefix('\n')? } else { rest };
        Some(output.len() - rest.len())
    }

    fn prints_output_as_recorded(&self) -> bool {
        self.run.steps.iter().try_fold(0, |printed, step| self.printed_after(step, printed)).is_some()
    }

    /// Returns the steps on the best way to the last level.
    fn trace_back(&self, levels: &[Vec<State>]) -> Option<Vec<usize>> {
        let mut state = levels.last()?.iter().min_by_key(|state| state.switches)?;
        let mut order = Vec::new();
        for level in levels.iter().rev().skip(1) {
            order.push(self.steps_of[state.last][state.progress[state.last] - 1]);
            state = &level[state.parent];
        }
        order.reverse();
        Some(order)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::{fewest_switches, switches};
    use crate::counterexample::recorder::{MAIN, Recorder};
    use crate::operation::{Actor, Operation};
    use crate::run::Run;

    /// Returns a run of some threads that take and release locks, and print.
    fn any_run(threads: usize, steps: usize) -> impl Strategy<Value = Run> {
        let step = (0..threads, 0..4_usize, any::<Index>());
        prop::collection::vec(step, 1..=steps).prop_map(move |steps| {
            let mut run = Recorder::new();
            let locks = [run.object(), run.object()];
            let threads: Vec<_> = (0..threads).map(|_| run.thread(MAIN, "")).collect();
            for (thread, kind, what) in steps {
                match kind {
                    0 => run.print(threads[thread], what.get::<&str>(&["a", "b"])),
                    1 => run.step(threads[thread], Operation::Unlock(*what.get(&locks))),
                    _ => run.step(threads[thread], Operation::Lock(*what.get(&locks))),
                }
            }
            run.finish()
        })
    }

    /// Returns what is printed if the steps are taken in this order.
    fn output(run: &Run, order: impl Iterator<Item = usize>) -> String {
        let text = |index: usize| match &run.steps[index].operation {
            Operation::Print { text, .. } => text.as_str(),
            _ => "",
        };
        order.map(text).collect()
    }

    fn actors(run: &Run, order: &[usize]) -> Vec<Actor> {
        order.iter().map(|&index| run.steps[index].actor).collect()
    }

    fn switches_of(run: &Run, order: &[usize]) -> usize {
        switches(actors(run, order).into_iter())
    }

    /// Returns every order of the steps that agrees with the clocks.
    fn every_order(run: &Run) -> Vec<Vec<usize>> {
        let mut orders = vec![Vec::new()];
        for _ in &run.steps {
            orders = orders.iter().flat_map(|order| continuations(run, order)).collect();
        }
        orders
    }

    fn continuations(run: &Run, order: &[usize]) -> Vec<Vec<usize>> {
        let is_ready = |index: usize| {
            let before =
                |other: &usize| *other != index && run.steps[index].happens_after(&run.steps[*other]);
            (0..run.steps.len()).filter(before).all(|other| order.contains(&other))
        };
        let next = (0..run.steps.len()).filter(|index| !order.contains(index) && is_ready(*index));
        next.map(|index| order.iter().copied().chain([index]).collect()).collect()
    }

    fn assert_equivalent(run: &Run, order: &[usize]) {
        let mut sorted = order.to_vec();
        sorted.sort_unstable();
        assert!(sorted.into_iter().eq(0..run.steps.len()), "not each step once: {order:?}");
        for (position, &later) in order.iter().enumerate() {
            let after = order[position + 1..]
                .iter()
                .find(|&&other| run.steps[later].happens_after(&run.steps[other]));
            assert_eq!(after, None, "must come before step {later}: {order:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        #[test]
        fn no_order_of_a_small_run_has_fewer_switches(run in any_run(3, 7)) {
            let order = fewest_switches(&run, None).expect("any order is allowed");
            let key = |order: &Vec<usize>| (switches_of(&run, order), actors(&run, order));
            let best = every_order(&run).into_iter().min_by_key(key).expect("at least the recorded one");
            prop_assert_eq!(order, best);
        }

        #[test]
        fn no_order_that_prints_the_same_output_has_fewer_switches(run in any_run(3, 7)) {
            let recorded = output(&run, 0..run.steps.len());
            let order = fewest_switches(&run, Some(&recorded)).expect("the recorded one is allowed");
            prop_assert_eq!(&output(&run, order.iter().copied()), &recorded);
            let prints_it = |order: &Vec<usize>| output(&run, order.iter().copied()) == recorded;
            let key = |order: &Vec<usize>| (switches_of(&run, order), actors(&run, order));
            let best = every_order(&run).into_iter().filter(prints_it).min_by_key(key);
            prop_assert_eq!(Some(order), best);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10))]

        #[test]
        fn the_order_of_a_large_run_is_equivalent_and_has_no_more_switches(run in any_run(6, 80)) {
            let recorded = output(&run, 0..run.steps.len());
            for output in [None, Some(recorded.as_str())] {
                let order = fewest_switches(&run, output).expect("the recorded one is allowed");
                assert_equivalent(&run, &order);
                let before = switches(run.steps.iter().map(|step| step.actor));
                prop_assert!(switches_of(&run, &order) <= before);
            }
        }
    }

    #[test]
    fn a_run_that_cannot_print_the_output_has_no_order() {
        let mut run = Recorder::new();
        run.print(MAIN, "tea");
        run.print(MAIN, "toast");
        assert_eq!(fewest_switches(&run.finish(), Some("toast\ntea\n")), None);
    }
}
