//! The state of all objects of a run: which steps are possible, what they access, and what they do.
//!
//! This is the whole model of a machine: no thread runs in it. Sequential consistency: a step takes effect at once, for
//! all actors.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::{Access, Mode, Part};
use crate::operation::{Actor, Object, Operation, Outcome, Process};
use crate::run::Holding;

use Mode::{Acquire, Give, Read, Release, Take, Write};

/// The state of the objects.
#[derive(Debug, Default)]
pub(crate) struct Objects {
    /// Whether the order of the prints of all actors counts.
    pub(crate) ordered_prints: bool,
    locks: BTreeMap<Object, Actor>,
    condvars: BTreeMap<Object, Condvar>,
    channels: BTreeMap<Object, Channel>,
    pipes: BTreeMap<Object, Pipe>,
    numbers: BTreeMap<Object, u64>,
    ended: Vec<bool>,
    process_of: Vec<Process>,
    processes: Vec<ProcessState>,
}

#[derive(Debug, Default)]
struct Condvar {
    /// The actors that wait, with the number of their wait.
    waiting: Vec<(Actor, u32)>,
    /// The waits that `NotifyAll` has ended.
    notified: Vec<u32>,
    /// The notifications of `NotifyOne` that were not used yet, the oldest first: their number, and the waits of which each
    /// ends one.
    notifications: Vec<(u32, Vec<u32>)>,
    waits: u32,
    notifies: u32,
}

#[derive(Debug)]
struct Channel {
    capacity: usize,
    /// The sizes of all messages that were ever sent.
    sizes: Vec<usize>,
    received: usize,
    /// The last message of each actor that has sent one.
    last: BTreeMap<Actor, usize>,
    /// The receivers that have seen that no sender is left. Only their own later steps surely come after that.
    seen_end: BTreeSet<Actor>,
    senders: u32,
    receivers: u32,
}

#[derive(Debug)]
struct Pipe {
    capacity: usize,
    /// A write of at most this many bytes is not split.
    atomic: usize,
    held: usize,
    writers: u32,
    readers: u32,
}

#[derive(Debug, Clone, Copy)]
struct ProcessState {
    parent: Option<Process>,
    status: Option<i32>,
    waited_for: bool,
    /// Whether its buffer for standard output holds a piece of a line.
    holds_piece: bool,
}

impl Condvar {
    /// Returns the number of the wait of `actor`.
    fn wait_of(&self, actor: Actor) -> Option<u32> {
        self.waiting.iter().find(|(waiting, _)| *waiting == actor).map(|(_, wait)| *wait)
    }

    /// Returns the place of the oldest notification that can end `wait`.
    fn notification_for(&self, wait: u32) -> Option<usize> {
        self.notifications.iter().position(|(_, waits)| waits.contains(&wait))
    }

    fn is_notified(&self, actor: Actor) -> bool {
        self.wait_of(actor)
            .is_some_and(|wait| self.notified.contains(&wait) || self.notification_for(wait).is_some())
    }

    fn unnotified(&self) -> Vec<u32> {
        self.waiting.iter().map(|(_, wait)| *wait).filter(|wait| !self.notified.contains(wait)).collect()
    }

    fn wait(&mut self, actor: Actor) {
        self.waiting.push((actor, self.waits));
        self.waits += 1;
    }

    /// Ends the wait of `actor`. Returns whether it was notified.
    fn wake(&mut self, actor: Actor) -> bool {
        let wait = self.wait_of(actor).expect("the actor waits");
        let by_all = self.notified.contains(&wait);
        let by_one = self.notification_for(wait).filter(|_| !by_all);
        if let Some(place) = by_one {
            self.notifications.remove(place);
        }
        self.notified.retain(|other| *other != wait);
        self.waiting.retain(|(_, other)| *other != wait);
        self.notifications.iter_mut().for_each(|(_, waits)| waits.retain(|other| *other != wait));
        by_all || by_one.is_some()
    }

    fn notify_one(&mut self) {
        let unnotified = self.unnotified();
        if self.notifications.len() < unnotified.len() {
            self.notifications.push((self.notifies, unnotified));
        }
        self.notifies += 1;
    }

    fn notify_all(&mut self) {
        self.notified = self.waiting.iter().map(|(_, wait)| *wait).collect();
        self.notifications.clear();
    }
}

impl Channel {
    /// Returns how many messages must have been received before one of this size fits in.
    fn received_before(&self, size: usize) -> usize {
        let mut free = self.capacity.saturating_sub(size.min(self.capacity));
        for (number, held) in self.sizes.iter().enumerate().rev() {
            let held = (*held).min(self.capacity);
            if held > free {
                return number + 1;
            }
            free -= held;
        }
        0
    }

