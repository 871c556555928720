//! Each program in `wrong/` is wrong, and the fix in its comments fixes it.

use course_tests::mistakes::frequency::Frequencies;
use course_tests::mistakes::{Mistake, Outcome, summaries};
use course_tests::run::compiler::errors_in;
use exploration::explore::{every_schedule, explore_failing, outcomes};

#[path = "../../wrong/lock_released.rs"]
mod lock_released;
#[path = "../../wrong/opposite_orders.rs"]
mod opposite_orders;
#[path = "../../wrong/read_then_write.rs"]
mod read_then_write;
#[path = "../../wrong/wait_without_a_loop.rs"]
mod wait_without_a_loop;

const LESSON: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn a_cell_shared_by_threads_does_not_compile() {
    let wrong = Mistake::read(LESSON, "not_sync");
    let [error] = &errors_in(wrong.source())[..] else { panic!("there should be one error") };
    assert_eq!(error.code, "E0277");
    assert_eq!(error.message, "`Cell<i32>` cannot be shared between threads safely");
    assert!(error.line.starts_with("scope.spawn(|| number.set(number.get() + 1));"), "{}", error.line);
}

#[test]
fn a_mutex_shared_by_threads_compiles() {
    assert_eq!(errors_in(&Mistake::read(LESSON, "not_sync").fixed()), []);
}

fn an_update_is_lost(seen: &Outcome) -> bool {
    seen.lines != ["1001"]
}

#[test]
fn a_read_and_then_a_write_may_lose_an_update() {
    assert_eq!(summaries(&outcomes(read_then_write::main)), ["1000", "1001"]);
}

#[test]
fn an_atomic_addition_loses_no_update() {
    Mistake::read(LESSON, "read_then_write").assert_fix_is("read_and_write", include_str!("mistakes.rs"));
    assert_eq!(summaries(&outcomes(read_and_write::main)), ["1001"]);
}

#[test]
fn a_lock_that_is_released_between_read_and_write_may_lose_an_update() {
    assert_eq!(summaries(&outcomes(lock_released::main)), ["1000", "1001"]);
}

#[test]
fn a_lock_that_is_held_from_read_to_write_loses_no_update() {
    Mistake::read(LESSON, "lock_released").assert_fix_is("lock_held", include_str!("mistakes.rs"));
    assert_eq!(summaries(&outcomes(lock_held::main)), ["1001"]);
}

#[test]
#[should_panic(expected = "Deadlock: no thread or process can take another step.")]
fn two_locks_in_opposite_orders_may_deadlock() {
    let _ = every_schedule(opposite_orders::main);
}

#[test]
fn a_counterexample_ends_with_the_command_that_plays_it() {
    let explored = explore_failing(opposite_orders::main);
    let shown = explored.failure().expect("a deadlock").to_string();
    let command = "\nTo play it: cargo xtask play shared-data opposite_orders --choices '1,2'";
    assert!(shown.ends_with(command), "{shown}");
}

fn it_waits_forever(seen: &Outcome) -> bool {
    !seen.ended
}

#[test]
fn opposite_lock_orders_deadlock_or_print_the_correct_counts() {
    assert_eq!(summaries(&outcomes(opposite_orders::main)), ["(waits forever)", "tea 2, toast 2"]);
}

#[test]
fn two_locks_in_the_same_order_never_deadlock() {
    Mistake::read(LESSON, "opposite_orders").assert_fix_is("same_order", include_str!("mistakes.rs"));
    assert_eq!(summaries(&outcomes(same_order::main)), ["tea 2, toast 2"]);
}

fn a_customer_takes_nothing(seen: &Outcome) -> bool {
    seen.lines.iter().any(|line| line.ends_with("None"))
}

#[test]
fn a_thread_that_waits_without_a_loop_may_take_nothing() {
    assert_eq!(
        summaries(&outcomes(wait_without_a_loop::main)),
        [
            "customer1 took Some(\"tea\") / customer2 took Some(\"toast\")",
            "customer2 took Some(\"tea\") / customer1 took None",
            "customer2 took Some(\"tea\") / customer1 took Some(\"toast\")",
        ]
    );
}

#[test]
fn a_thread_that_waits_in_a_loop_takes_something() {
    Mistake::read(LESSON, "wait_without_a_loop").assert_fix_is("wait_in_a_loop", include_str!("mistakes.rs"));
    // A customer that waits forever would fail here.
    assert_eq!(
        summaries(&every_schedule(wait_in_a_loop::main).outcomes()),
        [
            "customer1 took Some(\"tea\") / customer2 took Some(\"toast\")",
            "customer2 took Some(\"tea\") / customer1 took Some(\"toast\")",
        ]
    );
}

#[test]
fn frequency_of_mistakes() {
    let mut frequencies = Frequencies::of_mistakes(LESSON);
    frequencies.mistake("read_then_write", &outcomes(read_then_write::main), an_update_is_lost);
    frequencies.mistake("lock_released", &outcomes(lock_released::main), an_update_is_lost);
    frequencies.mistake("opposite_orders", &outcomes(opposite_orders::main), it_waits_forever);
    let schedules = outcomes(wait_without_a_loop::main);
    frequencies.mistake("wait_without_a_loop", &schedules, a_customer_takes_nothing);
    frequencies.assert_recorded();
}

// The fixed programs, to be run under every schedule.

mod read_and_write {
    use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
    use std::thread;

    pub(crate) fn main() {
        let number = AtomicU32::new(999);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    number.fetch_add(1, SeqCst);
                });
            }
        });
        println!("{}", number.load(SeqCst));
    }
}

mod lock_held {
    use std::sync::Mutex;
    use std::thread;

    pub(crate) fn main() {
        let number = Mutex::new(999);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let mut number = number.lock().unwrap();
                    *number += 1;
                });
            }
        });
        println!("{}", number.into_inner().unwrap());
    }
}

mod same_order {
    use std::sync::Mutex;
    use std::thread;

    pub(crate) fn main() {
        let (tea, toast) = (Mutex::new(0), Mutex::new(0));
        thread::scope(|scope| {
            scope.spawn(|| {
                let mut tea = tea.lock().unwrap();
                let mut toast = toast.lock().unwrap();
                (*tea, *toast) = (*tea + 1, *toast + 1);
            });
            scope.spawn(|| {
                let mut tea = tea.lock().unwrap();
                let mut toast = toast.lock().unwrap();
                (*tea, *toast) = (*tea + 1, *toast + 1);
            });
        });
        println!("tea {}, toast {}", tea.into_inner().unwrap(), toast.into_inner().unwrap());
    }
}

mod wait_in_a_loop {
    use std::collections::VecDeque;
    use std::sync::{Condvar, Mutex};
    use std::thread;

    pub(crate) fn main() {
        let (queue, added) = (Mutex::new(VecDeque::new()), Condvar::new());
        let put = |item| {
            queue.lock().unwrap().push_back(item);
            added.notify_one();
        };
        let take = |name| {
            let mut queue = queue.lock().unwrap();
            while queue.is_empty() {
                queue = added.wait(queue).unwrap();
            }
            println!("{name} took {:?}", queue.pop_front());
        };
        thread::scope(|scope| {
            scope.spawn(|| take("customer1"));
            put("tea");
            scope.spawn(|| take("customer2"));
            put("toast");
        });
    }
}
