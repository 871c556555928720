//! `move` is missing: the thread borrows a name that main may drop first. This does not compile (E0373).

use std::thread;

fn main() {
    let name = String::from("silence");
    let thread = thread::spawn(|| task(&name)); // right: let thread = thread::spawn(move || task(&name));
    println!("this is main process!");
    thread.join().unwrap();
}

fn task(name: &str) {
    println!("当前任务:>>>{name} 正在运行");
    println!("当前任务:>>>{name} 结束运行");
}