    fn is_empty(&self) -> bool {
        self.received == self.sizes.len()
    }

    fn send(&mut self, actor: Actor, size: usize) {
        self.last.insert(actor, self.sizes.len());
        self.sizes.push(size);
    }
}

impl Objects {
    pub(crate) fn new(ordered_prints: bool) -> Self {
        Self { ordered_prints, ..Self::default() }
    }

    /// Adds a process, and its main thread.
    pub(crate) fn add_process(&mut self, process: Process, parent: Option<Process>, main: Actor) {
        let state = ProcessState { parent, status: None, waited_for: parent.is_none(), holds_piece: false };
        resize(&mut self.processes, process.0, ProcessState { status: Some(0), waited_for: true, ..state });
        self.processes[process.0] = state;
        self.add_thread(main, process);
    }

    pub(crate) fn add_thread(&mut self, actor: Actor, process: Process) {
        resize(&mut self.ended, actor.0, true);
        resize(&mut self.process_of, actor.0, process);
        self.ended[actor.0] = false;
        self.process_of[actor.0] = process;
    }

    pub(crate) fn add_channel(&mut self, object: Object, capacity: usize) {
        let channel = Channel {
            capacity,
            sizes: Vec::new(),
            received: 0,
            last: BTreeMap::new(),
            seen_end: BTreeSet::new(),
            senders: 1,
            receivers: 1,
        };
        self.channels.insert(object, channel);
    }

    pub(crate) fn add_pipe(&mut self, object: Object, capacity: usize, atomic: usize) {
        self.pipes.insert(object, Pipe { capacity, atomic, held: 0, writers: 1, readers: 1 });
    }

    /// Counts another end of a channel or a pipe.
    pub(crate) fn add_end(&mut self, object: Object, sender: bool) {
        let count = match (self.channels.get_mut(&object), self.pipes.get_mut(&object)) {
            (Some(channel), _) if sender => &mut channel.senders,
            (Some(channel), _) => &mut channel.receivers,
            (None, Some(pipe)) if sender => &mut pipe.writers,
            (None, Some(pipe)) => &mut pipe.readers,
            (None, None) => panic!("{object:?} is neither a channel nor a pipe"),
        };
        *count += 1;
    }

    pub(crate) fn process_of(&self, actor: Actor) -> Process {
        self.process_of[actor.0]
    }

    /// Returns whether the process of an actor still runs.
    pub(crate) fn is_running(&self, actor: Actor) -> bool {
        self.process_of.get(actor.0).is_some_and(|process| self.processes[process.0].status.is_none())
    }

    pub(crate) fn all_exited(&self) -> bool {
        self.processes.iter().all(|process| process.status.is_some())
    }

    pub(crate) fn status(&self, process: Process) -> Option<i32> {
        self.processes[process.0].status
    }

    /// Returns the child processes that their parent has not waited for.
    pub(crate) fn not_waited_for(&self) -> Vec<Process> {
        (0..self.processes.len()).filter(|&index| !self.processes[index].waited_for).map(Process).collect()
    }

    /// Returns whether the objects let an actor take a step.
    pub(crate) fn is_enabled(&self, actor: Actor, operation: &Operation) -> bool {
        if !self.is_running(actor) {
            return false;
        }
        match operation {
            Operation::Lock(lock) => !self.locks.contains_key(lock),
            Operation::Wake { condvar, lock, timeout } => {
                !self.locks.contains_key(lock) && (*timeout || self.condvars[condvar].is_notified(actor))
            }
            Operation::Send(channel, size) => {
                let channel = &self.channels[channel];
                channel.received >= channel.received_before(*size) || channel.receivers == 0
            }
            Operation::AwaitReceived(channel) => {
                let channel = &self.channels[channel];
                channel.received > channel.last[&actor] || channel.receivers == 0
            }
            Operation::Receive(channel) => {
                let channel = &self.channels[channel];
                !channel.is_empty() || channel.senders == 0
            }
            Operation::Write(pipe, count) => {
                let pipe = &self.pipes[pipe];
                pipe.readers == 0 || pipe.capacity - pipe.held >= (*count).min(pipe.atomic)
            }
            Operation::Read(pipe, _) => self.pipes[pipe].held > 0 || self.pipes[pipe].writers == 0,
            Operation::Guarded(step) => (step.condition)(self.number(step.number)),
            Operation::Join(actors) => actors.iter().all(|actor| self.ended[actor.0]),
            Operation::WaitFor(process) => self.status(*process).is_some(),
            _ => true,
        }
    }

