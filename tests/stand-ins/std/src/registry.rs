//! The processes of the current run.

use ::std::any::Any;
use ::std::collections::HashMap;
use ::std::ffi::OsString;
use ::std::sync::Arc;

use exploration::{Object, Process, runtime};

use crate::end::Role;
use crate::name::Name;
use crate::panic_hook::Hook;
use crate::per_run::PerRun;

/// The path of the program that is explored.
pub(crate) const PROGRAM: &str = "/explored/program";

/// What a process can be given as its standard input or output: an end of a pipe, or both ends of a connection.
pub trait Handle: Any + Send + Sync {
    /// Returns a second handle to the same, owned by `owner`.
    fn duplicate(&self, owner: Process) -> Arc<dyn Handle>;
}

/// A whole program: what a child process runs if its command is the program itself. Returns the exit status.
pub(crate) type Entry = Arc<dyn Fn() -> i32 + Send + Sync>;

/// What a process has of its own.
pub(crate) struct State {
    pub(crate) args: Vec<OsString>,
    pub(crate) stdin: Option<Arc<dyn Handle>>,
    /// Absent for the standard output of the whole program.
    pub(crate) stdout: Option<Arc<dyn Handle>>,
    pub(crate) stdout_is_null: bool,
    pub(crate) stderr: Option<Arc<dyn Handle>>,
    /// For a standard output that is a pipe: its lock, and the incomplete line in its buffer.
    pub(crate) stdout_lock: Arc<Name>,
    pub(crate) line: Vec<u8>,
    pub(crate) panic_hook: Option<Arc<Hook>>,
    /// The ends of pipes that it has open, in the order in which it got them.
    open: Vec<(Object, Role)>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            args: vec![PROGRAM.into()],
            stdin: None,
            stdout: None,
            stdout_is_null: false,
            stderr: None,
            stdout_lock: Arc::default(),
            line: Vec::new(),
            panic_hook: None,
            open: Vec::new(),
        }
    }
}

impl State {
    /// Records that the process has this end open.
    pub(crate) fn opened(&mut self, object: Object, role: Role) {
        self.open.push((object, role));
    }

    /// Records that the process closes this end. Returns whether it had it open: after its exit it has none.
    pub(crate) fn closed(&mut self, object: Object, role: Role) -> bool {
        let index = self.open.iter().position(|open| *open == (object, role));
        index.map(|index| self.open.remove(index)).is_some()
    }

    /// Records that the process closes the end that it has had the longest, and returns it.
    pub(crate) fn close_next(&mut self) -> Option<(Object, Role)> {
        (!self.open.is_empty()).then(|| self.open.remove(0))
    }
}

#[derive(Default)]
struct Registry {
    entry: Option<Entry>,
    processes: HashMap<Process, State>,
}

::std::thread_local! {
    static REGISTRY: PerRun<Registry> = PerRun::default();
}

/// Runs `work` on the state of a process. It must neither take a step nor drop a handle.
pub(crate) fn process<T>(process: Process, work: impl FnOnce(&mut State) -> T) -> T {
    REGISTRY.with(|registry| registry.with(|registry| work(registry.processes.entry(process).or_default())))
}

/// Runs `work` on the state of the current process.
pub(crate) fn current_process<T>(work: impl FnOnce(&mut State) -> T) -> T {
    process(runtime::current_process(), work)
}

pub(crate) fn set_entry(entry: Entry) {
    REGISTRY.with(|registry| registry.with(|registry| registry.entry = Some(entry)));
}

pub(crate) fn entry() -> Option<Entry> {
    REGISTRY.with(|registry| registry.with(|registry| registry.entry.clone()))
}
