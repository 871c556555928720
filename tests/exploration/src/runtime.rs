//! What the stand-ins call. SKELETON: signatures only; the real one follows.
use crate::{Actor, Object, Operation, Outcome, Process};
use std::panic::Location;

/// Announces the next step of the current actor, waits until the schedule lets it take the step, and returns its outcome.
/// The caller's place in the source is the place of the step. Once the run is over, the actor unwinds instead; a step in a
/// destructor does nothing then and returns `Done`.
#[track_caller]
pub fn step(operation: Operation) -> Outcome {
    step_at(operation, Location::caller())
}
pub fn step_at(_operation: Operation, _place: &'static Location<'static>) -> Outcome {
    todo!()
}
/// Adds a note to the record of the current actor's next step: what it prints on standard error, say. Takes no step.
pub fn note(_text: String) {
    todo!()
}
/// Returns the name of a new object.
pub fn new_object() -> Object {
    todo!()
}
/// Returns a number that is different in each run (for objects that are named at their first use in a run).
pub fn run_number() -> u64 {
    todo!()
}
/// Creates a channel with one sender and one receiver that holds messages of this total size.
pub fn new_channel(_capacity: usize) -> Object {
    todo!()
}
/// Creates a pipe with one writer and one reader that holds this many bytes. Writes of at most `atomic` bytes are not split.
pub fn new_pipe(_capacity: usize, _atomic: usize) -> Object {
    todo!()
}
/// Counts another sender (`true`) or receiver (`false`) of a channel or pipe.
pub fn add_end(_object: Object, _sender: bool) {
    todo!()
}
/// Returns the actor that runs.
pub fn current_actor() -> Actor {
    todo!()
}
/// Returns the process of the actor that runs.
pub fn current_process() -> Process {
    todo!()
}
/// Returns whether the run is over, so that its actors only unwind.
pub fn is_over() -> bool {
    todo!()
}
/// Returns whether the current actor is unwinding from a panic (or because the run is over).
pub fn is_panicking() -> bool {
    todo!()
}
/// Forgets the panic that the current actor has caught.
pub fn caught_panic() {
    todo!()
}
/// Creates a thread of the current process. It starts once `act` is called for it by a new task.
pub fn new_thread(_name: String) -> Actor {
    todo!()
}
/// Creates a child process of the current one, with its main thread.
pub fn new_process(_name: String) -> (Process, Actor) {
    todo!()
}
/// Returns what a task of the scheduler runs to be `actor`: `work`, then the step `End`. Returns the result of `work`, or
/// its panic. (Stand-ins pass it to `shuttle::thread::spawn` or to the scoped one.) For the main thread of a process, the
/// work takes the step `Exit` itself.
pub fn act<T>(_actor: Actor, work: impl FnOnce() -> T) -> impl FnOnce() -> Option<std::thread::Result<T>> {
    move || {
        let _ = work;
        todo!()
    }
}
