//! Explores programs whose possible outputs can be counted by hand.

#[macro_use]
extern crate scheduled_std as std;
extern crate scheduled_parking_lot as parking_lot;

use course_tests::mistakes::summaries;
use exploration::Exploration;
use exploration::explore::{every_schedule, explore_failing, outcomes, random_schedules};
use exploration::parse_choices;
use exploration::run::{Ending, Run};
use exploration::runtime::{Options, explore};
use std::env;
use std::io;
use std::io::Write;
use std::process::{Command, ExitCode, program};
use std::real::cell::RefCell;
use std::real::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;

/// Returns all outputs, with the lines of each separated by spaces.
fn outputs(explored: &Exploration) -> Vec<String> {
    explored.all_outputs().iter().map(|lines| lines.join(" ")).collect()
}

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
    let orders = every_schedule(two_threads_of_three_lines);
    // 3 + 3 + 1 lines that keep only their actors' orders: 7! / (3! · 3! · 1!).
    assert_eq!(orders.all_outputs().len(), 140);
}

#[test]
fn random_schedules_find_the_same_outputs_as_every_schedule() {
    let every = every_schedule(two_threads_of_three_lines);
    let random = random_schedules(two_threads_of_three_lines);
    assert_eq!(random.all_outputs(), every.all_outputs());
}

#[test]
fn lines_that_are_printed_after_main_has_returned_do_not_count() {
    let orders = every_schedule(|| {
        drop(thread::spawn(|| println!("detached")));
        println!("main");
    });
    assert_eq!(outputs(&orders), ["detached main", "main", "main detached"]);
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
    for orders in [every_schedule(a_daemon_that_waits_forever), random_schedules(a_daemon_that_waits_forever)]
    {
        assert_eq!(outputs(&orders), expected);
    }
    assert_eq!(summaries(&outcomes(a_daemon_that_waits_forever)), ["daemon / main", "main", "main / daemon"]);
}

#[test]
fn a_read_and_a_separate_write_may_lose_an_update() {
    let finals = every_schedule(|| {
        let number = Arc::new(AtomicU32::new(0));
        let threads = [(); 2].map(|()| {
            let number = Arc::clone(&number);
            thread::spawn(move || number.store(number.load(Ordering::SeqCst) + 1, Ordering::SeqCst))
        });
        let _ = threads.map(|thread| thread.join().expect("it does not panic"));
        println!("{}", number.load(Ordering::SeqCst));
    });
    assert_eq!(outputs(&finals), ["1", "2"]);
}

#[test]
fn the_lines_of_one_text_are_printed_without_others_between_them() {
    let orders = every_schedule(|| {
        let thread = thread::spawn(|| println!("tea\n\ntoast"));
        writeln!(std::io::stdout(), "one\ntwo").expect("it is captured");
        thread.join().expect("it does not panic");
        println!();
    });
    let outputs: Vec<_> = orders.all_outputs().iter().map(|lines| lines.join("/")).collect();
    assert_eq!(outputs, ["one/two/tea//toast/", "tea//toast/one/two/"]);
}

#[test]
fn a_thread_can_be_woken_by_a_change_that_it_has_seen_already() {
    let finals = every_schedule(|| {
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
    assert_eq!(outputs(&finals), ["1", "2"]);
}

#[test]
fn a_thread_that_notify_one_wakes_can_wait_again_before_notify_all() {
    let finals = outcomes(|| {
        let shared = Arc::new((parking_lot::Mutex::new(0), parking_lot::Condvar::new()));
        let others = Arc::clone(&shared);
        let thread = thread::spawn(move || {
            *others.0.lock() += 1;
            others.1.notify_one();
            *others.0.lock() += 1;
            others.1.notify_all();
        });
        let mut number = shared.0.lock();
        let seen = [(); 2].map(|()| {
            shared.1.wait(&mut number);
            *number
        });
        drop(number);
        println!("{seen:?}");
        thread.join().expect("it does not panic");
    });
    assert_eq!(summaries(&finals), ["(waits forever)", "[1, 2]", "[2, 2]"]);
}

#[test]
fn either_of_two_waiters_can_use_a_notification_even_if_the_first_one_notifies_the_second() {
    let finals = outcomes(|| {
        let shared = Arc::new((parking_lot::Mutex::new(0), parking_lot::Condvar::new()));
        let threads = [true, false].map(|notifies| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let mut waiting = shared.0.lock();
                *waiting += 1;
                shared.1.wait(&mut waiting);
                drop(waiting);
                println!("{notifies}");
                if notifies {
                    shared.1.notify_one();
                }
            })
        });
        let waiting = *shared.0.lock();
        println!("{waiting} wait");
        shared.1.notify_one();
        let _ = threads.map(|thread| thread.join().expect("it does not panic"));
    });
    let seen = summaries(&finals);
    let with_two: Vec<_> = seen.iter().filter(|outcome| outcome.starts_with('2')).collect();
    assert_eq!(with_two, ["2 wait / false / (waits forever)", "2 wait / true / false"]);
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
    let seen = outcomes(|| two_waiters(parking_lot::Condvar::notify_all));
    assert_eq!(summaries(&seen), ["a / b", "b / a"]);
}