    fn number(&self, number: Object) -> u64 {
        self.numbers.get(&number).copied().unwrap_or_default()
    }

    /// Returns what a step accesses, if the actor takes it now; if it cannot, what it may race for.
    pub(crate) fn accesses(&self, actor: Actor, operation: &Operation) -> Vec<Access> {
        let mut all = Vec::with_capacity(4);
        let process = self.process_of(actor);
        // The end of a process is the end of its threads: a step comes before it, or not at all.
        all.push((Part::Running(process), Read));
        match operation {
            Operation::Start => {}
            Operation::Print { whole, .. } => {
                // Whole lines of different actors are independent: each order of them is another output of the same run.
                // A piece is added to what the buffer holds, and the next text completes it.
                let is_piece = !whole || self.processes[process.0].holds_piece;
                all.push((Part::OutputBuffer(process), if is_piece { Write } else { Read }));
                if self.ordered_prints {
                    all.push((Part::Output, Write));
                }
            }
            Operation::Lock(lock) => all.push((Part::Holder(*lock), Acquire)),
            // Unlike `Lock`, it can come before the release too, and fail.
            Operation::TryLock(lock) => all.push((Part::Holder(*lock), Write)),
            Operation::Unlock(lock) => all.push((Part::Holder(*lock), Release)),
            Operation::Wait { .. }
            | Operation::Wake { .. }
            | Operation::NotifyOne(_)
            | Operation::NotifyAll(_) => {
                self.condvar_accesses(actor, operation, &mut all);
            }
            Operation::Load(value) => all.push((Part::Value(*value), Read)),
            Operation::Store(value) | Operation::ReadModifyWrite(value) => {
                all.push((Part::Value(*value), Write));
            }
            Operation::Send(..) | Operation::TrySend(..) | Operation::AwaitReceived(_) => {
                self.sending_accesses(actor, operation, &mut all);
            }
            Operation::Receive(channel) => self.receiving_accesses(*channel, true, &mut all),
            Operation::TryReceive(channel) => self.receiving_accesses(*channel, false, &mut all),
            Operation::CloseSender(object) | Operation::CloseReceiver(object)
                if self.pipes.contains_key(object) =>
            {
                all.push((Part::Bytes(*object), Write));
            }
            // The end of the input needs the end of every sender, in any order.
            Operation::CloseSender(channel) => all.push((Part::Senders(*channel), Give)),
            Operation::CloseReceiver(channel) => {
                // Only the last receiver makes a send fail. One that has seen the end of the input closes after every send.
                let Channel { receivers, seen_end, .. } = &self.channels[channel];
                if !seen_end.contains(&actor) {
                    all.push((Part::Receivers(*channel), if *receivers == 1 { Write } else { Read }));
                }
            }
            // How many bytes a pipe holds decides how many are read or written next.
            Operation::Write(pipe, _) | Operation::Read(pipe, _) => all.push((Part::Bytes(*pipe), Write)),
            Operation::Guarded(step) => all.push((Part::Number(step.number), Write)),
            Operation::End => all.push((Part::Ended(actor), Give)),
            Operation::Join(actors) => all.extend(actors.iter().map(|actor| (Part::Ended(*actor), Take))),
            Operation::IsEnded(other) => all.push((Part::Ended(*other), Read)),
            Operation::Exit(_) => self.exit_accesses(process, &mut all),
            Operation::WaitFor(child) => all.push((Part::Exited(*child), Take)),
            Operation::TryWaitFor(child) => all.push((Part::Exited(*child), Read)),
        }
        all
    }

