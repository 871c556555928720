//! The same task, once as a thread and once as a process.
//!
//! Python: `Thread(target=task, args=("silence",)).start()`, then `Process` in the place of `Thread`.

use std::io::{self, Write};
use std::process::{self, Command};
use std::sync::Arc;
use std::time::Duration;
use std::{env, thread};

use anyhow::ensure;
use signal_hook::{consts::SIGPIPE, flag};

fn main() -> anyhow::Result<()> {
    let args: Vec<_> = env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    if args != ["process"] {
        // When nobody reads any more (`| head -1`), end without a word; but a parent waits for its child first.
        flag::register_conditional_shutdown(SIGPIPE, 0, Arc::new(true.into()))?;
    }
    match args[..] {
        [] => {
            this_program(&["thread"])?;
            this_program(&["process"])?;
        }
        ["thread"] => thread_main(),
        ["process"] => process_main()?,
        ["task", name] => task(name),
        _ => {
            eprintln!("thread-basics: no scenario {:?}; there are thread and process", args.join(" "));
            process::exit(2);
        }
    }
    Ok(())
}

pub(crate) fn thread_main() {
    let thread = thread::spawn(|| task("silence"));
    println!("this is main process!");
    // Python waits for its threads by itself. Here the process ends, with all its threads, when main returns.
    thread.join().expect("the task panicked");
}

fn process_main() -> anyhow::Result<()> {
    let mut process = Command::new(env::current_exe()?).args(["task", "silence"]).spawn()?;
    // As println!, which would panic here when nobody reads any more, and leave the child behind.
    let _ = writeln!(io::stdout(), "this is main process!");
    let status = process.wait()?;
    ensure!(status.success(), "the child process failed: {status}");
    Ok(())
}

fn task(name: &str) {
    println!("当前任务:>>>{name} 正在运行");
    thread::sleep(Duration::from_secs(3));
    println!("当前任务:>>>{name} 结束运行");
}

/// Runs one scenario in a process of its own.
fn this_program(args: &[&str]) -> anyhow::Result<()> {
    let status = Command::new(env::current_exe()?).args(args).status()?;
    ensure!(status.success(), "{args:?} failed: {status}");
    Ok(())
}
