//! Steps in words.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use crate::names::Names;
use crate::operation::{Actor, Object, Operation, Outcome};
use crate::run::Holding;

/// The longest text that is shown of a print, in characters.
const MAX_TEXT: usize = 100;

/// Describes a step that was taken: "takes the lock of line 41".
#[must_use]
pub fn describe(operation: &Operation, outcome: Outcome, names: &Names) -> String {
    use Operation as O;
    use Outcome::{Count, Ended, Refused, Status};
    let object = |object: &_| names.object(*object);
    match (operation, outcome) {
        (O::TryLock(lock), Refused) => format!("cannot take {}: it is held", object(lock)),
        (O::TryLock(lock), _) => format!("takes {}", object(lock)),
        (O::Wake { lock, .. }, Refused) => format!("times out, and takes {} again", object(lock)),
        (O::Wake { lock, .. }, _) => format!("is woken, and takes {} again", object(lock)),
        (O::Send(channel, _) | O::TrySend(channel, _) | O::AwaitReceived(channel), Refused) => {
            format!("cannot send: {} has no receiver left", object(channel))
        }
        (O::TrySend(channel, _), Ended) => format!("cannot send: {} is full", object(channel)),
        (O::TrySend(channel, size), _) => describe(&O::Send(*channel, *size), outcome, names),
        (O::AwaitReceived(_), _) => "sees that its message was received".to_owned(),
        (O::Receive(channel) | O::TryReceive(channel), Ended) => {
            format!("finds {} empty, with no sender left", object(channel))
        }
        (O::TryReceive(channel), Refused) => format!("finds {} empty", object(channel)),
        (O::TryReceive(channel), _) => describe(&O::Receive(*channel), outcome, names),
        (O::Write(pipe, _), Refused) => format!("cannot write: {} has no reader left", object(pipe)),
        (O::Write(pipe, all), Count(count)) if count < *all => {
            format!("writes {count} of {all} bytes into {}", object(pipe))
        }
        (O::Read(pipe, _), Count(0)) => format!("reads the end of file from {}", object(pipe)),
        (O::Read(pipe, _), Count(count)) => format!("reads {count} bytes from {}", object(pipe)),
        (O::IsEnded(actor), Refused) => format!("sees that {} has not ended", names.actor(*actor)),
        (O::IsEnded(actor), _) => format!("sees that {} has ended", names.actor(*actor)),
        (O::WaitFor(process) | O::TryWaitFor(process), Status(status)) => {
            format!("sees that {} has ended{}", names.process(*process), failed(status))
        }
        (O::TryWaitFor(process), _) => format!("sees that {} has not ended", names.process(*process)),
        (O::Guarded(step), _) => step.what.to_owned(),
        _ => third_person(&action(operation, names)),
    }
}

/// Describes a notification at a time at which no actor waits for it.
#[must_use]
pub fn describe_lost_notification(condvar: Object, names: &Names) -> String {
    format!("notifies {}, but no actor waits", names.object(condvar))
}

/// Describes the next step of an actor that can take it: "will take the lock of line 41".
#[must_use]
pub fn describe_next(operation: &Operation, names: &Names) -> String {
    format!("will {}", action(operation, names))
}

/// Describes the next step of an actor that cannot take it yet: "waits for the lock of line 41, held by thread 2". `holder`
/// is the actor that holds the lock, if the step takes one.
#[must_use]
pub fn describe_wait(actor: Actor, operation: &Operation, holder: Option<Actor>, names: &Names) -> String {
    use Operation as O;
    let object = |object: &_| names.object(*object);
    let held = match holder {
        None => String::new(),
        Some(holder) if holder == actor => ", which it holds itself".to_owned(),
        Some(holder) => format!(", held by {}", names.actor(holder)),
    };
    match operation {
        O::Lock(lock) => format!("waits for {}{held}", object(lock)),
        O::Wake { lock, .. } if holder.is_some() => {
            format!("waits to be woken, and then for {}{held}", object(lock))
        }
        O::Wake { .. } => "waits to be woken".to_owned(),
        O::Send(channel, _) => format!("waits to send: {} is full", object(channel)),
        O::AwaitReceived(_) => "waits until its message is received".to_owned(),
        O::Receive(channel) => {
            format!("waits for a message: {} is empty, and has a sender left", object(channel))
        }
        O::Write(pipe, _) => format!("waits to write: {} is full", object(pipe)),
        O::Read(pipe, _) => format!("waits to read: {} is empty, and has a writer left", object(pipe)),
        O::Join(actors) => format!("waits for {} to end", names.actors(actors)),
        O::WaitFor(process) => format!("waits for {} to end", names.process(*process)),
        _ => {
            let action = action(operation, names);
            if action.starts_with("wait ") { third_person(&action) } else { format!("waits to {action}") }
        }
    }
}

