use ::std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use ::std::sync::{Arc, Mutex, PoisonError};
use ::std::thread::Result;

use exploration::runtime::{self, step};
use exploration::{Actor, Operation, Outcome};

use super::current::Thread;

/// A thread, and where it leaves its result.
pub(super) struct Started<T> {
    pub(super) thread: Thread,
    pub(super) actor: Actor,
    result: Arc<Mutex<Option<Result<T>>>>,
}

impl<T> Started<T> {
    pub(super) fn new(name: Option<String>) -> Self {
        let actor = runtime::new_thread(name.clone().unwrap_or_default());
        Self { thread: Thread::add(name, actor), actor, result: Arc::default() }
    }

    /// Returns what the thread does: `work`, and `panicked` if that panics.
    pub(super) fn act<W: FnOnce() -> T, P: FnOnce()>(
        &self,
        work: W,
        panicked: P,
    ) -> impl FnOnce() + use<T, W, P> {
        let result = Arc::clone(&self.result);
        move || {
            let ended = catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
                if !runtime::caught_panic() {
                    resume_unwind(payload);
                }
                panicked();
                payload
            });
            *result.lock().unwrap_or_else(PoisonError::into_inner) = Some(ended);
        }
    }

    #[track_caller]
    pub(super) fn join(self) -> Result<T> {
        step(Operation::Join(vec![self.actor]));
        let result = self.result.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A destructor gets this, while the actors of a run that is over unwind.
        result.unwrap_or_else(|| Err(Box::new("the run was over before the thread ended")))
    }

    #[track_caller]
    pub(super) fn is_finished(&self) -> bool {
        step(Operation::IsEnded(self.actor)) == Outcome::Done
    }
}
