//! Made-up programs, explored in all ways: the outcomes must be the same.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::env;
use std::ops::RangeInclusive;
use std::panic;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use exploration::run::{Ending, Run};
use exploration::runtime::{self, Options, explore, step};
use exploration::{Actor, Guarded, Object, Operation, Outcome, Reduction};

/// A pseudo-random number generator (xorshift64).
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        let mut random = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        (0..5).for_each(|_| {
            random.below(2);
        });
        random
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % bound
    }
}

#[derive(Clone, Copy, Debug)]
enum Do {
    Say,
    Piece,
    Add(usize),
    LoadThenStore(usize),
    SayValue(usize),
    Locked(usize, bool),
    Nested(usize, usize),
    TryLocked(usize),
    WaitFor(usize),
    WaitOnce(usize),
    WaitAWhile(usize),
    Change(usize, bool),
    NotifyAll(usize),
    NotifyOne(usize),
    Send,
    SendLarge,
    TrySend,
    Receive,
    TryReceive,
    WriteBytes,
    ReadBytes,
    Barrier,
    Park,
    Unpark,
    IsEnded,
    Child(bool),
    Exit,
    Panic,
}

impl Do {
    fn sends(&self) -> bool {
        matches!(self, Self::Send | Self::SendLarge | Self::TrySend)
    }

    fn receives(&self) -> bool {
        matches!(self, Self::Receive | Self::TryReceive)
    }

    fn writes(&self) -> bool {
        matches!(self, Self::WriteBytes | Self::Child(_))
    }

    fn reads(&self) -> bool {
        matches!(self, Self::ReadBytes)
    }
}

struct Shared {
    values: [Mutex<u32>; 2],
    locked: [Mutex<u32>; 2],
    messages: Mutex<VecDeque<String>>,
}

struct Objects {
    atomics: [Object; 2],
    locks: [Object; 2],
    condvars: [Object; 2],
    channel: Object,
    pipe: Object,
    barrier: Object,
    token: Object,
    handles: Mutex<Vec<Actor>>,
}

fn say(text: String) {
    step(Operation::Print { text: text + "\n", whole: true });
}

/// Acts as one thread of a made-up program.
fn act(me: usize, code: &[Do], shared: &Shared, objects: &Objects) {
    for (n, one) in code.iter().enumerate() {
        let name = format!("{me}.{n}");
        match *one {
            Do::Say => say(name),
            Do::Piece => {
                step(Operation::Print { text: format!("{name};"), whole: false });
            }
            Do::Add(a) => {
                step(Operation::ReadModifyWrite(objects.atomics[a]));
                *shared.values[a].lock().unwrap() += 1;
            }
            Do::LoadThenStore(a) => {
                step(Operation::Load(objects.atomics[a]));
                let value = *shared.values[a].lock().unwrap();
                step(Operation::Store(objects.atomics[a]));
                *shared.values[a].lock().unwrap() = value + 1;
            }
            Do::SayValue(a) => {
                step(Operation::Load(objects.atomics[a]));
                let value = *shared.values[a].lock().unwrap();
                say(format!("{name}={value}"));
            }
            Do::Locked(..) | Do::Nested(..) | Do::TryLocked(_) => act_on_locks(&name, *one, shared, objects),
            Do::WaitFor(_) | Do::WaitOnce(_) | Do::WaitAWhile(_) => wait(&name, *one, shared, objects),
            Do::Change(l, all) => {
                step(Operation::Lock(objects.locks[l]));
                *shared.locked[l].lock().unwrap() += 1;
                step(Operation::Unlock(objects.locks[l]));
                let condvar = objects.condvars[l];
                step(if all { Operation::NotifyAll(condvar) } else { Operation::NotifyOne(condvar) });
            }
            Do::NotifyAll(l) => {
                say(name);
                step(Operation::NotifyAll(objects.condvars[l]));
            }
            Do::NotifyOne(l) => {
                say(name);
                step(Operation::NotifyOne(objects.condvars[l]));
            }
            Do::Send | Do::SendLarge | Do::TrySend | Do::Receive | Do::TryReceive => {
                act_on_channel(&name, *one, shared, objects.channel);
            }
            Do::WriteBytes => {
                let outcome = step(Operation::Write(objects.pipe, 3));
                say(format!("{name} wrote {outcome:?}"));
            }
            Do::ReadBytes => {
                let outcome = step(Operation::Read(objects.pipe, 2));
                say(format!("{name} read {outcome:?}"));
            }
            Do::Barrier | Do::Park | Do::Unpark => act_on_numbers(&name, *one, objects),
            Do::IsEnded => {
                let other = objects.handles.lock().unwrap().first().copied();
                if let Some(other) = other {
                    let outcome = step(Operation::IsEnded(other));
                    say(format!("{name} {outcome:?}"));
                }
            }
            Do::Child(waits) => start_child(&name, waits, objects),
            Do::Exit => {
                step(Operation::Exit(3 << 8));
            }
            Do::Panic => panic::panic_any(name),
        }
    }
}

