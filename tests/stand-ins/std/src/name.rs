//! The objects of the exploration that belong to the values of a program.

use ::std::panic::Location;
use ::std::sync::{Mutex, PoisonError};

use exploration::{Object, runtime};

/// The object of a lock or an atomic. It gets its name at its first use in a run, because a `const fn` creates it, perhaps
/// before the run begins.
#[derive(Debug, Default)]
pub(crate) struct Name {
    named: Mutex<Option<Named>>,
    /// Where the program makes it.
    made: Option<&'static Location<'static>>,
}

#[derive(Debug, Clone, Copy)]
struct Named {
    run: u64,
    object: Object,
}

impl Name {
    #[track_caller]
    pub(crate) const fn new() -> Self {
        Self { named: Mutex::new(None), made: Some(Location::caller()) }
    }

    /// Returns the object.
    pub(crate) fn object(&self) -> Object {
        let run = runtime::run_number();
        let mut named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(named) = named.filter(|named| named.run == run) {
            return named.object;
        }
        let object = runtime::new_object_made_at(self.made);
        *named = Some(Named { run, object });
        object
    }
}
