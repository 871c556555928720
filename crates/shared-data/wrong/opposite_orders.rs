//! Two threads take two locks in opposite orders. If each holds one, each waits for the other: a deadlock.

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
            let mut toast = toast.lock().unwrap(); // right: let mut tea = tea.lock().unwrap();
            let mut tea = tea.lock().unwrap(); // right: let mut toast = toast.lock().unwrap();
            (*tea, *toast) = (*tea + 1, *toast + 1);
        });
    });
    println!("tea {}, toast {}", tea.into_inner().unwrap(), toast.into_inner().unwrap());
}
