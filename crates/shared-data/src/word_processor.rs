//! The tutorial's question and its answer: a word processor is one process with three threads, because all three work
//! on the same document. One reads the input, one displays it, one saves it.

use std::fs::Permissions;
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use parking_lot::{Condvar, Mutex};
use scenarios::{print_line, temporary_folder, uninterrupted};

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
pub(crate) fn edit_sample() -> Result<()> {
    let folder = temporary_folder().context("cannot create a temporary folder")?;
    edit(SAMPLE.as_bytes(), Duration::from_millis(100), &folder.as_ref().join("word-processor.txt"))
}

/// Edits the text that comes from standard input.
pub(crate) fn edit_stdin(file: &Path) -> Result<()> {
    // Saving replaces the whole file. A symbolic link to a missing file exists too.
    ensure!(file.symlink_metadata().is_err(), "{} exists already; name a new file", file.display());
    edit(BufReader::new(io::stdin()), Duration::ZERO, file)
}

/// Runs the three threads until the input ends and `file` contains the whole document. A thread that cannot print its
/// lines does its work nevertheless, and fails at its end.
pub(crate) fn edit(typed: impl BufRead + Send, pause: Duration, file: &Path) -> Result<()> {
    let document = Document::default();
    let results = thread::scope(|scope| {
        let input = scope.spawn(|| input(typed, pause, &document));
        let display = scope.spawn(|| display(&document));
        let autosave = scope.spawn(|| autosave(&document, file));
        [input, autosave, display].map(|thread| thread.join().expect("a thread panicked"))
    });
    results.into_iter().collect::<Result<()>>()?;
    print_line(format_args!("this is main: {} 里有 {} 行", file.display(), document.state.lock().lines.len()))
}

pub(crate) fn input(mut typed: impl BufRead, pause: Duration, document: &Document) -> Result<()> {
    // After an error too: otherwise the other threads wait forever.
    let _finish = FinishOnDrop(document);
    let mut printed = Ok(());
    loop {
        let mut line = Line::new();
        let count = typed.read_until(b'\n', &mut line).context("cannot read the input")?;
        let last = !line.ends_with(b"\n");
        if count > 0 {
            printed = printed.and_then(|()| print_line(format_args!("input 输入了 {}", trimmed(&line))));
            document.add(line);
            thread::sleep(pause);
        }
        // Reading again would ask for a second Ctrl-D on a terminal.
        if last {
            return printed;
        }
    }
}

pub(crate) fn display(document: &Document) -> Result<()> {
    let mut printed = Ok(());
    let mut seen = 0;
    while let Some(more) = document.wait_for_more(seen) {
        for line in &more {
            printed = printed.and_then(|()| print_line(format_args!("display 展示了 {}", trimmed(line))));
        }
        seen += more.len();
    }
    printed
}

/// Saves the document each time it has changed. Returns the result of the last save, which is that of the whole
/// document: an earlier one may fail.
pub(crate) fn autosave(document: &Document, file: &Path) -> Result<()> {
    let mut printed = Ok(());
    let mut lines: Vec<Line> = Vec::new();
    let mut saved = 0;
    let mut last = Ok(());
    while let Some(more) = document.wait_for_more(lines.len()) {
        lines.extend(more);
        let result = save(file, &lines.concat(), saved > 0);
        match &result {
            Ok(()) => {
                for line in &lines[saved..] {
                    printed =
                        printed.and_then(|()| print_line(format_args!("autosave 保存了 {}", trimmed(line))));
                }
                saved = lines.len();
            }
            Err(error) if last.is_ok() => {
                printed = printed.and_then(|()| print_line(format_args!("autosave 保存失败: {error}")));
            }
            Err(_) => {}
        }
        last = result;
    }
    if lines.is_empty() {
        last = save(file, &[], false);
    }
    last.with_context(|| format!("cannot save the document in {}", file.display()))?;
    printed
}

/// Writes a temporary file in the same folder, then renames it: a reader of `file` sees the old document or the new
/// one, never a part. Replaces an existing file only if `replace` is set: another program may have created it.
fn save(file: &Path, text: &[u8], replace: bool) -> io::Result<()> {
    let _uninterrupted = uninterrupted()?;
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
