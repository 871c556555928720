use ::std::collections::HashMap;
use ::std::sync::{Arc, Mutex, PoisonError};

use exploration::runtime::step;
use exploration::{Guarded, Operation, Outcome};

use crate::name::Name;

/// Replaces `std::sync::Barrier`.
///
/// The number behind it counts the arrivals. Those that arrive together wait at one gate, which the last of them opens.
#[derive(Debug)]
pub struct Barrier {
    size: u64,
    arrivals: Name,
    gates: Mutex<HashMap<u64, Arc<Name>>>,
}

/// Replaces `std::sync::BarrierWaitResult`.
#[derive(Debug)]
pub struct BarrierWaitResult(bool);

impl BarrierWaitResult {
    /// Returns whether this thread was the last to arrive.
    #[must_use]
    pub fn is_leader(&self) -> bool {
        self.0
    }
}

impl Barrier {
    /// Returns a barrier for this number of threads.
    #[must_use]
    pub fn new(size: usize) -> Self {
        // As in std, a barrier for none is one for one.
        Self { size: size.max(1) as u64, arrivals: Name::new(), gates: Mutex::default() }
    }

    /// Waits until all threads have arrived.
    #[track_caller]
    pub fn wait(&self) -> BarrierWaitResult {
        let arrival = Guarded {
            number: self.arrivals.object(),
            condition: |_| true,
            update: |arrivals| arrivals + 1,
            what: "arrives at the barrier",
        };
        let Outcome::Value(before) = step(Operation::Guarded(arrival)) else {
            return BarrierWaitResult(false);
        };
        let gate = self.gate(before / self.size).object();
        let leads = before % self.size == self.size - 1;
        step(Operation::Guarded(if leads {
            Guarded { number: gate, condition: |_| true, update: |_| 1, what: "opens the barrier" }
        } else {
            Guarded { number: gate, condition: |open| open == 1, update: |_| 1, what: "waits at the barrier" }
        }));
        BarrierWaitResult(leads)
    }

    fn gate(&self, generation: u64) -> Arc<Name> {
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(gates.entry(generation).or_default())
    }
}