/// Describes what is in an object: "main holds the lock".
pub(crate) fn describe_holding(holding: &Holding, names: &Names) -> String {
    let of = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    match holding {
        Holding::Lock(lock, actor) => format!("{} holds {}", names.actor(*actor), names.object(*lock)),
        Holding::Waiters(condvar, actors) => {
            let verb = if actors.len() == 1 { "waits" } else { "wait" };
            format!("{} {verb} on {}", names.actors(actors), names.object(*condvar))
        }
        Holding::Messages(channel, count) => {
            format!("{} in {}", of(*count, "message"), names.object(*channel))
        }
        Holding::Bytes(pipe, count, full) => {
            let full = if *full { ", which is full" } else { "" };
            format!("{} in {}{full}", of(*count, "byte"), names.object(*pipe))
        }
    }
}

/// Describes what an actor prints on standard error.
pub(crate) fn describe_note(text: &str) -> String {
    format!("prints {} on standard error", quote(text))
}

/// Describes that the last `rows` of a table are repeated.
pub(crate) fn describe_repetition(rows: usize, times: usize) -> String {
    let rows = if rows == 1 { "the last row".to_owned() } else { format!("the last {rows} rows") };
    if times == 1 { format!("({rows} once more)") } else { format!("({rows} {times} more times)") }
}

/// Returns what a status says beyond success: `, exit status: 1`.
pub(crate) fn failed(status: i32) -> String {
    if status == 0 { String::new() } else { format!(", {}", ExitStatus::from_raw(status)) }
}

/// Returns what an actor is about to do, as a verb phrase in the infinitive: "take the lock of line 41".
fn action(operation: &Operation, names: &Names) -> String {
    use Operation as O;
    let object = |object: &_| names.object(*object);
    // What is clear if there is only one.
    let unless_only = |preposition, object: &_| {
        if names.is_the_only_one(*object) {
            return String::new();
        }
        format!(" {preposition} {}", names.object(*object))
    };
    match operation {
        O::Start => "start".to_owned(),
        O::Print { text, .. } if text.is_empty() => "write out what it has printed".to_owned(),
        O::Print { text, .. } => format!("print {}", quote(text)),
        O::Lock(lock) => format!("take {}", object(lock)),
        O::TryLock(lock) => format!("try to take {}", object(lock)),
        O::Unlock(lock) => format!("release {}", object(lock)),
        O::Wait { condvar, lock } => {
            format!("wait to be woken{}, releasing {}", unless_only("on", condvar), object(lock))
        }
        O::Wake { lock, .. } => format!("take {} again once it is woken", object(lock)),
        O::NotifyOne(condvar) => format!("wake one waiter{}", unless_only("of", condvar)),
        O::NotifyAll(condvar) => format!("wake all waiters{}", unless_only("of", condvar)),
        O::Load(atomic) => format!("read {}", object(atomic)),
        O::Store(atomic) => format!("write {}", object(atomic)),
        O::ReadModifyWrite(atomic) => format!("update {} in one step", object(atomic)),
        O::Send(channel, _) => format!("send a message into {}", object(channel)),
        O::TrySend(channel, _) => format!("try to send a message into {}", object(channel)),
        O::AwaitReceived(_) => "wait until its message is received".to_owned(),
        O::Receive(channel) => format!("receive a message from {}", object(channel)),
        O::TryReceive(channel) => format!("try to receive a message from {}", object(channel)),
        O::CloseSender(end) if names.is_pipe(*end) => format!("close a write end of {}", object(end)),
        O::CloseSender(end) => format!("drop a sender of {}", object(end)),
        O::CloseReceiver(end) if names.is_pipe(*end) => format!("close a read end of {}", object(end)),
        O::CloseReceiver(end) => format!("drop a receiver of {}", object(end)),
        O::Write(pipe, count) => format!("write {count} bytes into {}", object(pipe)),
        O::Read(pipe, _) => format!("read from {}", object(pipe)),
        O::Guarded(step) => infinitive(step.what),
        O::End => "end".to_owned(),
        O::Join(actors) => format!("join {}", names.actors(actors)),
        O::IsEnded(actor) => format!("ask whether {} has ended", names.actor(*actor)),
        O::Exit(status) if names.has_several_processes() => format!("end its process{}", failed(*status)),
        O::Exit(status) => format!("end the program{}", failed(*status)),
        O::WaitFor(process) => format!("wait for {} to end", names.process(*process)),
        O::TryWaitFor(process) => format!("ask whether {} has ended", names.process(*process)),
    }
}

