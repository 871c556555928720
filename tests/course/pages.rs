//! What the pages that cross lessons name exists.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use course_tests::python::{Python, output_of};

use crate::root;

/// A claim of the tutorial.
#[derive(Debug)]
struct Claim<'a> {
    number: usize,
    verdict: &'a str,
    commands: Vec<&'a str>,
}

fn page(name: &str) -> String {
    let path = root().join("docs").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}

/// Splits the page into its claims and the text about errors.
fn claims(page: &str) -> (Vec<Claim<'_>>, &str) {
    let (claims, errors) =
        page.split_once("\n# Errors and coincidences in the tutorial\n").expect("the page has a second part");
    let sections = claims.split("\n## ").skip(1).map(|section| {
        let (title, text) = section.split_once('\n').expect("a section has a text");
        let verdict = text.split("**Verdict: ").nth(1).and_then(|rest| rest.split(".**").next());
        Claim {
            number: title
                .split_once(". ")
                .and_then(|(number, _)| number.parse().ok())
                .expect("it has a number"),
            verdict: verdict.unwrap_or_else(|| panic!("{title} has no verdict")),
            commands: commands(text),
        }
    });
    (sections.collect(), errors)
}

/// Returns the commands that are lines of their own.
fn commands(text: &str) -> Vec<&str> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("`cargo "));
    lines.filter_map(|line| line.split('`').next()).collect()
}

#[test]
fn each_of_the_21_claims_has_a_verdict_and_one_command() {
    let page = page("claims.md");
    let (claims, _) = claims(&page);
    let numbers: Vec<_> = claims.iter().map(|claim| claim.number).collect();
    assert_eq!(numbers, (1..=21).collect::<Vec<_>>());
    for claim in &claims {
        assert!(claim.verdict.starts_with("true") || claim.verdict == "false", "{claim:?}");
        assert_eq!(claim.commands.len(), 1, "{claim:?}");
    }
}

#[test]
fn the_summary_lists_each_claim_under_its_verdict() {
    let page = page("claims.md");
    let (claims, _) = claims(&page);
    for (beginning, is) in [
        ("- True as stated: ", (|verdict| verdict == "true") as fn(&str) -> bool),
        ("- True under a condition: ", |verdict| verdict != "true" && verdict != "false"),
        ("- False: ", |verdict| verdict == "false"),
    ] {
        let numbers: Vec<_> =
            claims.iter().filter(|claim| is(claim.verdict)).map(|claim| claim.number.to_string()).collect();
        let numbers = if numbers.is_empty() { "none".to_owned() } else { numbers.join(", ") };
        let line = format!("\n{beginning}{numbers}.");
        assert!(page.contains(&line), "the page should say: {line}");
    }
}

#[test]
fn each_of_the_five_errors_has_a_command() {
    let page = page("claims.md");
    let (_, errors) = claims(&page);
    let sections: Vec<_> = errors.split("\n## ").skip(1).collect();
    assert_eq!(sections.len(), 5);
    for section in sections {
        assert!(!commands(section).is_empty(), "{section}");
    }
}

/// `cargo test NAME` passes if no test has the name, and runs several if several have it.
#[test]
fn each_command_in_the_claims_names_exactly_one_test() {
    let (claims, measured) = (page("claims.md"), page("measured.json"));
    for command in commands(&claims) {
        let words: Vec<_> = command.split(' ').collect();
        match words[..] {
            ["test", "-p", lesson, name] => {
                let folder = root().join("crates").join(lesson);
                let found = names_of_functions(&folder).into_iter().filter(|found| found.contains(name));
                assert_eq!(found.collect::<Vec<_>>(), [name], "{command}");
            }
            ["xtask", "measure", kind] => {
                assert!(measured.contains(&format!("\"{kind}\": \"Measured on")), "{command}");
            }
            ["run", "--release", "-p", "spider-compare"] => {}
            _ => panic!("unknown command: {command}"),
        }
    }
}

/// Returns the names of all functions in the Rust files of a folder.
fn names_of_functions(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            names.extend(names_of_functions(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            let program = fs::read_to_string(&path).expect("it is text");
            let functions = program.lines().filter_map(|line| line.trim_start().strip_prefix("fn "));
            names.extend(functions.filter_map(|rest| Some(rest.split_once('(')?.0.to_owned())));
        }
    }
    names
}

/// Prints Python's public names, one line for each section of the phrasebook: its title (empty: any), and the names.
const NAMES: &str = "\
import multiprocessing, threading
from multiprocessing import connection, queues, synchronize
def names(section, *owners):
    public = (name for owner in owners for name in getattr(owner, '__all__', dir(owner)) if name[0] != '_')
    print(section, *public, sep='|')
names('', threading, multiprocessing)
names('Threads', threading.Thread, threading.Timer)
locks = (threading.Lock(), threading.RLock(), threading.Condition(), threading.Event())
names('Locks and conditions', *locks, threading.Semaphore(), threading.BoundedSemaphore(), threading.Barrier)
names('Processes', multiprocessing.Process, synchronize.Semaphore)
names('Pipes and queues', connection.Connection, queues.Queue, queues.JoinableQueue, queues.SimpleQueue)
";

/// The newest Python that the phrasebook covers.
const COVERED: [u32; 2] = [3, 14];

#[test]
fn the_phrasebook_has_every_public_name_of_the_two_modules_and_their_classes() {
    let Some(printed) = output_of(NAMES) else { return };
    let page = page("phrasebook.md");
    let mut missing = String::new();
    for line in printed.lines() {
        let (section, names) = line.split_once('|').expect("a section and its names");
        let text = match section {
            "" => &page,
            title => {
                let section = page.split("\n## ").find(|section| section.starts_with(&format!("{title}\n")));
                section.unwrap_or_else(|| panic!("no section {title}"))
            }
        };
        let present = names_in_the_first_column(text);
        for name in names.split('|').filter(|name| !present.contains(name)) {
            let _ = writeln!(missing, "docs/phrasebook.md lacks, under {section:?}: {name}");
        }
    }
    let version = Python::find().expect("it has printed the names").version();
    let is_covered =
        version.split('.').flat_map(str::parse).take(2).collect::<Vec<u32>>() <= COVERED.to_vec();
    assert!(missing.is_empty() || !is_covered, "{missing}");
    // What a newer Python adds is a note, not a failure.
    let _ = write!(io::stderr(), "{missing}");
}

/// Returns every name that is code in the first column of a table.
fn names_in_the_first_column(text: &str) -> BTreeSet<&str> {
    let rows = text.lines().filter_map(|line| line.strip_prefix("| "));
    let cells = rows.filter_map(|row| row.split(" | ").next());
    let code = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    code.flat_map(|code| code.split(|c: char| !c.is_alphanumeric() && c != '_')).collect()
}

#[test]
fn each_row_of_the_phrasebook_has_three_columns() {
    for row in page("phrasebook.md").lines().filter(|line| line.starts_with('|')) {
        let columns = row.replace("\\|", "").matches('|').count() - 1;
        assert_eq!(columns, 3, "{row}");
    }
}