fn act_on_locks(name: &str, one: Do, shared: &Shared, objects: &Objects) {
    match one {
        Do::Locked(l, says) => {
            step(Operation::Lock(objects.locks[l]));
            *shared.locked[l].lock().unwrap() += 1;
            let value = *shared.locked[l].lock().unwrap();
            if says {
                say(format!("{name} has {value}"));
            }
            step(Operation::Unlock(objects.locks[l]));
        }
        Do::Nested(l, k) => {
            step(Operation::Lock(objects.locks[l]));
            if l != k {
                step(Operation::Lock(objects.locks[k]));
                *shared.locked[k].lock().unwrap() += 1;
                step(Operation::Unlock(objects.locks[k]));
            }
            step(Operation::Unlock(objects.locks[l]));
        }
        Do::TryLocked(l) => {
            let outcome = step(Operation::TryLock(objects.locks[l]));
            say(format!("{name} {outcome:?}"));
            if outcome == Outcome::Done {
                step(Operation::Unlock(objects.locks[l]));
            }
        }
        _ => unreachable!("no step on locks"),
    }
}

fn wait(name: &str, one: Do, shared: &Shared, objects: &Objects) {
    let (Do::WaitFor(l) | Do::WaitOnce(l) | Do::WaitAWhile(l)) = one else {
        unreachable!("it does not wait")
    };
    let (lock, condvar) = (objects.locks[l], objects.condvars[l]);
    step(Operation::Lock(lock));
    let mut waited = Outcome::Done;
    if matches!(one, Do::WaitOnce(_)) {
        // Lets others see that it waits.
        *shared.locked[l].lock().unwrap() += 1;
    }
    while matches!(one, Do::WaitOnce(_) | Do::WaitAWhile(_)) || *shared.locked[l].lock().unwrap() == 0 {
        step(Operation::Wait { condvar, lock });
        let timeout = matches!(one, Do::WaitAWhile(_));
        waited = step(Operation::Wake { condvar, lock, timeout });
        if !matches!(one, Do::WaitFor(_)) {
            break;
        }
    }
    let value = *shared.locked[l].lock().unwrap();
    say(format!("{name} {waited:?} saw {value}"));
    step(Operation::Unlock(lock));
}

fn act_on_channel(name: &str, one: Do, shared: &Shared, channel: Object) {
    let messages = &shared.messages;
    match one {
        Do::Send | Do::SendLarge | Do::TrySend => {
            let operation = match one {
                Do::Send => Operation::Send(channel, 1),
                Do::SendLarge => Operation::Send(channel, 5),
                _ => Operation::TrySend(channel, 1),
            };
            let mut outcome = step(operation);
            if outcome == Outcome::Done {
                messages.lock().unwrap().push_back(name.to_owned());
                if matches!(one, Do::SendLarge) {
                    outcome = step(Operation::AwaitReceived(channel));
                }
            }
            say(format!("{name} {outcome:?}"));
        }
        Do::Receive | Do::TryReceive => {
            let outcome = step(match one {
                Do::Receive => Operation::Receive(channel),
                _ => Operation::TryReceive(channel),
            });
            let message = (outcome == Outcome::Done)
                .then(|| messages.lock().unwrap().pop_front().expect("one was sent"));
            say(format!("{name} {outcome:?} {message:?}"));
        }
        _ => unreachable!("no step on a channel"),
    }
}