/// Puts a verb phrase into the third person: "takes the lock" for "take the lock".
fn third_person(phrase: &str) -> String {
    let (verb, rest) = split_verb(phrase);
    match verb.strip_suffix("ry") {
        Some(stem) => format!("{stem}ries{rest}"),
        None => format!("{verb}s{rest}"),
    }
}

/// Puts a verb phrase into the infinitive: "take the lock" for "takes the lock".
fn infinitive(phrase: &str) -> String {
    let (verb, rest) = split_verb(phrase);
    let has_e = ["ches", "shes", "sses", "xes"].iter().any(|ending| verb.ends_with(ending));
    let stem = if has_e { verb.strip_suffix("es") } else { verb.strip_suffix('s') };
    match verb.strip_suffix("ies") {
        Some(stem) => format!("{stem}y{rest}"),
        None => format!("{}{rest}", stem.unwrap_or(verb)),
    }
}

fn split_verb(phrase: &str) -> (&str, &str) {
    phrase.split_at(phrase.find(' ').unwrap_or(phrase.len()))
}

/// Returns the text in quotation marks, on one line, without the end of the line, shortened if it is long.
fn quote(text: &str) -> String {
    let text = text.strip_suffix('\n').unwrap_or(text).replace('\n', "\\n").replace('\t', "\\t");
    match text.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => format!("\"{}…\"", &text[..end]),
        None => format!("\"{text}\""),
    }
}

#[cfg(test)]
mod tests {
    use std::panic::Location;

    use super::{describe, describe_next, describe_wait, infinitive};
    use crate::clock::Clock;
    use crate::names::Names;
    use crate::operation::Outcome::{Count, Done, Ended, Refused, Status};
    use crate::operation::{Actor, Guarded, Object, Operation, Process};
    use crate::run::{ActorInfo, Ending, Run, Waiting};

    const LOCK: Object = Object { maker: Actor(0), number: 1 };
    const CONDVAR: Object = Object { maker: Actor(0), number: 2 };
    const CHANNEL: Object = Object { maker: Actor(0), number: 3 };
    const PIPE: Object = Object { maker: Actor(0), number: 4 };
    const ATOMIC: Object = Object { maker: Actor(0), number: 5 };
    const NUMBER: Object = Object { maker: Actor(0), number: 6 };

    /// Returns the names of one object of each kind, of main, a thread and a child process.
    fn names() -> Names {
        let uses = [
            Operation::Lock(LOCK),
            Operation::NotifyAll(CONDVAR),
            Operation::Receive(CHANNEL),
            Operation::Read(PIPE, 1),
            Operation::Load(ATOMIC),
        ];
        let waiting =
            |operation| Waiting { actor: Actor(0), operation, place: Location::caller(), enabled: false };
        let actor = |(name, process): (&str, usize)| ActorInfo {
            name: name.to_owned(),
            process: Process(process),
            created_after: Some(Clock::default()),
            panic: None,
        };
        Names::new(&Run {
            actors: [("", 0), ("", 0), ("echo", 1)].map(actor).to_vec(),
            steps: Vec::new(),
            ending: Ending::WaitsForever(uses.map(waiting).to_vec()),
            not_waited_for: Vec::new(),
            holdings: Vec::new(),
            scene: None,
            made: Vec::new(),
            channels: Vec::new(),
        })
    }

    fn barrier(what: &'static str) -> Operation {
        Operation::Guarded(Guarded { number: NUMBER, condition: |_| true, update: |number| number, what })
    }

