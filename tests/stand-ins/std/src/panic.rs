//! `std::panic` under the scheduler.
//!
//! A hook belongs to a process. It is called for the panic of a `println!` that cannot print, and for no other: the
//! exploration records the others.

pub use ::std::panic::{AssertUnwindSafe, Location, RefUnwindSafe, UnwindSafe, panic_any};

use ::std::any::Any;
use ::std::sync::Arc;

use exploration::runtime;

use crate::registry;

pub use crate::panic_hook::PanicHookInfo;

/// Replaces `std::panic::set_hook`.
pub fn set_hook(hook: Box<dyn Fn(&PanicHookInfo<'_>) + Sync + Send + 'static>) {
    registry::current_process(|process| process.panic_hook = Some(Arc::from(hook)));
}

/// Replaces `std::panic::take_hook`.
#[must_use]
pub fn take_hook() -> Box<dyn Fn(&PanicHookInfo<'_>) + Sync + Send + 'static> {
    let hook = registry::current_process(|process| process.panic_hook.take());
    Box::new(move |panic| match &hook {
        Some(hook) => hook(panic),
        None => report(panic),
    })
}

/// Does what std's own hook does.
fn report(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let message = panic.payload_as_str().unwrap_or("Box<dyn Any>");
    runtime::note(format!("panicked at {place}:\n{message}"));
}

/// Calls the hook of the process, then panics with this message.
#[track_caller]
pub(crate) fn panic_with_hook(message: &str) -> ! {
    let hook = registry::current_process(|process| process.panic_hook.clone());
    let payload: Box<dyn Any + Send> = Box::new(message.to_owned());
    let info = PanicHookInfo::new(&*payload, Location::caller());
    match hook {
        Some(hook) => hook(&info),
        None => report(&info),
    }
    panic!("{message}");
}

/// Runs `work` and returns its result, or its panic.
///
/// # Errors
/// If it panics.
pub fn catch_unwind<R>(work: impl FnOnce() -> R + UnwindSafe) -> ::std::thread::Result<R> {
    ::std::panic::catch_unwind(work).or_else(|payload| {
        if runtime::caught_panic() { Err(payload) } else { ::std::panic::resume_unwind(payload) }
    })
}

/// Panics with this payload, without a call of the hook.
pub fn resume_unwind(payload: Box<dyn Any + Send>) -> ! {
    runtime::resume_panic(payload)
}
