//! `word-processor --type`: the file contains what was typed, whatever happens in between.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;
use std::{iter, thread};

use course_tests::run::assertions::assert_success;
use course_tests::run::cli_contract::assert_ends_quietly_when_stdout_is_closed;
use course_tests::{Program, Run};
use tempfile::TempDir;

/// A word processor that prints nothing for this long hangs.
const LIMIT: Duration = Duration::from_secs(60);

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

/// A running word processor: types lines into it and reads the lines that it prints.
struct Typing {
    word_processor: Child,
    screen: Receiver<String>,
}

impl Typing {
    fn into_file(file: &Path) -> Self {
        Self::start(Command::new(env!("CARGO_BIN_EXE_shared-data")), file)
    }

    fn start(mut program: Command, file: &Path) -> Self {
        let mut word_processor = program
            .args(["word-processor", "--type"])
            .arg(file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let output = BufReader::new(word_processor.stdout.take().expect("a pipe"));
        let (show, screen) = mpsc::channel();
        thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| show.send(line)));
        Self { word_processor, screen }
    }

    fn types(&mut self, line: &str) {
        let keyboard = self.word_processor.stdin.as_mut().expect("a pipe");
        keyboard.write_all(line.as_bytes()).expect("it reads");
    }

    /// Returns the next line that it prints, or `None` after the last.
    fn line(&self) -> Option<String> {
        match self.screen.recv_timeout(LIMIT) {
            Err(RecvTimeoutError::Timeout) => {
                panic!("it has printed nothing for {LIMIT:?} and is still running")
            }
            line => line.ok(),
        }
    }

    /// Reads lines up to one with this beginning.
    fn shows(&self, beginning: &str) {
        let mut lines = iter::from_fn(|| self.line());
        assert!(lines.any(|line| line.starts_with(beginning)), "it has ended without {beginning:?}");
    }

    /// Ends the input. Returns the remaining lines and the exit status.
    fn ends(mut self) -> (Vec<String>, ExitStatus) {
        self.word_processor.stdin = None;
        let lines = iter::from_fn(|| self.line()).collect();
        (lines, self.word_processor.wait().expect("it ends"))
    }
}

impl Drop for Typing {
    /// A failed test leaves no word processor running.
    fn drop(&mut self) {
        let _ = self.word_processor.kill();
        let _ = self.word_processor.wait();
    }
}

/// Types `typed` into a new file, and returns the run and the file's contents.
fn typed_and_saved(typed: &[u8]) -> (Run, Vec<u8>) {
    let folder = folder();
    let file = folder.path().join("notes.txt");
    let run = type_into(&file).type_in(typed).run();
    assert_eq!(files_in(&folder), std::slice::from_ref(&file), "no other file is left");
    (run, fs::read(file).expect("the file can be read"))
}

#[test]
fn the_file_contains_the_whole_document_to_the_byte() {
    let long = "线程\n".repeat(20_000);
    for typed in ["one\ntwo\n", "no end of line", "\n\n", "", &long] {
        let (run, saved) = typed_and_saved(typed.as_bytes());
        assert_success(&run);
        assert_eq!(saved, typed.as_bytes());
    }
}

#[test]
fn input_that_is_not_utf8_is_kept() {
    let (run, saved) = typed_and_saved(b"\xff\xfe\n\0\n");
    assert_success(&run);
    assert_eq!(saved, b"\xff\xfe\n\0\n");
}

#[test]
fn every_line_is_displayed_and_saved_once_after_it_is_typed() {
    let (run, _) = typed_and_saved(b"a\nb\nc\n");
    for line in ["a", "b", "c"] {
        let index = |what: &str| {
            let found: Vec<_> = run.lines().enumerate().filter(|(_, printed)| *printed == what).collect();
            assert_eq!(found.len(), 1, "{what:?} should be printed once:\n{}", run.output);
            found[0].0
        };
        let typed = index(&format!("input 输入了 {line}"));
        assert!(typed < index(&format!("display 展示了 {line}")), "{}", run.output);
        assert!(typed < index(&format!("autosave 保存了 {line}")), "{}", run.output);
    }
}

#[test]
fn a_failed_autosave_is_reported_once_and_does_not_stop_the_input() {
    let folder = folder();
    let mut typing = Typing::into_file(&folder.path().join("missing/notes.txt"));
    typing.types("a\n");
    typing.shows("autosave 保存失败: No such file or directory");
    typing.types("b\n");
    let (lines, status) = typing.ends();
    assert!(
        ["input 输入了 b", "display 展示了 b"].iter().all(|line| lines.iter().any(|shown| shown == line))
    );
    assert!(!lines.iter().any(|line| line.starts_with("autosave")), "{lines:?}");
    assert_eq!(status.code(), Some(1), "the document is not saved");
}

#[test]
fn a_document_that_cannot_be_saved_is_an_error_that_names_the_file() {
    let folder = folder();
    let run = type_into(&folder.path().join("missing/notes.txt")).type_in("a\n").run();
    assert_eq!(run.status.code(), Some(1));
    assert!(run.output.contains("cannot save the document in"), "{}", run.output);
    assert!(run.output.contains("missing/notes.txt: No such file or directory"), "{}", run.output);
}

#[test]
fn a_failed_autosave_saves_everything_once_it_can() {
    let folder = folder();
    let missing = folder.path().join("missing");
    let file = missing.join("notes.txt");
    let mut typing = Typing::into_file(&file);
    typing.types("a\n");
    typing.shows("autosave 保存失败");
    fs::create_dir(&missing).expect("a new folder");
    typing.types("b\n");
    typing.shows("autosave 保存了 a");
    let (_, status) = typing.ends();
    assert!(status.success());
    assert_eq!(fs::read_to_string(file).expect("it is there"), "a\nb\n");
}

