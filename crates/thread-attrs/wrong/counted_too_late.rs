//! The thread counts itself when it starts to run. If main reads the count before that, it is one too low.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc;
use std::thread;

pub(crate) fn main() {
    let active = &AtomicUsize::new(1);
    let (release, gate) = mpsc::channel::<()>();
    thread::scope(|scope| {
        // right: active.fetch_add(1, SeqCst);
        let silence = scope.spawn(move || {
            active.fetch_add(1, SeqCst); // right: (remove this line)
            let _ = gate.recv();
            active.fetch_sub(1, SeqCst);
        });
        println!("当前活跃的线程数:>>>{}", active.load(SeqCst));
        drop(release);
        silence.join().unwrap();
        println!("当前活跃的线程数:>>>{}", active.load(SeqCst));
    });
}
