//! The line mode: a session without a screen, for pipes and tests.

use std::io::{self, Write};

use anyhow::{Result, bail};
use unicode_width::UnicodeWidthStr;

use crate::choices;
use crate::futures;
use crate::program::Step;
use crate::session::Session;
use crate::words;

/// What the commands do.
const COMMANDS: &str = "a number of an actor or choices such as 0*5,1; e N: run actor N until it waits or ends; u: undo; \
                        r: restart; f: compare the futures; g: goals; ?: help; q: quit";

/// Makes `choices`, and prints each step and the position that it ends in.
///
/// # Errors
/// If one of the choices is not possible, the program does not answer, or `output` is closed.
pub fn play_choices(session: &mut Session, choices: &[usize], output: &mut dyn Write) -> Result<()> {
    if let Err(error) = session.find_fewest() {
        writeln!(output, "note: {error:#}")?;
    }
    writeln!(output, "{}", session.scene().title)?;
    let wanted = session.scene().wanted.and_then(|wanted| session.goals().nth(wanted));
    if let Some((goal, progress)) = wanted {
        writeln!(output, "Goal: {}", words::goal(goal, progress))?;
    }
    writeln!(output)?;
    let played = session.play(choices);
    print_steps(session, 0, output)?;
    // The steps up to the choice that is not possible show where it stands.
    played?;
    print_position(session, output)
}

/// Reads commands from `input`, a line each, until "q" or the end of the input. Prints the new steps and the position after
/// each.
///
/// # Errors
/// If `input` cannot be read or `output` is closed. A command that cannot be carried out prints an error.
pub fn play_commands(
    session: &mut Session,
    input: impl Iterator<Item = io::Result<String>>,
    output: &mut dyn Write,
) -> Result<()> {
    play_choices(session, &[], output)?;
    writeln!(output, "commands: {COMMANDS}")?;
    for line in input {
        let line = line?;
        let line = line.trim();
        if line == "q" {
            break;
        }
        let before = session.choices().len();
        match command(session, line) {
            Ok(Some(answer)) => writeln!(output, "{}", answer.join("\n"))?,
            Ok(None) => {
                print_steps(session, before, output)?;
                print_position(session, output)?;
            }
            Err(error) => {
                print_steps(session, before, output)?;
                writeln!(output, "error: {error:#}")?;
            }
        }
        output.flush()?;
    }
    Ok(())
}

/// Carries out a command. Returns what to print; `None` means the position.
fn command(session: &mut Session, line: &str) -> Result<Option<Vec<String>>> {
    match line {
        "u" => session.undo()?,
        "r" => session.restart(),
        "f" => return Ok(Some(futures::describe(&session.futures()?, session.position()))),
        "g" => return Ok(Some(goals(session))),
        "?" | "h" => return Ok(Some(vec![format!("commands: {COMMANDS}")])),
        _ => match (line.strip_prefix("e ").map(|actor| actor.trim().parse()), choices::parse(line)) {
            (Some(Ok(actor)), _) => session.run(actor)?,
            (None, Ok(choices)) => session.play(&choices)?,
            _ => bail!("unknown command {line:?}; commands: {COMMANDS}"),
        },
    }
    Ok(None)
}

/// Prints the steps after the first `from`.
fn print_steps(session: &Session, from: usize, output: &mut dyn Write) -> Result<()> {
    let position = session.position();
    let rows = position.steps.iter().skip(from).map(|Step { actor, file, line, words }| {
        let name = position.actors.get(*actor).map_or("?", |actor| &actor.name);
        [name.to_owned(), words::place(position, file.as_deref(), *line), words.clone()]
    });
    print_table(&rows.collect::<Vec<_>>(), output)
}

/// Prints rows whose last cell may be long.
fn print_table<const N: usize>(rows: &[[String; N]], output: &mut dyn Write) -> Result<()> {
    let width = |column: usize| rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    for row in rows {
        let cells =
            row.iter().zip(widths).map(|(cell, width)| format!("{cell}{:1$}", "", width - cell.width()));
        writeln!(output, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

fn print_position(session: &Session, output: &mut dyn Write) -> Result<()> {
    let position = session.position();
    writeln!(output)?;
    let rows = position.actors.iter().enumerate().map(|(number, actor)| {
        let state = format!("[{}]", words::state(actor.state));
        let place = words::place(position, actor.file.as_deref(), actor.line);
        [number.to_string(), actor.name.clone(), state, place, actor.next.clone()]
    });
    print_table(&rows.collect::<Vec<_>>(), output)?;
    for held in &position.holds {
        writeln!(output, "held: {held}")?;
    }
    for line in &position.printed {
        writeln!(output, "printed: {line}")?;
    }
    let choices = choices::format(session.choices());
    let choices = if choices.is_empty() { "none" } else { &choices };
    writeln!(output, "choices: {choices} ({})", words::switches(session.switches()))?;
    for line in words::announcements(session) {
        writeln!(output, "{line}")?;
    }
    Ok(())
}

/// Returns a line for each goal.
fn goals(session: &Session) -> Vec<String> {
    if session.scene().goals.is_empty() {
        return vec!["This scene has no goals.".to_owned()];
    }
    session.goals().map(|(goal, progress)| words::goal(goal, progress)).collect()
}
