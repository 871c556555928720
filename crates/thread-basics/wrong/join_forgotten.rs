//! The thread is not joined. When main returns, the process ends with all its threads: lines are missing.

use std::thread;
use std::time::Duration;

pub(crate) fn main() {
    thread::spawn(|| task("silence")); // right: let thread = thread::spawn(|| task("silence"));
    println!("this is main process!");
    // right: thread.join().unwrap();
}

fn task(name: &str) {
    println!("当前任务:>>>{name} 正在运行");
    thread::sleep(Duration::from_millis(100));
    println!("当前任务:>>>{name} 结束运行");
}
