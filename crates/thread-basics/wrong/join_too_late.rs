//! The join comes after the last line: main prints that all is done while the task is still running.

use std::thread;
use std::time::Duration;

pub(crate) fn main() {
    let thread = thread::spawn(|| task("silence"));
    // right: thread.join().unwrap();
    println!("main: all done");
    thread.join().unwrap(); // right: (remove this line)
}

fn task(name: &str) {
    println!("当前任务:>>>{name} 正在运行");
    thread::sleep(Duration::from_millis(1));
    println!("当前任务:>>>{name} 结束运行");
}