    fn condvar_accesses(&self, actor: Actor, operation: &Operation, all: &mut Vec<Access>) {
        match operation {
            // Whether a notification comes before or after it decides whether the actor is notified.
            Operation::Wait { condvar, lock } => {
                all.extend([(Part::Holder(*lock), Release), (Part::Waiters(*condvar), Write)]);
            }
            Operation::Wake { condvar, lock, timeout } => {
                all.push((Part::Holder(*lock), Acquire));
                let state = &self.condvars[condvar];
                let wait = state.wait_of(actor).expect("the actor waits");
                if *timeout {
                    all.push((Part::Waiters(*condvar), Write));
                } else if state.notified.contains(&wait) {
                    all.push((Part::Notified(*condvar, wait), Take));
                } else if let Some(place) = state.notification_for(wait) {
                    // Only one of the waiters can use it. Their order counts already: all of them acquire the same lock.
                    all.push((Part::Notification(*condvar, state.notifications[place].0), Take));
                }
            }
            Operation::NotifyOne(condvar) => {
                let number = self.condvars.get(condvar).map_or(0, |condvar| condvar.notifies);
                all.extend([(Part::Waiters(*condvar), Write), (Part::Notification(*condvar, number), Give)]);
            }
            Operation::NotifyAll(condvar) => {
                all.push((Part::Waiters(*condvar), Write));
                let Some(state) = self.condvars.get(condvar) else { return };
                // A waiter that could use a notification already could also wake before.
                let mode = |wait| if state.notification_for(wait).is_some() { Write } else { Give };
                let unnotified = state.unnotified().into_iter();
                all.extend(unnotified.map(|wait| (Part::Notified(*condvar, wait), mode(wait))));
                // It takes the place of the notifications that were not used.
                let unused = state.notifications.iter();
                all.extend(unused.map(|(number, _)| (Part::Notification(*condvar, *number), Write)));
            }
            _ => unreachable!("it is no step on a condition variable"),
        }
    }

    fn sending_accesses(&self, actor: Actor, operation: &Operation, all: &mut Vec<Access>) {
        let (Operation::Send(object, _) | Operation::TrySend(object, _) | Operation::AwaitReceived(object)) =
            operation
        else {
            unreachable!("it does not send");
        };
        let channel = &self.channels[object];
        // Without receivers it fails.
        all.push((Part::Receivers(*object), Read));
        let number = channel.sizes.len();
        match operation {
            Operation::Send(_, size) => {
                // The order of two messages is that of their sends.
                all.extend([(Part::Tail(*object), Write), (Part::Message(*object, number), Give)]);
                if let Some(last) = channel.received_before(*size).checked_sub(1) {
                    all.push((Part::Room(*object, last), Take));
                }
            }
            Operation::TrySend(..) => {
                // It can come before the room is free too, and fail.
                all.extend([(Part::Tail(*object), Write), (Part::Head(*object), Read)]);
                all.push((Part::Message(*object, number), Give));
            }
            _ => all.push((Part::Room(*object, channel.last[&actor]), Take)),
        }
    }

    fn receiving_accesses(&self, object: Object, waits: bool, all: &mut Vec<Access>) {
        let channel = &self.channels[&object];
        // A step that does not wait can come before the message too, and fail.
        let relies = if waits { Take } else { Read };
        if !channel.is_empty() || waits && channel.senders > 0 {
            // Which of two receivers gets a message is decided by their order.
            all.extend([(Part::Head(object), Write), (Part::Message(object, channel.received), relies)]);
            all.push((Part::Room(object, channel.received), Give));
        } else {
            all.extend([(Part::Head(object), Read), (Part::Senders(object), relies)]);
            if channel.senders > 0 {
                all.push((Part::Tail(object), Read));
            }
        }
    }

    fn exit_accesses(&self, process: Process, all: &mut Vec<Access>) {
        *all = vec![(Part::Running(process), Write), (Part::Exited(process), Give)];
        // A child that was not waited for is a zombie from its end to that of its parent.
        let children = (0..self.processes.len()).map(Process);
        let left = children.filter(|child| {
            let child = self.processes[child.0];
            child.parent == Some(process) && !child.waited_for
        });
        all.extend(left.map(|child| (Part::Exited(child), Read)));
    }

    /// Returns what the objects hold, those of one kind after the other.
    pub(crate) fn holdings(&self) -> Vec<Holding> {
        let locks = self.locks.iter().map(|(lock, holder)| Holding::Lock(*lock, *holder));
        let waiters = self.condvars.iter().map(|(condvar, state)| {
            Holding::Waiters(*condvar, state.waiting.iter().map(|(actor, _)| *actor).collect())
        });
        let messages = self
            .channels
            .iter()
            .map(|(channel, state)| Holding::Messages(*channel, state.sizes.len() - state.received));
        let bytes = self.pipes.iter();
        let bytes =
            bytes.map(|(pipe, state)| Holding::Bytes(*pipe, state.held, state.held == state.capacity));
        let is_empty = |holding: &Holding| match holding {
            Holding::Lock(..) => false,
            Holding::Waiters(_, actors) => actors.is_empty(),
            Holding::Messages(_, count) | Holding::Bytes(_, count, _) => *count == 0,
        };
        locks.chain(waiters).chain(messages).chain(bytes).filter(|holding| !is_empty(holding)).collect()
    }

