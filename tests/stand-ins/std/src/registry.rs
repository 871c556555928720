//! What the stand-ins keep for the processes and the threads of the current run.

use ::std::any::Any;
use ::std::cell::RefCell;
use ::std::collections::HashMap;
use ::std::ffi::OsString;
use ::std::mem;
use ::std::sync::Arc;

use exploration::{Actor, Object, Process, runtime};

use crate::end::Role;
use crate::panic::Hook;
use crate::thread::Thread;

/// The path of the program that is explored.
pub(crate) const PROGRAM: &str = "/explored/program";

/// An end of a pipe, or several, that a process can be given as its standard input or output.
pub trait Handle: Any + Send + Sync {
    /// Returns a second handle to the same, owned by `owner`.
    fn duplicate(&self, owner: Process) -> Arc<dyn Handle>;
}

/// A whole program: what a child process runs if its command is the program itself.
pub(crate) type Entry = Arc<dyn Fn() -> i32 + Send + Sync>;

/// A process.
pub(crate) struct State {
    pub(crate) args: Vec<OsString>,
    pub(crate) stdin: Option<Arc<dyn Handle>>,
    pub(crate) stdout: Option<Arc<dyn Handle>>,
    pub(crate) stderr: Option<Arc<dyn Handle>>,
    /// The end of the output that is not a whole line yet.
    pub(crate) line: Vec<u8>,
    pub(crate) panic_hook: Option<Arc<Hook>>,
    /// The ends of pipes that the process has open, in the order in which it got them.
    open: Vec<(Object, Role)>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            args: vec![PROGRAM.into()],
            stdin: None,
            stdout: None,
            stderr: None,
            line: Vec::new(),
            panic_hook: None,
            open: Vec::new(),
        }
    }
}

#[derive(Default)]
struct Registry {
    run: u64,
    entry: Option<Entry>,
    processes: HashMap<Process, State>,
    threads: HashMap<Actor, Thread>,
}

thread_local! {
    // All actors of a run are coroutines of one thread.
    static REGISTRY: RefCell<Registry> = RefCell::default();
}

/// Runs `work` on the registry of the current run. It takes no step.
fn with<T>(work: impl FnOnce(&mut Registry) -> T) -> T {
    let run = runtime::run_number();
    REGISTRY.with_borrow_mut(|registry| {
        if registry.run != run {
            let before = mem::replace(registry, Registry { run, ..Registry::default() });
            // Its ends are those of a run that is over: dropping them does nothing.
            drop(before);
        }
        work(registry)
    })
}

/// Runs `work` on the state of a process. It takes no step, and neither does what it drops.
pub(crate) fn process<T>(process: Process, work: impl FnOnce(&mut State) -> T) -> T {
    with(|registry| work(registry.processes.entry(process).or_default()))
}

/// Runs `work` on the state of the current process.
pub(crate) fn current_process<T>(work: impl FnOnce(&mut State) -> T) -> T {
    process(runtime::current_process(), work)
}

pub(crate) fn set_entry(entry: Entry) {
    with(|registry| registry.entry = Some(entry));
}

pub(crate) fn entry() -> Option<Entry> {
    with(|registry| registry.entry.clone())
}

/// Returns the current thread; `main` makes it if it has no entry yet.
pub(crate) fn current_thread(main: impl FnOnce() -> Thread) -> Thread {
    let actor = runtime::current_actor();
    with(|registry| registry.threads.entry(actor).or_insert_with(main).clone())
}

pub(crate) fn add_thread(actor: Actor, thread: Thread) {
    with(|registry| registry.threads.insert(actor, thread));
}

impl State {
    /// Notes that the process has this end open.
    pub(crate) fn opened(&mut self, object: Object, role: Role) {
        self.open.push((object, role));
    }

    /// Notes that the process closes this end, and returns whether it had it open. After its exit it has none.
    pub(crate) fn closed(&mut self, object: Object, role: Role) -> bool {
        let index = self.open.iter().position(|open| *open == (object, role));
        index.map(|index| self.open.remove(index)).is_some()
    }

    /// Returns an end that is still open, the oldest first.
    pub(crate) fn close_next(&mut self) -> Option<(Object, Role)> {
        (!self.open.is_empty()).then(|| self.open.remove(0))
    }
}
