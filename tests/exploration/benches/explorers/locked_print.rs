//! Printing with a lock of the explorer, as std's `println!` locks standard output: then a print is a step. This file is
//! compiled once for each explorer that does not know prints.

use std::cell::RefCell;
use std::sync::Arc;

use super::sync::Mutex;
use crate::record;

thread_local! {
    /// The lock of standard output; `None` if the explorer does not see what is printed.
    static STDOUT: RefCell<Option<Arc<Mutex<()>>>> = const { RefCell::new(None) };
}

/// Begins a run in which a print is a step, or else in which it is none.
pub(super) fn begin_run(is_step: bool) {
    STDOUT.set(is_step.then(|| Arc::new(Mutex::new(()))));
}

pub(super) fn print_line(line: String) {
    let stdout = STDOUT.with_borrow(Clone::clone);
    let _locked = stdout.as_ref().map(|stdout| stdout.lock());
    record::print(line);
}