    #[test]
    fn a_step_that_was_taken_is_told_from_one_that_failed() {
        let names = names();
        let words = |operation, outcome| describe(&operation, outcome, &names);
        assert_eq!(words(Operation::TryLock(LOCK), Done), "takes the lock");
        assert_eq!(words(Operation::TryLock(LOCK), Refused), "cannot take the lock: it is held");
        assert_eq!(words(Operation::TrySend(CHANNEL, 1), Done), "sends a message into the channel");
        assert_eq!(words(Operation::TrySend(CHANNEL, 1), Ended), "cannot send: the channel is full");
        assert_eq!(
            words(Operation::Send(CHANNEL, 1), Refused),
            "cannot send: the channel has no receiver left"
        );
        assert_eq!(words(Operation::TryReceive(CHANNEL), Done), "receives a message from the channel");
        assert_eq!(words(Operation::TryReceive(CHANNEL), Refused), "finds the channel empty");
        assert_eq!(words(Operation::Receive(CHANNEL), Ended), "finds the channel empty, with no sender left");
        assert_eq!(words(Operation::Write(PIPE, 9), Count(9)), "writes 9 bytes into the pipe");
        assert_eq!(words(Operation::Write(PIPE, 9), Count(4)), "writes 4 of 9 bytes into the pipe");
        assert_eq!(words(Operation::Write(PIPE, 9), Refused), "cannot write: the pipe has no reader left");
        assert_eq!(words(Operation::Read(PIPE, 9), Count(4)), "reads 4 bytes from the pipe");
        assert_eq!(words(Operation::Read(PIPE, 9), Count(0)), "reads the end of file from the pipe");
        assert_eq!(words(Operation::IsEnded(Actor(1)), Done), "sees that thread 1 has ended");
        assert_eq!(words(Operation::IsEnded(Actor(1)), Refused), "sees that thread 1 has not ended");
        assert_eq!(words(Operation::WaitFor(Process(1)), Status(0)), "sees that echo has ended");
        let failed = "sees that echo has ended, exit status: 2";
        assert_eq!(words(Operation::TryWaitFor(Process(1)), Status(2 << 8)), failed);
        assert_eq!(words(Operation::TryWaitFor(Process(1)), Refused), "sees that echo has not ended");
        let wake = |timeout| Operation::Wake { condvar: CONDVAR, lock: LOCK, timeout };
        assert_eq!(words(wake(false), Done), "is woken, and takes the lock again");
        assert_eq!(words(wake(true), Refused), "times out, and takes the lock again");
        assert_eq!(words(Operation::CloseSender(PIPE), Done), "closes a write end of the pipe");
        assert_eq!(words(Operation::CloseSender(CHANNEL), Done), "drops a sender of the channel");
        assert_eq!(words(barrier("waits at the barrier"), Done), "waits at the barrier");
    }

    #[test]
    fn a_text_is_quoted_on_one_short_line() {
        let print = |text: &str| {
            let operation = Operation::Print { text: text.to_owned(), whole: true };
            describe(&operation, Done, &names())
        };
        assert_eq!(print("笼屉空了\n"), "prints \"笼屉空了\"");
        assert_eq!(print(""), "writes out what it has printed");
        assert_eq!(print("tea\ntoast\n"), "prints \"tea\\ntoast\"");
        assert_eq!(print(&"茶".repeat(101)), format!("prints \"{}…\"", "茶".repeat(100)));
    }

    #[test]
    fn a_step_that_can_be_taken_is_in_the_future() {
        let next = |operation| describe_next(&operation, &names());
        assert_eq!(next(Operation::Lock(LOCK)), "will take the lock");
        assert_eq!(next(Operation::TryLock(LOCK)), "will try to take the lock");
        let wait = Operation::Wait { condvar: CONDVAR, lock: LOCK };
        assert_eq!(next(wait), "will wait to be woken, releasing the lock");
        assert_eq!(next(Operation::WaitFor(Process(1))), "will wait for echo to end");
        assert_eq!(next(Operation::Exit(0)), "will end its process");
        assert_eq!(next(barrier("waits at the barrier")), "will wait at the barrier");
    }

    #[test]
    fn a_step_that_cannot_be_taken_says_what_is_missing() {
        let wait = |operation, holder| describe_wait(Actor(0), &operation, holder, &names());
        let held_by = |actor| wait(Operation::Lock(LOCK), Some(Actor(actor)));
        assert_eq!(held_by(1), "waits for the lock, held by thread 1");
        assert_eq!(held_by(0), "waits for the lock, which it holds itself");
        let wake = Operation::Wake { condvar: CONDVAR, lock: LOCK, timeout: false };
        assert_eq!(wait(wake.clone(), None), "waits to be woken");
        assert_eq!(wait(wake, Some(Actor(1))), "waits to be woken, and then for the lock, held by thread 1");
        let read = "waits to read: the pipe is empty, and has a writer left";
        assert_eq!(wait(Operation::Read(PIPE, 1), None), read);
        assert_eq!(
            wait(Operation::Join(vec![Actor(1), Actor(2)]), None),
            "waits for thread 1 and echo to end"
        );
        assert_eq!(wait(barrier("waits at the barrier"), None), "waits at the barrier");
        assert_eq!(wait(barrier("takes the read lock"), None), "waits to take the read lock");
    }

    #[test]
    fn the_infinitive_of_a_verb_in_the_third_person_is_found() {
        let verbs = ["takes", "reaches", "passes", "tries", "parks"].map(infinitive);
        assert_eq!(verbs, ["take", "reach", "pass", "try", "park"]);
    }
}
