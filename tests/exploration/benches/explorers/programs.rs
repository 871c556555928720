//! The programs that are explored. This file is compiled once for each explorer, with its threads, locks and `print_line`.
//!
//! The last three are those in `crates/shared-data/wrong`. Loom has no scoped threads; an `Arc` takes their place. It is
//! std's for all: each use of loom's own would be one more step, and loom would make up to 15 times as many runs.

use std::collections::VecDeque;
use std::sync::Arc;

use super::sync::atomic::{AtomicU32, Ordering::SeqCst};
use super::sync::{Condvar, Mutex};
use super::{print_line, thread};
use crate::record::Program;

/// Runs a program.
pub(crate) fn run(program: Program) {
    match program {
        Program::Threads(count) => threads(count),
        Program::Lines => lines(),
        Program::ReadThenWrite => read_then_write(),
        Program::WaitWithoutALoop => wait_without_a_loop(),
        Program::OppositeOrders => opposite_orders(),
    }
}

fn threads(count: usize) {
    let number = Arc::new(Mutex::new(999));
    join((0..count).map(|i| {
        let number = Arc::clone(&number);
        thread::spawn(move || {
            let mut number = number.lock().unwrap();
            print_line(format!("thread_{i} change before {}", *number));
            *number += 1;
            print_line(format!("thread_{i} change after {}", *number));
        })
    }));
    print_line(format!("{}", *number.lock().unwrap()));
}

fn lines() {
    join(["tea", "toast"].map(|name| {
        thread::spawn(move || {
            for step in 1..=3 {
                print_line(format!("{name}: step {step}"));
            }
        })
    }));
}

fn read_then_write() {
    let number = Arc::new(AtomicU32::new(999));
    join([(); 2].map(|()| {
        let number = Arc::clone(&number);
        thread::spawn(move || {
            let read = number.load(SeqCst);
            number.store(read + 1, SeqCst);
        })
    }));
    print_line(format!("{}", number.load(SeqCst)));
}

fn wait_without_a_loop() {
    let shared = Arc::new((Mutex::new(VecDeque::new()), Condvar::new()));
    let customer = |name| {
        let shared = Arc::clone(&shared);
        thread::spawn(move || {
            let (queue, added) = &*shared;
            let mut queue = queue.lock().unwrap();
            if queue.is_empty() {
                queue = added.wait(queue).unwrap();
            }
            print_line(format!("{name} took {:?}", queue.pop_front()));
        })
    };
    let put = |item| {
        shared.0.lock().unwrap().push_back(item);
        shared.1.notify_one();
    };
    let first = customer("customer1");
    put("tea");
    let second = customer("customer2");
    put("toast");
    join([first, second]);
}

fn opposite_orders() {
    let shared = Arc::new((Mutex::new(0), Mutex::new(0)));
    let others = Arc::clone(&shared);
    let first = thread::spawn(move || {
        let mut tea = others.0.lock().unwrap();
        let mut toast = others.1.lock().unwrap();
        (*tea, *toast) = (*tea + 1, *toast + 1);
    });
    let others = Arc::clone(&shared);
    let second = thread::spawn(move || {
        let mut toast = others.1.lock().unwrap();
        let mut tea = others.0.lock().unwrap();
        (*tea, *toast) = (*tea + 1, *toast + 1);
    });
    join([first, second]);
    print_line(format!("tea {}, toast {}", *shared.0.lock().unwrap(), *shared.1.lock().unwrap()));
}

/// Waits for the threads once all of them are started.
fn join(threads: impl IntoIterator<Item = thread::JoinHandle<()>>) {
    let threads: Vec<_> = threads.into_iter().collect();
    for thread in threads {
        thread.join().unwrap();
    }
}