#[test]
fn notify_one_wakes_either_of_them() {
    let seen = outcomes(|| two_waiters(parking_lot::Condvar::notify_one));
    // Both print if one comes so late that it need not wait.
    assert_eq!(summaries(&seen), ["a / (waits forever)", "a / b", "b / (waits forever)", "b / a"]);
}

#[test]
fn either_of_two_messages_is_the_first_in_a_channel_that_holds_one() {
    let orders = every_schedule(|| {
        let (sender, receiver) = mpsc::sync_channel(1);
        let threads = ["tea", "toast"].map(|what| {
            let sender = sender.clone();
            thread::spawn(move || sender.send(what).expect("it is received"))
        });
        let words = [(); 2].map(|()| receiver.recv().expect("two are sent"));
        println!("{}", words.join(" "));
        let _ = threads.map(|thread| thread.join().expect("it does not panic"));
    });
    assert_eq!(outputs(&orders), ["tea toast", "toast tea"]);
}

#[test]
fn a_message_that_is_sent_after_the_receiver_is_dropped_is_an_error() {
    let orders = every_schedule(|| {
        let (sender, receiver) = mpsc::channel();
        let thread = thread::spawn(move || drop(receiver));
        println!("{:?}", [1, 2].map(|number| sender.send(number).is_ok()));
        drop(sender);
        thread.join().expect("it does not panic");
    });
    assert_eq!(outputs(&orders), ["[false, false]", "[true, false]", "[true, true]"]);
}

#[test]
fn the_end_of_a_receiver_that_has_seen_the_last_message_races_with_no_send() {
    let explored = every_schedule(|| {
        let (sender, receiver) = mpsc::channel();
        let thread = thread::spawn(move || receiver.into_iter().sum::<u32>());
        (1..=3).for_each(|number| sender.send(number).expect("it is received"));
        drop(sender);
        println!("{}", thread.join().expect("it does not panic"));
    });
    assert_eq!(explored.counts().runs, 1);
}