#[test]
fn an_open_document_does_not_change_when_a_new_one_is_saved() {
    let folder = folder();
    let file = folder.path().join("notes.txt");
    let mut typing = Typing::into_file(&file);
    typing.types("a\n");
    typing.shows("autosave 保存了 a");
    let opened = File::open(&file).expect("it is there");
    typing.types("b\n");
    typing.shows("autosave 保存了 b");
    assert_eq!(io::read_to_string(opened).expect("text"), "a\n");
    assert_eq!(fs::read_to_string(file).expect("it is there"), "a\nb\n");
}

#[test]
fn input_that_cannot_be_read_ends_the_word_processor() {
    let folder = folder();
    let file = folder.path().join("notes.txt");
    // A folder as standard input can be opened, and not be read.
    let run = Program::new("/bin/sh")
        .args(["-c", r#"exec "$0" word-processor --type "$1" < ."#, env!("CARGO_BIN_EXE_shared-data")])
        .arg(&file)
        .run();
    assert_eq!(run.status.code(), Some(1));
    assert!(run.output.contains("cannot read the input"), "{}", run.output);
}

#[test]
fn an_existing_file_is_not_replaced() {
    let folder = folder();
    let file = folder.path().join("notes.txt");
    fs::write(&file, "precious").expect("a file");
    let run = type_into(&file).type_in("a\n").run();
    assert_eq!(run.status.code(), Some(1));
    assert!(run.output.contains("notes.txt exists already; name a new file"), "{}", run.output);
    assert_eq!(fs::read_to_string(file).expect("it is there"), "precious");
}

#[test]
fn a_file_that_another_program_creates_meanwhile_is_not_replaced() {
    let folder = folder();
    let missing = folder.path().join("missing");
    let mut typing = Typing::into_file(&missing.join("notes.txt"));
    typing.types("a\n");
    typing.shows("autosave 保存失败");
    fs::create_dir(&missing).expect("a new folder");
    fs::write(missing.join("notes.txt"), "precious").expect("a file");
    typing.types("b\n");
    let (lines, status) = typing.ends();
    assert!(!lines.iter().any(|line| line.starts_with("autosave 保存了")), "{lines:?}");
    assert_eq!(status.code(), Some(1));
    assert_eq!(fs::read_to_string(missing.join("notes.txt")).expect("it is there"), "precious");
}

#[test]
fn a_dangling_symbolic_link_is_not_replaced() {
    let folder = folder();
    let file = folder.path().join("notes.txt");
    std::os::unix::fs::symlink("nowhere", &file).expect("a link");
    let run = type_into(&file).type_in("a\n").run();
    assert!(run.output.contains("notes.txt exists already"), "{}", run.output);
    assert_eq!(fs::read_link(&file).expect("it is still a link"), Path::new("nowhere"));
}

#[test]
fn the_document_is_saved_when_standard_output_is_closed() {
    let folder = folder();
    let file = folder.path().join("notes.txt");
    assert_ends_quietly_when_stdout_is_closed(&type_into(&file).type_in("a\nb\n"));
    assert_eq!(fs::read_to_string(file).expect("it is there"), "a\nb\n");
}

#[test]
fn without_a_file_name_the_file_is_in_the_current_folder() {
    let folder = folder();
    let program = Program::new(env!("CARGO_BIN_EXE_shared-data")).args(["word-processor", "--type"]);
    assert_success(&program.in_folder(&folder).type_in("a\n").run());
    assert_eq!(fs::read_to_string(folder.path().join("word-processor.txt")).expect("it is there"), "a\n");
}

// Other systems do not show which signals a program was started to ignore.
#[cfg(target_os = "linux")]
#[test]
fn a_signal_that_is_ignored_from_the_start_is_ignored() {
    let folder = folder();
    let file = folder.path().join("notes.txt");
    let mut nohup = Command::new("/bin/sh");
    nohup.args(["-c", r#"trap '' HUP; exec "$0" "$@""#, env!("CARGO_BIN_EXE_shared-data")]);
    let mut typing = Typing::start(nohup, &file);
    typing.types("a\n");
    // By now it handles signals.
    typing.shows("autosave 保存了 a");
    let id = typing.word_processor.id().to_string();
    assert!(Command::new("kill").args(["-HUP", &id]).status().expect("it starts").success());
    typing.types("b\n");
    let (_, status) = typing.ends();
    assert!(status.success(), "{status}");
    assert_eq!(fs::read_to_string(file).expect("it is there"), "a\nb\n");
}

// Other systems have no such device.
#[cfg(target_os = "linux")]
#[test]
fn the_document_is_saved_when_standard_output_cannot_be_written_and_that_is_an_error() {
    let folder = folder();
    let file = folder.path().join("notes.txt");
    let run = Program::new("/bin/sh")
        .args([
            "-c",
            r#"exec "$0" word-processor --type "$1" > /dev/full"#,
            env!("CARGO_BIN_EXE_shared-data"),
        ])
        .arg(&file)
        .type_in("a\nb")
        .run();
    let error = "error: cannot write to standard output: No space left on device (os error 28)\n";
    assert_eq!((run.output.as_str(), run.status.code()), (error, Some(1)));
    assert_eq!(fs::read_to_string(file).expect("it is there"), "a\nb");
}
