//! `cargo xtask orders`: prints what the lessons guarantee.

use std::io::{self, Write};

use anyhow::{Result, bail};
use course_tests::guarantees::stored::TEST_NAME_PREFIX;

use crate::flags::Orders;
use crate::guarantees::{self, ByTitle};
use crate::lessons::{self, Course, Lesson};
use crate::scene::{self, Libraries};
use crate::supervisor::Supervisor;

/// How many outputs of a scenario are listed. Each of the others has a number, too.
const MAX_LISTED: usize = 200;

/// Prints the guarantees of the lessons. Returns false if a test fails or the stored guarantees are not the derived ones.
///
/// # Errors
/// If a lesson is unknown, stored guarantees cannot be read, cargo cannot be run, no test derives guarantees, standard
/// output was closed, or the run was interrupted.
pub fn run(options: &Orders, supervisor: &Supervisor) -> Result<bool> {
    let course = lessons::course()?;
    let chosen = lessons::choose(course.lessons.clone(), &options.lessons)?;
    if options.list {
        return list(&course, &chosen, supervisor).map(|()| true);
    }
    let mut stored = ByTitle::new();
    for lesson in &chosen {
        stored.append(&mut guarantees::stored_below(&lesson.folder().join("tests"))?);
    }
    if options.stored {
        print(&stored)?;
        return Ok(true);
    }
    let derived = guarantees::derive(&chosen, &[TEST_NAME_PREFIX], supervisor)?;
    if let Some(output) = &derived.failure {
        io::stderr().write_all(output)?;
    }
    print(&derived.guarantees)?;
    let mut as_stored = derived.guarantees;
    for (title, one) in as_stored.iter_mut().filter(|(_, one)| one.found.is_random()) {
        // Every schedule was run for what is stored.
        one.found = stored.get(title).map_or_else(|| one.found.clone(), |stored| stored.found.clone());
    }
    let up_to_date = as_stored == stored;
    if derived.failure.is_none() && !up_to_date {
        writeln!(
            io::stderr(),
            "The stored guarantees are out of date: run `cargo test`, then `cargo insta review`."
        )?;
    }
    Ok(up_to_date && derived.failure.is_none())
}

/// Prints the possible outputs of the lessons' scenarios and mistakes, each with its number.
fn list(course: &Course, chosen: &[Lesson], supervisor: &Supervisor) -> Result<()> {
    let libraries = Libraries::build(course, supervisor)?;
    for lesson in chosen {
        let scenes = scene::scenes_in(lesson.folder(), &lesson.name)?;
        let programs = match libraries.compile_all(&scenes, supervisor)? {
            Ok(programs) => programs,
            Err(messages) => bail!("{} does not compile:\n{messages}", lesson.name),
        };
        for (scene, program) in scenes.iter().zip(programs) {
            let outputs = program.outputs(supervisor)?;
            let mut out = io::stdout().lock();
            writeln!(out, "==> {} {} <==", scene.lesson, scene.name)?;
            for (index, lines) in outputs.iter().enumerate().take(MAX_LISTED) {
                let lines = if lines.is_empty() { "(nothing)".to_owned() } else { lines.join(" / ") };
                writeln!(out, "{:>4}  {lines}", index + 1)?;
            }
            if outputs.len() > MAX_LISTED {
                writeln!(out, "      and {} more", outputs.len() - MAX_LISTED)?;
            }
        }
    }
    Ok(())
}

fn print(guarantees: &ByTitle) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for (title, guarantees) in guarantees {
        writeln!(out, "==> {title} <==\n{}", guarantees.words())?;
    }
    out.flush()
}