#[test]
fn try_lock_fails_while_the_lock_is_held() {
    let seen = outcomes(|| {
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
#[should_panic(expected = "Deadlock: no thread or process can take another step.")]
fn a_deadlock_of_two_locks_in_opposite_orders_is_found() {
    let _ = every_schedule(|| {
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

#[test]
#[should_panic(expected = "main panicked")]
fn a_panic_is_not_hidden_by_a_deadlock_in_fewer_steps() {
    let _ = outcomes(|| {
        let set = Arc::new(AtomicU32::new(0));
        let other = Arc::clone(&set);
        let (sender, receiver) = mpsc::channel::<()>();
        let thread = thread::spawn(move || other.store(1, Ordering::SeqCst));
        if set.load(Ordering::SeqCst) == 0 {
            let _ = receiver.recv();
        }
        drop(sender);
        thread.join().expect("it does not panic");
        panic!("it is set");
    });
}

#[test]
fn a_piece_of_a_line_has_an_order_with_every_other_print_of_its_process() {
    let explored = every_schedule(|| {
        let thread = thread::spawn(|| println!("whole"));
        print!("half ");
        println!("a line");
        thread.join().expect("it does not panic");
    });
    let outputs = summaries(&explored.outcomes());
    assert_eq!(outputs, ["half a line / whole", "half whole / a line", "whole / half a line"]);
}

#[test]
fn the_panic_of_a_thread_is_the_error_of_its_join() {
    let explored = explore_failing(|| {
        let thread = thread::spawn(|| panic!("no tea"));
        println!("{}", thread.join().is_err());
    });
    assert_eq!(summaries(&explored.outcomes()), ["true"]);
    let shown = explored.failure().expect("a thread panics").to_string();
    assert!(shown.contains("thread 1 panicked: ") && shown.contains("no tea"), "{shown}");
}

#[test]
#[should_panic(expected = "the program is not deterministic: after the same steps, an actor took one at")]
fn a_program_that_does_something_else_in_another_run_is_reported() {
    let runs = std::real::sync::atomic::AtomicU32::new(0);
    let _ = every_schedule(move || {
        let number = Arc::new(AtomicU32::new(0));
        let other = Arc::clone(&number);
        if runs.fetch_add(1, Ordering::Relaxed) == 1 {
            number.load(Ordering::SeqCst);
        }
        let thread = thread::spawn(move || other.store(1, Ordering::SeqCst));
        number.store(2, Ordering::SeqCst);
        thread.join().expect("it does not panic");
    });
}

#[test]
#[should_panic(expected = "a run takes more than 20000 steps: does it never end?")]
fn a_run_that_does_not_end_is_reported() {
    let _ = every_schedule(|| {
        let number = AtomicU32::new(0);
        while number.load(Ordering::SeqCst) == 0 {}
    });
}

static SHARED: Mutex<u32> = Mutex::new(0);

fn uses_a_static() -> io::Result<()> {
    *SHARED.lock().expect("it is not poisoned") += 1;
    if env::args().len() == 1 {
        Command::new(env::current_exe()?).arg("child").status()?;
    }
    Ok(())
}

#[test]
#[should_panic(expected = "a process uses an object in the memory of another process")]
fn a_process_that_uses_the_memory_of_another_one_is_reported() {
    let _ = every_schedule(program(uses_a_static, &[]));
}

fn starts_a_child() -> ExitCode {
    if env::args().len() > 1 {
        println!("child");
        return ExitCode::from(3);
    }
    let mut child = Command::new("unknown").spawn();
    assert!(child.is_err());
    child = Command::new(env::current_exe().expect("it is known")).arg("child").spawn();
    println!("parent");
    let status = child.expect("it starts").wait().expect("it can be waited for");
    println!("status {:?}", status.code());
    ExitCode::SUCCESS
}

#[test]
fn a_child_process_runs_main_again_with_its_own_arguments_and_status() {
    let explored = every_schedule(program(starts_a_child, &[]));
    let expected = ["child / parent / status Some(3)", "parent / child / status Some(3)"];
    assert_eq!(summaries(&explored.outcomes()), expected);
}

#[test]
fn the_end_of_a_process_ends_its_threads_and_not_its_children() {
    fn main() {
        if env::args().len() > 1 {
            return println!("child");
        }
        drop(Command::new(env::current_exe().expect("it is known")).arg("child").spawn());
        thread::spawn(|| println!("thread"));
    }
    let explored = explore_failing(program(main, &[]));
    assert_eq!(summaries(&explored.outcomes()), ["child", "child / thread", "thread / child"]);
    assert_eq!(explored.failures(), explored.runs(), "nothing waits for the child");
}

fn two_increments() {
    let number = Arc::new(AtomicU32::new(0));
    let others = Arc::clone(&number);
    let thread = thread::spawn(move || others.store(others.load(Ordering::SeqCst) + 1, Ordering::SeqCst));
    number.store(number.load(Ordering::SeqCst) + 1, Ordering::SeqCst);
    thread.join().expect("it does not panic");
    assert_eq!(number.load(Ordering::SeqCst), 2, "an update is lost");
}

#[test]
fn the_choices_of_a_counterexample_replay_its_run() {
    let explored = Exploration::new(two_increments).expect("it can be explored");
    let shown = explored.failure().expect("an update can be lost").to_string();
    let choices = shown.rsplit_once("choices: ").expect("it ends with the choices").1;
    let choices = Some(parse_choices(choices).expect("they can be read"));
    let runs: Rc<RefCell<Vec<Run>>> = Rc::default();
    let visited = Rc::clone(&runs);
    let options = Options { choices, max_runs: 1, ..Options::default() };
    let visit = move |run: &Run| visited.borrow_mut().push(run.clone());
    explore(options, two_increments, visit).expect("it can be explored");
    let [run] = &runs.borrow()[..] else { panic!("there should be one run") };
    assert!(matches!(run.ending, Ending::Exited(0x6500)), "{:?}", run.ending);
}
