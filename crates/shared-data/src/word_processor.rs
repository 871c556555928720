//! The tutorial's question, answered: a word processor is one process with three threads, because all three work on
//! the same document. One takes what is typed, one shows it, one saves it.

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

/// Bytes, not `String`: what is typed is kept even where it is not UTF-8. Its end of line is part of it.
type Line = Vec<u8>;

/// The text that all three threads work on.
#[derive(Default)]
pub(crate) struct Document {
    text: Mutex<Text>,
    changed: Condvar,
}

#[derive(Default)]
struct Text {
    lines: Vec<Line>,
    finished: bool,
}

impl Document {
    fn add(&self, line: Line) {
        self.text.lock().lines.push(line);
        self.changed.notify_all();
    }

    fn finish(&self) {
        self.text.lock().finished = true;
        self.changed.notify_all();
    }

    /// Waits for lines beyond the first `seen`. `None` when no more will come.
    fn wait_for_more(&self, seen: usize) -> Option<Vec<Line>> {
        let mut text = self.text.lock();
        // A loop, not an `if`: the other waiting thread is woken by the same change, and a wait may end without one.
        while text.lines.len() == seen && !text.finished {
            self.changed.wait(&mut text);
        }
        let more = text.lines[seen..].to_vec();
        (!more.is_empty()).then_some(more)
    }
}

/// The sample text types itself, into a file that is gone afterwards.
pub(crate) fn sample() -> anyhow::Result<()> {
    let folder = tempfile::tempdir().context("no folder for the sample text")?;
    edit(SAMPLE.as_bytes(), Duration::from_millis(100), &folder.path().join("word-processor.txt"))
}

/// Standard input is what is typed.
pub(crate) fn type_into(file: &Path) -> anyhow::Result<()> {
    // Saving replaces the whole file: what it held before would be lost. A link that leads nowhere is there, too.
    ensure!(file.symlink_metadata().is_err(), "{} is there already; name a file that is not", file.display());
    edit(BufReader::new(io::stdin()), Duration::ZERO, file)
}

/// Runs the three threads until nothing more is typed and the file holds the whole document.
pub(crate) fn edit(typed: impl BufRead + Send, pause: Duration, file: &Path) -> anyhow::Result<()> {
    let document = Document::default();
    let (typed, saved) = thread::scope(|scope| {
        let input = scope.spawn(|| input(typed, pause, &document));
        let display = scope.spawn(|| display(&document));
        let autosave = scope.spawn(|| autosave(&document, file));
        display.join().expect("the display panicked");
        (input.join().expect("the input panicked"), autosave.join().expect("the autosave panicked"))
    });
    typed.context("what is typed cannot be read")?;
    saved.with_context(|| format!("{} does not hold the document, which stands above", file.display()))?;
    say(format_args!("this is main: {} 里有 {} 行", file.display(), document.text.lock().lines.len()));
    Ok(())
}

pub(crate) fn input(mut typed: impl BufRead, pause: Duration, document: &Document) -> io::Result<()> {
    // However this ends, the others must be told, or they wait for ever.
    let _finish = Finish(document);
    loop {
        let mut line = Line::new();
        let count = typed.read_until(b'\n', &mut line)?;
        let last = !line.ends_with(b"\n");
        if count > 0 {
            say(format_args!("input 输入了 {}", shown(&line)));
            document.add(line);
            thread::sleep(pause);
        }
        // Not read again: on a terminal that would take another Ctrl-D.
        if last {
            return Ok(());
        }
    }
}

pub(crate) fn display(document: &Document) {
    let mut seen = 0;
    while let Some(more) = document.wait_for_more(seen) {
        for line in &more {
            say(format_args!("display 展示了 {}", shown(line)));
        }
        seen += more.len();
    }
}

/// Saves whenever there is something new; the result is that of the last time, when the document was whole.
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
                    say(format_args!("autosave 保存了 {}", shown(line)));
                }
                saved = lines.len();
            }
            Err(error) if last.is_ok() => say(format_args!("autosave 保存失败: {error}")),
            Err(_) => {}
        }
        last = result;
    }
    if lines.is_empty() { save(file, &[], false) } else { last }
}

/// Writes beside the file, then renames: whoever opens it finds the old document or the new one, never half of one. A
/// file is replaced only if it is `ours`: somebody else may have made one of that name meanwhile.
fn save(file: &Path, text: &[u8], ours: bool) -> io::Result<()> {
    let folder = file.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let mut part = tempfile::Builder::new()
        .prefix(".word-processor-")
        .suffix(".part")
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder)?;
    part.write_all(text)?;
    if ours { part.persist(file) } else { part.persist_noclobber(file) }?;
    Ok(())
}

/// Finishes the document when it is dropped.
struct Finish<'a>(&'a Document);

impl Drop for Finish<'_> {
    fn drop(&mut self) {
        self.0.finish();
    }
}

fn shown(line: &Line) -> String {
    String::from_utf8_lossy(line).trim_end().to_owned()
}

/// As println!, which would panic when nobody reads any more: then there is still a document to save.
fn say(line: impl Display) {
    let _ = writeln!(io::stdout(), "{line}");
}