type Condition = fn(u64) -> bool;
type Update = fn(u64) -> u64;

fn act_on_numbers(name: &str, one: Do, objects: &Objects) {
    let (number, condition, update): (Object, Condition, Update) = match one {
        Do::Barrier => (objects.barrier, |_| true, |arrived| arrived + 1),
        Do::Park => (objects.token, |token| token == 1, |_| 0),
        _ => (objects.token, |_| true, |_| 1),
    };
    step(Operation::Guarded(Guarded { number, condition, update, what: "acts on a number" }));
    if matches!(one, Do::Barrier) {
        let condition: fn(u64) -> bool = |arrived| arrived >= 2;
        let update = |arrived| arrived;
        step(Operation::Guarded(Guarded { number, condition, update, what: "waits at the barrier" }));
    }
    say(format!("{name} {one:?}"));
}

fn start_child(name: &str, waits: bool, objects: &Objects) {
    let (process, main) = runtime::new_process(name.to_owned());
    let (pipe, text) = (objects.pipe, format!("child of {name}"));
    runtime::add_end(pipe, true);
    runtime::spawn(main, move || {
        say(text);
        step(Operation::Write(pipe, 1));
        step(Operation::CloseSender(pipe));
        step(Operation::Exit(7 << 8));
    });
    if waits {
        let outcome = step(Operation::WaitFor(process));
        say(format!("{name} waited: {outcome:?}"));
    } else {
        let outcome = step(Operation::TryWaitFor(process));
        say(format!("{name} looked: {outcome:?}"));
    }
}

fn program(code: &[Vec<Do>], joined: &[bool]) {
    let new = |()| runtime::new_object();
    let shared = Arc::new(Shared {
        values: Default::default(),
        locked: Default::default(),
        messages: Mutex::default(),
    });
    let objects = Arc::new(Objects {
        atomics: [(); 2].map(new),
        locks: [(); 2].map(new),
        condvars: [(); 2].map(new),
        channel: runtime::new_channel(2),
        pipe: runtime::new_pipe(4, 2),
        barrier: runtime::new_object(),
        token: runtime::new_object(),
        handles: Mutex::default(),
    });
    // Main has an end of each kind; a thread has those that it uses.
    let all_ends = [
        (objects.channel, true, Do::sends as fn(&Do) -> bool),
        (objects.channel, false, Do::receives),
        (objects.pipe, true, Do::writes),
        (objects.pipe, false, Do::reads),
    ];
    let ends_of = |code: &[Do]| -> Vec<(Object, bool)> {
        let used = all_ends.iter().filter(|(_, _, uses)| code.iter().any(uses));
        used.map(|(object, is_sender, _)| (*object, *is_sender)).collect()
    };
    for (me, code) in code.iter().enumerate() {
        let actor = runtime::new_thread(format!("{me}"));
        let (code, shared, objects) = (code.clone(), Arc::clone(&shared), Arc::clone(&objects));
        objects.handles.lock().unwrap().push(actor);
        let ends = ends_of(&code);
        for &(object, is_sender) in &ends {
            runtime::add_end(object, is_sender);
        }
        runtime::spawn(actor, move || {
            act(me, &code, &shared, &objects);
            close(&ends);
        });
    }
    close(&ends_of(&code.concat()));
    say("main".to_owned());
    let handles = objects.handles.lock().unwrap().clone();
    for (handle, joined) in handles.into_iter().zip(joined) {
        if *joined {
            step(Operation::Join(vec![handle]));
        }
    }
    say("end".to_owned());
}

fn close(ends: &[(Object, bool)]) {
    for &(object, is_sender) in ends {
        step(if is_sender { Operation::CloseSender(object) } else { Operation::CloseReceiver(object) });
    }
}

/// What a run came to: what it printed, how it ended and in which orders, and how many children were not waited for.
type Result = (String, String, usize);

