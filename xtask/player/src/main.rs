//! `cargo xtask play`: steps through the schedules of a lesson, a mistake or an exercise.

use std::fmt;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use clap::Parser;
use player::program::EndKind;
use player::{Client, Goal, Program, Scene, choices};
use xtask::exit::{exit_code, parse};
use xtask::flags::Play;
use xtask::lessons::{self, UnknownLesson};
use xtask::scene::{self, Libraries, UnknownScene};
use xtask::supervisor::Supervisor;

#[derive(Parser)]
#[command(bin_name = "cargo xtask play")]
struct Arguments {
    #[command(flatten)]
    play: Play,
}

fn main() -> ExitCode {
    let options = parse::<Arguments>().play;
    exit_code(
        |supervisor| play(&options, supervisor).map(|()| true),
        |error| error.is::<UnknownLesson>() || error.is::<UnknownScene>() || error.is::<InvalidArgument>(),
    )
}

/// An argument that clap does not check.
#[derive(Debug)]
struct InvalidArgument(anyhow::Error);

impl fmt::Display for InvalidArgument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.0)
    }
}

impl std::error::Error for InvalidArgument {}

fn play(options: &Play, supervisor: &Arc<Supervisor>) -> Result<()> {
    let course = lessons::course()?;
    let chosen = scene::find(&course, &options.lesson, options.name.as_deref())?;
    let libraries = Libraries::build(&course, supervisor)?;
    let compiled = match libraries.compile(&chosen, supervisor)? {
        Ok(compiled) => compiled,
        Err(messages) => bail!("the program does not compile:\n{messages}"),
    };
    let mut program = Client::new(compiled.command(), Arc::clone(supervisor));
    let begin = match (&options.choices, options.output) {
        (Some(text), _) => Some(choices::parse(text).map_err(InvalidArgument)?),
        (None, Some(number)) => {
            let outputs = compiled.outputs(supervisor)?;
            let count = outputs.len();
            let lines = outputs.into_iter().nth(number.get() - 1);
            let no_such = || InvalidArgument(anyhow!("there is no output {number}; the last is {count}"));
            let lines = lines.ok_or_else(no_such)?;
            let goal = Goal { exact: true, lines, ..Goal::default() };
            let way = program.goals(&[goal])?.pop().flatten().context("the output cannot be reached")?;
            Some(choices::parse(&way.choices)?)
        }
        (None, None) => None,
    };
    let mut goals = chosen.goals.clone();
    let wanted = match &options.goal {
        Some(text) => Some(wanted(text, &mut goals)),
        None => (!goals.is_empty()).then_some(0),
    };
    let own = goals.get(chosen.goals.len()..).unwrap_or_default();
    // A program that is too big for an answer can be played nevertheless.
    if let [goal @ Goal { ends: None, .. }] = own
        && program.goals(own).is_ok_and(|found| found == [None])
    {
        let names: Vec<_> = chosen.goals.iter().map(|goal| goal.name.as_str()).collect();
        let names = if names.is_empty() { "there are none".to_owned() } else { names.join("; ") };
        let error = anyhow!("no schedule prints `{}`, and it is none of the goals: {names}", goal.name);
        return Err(InvalidArgument(error).into());
    }
    let scene = Scene { title: chosen.title, root: course.root, goals, wanted };
    player::play(&mut program, scene, begin.as_deref(), supervisor)
}

/// Returns the index of the goal that `text` means; adds it if it is none of the scene's.
fn wanted(text: &str, goals: &mut Vec<Goal>) -> usize {
    if let Some(index) = goals.iter().position(|goal| goal.name == text) {
        return index;
    }
    let name = text.to_owned();
    goals.push(match text {
        "deadlock" => Goal { name, ends: Some(EndKind::Deadlock), ..Goal::default() },
        "panic" => Goal { name, ends: Some(EndKind::Panic), ..Goal::default() },
        lines => Goal { name, lines: lines.split(" / ").map(str::to_owned).collect(), ..Goal::default() },
    });
    goals.len() - 1
}
