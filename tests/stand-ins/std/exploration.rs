//! Explores programs whose possible outputs can be counted by hand.

#[macro_use]
extern crate scheduled_std as std;
extern crate scheduled_parking_lot as parking_lot;

use course_tests::mistakes::summaries;
use scheduled_std::explore;
use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

fn two_threads_of_three_lines() {
    let workers: Vec<_> = ["tea", "toast"]
        .into_iter()
        .map(|name| {
            thread::spawn(move || {
                for step in 1..=3 {
                    println!("{name}: step {step}");
                }
            })
        })
        .collect();
    println!("main: waiting");
    for worker in workers {
        worker.join().expect("it does not panic");
    }
    println!("main: all done");
}

#[test]
fn all_interleavings_of_three_actors_are_found() {
    let orders = explore::every_schedule(two_threads_of_three_lines);
    // 3 + 3 + 1 lines that keep only their actors' orders: 7! / (3! · 3! · 1!).
    assert_eq!(orders.outputs.len(), 140);
}

#[test]
fn random_schedules_find_the_same_outputs_as_every_schedule() {
    let every = explore::every_schedule(two_threads_of_three_lines);
    let random = explore::random_schedules(two_threads_of_three_lines);
    assert_eq!(random.outputs, every.outputs);
}

#[test]
fn lines_that_are_printed_after_main_has_returned_do_not_count() {
    let orders = explore::every_schedule(|| {
        drop(thread::spawn(|| println!("detached")));
        println!("main");
    });
    let outputs: Vec<_> = orders.outputs.iter().map(|lines| lines.join(" ")).collect();
    assert_eq!(outputs, ["detached main", "main", "main detached"]);
}

fn a_daemon_that_waits_forever() {
    let barrier = Arc::new(Barrier::new(2));
    drop(thread::spawn(move || {
        println!("daemon");
        barrier.wait();
    }));
    println!("main");
}

#[test]
fn a_thread_that_waits_forever_does_not_keep_main_from_returning() {
    let expected = ["daemon main", "main", "main daemon"];
    for orders in [
        explore::every_schedule(a_daemon_that_waits_forever),
        explore::random_schedules(a_daemon_that_waits_forever),
    ] {
        let outputs: Vec<_> = orders.outputs.iter().map(|lines| lines.join(" ")).collect();
        assert_eq!(outputs, expected);
    }
    assert_eq!(
        summaries(&explore::outcomes(a_daemon_that_waits_forever)),
        ["daemon / main", "main", "main / daemon"]
    );
}

#[test]
fn a_read_and_a_separate_write_may_lose_an_update() {
    let finals = explore::every_schedule(|| {
        let number = Arc::new(AtomicU32::new(0));
        let threads = [(); 2].map(|()| {
            let number = Arc::clone(&number);
            thread::spawn(move || number.store(number.load(Ordering::SeqCst) + 1, Ordering::SeqCst))
        });
        let _ = threads.map(|thread| thread.join().expect("it does not panic"));
        println!("{}", number.load(Ordering::SeqCst));
    });
    let finals: Vec<_> = finals.outputs.iter().map(|lines| lines.join(" ")).collect();
    assert_eq!(finals, ["1", "2"]);
}

#[test]
fn the_lines_of_one_text_are_printed_without_others_between_them() {
    let orders = explore::every_schedule(|| {
        let thread = thread::spawn(|| println!("tea\n\ntoast"));
        writeln!(std::io::stdout(), "one\ntwo").expect("it is captured");
        thread.join().expect("it does not panic");
        println!();
    });
    let outputs: Vec<_> = orders.outputs.iter().map(|lines| lines.join("/")).collect();
    assert_eq!(outputs, ["one/two/tea//toast/", "tea//toast/one/two/"]);
}

#[test]
#[should_panic(expected = "is not a whole line")]
fn a_line_in_pieces_is_refused() {
    let _ = explore::every_schedule(|| write!(std::io::stdout(), "half a ").expect("it is not captured"));
}

#[test]
fn a_thread_can_be_woken_by_a_change_that_it_has_seen_already() {
    let finals = explore::every_schedule(|| {
        let shared = Arc::new((parking_lot::Mutex::new(0), parking_lot::Condvar::default()));
        let others = Arc::clone(&shared);
        let thread = thread::spawn(move || {
            for _ in 0..2 {
                *others.0.lock() += 1;
                others.1.notify_all();
            }
        });
        let mut seen = 0;
        for _ in 0..2 {
            let mut number = shared.0.lock();
            if *number == seen && seen < 2 {
                shared.1.wait(&mut number);
            }
            seen = *number;
        }
        println!("{seen}");
        thread.join().expect("it does not panic");
    });
    let finals: Vec<_> = finals.outputs.iter().map(|lines| lines.join(" ")).collect();
    assert_eq!(finals, ["1", "2"]);
}

/// Two threads wait until a flag is set, and `notify` is called once.
fn two_waiters(notify: fn(&parking_lot::Condvar)) {
    let shared = Arc::new((parking_lot::Mutex::new(false), parking_lot::Condvar::new()));
    let waiters = ["a", "b"].map(|name| {
        let shared = Arc::clone(&shared);
        thread::spawn(move || {
            let mut wanted = shared.0.lock();
            shared.1.wait_while(&mut wanted, |wanted| !*wanted);
            println!("{name}");
        })
    });
    *shared.0.lock() = true;
    notify(&shared.1);
    for waiter in waiters {
        waiter.join().expect("it does not panic");
    }
}

#[test]
fn notify_all_wakes_both_in_any_order() {
    let seen = explore::outcomes(|| two_waiters(parking_lot::Condvar::notify_all));
    assert_eq!(summaries(&seen), ["a / b", "b / a"]);
}

#[test]
fn notify_one_wakes_either_of_them() {
    let seen = explore::outcomes(|| two_waiters(parking_lot::Condvar::notify_one));
    // Both print if one comes so late that it need not wait.
    assert_eq!(summaries(&seen), ["a / (waits forever)", "a / b", "b / (waits forever)", "b / a"]);
}

#[test]
fn try_lock_fails_while_the_lock_is_held() {
    let seen = explore::outcomes(|| {
        let lock = Arc::new(parking_lot::Mutex::new(1));
        let other = Arc::clone(&lock);
        let thread = thread::spawn(move || match other.try_lock() {
            Some(number) => println!("{number}"),
            None => println!("held"),
        });
        let number = lock.lock();
        println!("main: {number}");
        drop(number);
        thread.join().expect("it does not panic");
    });
    assert_eq!(summaries(&seen), ["1 / main: 1", "held / main: 1", "main: 1 / 1", "main: 1 / held"]);
}

#[test]
#[should_panic(expected = "deadlock")]
fn a_deadlock_of_two_locks_in_opposite_orders_is_found() {
    let _ = explore::every_schedule(|| {
        let locks = Arc::new((Mutex::new(()), Mutex::new(())));
        let others = Arc::clone(&locks);
        let thread = thread::spawn(move || {
            let _one = others.0.lock();
            let _two = others.1.lock();
        });
        {
            let _two = locks.1.lock();
            let _one = locks.0.lock();
        }
        thread.join().expect("it does not panic");
    });
}