/// Returns in which order the steps of a run access each object, as far as they depend on each other in any state.
fn orders(run: &Run) -> String {
    let mut orders: BTreeMap<(Object, bool), Vec<(Actor, u32)>> = BTreeMap::new();
    for step in &run.steps {
        let part = match &step.operation {
            Operation::Lock(object)
            | Operation::Wake { lock: object, .. }
            | Operation::Wait { condvar: object, .. }
            | Operation::NotifyOne(object)
            | Operation::NotifyAll(object)
            | Operation::Store(object)
            | Operation::ReadModifyWrite(object)
            | Operation::Write(object, _)
            | Operation::Read(object, _)
            | Operation::Guarded(Guarded { number: object, .. }) => (*object, true),
            Operation::Send(object, _) | Operation::TrySend(object, _) if step.outcome == Outcome::Done => {
                (*object, true)
            }
            Operation::Receive(object) | Operation::TryReceive(object) if step.outcome == Outcome::Done => {
                (*object, false)
            }
            _ => continue,
        };
        orders.entry(part).or_default().push((step.actor, step.nth));
    }
    format!("{orders:?}")
}

/// The results of a run: one for each order of its prints.
fn results(run: &Run, ordered: bool, results: &mut BTreeSet<Result>) {
    let ending = match &run.ending {
        Ending::Exited(status) => {
            let panics: Vec<_> = run.actors.iter().filter_map(|actor| actor.panic.as_ref()).collect();
            format!("{status} {panics:?}")
        }
        Ending::WaitsForever(waiting) | Ending::Stopped(waiting) => {
            format!("{:?}", waiting.iter().map(|one| (one.actor, &one.operation)).collect::<Vec<_>>())
        }
    };
    let ending = ending + &orders(run);
    let prints = run.texts();
    let before = |index: usize, done: &[bool]| {
        (0..prints.len()).all(|other| {
            let first = if ordered {
                other < index
            } else {
                other != index && prints[index].0.happens_after(prints[other].0)
            };
            !first || done[other]
        })
    };
    let mut texts = HashSet::new();
    let mut stack = vec![(vec![false; prints.len()], String::new())];
    let mut seen = HashSet::new();
    while let Some((done, output)) = stack.pop() {
        if !seen.insert((done.clone(), output.clone())) {
            continue;
        }
        if done.iter().all(|done| *done) {
            texts.insert(output);
            continue;
        }
        for index in (0..prints.len()).filter(|&index| !done[index] && before(index, &done)) {
            let mut done = done.clone();
            done[index] = true;
            stack.push((done, output.clone() + &prints[index].1));
        }
    }
    results.extend(texts.into_iter().map(|text| (text, ending.clone(), run.not_waited_for.len())));
}

/// The results of a program, and the number of runs.
type Explored = (BTreeSet<Result>, usize);

/// With more runs than this, not every order of all steps is run.
const MAX_UNREDUCED_RUNS: usize = 500;

/// With more runs than this, a program is not compared.
const MAX_RUNS: usize = 800;

/// Explores a program; returns `None` if it has more runs than `max_runs`.
fn explored(
    reduction: Reduction,
    ordered_prints: bool,
    max_runs: usize,
    code: &[Vec<Do>],
    joined: &[bool],
) -> Option<Explored> {
    let found = Rc::new(RefCell::new(BTreeSet::new()));
    let (code, joined, all) = (code.to_vec(), joined.to_vec(), Rc::clone(&found));
    let options = Options { reduction, ordered_prints, max_runs, ..Options::default() };
    let visit = move |run: &Run| results(run, ordered_prints, &mut all.borrow_mut());
    let counts = explore(options, move || program(&code, &joined), visit);
    let counts = counts.unwrap_or_else(|error| panic!("{error}"));
    counts.complete.then(|| (found.take(), counts.runs))
}

/// The kinds of steps that act on the same objects.
const GROUPS: [RangeInclusive<usize>; 7] = [0..=4, 5..=8, 7..=13, 9..=13, 14..=21, 22..=24, 25..=27];

const KINDS: usize = 32;

