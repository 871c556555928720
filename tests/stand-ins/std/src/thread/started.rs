use ::std::sync::{Arc, Mutex, PoisonError};
use ::std::thread::Result;

use exploration::runtime::{self, step};
use exploration::{Actor, Operation, Outcome};

use super::current::Thread;
use crate::registry;

/// The thread that a new task of the scheduler will be, and where it leaves its result.
pub(super) struct Started<T> {
    pub(super) thread: Thread,
    pub(super) actor: Actor,
    result: Arc<Mutex<Option<Result<T>>>>,
}

impl<T> Started<T> {
    pub(super) fn new(name: Option<String>) -> Self {
        let actor = runtime::new_thread(name.clone().unwrap_or_default());
        let thread = Thread::new(name, actor);
        registry::add_thread(actor, thread.clone());
        Self { thread, actor, result: Arc::default() }
    }

    /// Returns what the task runs. `panicked` is called if the thread panics.
    pub(super) fn task(&self, work: impl FnOnce() -> T, panicked: impl FnOnce()) -> impl FnOnce() {
        let result = Arc::clone(&self.result);
        let act = runtime::act(self.actor, work);
        move || {
            let ended = act();
            if let Some(Err(_)) = ended {
                panicked();
            }
            *result.lock().unwrap_or_else(PoisonError::into_inner) = ended;
        }
    }

    #[track_caller]
    pub(super) fn join(self) -> Result<T> {
        step(Operation::Join(vec![self.actor]));
        let result = self.result.lock().unwrap_or_else(PoisonError::into_inner).take();
        result.unwrap_or_else(|| Err(Box::new("the run was over before the thread ended")))
    }

    #[track_caller]
    pub(super) fn is_finished(&self) -> bool {
        step(Operation::IsEnded(self.actor)) == Outcome::Done
    }
}
