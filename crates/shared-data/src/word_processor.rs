//! The tutorial's question and its answer: a word processor is one process with three threads, because all three work
//! on the same document. One reads the input, one displays it, one saves it.

use std::fmt::Display;
use std::fs::Permissions;
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::{Context, ensure};
use parking_lot::{Condvar, Mutex};

const SAMPLE: &str = "\
线程共享同一份文档
一个线程接收输入
一个线程展示文档
一个线程自动保存
";

/// A line with its line ending. Bytes, not `String`: input that is not UTF-8 is kept as it is.
type Line = Vec<u8>;

/// The document that all three threads share.
#[derive(Default)]
pub(crate) struct Document {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    lines: Vec<Line>,
    finished: bool,
}

impl Document {
    fn add(&self, line: Line) {
        self.state.lock().lines.push(line);
        self.changed.notify_all();
    }

    fn finish(&self) {
        self.state.lock().finished = true;
        self.changed.notify_all();
    }

    /// Waits for lines after the first `seen` and returns them, or `None` once the document is finished.
    fn wait_for_more(&self, seen: usize) -> Option<Vec<Line>> {
        let mut state = self.state.lock();
        // `while`, not `if`: `wait` may return without a change (a spurious wakeup).
        while state.lines.len() == seen && !state.finished {
            self.changed.wait(&mut state);
        }
        let more = state.lines[seen..].to_vec();
        (!more.is_empty()).then_some(more)
    }
}

/// Edits the sample text in a temporary file.
pub(crate) fn edit_sample() -> anyhow::Result<()> {
    let folder = tempfile::tempdir().context("cannot create a temporary folder")?;
    edit(SAMPLE.as_bytes(), Duration::from_millis(100), &folder.path().join("word-processor.txt"))
}

/// Edits the text that comes from standard input.
pub(crate) fn edit_stdin(file: &Path) -> anyhow::Result<()> {
    // Saving replaces the whole file. A symbolic link to a missing file exists too.
    ensure!(file.symlink_metadata().is_err(), "{} exists already; name a new file", file.display());
    edit(BufReader::new(io::stdin()), Duration::ZERO, file)
}

/// Runs the three threads until the input ends and `file` contains the whole document.
pub(crate) fn edit(typed: impl BufRead + Send, pause: Duration, file: &Path) -> anyhow::Result<()> {
    let document = Document::default();
    let (typed, saved) = thread::scope(|scope| {
        let input = scope.spawn(|| input(typed, pause, &document));
        let display = scope.spawn(|| display(&document));
        let autosave = scope.spawn(|| autosave(&document, file));
        display.join().expect("the display panicked");
        (input.join().expect("the input panicked"), autosave.join().expect("the autosave panicked"))
    });
    typed.context("cannot read the input")?;
    saved.with_context(|| format!("cannot save the document in {}", file.display()))?;
    print_line(format_args!(
        "this is main: {} 里有 {} 行",
        file.display(),
        document.state.lock().lines.len()
    ));
    Ok(())
}

pub(crate) fn input(mut typed: impl BufRead, pause: Duration, document: &Document) -> io::Result<()> {
    // After an error too: otherwise the other threads wait forever.
    let _finish = FinishOnDrop(document);
    loop {
        let mut line = Line::new();
        let count = typed.read_until(b'\n', &mut line)?;
        let last = !line.ends_with(b"\n");
        if count > 0 {
            print_line(format_args!("input 输入了 {}", trimmed(&line)));
            document.add(line);
            thread::sleep(pause);
        }
        // Reading again would ask for a second Ctrl-D on a terminal.
        if last {
            return Ok(());
        }
    }
}

pub(crate) fn display(document: &Document) {
    let mut seen = 0;
    while let Some(more) = document.wait_for_more(seen) {
        for line in &more {
            print_line(format_args!("display 展示了 {}", trimmed(line)));
        }
        seen += more.len();
    }
}

/// Saves the document each time it has changed. Returns the result of the last save, which is that of the whole
/// document: an earlier one may fail.
pub(crate) fn autosave(document: &Document, file: &Path) -> io::Result<()> {
    let mut lines: Vec<Line> = Vec::new();
    let mut saved = 0;
    let mut last = Ok(());
    while let Some(more) = document.wait_for_more(lines.len()) {
        lines.extend(more);
        let result = save(file, &lines.concat(), saved > 0);
        match &result {
            Ok(()) => {
                for line in &lines[saved..] {
                    print_line(format_args!("autosave 保存了 {}", trimmed(line)));
                }
                saved = lines.len();
            }
            Err(error) if last.is_ok() => print_line(format_args!("autosave 保存失败: {error}")),
            Err(_) => {}
        }
        last = result;
    }
    if lines.is_empty() { save(file, &[], false) } else { last }
}

/// Writes a temporary file in the same folder, then renames it: a reader of `file` sees the old document or the new
/// one, never a part. Replaces an existing file only if `replace` is set: another program may have created it.
fn save(file: &Path, text: &[u8], replace: bool) -> io::Result<()> {
    let folder = file.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let mut part = tempfile::Builder::new()
        .prefix(".word-processor-")
        .suffix(".part")
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder)?;
    part.write_all(text)?;
    if replace { part.persist(file) } else { part.persist_noclobber(file) }?;
    Ok(())
}

/// Finishes the document when it is dropped.
struct FinishOnDrop<'a>(&'a Document);

impl Drop for FinishOnDrop<'_> {
    fn drop(&mut self) {
        self.0.finish();
    }
}

fn trimmed(line: &Line) -> String {
    String::from_utf8_lossy(line).trim_end().to_owned()
}

/// Prints a line unless standard output was closed. `println!` would end the process then, with a document still to
/// save.
fn print_line(line: impl Display) {
    let _ = writeln!(io::stdout(), "{line}");
}