/// Makes up a program. It has few kinds of steps, and two of them act on the same objects, so that its threads meet. Most
/// programs join all threads: if main ends before a thread, the order of the two hides what other orders are not tried.
fn made_up(seed: u64) -> (Vec<Vec<Do>>, Vec<bool>) {
    let mut random = Random::new(seed);
    let threads = 2 + random.below(2);
    let group = GROUPS[random.below(GROUPS.len())].clone().collect::<Vec<_>>();
    let mut kinds = [0; 3];
    for (n, kind) in kinds.iter_mut().enumerate() {
        *kind = if n < 2 { group[random.below(group.len())] } else { random.below(KINDS) };
    }
    let one = |random: &mut Random| {
        let kind = kinds[random.below(kinds.len())];
        step_of_kind(kind, random.below(3) / 2, random.below(2) == 0)
    };
    let most = 1 + random.below(if threads == 2 { 3 } else { 2 });
    let code = (0..threads).map(|_| (0..=random.below(most)).map(|_| one(&mut random)).collect()).collect();
    let joins_all = random.below(4) > 0;
    let joined = (0..threads).map(|_| joins_all || random.below(2) == 0).collect();
    (code, joined)
}

fn step_of_kind(kind: usize, a: usize, b: bool) -> Do {
    match kind {
        0 => Do::Say,
        1 => Do::Piece,
        2 => Do::Add(a),
        3 => Do::LoadThenStore(a),
        4 => Do::SayValue(a),
        5 => Do::Locked(a, b),
        6 => Do::Nested(a, usize::from(b)),
        7 => Do::TryLocked(a),
        8 => Do::Change(0, b),
        9 => Do::WaitFor(0),
        10 => Do::WaitOnce(0),
        11 => Do::WaitAWhile(0),
        12 => Do::NotifyAll(0),
        13 => Do::NotifyOne(0),
        14 | 15 => Do::Send,
        16 => Do::SendLarge,
        17 => Do::TrySend,
        18 | 19 => Do::Receive,
        20 | 21 => Do::TryReceive,
        22 => Do::WriteBytes,
        23 | 24 => Do::ReadBytes,
        25 => Do::Barrier,
        26 => Do::Park,
        27 => Do::Unpark,
        28 => Do::IsEnded,
        29 | 30 => Do::Child(b),
        _ if b => Do::Exit,
        _ => Do::Panic,
    }
}

/// Returns what each way of exploring a program finds, and in how many runs; `None` if there are too many to compare.
fn compared(code: &[Vec<Do>], joined: &[bool]) -> Option<(BTreeSet<Result>, [Explored; 3])> {
    let explore = |reduction, ordered, max_runs| explored(reduction, ordered, max_runs, code, joined);
    let (expected, _) = explore(Reduction::None, true, MAX_UNREDUCED_RUNS)
        .or_else(|| explore(Reduction::SleepSets, true, MAX_RUNS))?;
    let reduced = |reduction, ordered| explore(reduction, ordered, usize::MAX).expect("no limit");
    let found = [
        reduced(Reduction::SleepSets, false),
        reduced(Reduction::SourceSets, true),
        reduced(Reduction::SourceSets, false),
    ];
    Some((expected, found))
}

/// Each made-up program has the same results in all ways of exploring it: every order of all steps, or sleep sets alone where
/// these are too many; and source sets, with the order of prints and without.
///
/// `FUZZ_PROGRAMS` is how many programs are compared, `FUZZ_SEED` the first one.
#[test]
fn every_way_of_exploring_a_program_finds_the_same_results() {
    let number =
        |name: &str, default| env::var(name).map_or(default, |value| value.parse().expect("a number"));
    let first: u64 = number("FUZZ_SEED", 1);
    let (mut programs, mut runs) = (0, [0; 3]);
    for seed in first..first + number("FUZZ_PROGRAMS", 100) {
        let (code, joined) = made_up(seed);
        let Some((expected, found)) = compared(&code, &joined) else { continue };
        programs += 1;
        for (sum, (found, count)) in runs.iter_mut().zip(&found) {
            *sum += count;
            let missing: Vec<_> = expected.difference(found).take(3).collect();
            let more: Vec<_> = found.difference(&expected).take(3).collect();
            assert!(
                missing.is_empty() && more.is_empty(),
                "FUZZ_SEED={seed} {code:?} joined: {joined:?}\nmissing: {missing:#?}\nimpossible: {more:#?}"
            );
        }
    }
    println!(
        "{programs} programs; runs with sleep sets, source sets, source sets without the order of prints: {runs:?}"
    );
    assert!(programs > 0);
}
