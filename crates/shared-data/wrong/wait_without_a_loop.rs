//! `if` instead of `while`: a thread that wakes up does not check again, and finds the queue empty.

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
        if queue.is_empty() {
            // right: while queue.is_empty() {
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
