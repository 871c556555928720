//! A lesson that teaches nothing, for the tests of the command line.

use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;
use std::{env, fs, thread};

use anyhow::{Context, anyhow, bail};
use scenarios::{Lesson, Process};

fn main() -> ExitCode {
    Lesson::new("scenarios-demo")
        .scenario("count", "prints one, two, three", count)
        .scenario("fail", "ends with an error", fail)
        .scenario_on_file("copy --into", "copies standard input", "copy.txt", copy)
        .child("count up-to", |[last]| println!("one to {last}"))
        .child("pipe", |[]| {
            let (receiver, mut sender) = io::pipe()?;
            drop(receiver);
            sender.write_all(b"lost")
        })
        .child("start", |[]| Process::start(&mut Command::new("missing/program"))?.join())
        .child("signal", |[name]| {
            Process::start(Command::new("sh").args(["-c", &format!("kill -{name} $$")]))?.join()
        })
        .child("line", |[]| {
            scenarios::print_line("a line")?;
            anyhow::Result::<()>::Err(anyhow!("after the line"))
        })
        .child("parent", |[name]| {
            Process::start(Command::new(env::current_exe()?).args(["sleep", name]))?.join()
        })
        .child("sleep", |[_]| thread::sleep(Duration::from_secs(60)))
        .child("long", |[]| (0..100_000).for_each(|line| println!("{line}")))
        .run()
}

fn count() -> anyhow::Result<()> {
    println!("one\ntwo");
    Process::start(Command::new(env::current_exe()?).args(["count", "up-to", "three"]))?.join()
}

fn fail() -> anyhow::Result<()> {
    let _waited_for = Process::start(Command::new("sleep").arg("0.1"))?;
    let cause: anyhow::Result<()> = (|| bail!("the cause"))();
    cause.context("it failed")
}

fn copy(file: &Path) -> io::Result<()> {
    fs::write(file, io::read_to_string(io::stdin())?)
}
