//! Runs a program under every schedule, up to the order of independent steps.
//!
//! # What is run
//!
//! An *actor* is a thread of the program, in its first process or in a child process. An actor takes *steps*: it locks a
//! mutex, sends a message, prints a line, ends. Between two steps it touches nothing that other actors can see. A *schedule*
//! decides which actor takes the next step, whenever more than one can.
//!
//! The program is a lesson's own file, unchanged. It is compiled against stand-ins for std and other libraries
//! (`tests/stand-ins`), which announce each step with [`runtime::step`] before they take it. The steps are the variants of
//! [`Operation`]; `objects.rs` is the whole model of what they do. The crate shuttle only switches from one
//! actor to another.
//!
//! # Few runs for many schedules
//!
//! Two steps of different actors are *independent* if their order makes no difference to either, nor to what comes later:
//! two threads that lock different mutexes. Otherwise they are *dependent*: two threads that lock the same one. `access.rs`
//! and `Objects::accesses` are the table of what depends on what: each step accesses parts of objects, in a mode, and two
//! steps are dependent if they access the same part in dependent modes: one reads it and one writes it, say.
//!
//! Schedules that differ only in the order of independent steps lead to the same states, so one run stands for all of them.
//! Prints are independent, too. A run therefore yields a *partial order* of the lines that it prints, and each order of the
//! lines that keeps it is a possible output. Two threads that print a line each need one run in all: it has two outputs.
//!
//! `explorer.rs` makes one run for each order of dependent steps: source-DPOR with sleep sets (Abdulla, Aronsson, Jonsson
//! and Sagonas, "Optimal dynamic partial order reduction", POPL 2014). After each run it looks for *races*: two dependent
//! steps that could also come in the other order. For each of them it schedules a run in which they do. Sleep sets leave
//! out what was run before. Steps that wait need more rules, which `explorer.rs` explains.
//!
//! `tests/fuzz.rs` looks for what this leaves out: made-up programs, explored in this way, with sleep sets alone, and in
//! every order of all steps, must have the same results.
//!
//! If a program needs too many runs, [`explore::every_schedule`] runs random schedules instead, and the
//! [evidence](course_tests::guarantees::Evidence) of the guarantees says so.
//!
//! # Processes
//!
//! A child process is another actor that runs the program's `main` again, with arguments, a standard input and an exit
//! status of its own. In truth it runs in the memory of its parent. Three checks make sure that it makes no use of that:
//! the entry of a program is a `fn` pointer, which captures nothing; a test of the course refuses statics in the lessons;
//! and an exploration fails if a step touches an object that was made in another process, apart from pipes and lock files.
//!
//! # What it does not see
//!
//! - Memory is sequentially consistent. An atomic access with `Relaxed` counts as one with `SeqCst`.
//! - Files are not objects. Two actors that write to one file are not seen as a race.
//! - Time does not pass. A sleep is no step; a wait with a time limit can always reach it.
//! - A condition variable has no spurious wakeups. A wait whose time is up uses a notification if there is one, and does
//!   not leave it to another waiter.
//! - A static keeps its value from one run to the next.
//! - A loop without a step in it cannot be stopped: it ends the whole test program, within a minute.
//!
//! A program must do the same in each run: every step that is repeated is compared with the run before, and the
//! exploration fails if it differs.
//!
//! # Where to start
//!
//! `explore` is what tests call. `operation`, `access` and `objects` are the model, `explorer` the search, `runtime` what
//! the stand-ins call. `run` is the record of a run; `counterexample` shows one as a table, in the words of `words`.
//!
//! [`serve`] is for a program that is played or judged on its own: `scene` stops it after some choices, `graph` has all its
//! states, `goal` finds the way to an outcome, and `verdict` says whether an exercise is solved.

mod access;
mod clock;
mod counterexample;
pub mod explore;
mod explorer;
mod goal;
mod graph;
mod names;
mod narrator;
mod objects;
mod operation;
pub mod run;
pub mod runtime;
mod scene;
mod server;
mod verdict;
mod watchdog;
pub mod words;

pub use clock::Clock;
pub use counterexample::{Counterexample, InvalidChoices, parse_choices};
pub use explore::Exploration;
pub use explorer::Reduction;
pub use names::Names;
pub use operation::{Actor, Guarded, Object, Operation, Outcome, Process};
pub use server::{Server, serve};
