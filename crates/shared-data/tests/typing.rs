//! `word-processor --type`: what is typed is what the file holds, whatever happens in between.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use course_tests::manners::{assert_ends_quietly_when_nobody_reads, assert_success};
use course_tests::{Program, Run};
use tempfile::TempDir;

fn type_into(file: &Path) -> Program {
    Program::new(env!("CARGO_BIN_EXE_shared-data")).args(["word-processor", "--type"]).arg(file)
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn files_in(folder: &TempDir) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

/// A word processor that saves to `file`, what is typed into it, and the lines that it shows.
fn start_typing(file: &Path) -> (Child, ChildStdin, impl Iterator<Item = String> + use<>) {
    let mut typing = Command::new(env!("CARGO_BIN_EXE_shared-data"))
        .args(["word-processor", "--type"])
        .arg(file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let keyboard = typing.stdin.take().expect("a pipe");
    let screen =
        BufReader::new(typing.stdout.take().expect("a pipe")).lines().map(|line| line.expect("text"));
    (typing, keyboard, screen)
}

/// Types `typed` into a new file, and gives what the file holds.
fn typed_and_saved(typed: &[u8]) -> (Run, Vec<u8>) {
    let folder = folder();
    let file = folder.path().join("notes.txt");
    let run = type_into(&file).type_in(typed).run();
    assert_eq!(files_in(&folder), std::slice::from_ref(&file), "no other file is left");
    (run, fs::read(file).expect("the file can be read"))
}

#[test]
fn the_file_holds_the_whole_document_to_the_byte() {
    let long = "线程\n".repeat(20_000);
    for typed in ["one\ntwo\n", "no end of line", "\n\n", "", &long] {
        let (run, saved) = typed_and_saved(typed.as_bytes());
        assert_success(&run);
        assert_eq!(saved, typed.as_bytes());
    }
}

#[test]
fn what_is_not_utf8_is_kept() {
    let (run, saved) = typed_and_saved(b"\xff\xfe\n\0\n");
    assert_success(&run);
    assert_eq!(saved, b"\xff\xfe\n\0\n");
}

#[test]
fn every_line_is_typed_then_shown_and_saved_once_each() {
    let (run, _) = typed_and_saved(b"a\nb\nc\n");
    for line in ["a", "b", "c"] {
        let place = |what: &str| {
            let places: Vec<_> = run.lines().enumerate().filter(|(_, printed)| *printed == what).collect();
            assert_eq!(places.len(), 1, "{what:?} is there once:\n{}", run.output);
            places[0].0
        };
        let typed = place(&format!("input 输入了 {line}"));
        assert!(typed < place(&format!("display 展示了 {line}")), "{}", run.output);
        assert!(typed < place(&format!("autosave 保存了 {line}")), "{}", run.output);
    }
}

#[test]
fn an_autosave_that_fails_is_told_once_and_the_typing_goes_on() {
    let folder = folder();
    let run = type_into(&folder.path().join("missing/notes.txt")).type_in("a\nb\n").run();
    let count = |what: &str| run.lines().filter(|line| line.starts_with(what)).count();
    assert_eq!(count("autosave 保存失败: No such file or directory"), 1, "{}", run.output);
    assert_eq!(count("input 输入了"), 2, "{}", run.output);
    assert_eq!(count("display 展示了"), 2, "{}", run.output);
    assert_eq!(run.status.code(), Some(1), "the document is not saved");
    assert!(run.output.contains("does not hold the document"), "{}", run.output);
}

#[test]
fn an_autosave_that_failed_saves_everything_once_it_can() {
    let folder = folder();
    let missing = folder.path().join("missing");
    let file = missing.join("notes.txt");
    let (mut typing, mut keyboard, mut screen) = start_typing(&file);
    keyboard.write_all(b"a\n").expect("it reads");
    assert!(screen.any(|line| line.starts_with("autosave 保存失败")), "the failure is told");
    fs::create_dir(&missing).expect("a new folder");
    keyboard.write_all(b"b\n").expect("it reads");
    assert!(screen.any(|line| line == "autosave 保存了 a"), "the line that could not be saved is");
    drop(keyboard);
    assert!(screen.any(|line| line.starts_with("this is main")));
    assert!(typing.wait().expect("it ends").success());
    assert_eq!(fs::read_to_string(file).expect("it is there"), "a\nb\n");
}

#[test]
fn a_file_that_is_there_already_is_left_alone() {
    let folder = folder();
    let file = folder.path().join("notes.txt");
    fs::write(&file, "precious").expect("a file");
    let run = type_into(&file).type_in("a\n").run();
    assert_eq!(run.status.code(), Some(1));
    assert!(run.output.contains("notes.txt is there already; name a file that is not"), "{}", run.output);
    assert_eq!(fs::read_to_string(file).expect("it is there"), "precious");
}

#[test]
fn a_file_that_comes_to_be_while_one_types_is_left_alone_too() {
    let folder = folder();
    let missing = folder.path().join("missing");
    let (mut typing, mut keyboard, mut screen) = start_typing(&missing.join("notes.txt"));
    keyboard.write_all(b"a\n").expect("it reads");
    assert!(screen.any(|line| line.starts_with("autosave 保存失败")), "there is no such folder yet");
    fs::create_dir(&missing).expect("a new folder");
    fs::write(missing.join("notes.txt"), "precious").expect("a file");
    keyboard.write_all(b"b\n").expect("it reads");
    drop(keyboard);
    assert_eq!(screen.filter(|line| line.starts_with("autosave 保存了")).count(), 0);
    assert_eq!(typing.wait().expect("it ends").code(), Some(1));
    assert_eq!(fs::read_to_string(missing.join("notes.txt")).expect("it is there"), "precious");
}

#[test]
fn a_link_that_leads_nowhere_is_left_alone() {
    let folder = folder();
    let file = folder.path().join("notes.txt");
    std::os::unix::fs::symlink("nowhere", &file).expect("a link");
    let run = type_into(&file).type_in("a\n").run();
    assert!(run.output.contains("notes.txt is there already"), "{}", run.output);
    assert_eq!(fs::read_link(&file).expect("it is still a link"), Path::new("nowhere"));
}

#[test]
fn the_document_is_saved_even_when_nobody_reads() {
    let folder = folder();
    let file = folder.path().join("notes.txt");
    assert_ends_quietly_when_nobody_reads(&type_into(&file).type_in("a\nb\n"));
    assert_eq!(fs::read_to_string(file).expect("it is there"), "a\nb\n");
}

#[test]
fn without_a_name_the_file_is_in_the_current_folder() {
    let folder = folder();
    let program = Program::new(env!("CARGO_BIN_EXE_shared-data")).args(["word-processor", "--type"]);
    assert_success(&program.in_folder(&folder).type_in("a\n").run());
    assert_eq!(fs::read_to_string(folder.path().join("word-processor.txt")).expect("it is there"), "a\n");
}
