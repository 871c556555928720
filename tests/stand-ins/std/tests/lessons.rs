//! scratch
#![allow(dead_code, unused, missing_docs, clippy::pedantic)]
#[macro_use]
extern crate scheduled_std as std;
extern crate scheduled_parking_lot as parking_lot;
extern crate scheduled_pipe_ipc as pipe_ipc;
extern crate scheduled_scenarios as scenarios;

macro_rules! lessons { ($($name:ident: $path:literal,)*) => {$( #[path = $path] mod $name; )*} }
lessons! {
    thread_basics: "../../../../crates/thread-basics/src/main.rs",
    thread_subclass: "../../../../crates/thread-subclass/src/main.rs",
    shared_data: "../../../../crates/shared-data/src/main.rs",
    thread_attrs: "../../../../crates/thread-attrs/src/main.rs",
    daemon: "../../../../crates/daemon/src/main.rs",
    pipes: "../../../../crates/pipe-ipc/src/main.rs",
    join_forgotten: "../../../../crates/thread-basics/wrong/join_forgotten.rs",
    join_too_late: "../../../../crates/thread-basics/wrong/join_too_late.rs",
    child_never_waited_for: "../../../../crates/thread-basics/wrong/child_never_waited_for.rs",
    both_write_first: "../../../../crates/pipe-ipc/wrong/both_write_first.rs",
    end_kept_open: "../../../../crates/pipe-ipc/wrong/end_kept_open.rs",
    lock_released: "../../../../crates/shared-data/wrong/lock_released.rs",
    opposite_orders: "../../../../crates/shared-data/wrong/opposite_orders.rs",
    read_then_write: "../../../../crates/shared-data/wrong/read_then_write.rs",
    wait_without_a_loop: "../../../../crates/shared-data/wrong/wait_without_a_loop.rs",
    counted_too_late: "../../../../crates/thread-attrs/wrong/counted_too_late.rs",
    daemon_trusted: "../../../../crates/daemon/wrong/daemon_trusted.rs",
}

use exploration::run::{Ending, Run};
use exploration::runtime::{Options, explore};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::process::program;
use std::rc::Rc;

fn show(name: &str, program: impl Fn() + Send + Sync + 'static) {
    let outcomes = Rc::new(RefCell::new(BTreeSet::new()));
    let last = Rc::new(RefCell::new(String::new()));
    let (seen, one) = (Rc::clone(&outcomes), Rc::clone(&last));
    let begun = ::std::time::Instant::now();
    let counts = explore(Options { max_runs: 60_000, ..Options::default() }, program, move |run: &Run| {
        let ending = match &run.ending { Ending::Exited(status) => format!("exit {status}"), Ending::WaitsForever(_) => "waits".to_owned() };
        let panics: Vec<_> = run.actors.iter().filter_map(|actor| actor.panic.clone()).collect();
        if std::env::var_os("STEPS").is_some() && one.borrow().is_empty() {
            *one.borrow_mut() = run.steps.iter().map(|s| format!("   {} {:?} {:?} {} {:?}\n", s.actor, s.operation, s.outcome, s.place, s.notes)).collect();
        }
        seen.borrow_mut().insert((ending, run.not_waited_for.len(), panics));
    });
    std::real::println!("{name}: {counts:?} {:?} {:?}", begun.elapsed(), outcomes.borrow());
    std::real::print!("{}", last.borrow());
}

#[test]
fn all() {
    show("basics thread", thread_basics::thread_main);
    show("basics thread, whole", program(thread_basics::main, &["thread"]));
    show("basics process", program(thread_basics::main, &["process"]));
    show("basics all", program(thread_basics::main, &[]));
    show("subclass", program(thread_subclass::main, &[]));
    show("shared 2", || shared_data::thread_main(2));
    show("shared 3", || shared_data::thread_main(3));
    show("shared 5", || shared_data::thread_main(5));
    show("shared process", program(shared_data::main, &["process"]));
    show("attrs", program(thread_attrs::main, &[]));
    show("daemon outlived", program(daemon::main, &["outlived"]));
    show("daemon cut-off", program(daemon::main, &["cut-off"]));
    show("duplex", program(pipes::main, &["duplex"]));
    show("simplex", program(pipes::main, &["simplex"]));
    show("join_forgotten", join_forgotten::main);
    show("join_too_late", join_too_late::main);
    show("child_never_waited_for", program(child_never_waited_for::main, &[]));
    show("both_write_first", program(both_write_first::main, &[]));
    show("end_kept_open", program(end_kept_open::main, &[]));
    show("lock_released", lock_released::main);
    show("opposite_orders", opposite_orders::main);
    show("read_then_write", read_then_write::main);
    show("wait_without_a_loop", wait_without_a_loop::main);
    show("counted_too_late", counted_too_late::main);
    show("daemon_trusted", daemon_trusted::main);
    show("typing", || {
        let folder = ::std::env::temp_dir().join("standins-scratch");
        let _ = std::fs::create_dir(&folder);
        let file = folder.join("notes.txt");
        let _ = std::fs::remove_file(&file);
        shared_data::word_processor::edit(&b"one\n"[..], std::time::Duration::ZERO, &file).unwrap();
    });
}
