//! Values that belong to one run of an exploration.

use ::std::cell::RefCell;

use exploration::runtime;

/// A value that is made anew in each run. All actors of a run are coroutines of one thread, which has it as a local.
pub(crate) struct PerRun<T>(RefCell<(u64, T)>);

impl<T: Default> Default for PerRun<T> {
    fn default() -> Self {
        Self(RefCell::new((0, T::default())))
    }
}

impl<T: Default> PerRun<T> {
    /// Runs `work` on the value of this run. `work` must not take a step.
    pub(crate) fn with<R>(&self, work: impl FnOnce(&mut T) -> R) -> R {
        let (run, mut value) = (runtime::run_number(), self.0.borrow_mut());
        if value.0 != run {
            *value = (run, T::default());
        }
        work(&mut value.1)
    }
}
