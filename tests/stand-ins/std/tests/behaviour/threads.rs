//! Threads and scopes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use crate::{outcomes, outputs};

fn message(panic: thread::Result<()>) -> &'static str {
    panic.expect_err("it panics").downcast_ref::<&str>().copied().expect("a text")
}

#[test]
fn a_scope_panics_if_a_thread_did_that_was_not_joined() {
    let program = || {
        let scope = || thread::scope(|scope| drop(scope.spawn(|| panic!("in the thread"))));
        println!("{}", message(catch_unwind(scope)));
    };
    assert_eq!(outcomes(program), ["a scoped thread panicked"]);
}

#[test]
fn a_scope_leaves_the_panic_of_a_thread_that_was_joined_to_its_join() {
    let program = || {
        let panic = thread::scope(|scope| scope.spawn(|| panic!("in the thread")).join());
        println!("{}", message(panic));
    };
    assert_eq!(outcomes(program), ["in the thread"]);
}

#[test]
fn a_scope_whose_closure_panics_still_waits_for_its_threads() {
    let program = || {
        let scope = || {
            thread::scope(|scope| {
                scope.spawn(|| println!("thread"));
                panic!("in the scope");
            });
        };
        let panic = catch_unwind(AssertUnwindSafe(scope));
        println!("{}", message(panic));
    };
    assert_eq!(outcomes(program), ["thread / in the scope"]);
}

#[test]
fn a_thread_of_a_scope_can_start_others_in_it() {
    let program = || {
        thread::scope(|scope| {
            scope.spawn(|| {
                println!("outer");
                scope.spawn(|| println!("inner"));
            });
        });
        println!("main");
    };
    assert_eq!(outputs(program), ["outer / inner / main"]);
}

#[test]
fn park_waits_for_an_unpark_that_may_come_before_it() {
    let program = || {
        let main = thread::current();
        let thread = thread::spawn(move || {
            println!("unpark");
            main.unpark();
        });
        thread::park();
        println!("parked");
        thread.join().unwrap();
    };
    assert_eq!(outputs(program), ["unpark / parked"]);
}

#[test]
fn the_main_thread_has_a_name_and_others_have_one_if_they_are_given_it() {
    let program = || {
        let name = || thread::current().name().map(str::to_owned);
        let tea = thread::Builder::new().name("tea".to_owned()).spawn(name).unwrap();
        let names = [name(), thread::spawn(name).join().unwrap(), tea.join().unwrap()];
        println!("{names:?}");
    };
    assert_eq!(outputs(program), [r#"[Some("main"), None, Some("tea")]"#]);
}

#[test]
fn whether_a_thread_has_ended_depends_on_the_schedule() {
    let program = || {
        let thread = thread::spawn(|| ());
        println!("{}", thread.is_finished());
        thread.join().unwrap();
    };
    assert_eq!(outputs(program), ["false", "true"]);
}

#[test]
fn a_panic_is_that_of_one_thread() {
    struct Reports;

    impl Drop for Reports {
        fn drop(&mut self) {
            assert!(thread::panicking());
            // Here the other thread comes in.
            println!("dropped");
        }
    }

    let program = || {
        let panicking = thread::spawn(|| {
            let _reports = Reports;
            panic!("one thread");
        });
        println!("{}", thread::panicking());
        let _ = panicking.join();
    };
    assert_eq!(outcomes(program), ["dropped / false", "false / dropped"]);
}