    /// Takes a step that is enabled.
    pub(crate) fn apply(&mut self, actor: Actor, operation: &Operation) -> Outcome {
        match operation {
            Operation::Print { text, whole } => {
                let process = self.process_of(actor);
                self.processes[process.0].holds_piece = !whole && !text.is_empty();
            }
            Operation::Lock(lock) => {
                self.locks.insert(*lock, actor);
            }
            Operation::TryLock(lock) => {
                if self.locks.contains_key(lock) {
                    return Outcome::Refused;
                }
                self.locks.insert(*lock, actor);
            }
            Operation::Unlock(lock) => {
                self.locks.remove(lock);
            }
            Operation::Wait { condvar, lock } => {
                self.locks.remove(lock);
                self.condvars.entry(*condvar).or_default().wait(actor);
            }
            Operation::Wake { condvar, lock, .. } => {
                self.locks.insert(*lock, actor);
                if !self.condvars.get_mut(condvar).expect("somebody waits").wake(actor) {
                    return Outcome::Refused;
                }
            }
            Operation::NotifyOne(condvar) => self.condvars.entry(*condvar).or_default().notify_one(),
            Operation::NotifyAll(condvar) => self.condvars.entry(*condvar).or_default().notify_all(),
            Operation::Guarded(step) => {
                let number = self.number(step.number);
                self.numbers.insert(step.number, (step.update)(number));
                return Outcome::Value(number);
            }
            Operation::End => self.ended[actor.0] = true,
            Operation::IsEnded(other) if !self.ended[other.0] => return Outcome::Refused,
            Operation::Exit(status) => self.exit(self.process_of(actor), *status),
            Operation::WaitFor(child) | Operation::TryWaitFor(child) => {
                let Some(status) = self.status(*child) else { return Outcome::Refused };
                self.processes[child.0].waited_for = true;
                return Outcome::Status(status);
            }
            Operation::Write(..) | Operation::Read(..) => return self.transfer(operation),
            _ => return self.exchange(actor, operation),
        }
        Outcome::Done
    }

    fn exit(&mut self, process: Process, status: i32) {
        self.processes[process.0].status = Some(status);
    }

    /// Takes a step on a channel, or one that changes no object.
    fn exchange(&mut self, actor: Actor, operation: &Operation) -> Outcome {
        let (Operation::Send(object, _)
        | Operation::TrySend(object, _)
        | Operation::AwaitReceived(object)
        | Operation::Receive(object)
        | Operation::TryReceive(object)
        | Operation::CloseSender(object)
        | Operation::CloseReceiver(object)) = operation
        else {
            return Outcome::Done;
        };
        let Some(channel) = self.channels.get_mut(object) else {
            let pipe = self.pipes.get_mut(object).expect("it is a channel or a pipe");
            match operation {
                Operation::CloseSender(_) => pipe.writers -= 1,
                _ => pipe.readers -= 1,
            }
            return Outcome::Done;
        };
        match operation {
            Operation::CloseSender(_) => channel.senders -= 1,
            Operation::CloseReceiver(_) => channel.receivers -= 1,
            Operation::AwaitReceived(_) if channel.received <= channel.last[&actor] => {
                return Outcome::Refused;
            }
            Operation::AwaitReceived(_) => {}
            Operation::Send(_, size) | Operation::TrySend(_, size) => {
                if channel.receivers == 0 {
                    return Outcome::Refused;
                }
                if channel.received < channel.received_before(*size) {
                    return Outcome::Ended;
                }
                channel.send(actor, *size);
            }
            _ if !channel.is_empty() => channel.received += 1,
            _ if channel.senders == 0 => {
                channel.seen_end.insert(actor);
                return Outcome::Ended;
            }
            _ => return Outcome::Refused,
        }
        Outcome::Done
    }

    fn transfer(&mut self, operation: &Operation) -> Outcome {
        match operation {
            Operation::Write(pipe, count) => {
                let pipe = self.pipes.get_mut(pipe).expect("it was made");
                if pipe.readers == 0 {
                    return Outcome::Refused;
                }
                let count = (*count).min(pipe.capacity - pipe.held);
                pipe.held += count;
                Outcome::Count(count)
            }
            Operation::Read(pipe, count) => {
                let pipe = self.pipes.get_mut(pipe).expect("it was made");
                let count = (*count).min(pipe.held);
                pipe.held -= count;
                Outcome::Count(count)
            }
            _ => unreachable!("it transfers no bytes"),
        }
    }
}

fn resize<T: Clone>(all: &mut Vec<T>, index: usize, filler: T) {
    if all.len() <= index {
        all.resize(index + 1, filler);
    }
}
