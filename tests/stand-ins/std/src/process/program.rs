use ::std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use ::std::sync::Arc;

use exploration::runtime;

use super::exit::{Termination, end};
use crate::registry::{self, PROGRAM};

/// The status of a process whose main thread panicked.
const PANICKED: i32 = 101 << 8;

/// Returns what an exploration runs as a whole program: `main`, with these arguments, in the first process, and again in
/// each child process that the program starts from its own path.
///
/// `main` is a `fn` pointer, which captures nothing: so processes share no memory through it.
pub fn program<T: Termination + 'static>(
    main: fn() -> T,
    args: &'static [&'static str],
) -> impl Fn() + Send + Sync + 'static {
    move || {
        runtime::name_scene(args.join(" "));
        registry::set_entry(Arc::new(move || main().report().raw()));
        registry::current_process(|process| {
            process.args = [PROGRAM].iter().chain(args).map(Into::into).collect();
        });
        run(move || main().report().raw());
    }
}

/// Runs the main thread of a process, then ends the process.
pub(super) fn run(main: impl FnOnce() -> i32) {
    let status = catch_unwind(AssertUnwindSafe(main)).unwrap_or_else(|payload| {
        if !runtime::caught_panic() {
            resume_unwind(payload);
        }
        PANICKED
    });
    end(status)
}
