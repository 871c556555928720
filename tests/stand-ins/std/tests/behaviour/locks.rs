//! Poisoning, and what is built from a number: read-write locks, barriers, values that are initialised once.

use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier, Condvar, LazyLock, Mutex, Once, OnceLock, RwLock};
use std::thread;
use std::time::Duration;

use crate::{outcomes, outputs};

#[test]
fn a_panic_while_a_mutex_is_held_poisons_it_until_that_is_cleared() {
    let program = || {
        let mutex = Arc::new(Mutex::new(1));
        let other = Arc::clone(&mutex);
        let panicked = thread::spawn(move || {
            let _guard = other.lock().unwrap();
            panic!("while it is held");
        });
        assert!(panicked.join().is_err());
        let value = *mutex.lock().expect_err("it is poisoned").into_inner();
        assert!(mutex.try_lock().is_err() && mutex.is_poisoned());
        mutex.clear_poison();
        println!("{value} {:?}", mutex.lock().map(|guard| *guard));
    };
    assert_eq!(outcomes(program), ["1 Ok(1)"]);
}

struct Increment(Arc<Mutex<u32>>);

impl Drop for Increment {
    fn drop(&mut self) {
        *self.0.lock().unwrap() += 1;
    }
}

#[test]
fn a_panic_poisons_neither_a_lock_that_another_thread_holds_nor_one_that_a_destructor_takes() {
    let program = || {
        let (held, taken) = (Arc::new(Mutex::new(0)), Arc::new(Mutex::new(0)));
        let increment = Increment(Arc::clone(&taken));
        let panicking = thread::spawn(move || {
            let _increment = increment;
            panic!("while the other thread holds its lock");
        });
        *held.lock().unwrap() += 1;
        *held.lock().unwrap() += 1;
        let _ = panicking.join();
        println!("{} {}", held.is_poisoned(), taken.is_poisoned());
    };
    assert_eq!(outcomes(program), ["false false"]);
}

#[test]
fn only_a_writer_poisons_a_read_write_lock() {
    let program = || {
        let lock = Arc::new(RwLock::new(0));
        let (read, written) = (Arc::clone(&lock), Arc::clone(&lock));
        let _ = thread::spawn(move || {
            let _guard = read.read().unwrap();
            panic!("a reader");
        })
        .join();
        println!("{}", lock.is_poisoned());
        let _ = thread::spawn(move || {
            let _guard = written.write().unwrap();
            panic!("a writer");
        })
        .join();
        println!("{}", lock.read().is_err());
    };
    assert_eq!(outcomes(program), ["false / true"]);
}

#[test]
fn readers_share_a_read_write_lock_and_a_writer_does_not() {
    let program = || {
        let lock = RwLock::new(0);
        let first = lock.read().unwrap();
        println!("{} {}", lock.try_read().is_ok(), lock.try_write().is_ok());
        drop(first);
        let writer = lock.write().unwrap();
        println!("{} {}", lock.try_read().is_ok(), lock.try_write().is_ok());
        drop(writer);
        println!("{}", lock.try_write().is_ok());
    };
    assert_eq!(outputs(program), ["true false / false false / true"]);
}

#[test]
fn a_writer_waits_for_a_reader() {
    let program = || {
        let lock = RwLock::new(0);
        thread::scope(|scope| {
            scope.spawn(|| {
                let number = lock.read().unwrap();
                println!("{number}");
                println!("still {number}");
            });
            *lock.write().unwrap() += 1;
            println!("written");
        });
    };
    let order =
        ["0 / still 0 / written", "1 / still 1 / written", "1 / written / still 1", "written / 1 / still 1"];
    assert_eq!(outputs(program), order);
}

#[test]
fn a_barrier_lets_all_through_together_and_again_with_one_leader_each_time() {
    let program = || {
        let (barrier, arrived) = (Barrier::new(2), Mutex::new(0));
        let meet = |round| {
            *arrived.lock().unwrap() += 1;
            let leads = barrier.wait().is_leader();
            assert!(*arrived.lock().unwrap() >= 2 * round);
            u32::from(leads)
        };
        let leaders = thread::scope(|scope| {
            let other = scope.spawn(|| meet(1) + meet(2));
            meet(1) + meet(2) + other.join().unwrap()
        });
        println!("{leaders} leaders");
    };
    assert_eq!(outputs(program), ["2 leaders"]);
}

#[test]
fn a_value_is_initialised_once_and_a_second_thread_waits_for_it() {
    let program = || {
        let (cell, once, lazy) = (OnceLock::new(), Once::new(), LazyLock::new(|| println!("lazy")));
        let initialise = || {
            once.call_once(|| println!("once"));
            *cell.get_or_init(|| {
                thread::sleep(Duration::ZERO);
                println!("cell");
                LazyLock::force(&lazy);
                7
            })
        };
        thread::scope(|scope| {
            scope.spawn(|| assert_eq!(initialise(), 7));
            assert_eq!(initialise(), 7);
        });
        assert!(once.is_completed() && cell.set(8) == Err(8));
    };
    assert_eq!(outputs(program), ["once / cell / lazy"]);
}

#[test]
fn after_a_panic_a_cell_can_be_initialised_again_and_a_once_cannot() {
    let program = || {
        let (cell, once) = (OnceLock::new(), Once::new());
        let catch = |work: &dyn Fn()| std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).is_err();
        assert!(catch(&|| _ = cell.get_or_init(|| panic!("no value"))));
        assert!(catch(&|| once.call_once(|| panic!("not done"))));
        println!("{} {}", cell.get_or_init(|| 1), catch(&|| once.call_once(|| ())));
    };
    assert_eq!(outcomes(program), ["1 true"]);
}

#[test]
fn a_wait_with_a_timeout_may_be_notified_or_time_out_unless_it_has_all_time() {
    let program = |timeout| {
        let (mutex, condvar) = (Mutex::new(false), Condvar::new());
        thread::scope(|scope| {
            scope.spawn(|| {
                *mutex.lock().unwrap() = true;
                condvar.notify_one();
            });
            let guard = mutex.lock().unwrap();
            let (guard, result) = condvar.wait_timeout_while(guard, timeout, |set| !*set).unwrap();
            println!("{} {}", *guard, result.timed_out());
        });
    };
    assert_eq!(outputs(move || program(Duration::ZERO)), ["false true", "true false"]);
    assert_eq!(outputs(move || program(Duration::MAX)), ["true false"]);
}

#[test]
fn a_destructor_may_lock_what_another_thread_holds_at_the_end_of_the_run() {
    let program = || {
        let mutex = Arc::new(Mutex::new(0));
        let (other, increment) = (Arc::clone(&mutex), Increment(Arc::clone(&mutex)));
        thread::spawn(move || {
            let _increment = increment;
            thread::park();
        });
        let (locked, is_locked) = channel();
        thread::spawn(move || {
            let _guard = other.lock().unwrap();
            locked.send(()).unwrap();
            thread::park();
        });
        is_locked.recv().unwrap();
        println!("main");
    };
    assert_eq!(outputs(program), ["main"]);
}
