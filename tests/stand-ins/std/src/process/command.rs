use ::std::borrow::Cow;
use ::std::ffi::{OsStr, OsString};
use ::std::io;
use ::std::process::{ExitStatus, Output};
use ::std::sync::Arc;

use exploration::Process;
use exploration::runtime;

use super::child::Child;
use super::program::run;
use super::stdio::{Kind, Stdio};
use super::system::PROGRAMS;
use crate::io::pipe;
use crate::registry::{self, Entry, Handle, PROGRAM};

/// Replaces `std::process::Command`. The programs that it knows are the explored one and some of the system's.
#[derive(Debug)]
pub struct Command {
    program: OsString,
    args: Vec<OsString>,
    stdin: Option<Stdio>,
    stdout: Option<Stdio>,
    stderr: Option<Stdio>,
}

impl Command {
    /// Returns a command without arguments.
    #[must_use]
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        let program = program.as_ref().to_owned();
        Self { program, args: Vec::new(), stdin: None, stdout: None, stderr: None }
    }

    /// Adds an argument.
    pub fn arg(&mut self, arg: impl AsRef<OsStr>) -> &mut Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    pub fn args<Arg: AsRef<OsStr>>(&mut self, args: impl IntoIterator<Item = Arg>) -> &mut Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Does nothing: all processes have the environment of the exploration.
    pub fn env(&mut self, _: impl AsRef<OsStr>, _: impl AsRef<OsStr>) -> &mut Self {
        self
    }

    /// Returns the program.
    #[must_use]
    pub fn get_program(&self) -> &OsStr {
        &self.program
    }

    /// Sets the standard input of the child.
    pub fn stdin(&mut self, stdin: impl Into<Stdio>) -> &mut Self {
        self.stdin = Some(stdin.into());
        self
    }

    /// Sets the standard output of the child.
    pub fn stdout(&mut self, stdout: impl Into<Stdio>) -> &mut Self {
        self.stdout = Some(stdout.into());
        self
    }

    /// Sets the standard error of the child.
    pub fn stderr(&mut self, stderr: impl Into<Stdio>) -> &mut Self {
        self.stderr = Some(stderr.into());
        self
    }

    /// Starts the child.
    ///
    /// # Errors
    /// If the exploration does not know the program.
    #[track_caller]
    pub fn spawn(&mut self) -> io::Result<Child> {
        self.spawn_with(&Stdio::inherit(), &Stdio::inherit())
    }

    /// Starts the child and waits for its end.
    ///
    /// # Errors
    /// As [`spawn`](Self::spawn).
    #[track_caller]
    pub fn status(&mut self) -> io::Result<ExitStatus> {
        self.spawn()?.wait()
    }

    /// Starts the child, reads its output and waits for its end.
    ///
    /// # Errors
    /// As [`spawn`](Self::spawn).
    #[track_caller]
    pub fn output(&mut self) -> io::Result<Output> {
        self.spawn_with(&Stdio::null(), &Stdio::piped())?.wait_with_output()
    }

    #[track_caller]
    fn spawn_with(&mut self, default_input: &Stdio, default_output: &Stdio) -> io::Result<Child> {
        let main = main_of(&self.program)?;
        let (process, actor) = runtime::new_process(self.name());
        let (ours_in, stdin) = input(self.stdin.as_ref().unwrap_or(default_input), process)?;
        let (out, err) = registry::current_process(|parent| (parent.stdout.clone(), parent.stderr.clone()));
        let stdout = self.stdout.as_ref().unwrap_or(default_output);
        let stdout_is_null = matches!(stdout.0, Kind::Null);
        let (ours_out, stdout) = output(stdout, out, process)?;
        let (ours_err, stderr) = output(self.stderr.as_ref().unwrap_or(default_output), err, process)?;
        registry::process(process, |child| {
            child.args = [&self.program].into_iter().chain(&self.args).cloned().collect();
            (child.stdin, child.stdout, child.stderr) = (stdin, stdout, stderr);
            child.stdout_is_null = stdout_is_null;
        });
        runtime::spawn(actor, move || run(|| main()));
        Ok(Child { stdin: ours_in, stdout: ours_out, stderr: ours_err, process, status: None })
    }

    /// Returns the name of the child in the record of a run: its arguments, if it is the program itself. Of a path, only
    /// the last part: a temporary folder has another name each time.
    fn name(&self) -> String {
        let program = (self.program != PROGRAM).then_some(&self.program);
        let words = program.into_iter().chain(&self.args).map(|word| word.to_string_lossy());
        let short = |word: Cow<'_, str>| word.rsplit('/').next().unwrap_or_default().to_owned();
        words.map(short).collect::<Vec<_>>().join(" ")
    }
}

/// Returns what a program does.
fn main_of(program: &OsStr) -> io::Result<Entry> {
    if program == PROGRAM {
        let explain =
            "the program that is explored is not a whole one: explore `process::program(main, args)`";
        return registry::entry().ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, explain));
    }
    if let Some((_, main)) = PROGRAMS.iter().find(|(name, _)| program == *name) {
        return Ok(Arc::new(main));
    }
    let known = PROGRAMS.map(|(name, _)| name).join(", ");
    let explain = format!(
        "cannot explore {}: known are the program itself (`env::current_exe`), {known}",
        program.display()
    );
    Err(io::Error::new(io::ErrorKind::NotFound, explain))
}

type Given = Option<Arc<dyn Handle>>;

/// Returns the parent's end of a new pipe, if there is one, and what the child gets as its standard input.
#[track_caller]
fn input(stdin: &Stdio, child: Process) -> io::Result<(Option<super::ChildStdin>, Given)> {
    Ok(match &stdin.0 {
        Kind::Null => (None, None),
        Kind::Inherit => {
            let inherited = registry::current_process(|parent| parent.stdin.clone());
            (None, inherited.map(|handle| handle.duplicate(child)))
        }
        Kind::Handle(handle) => (None, Some(handle.duplicate(child))),
        Kind::Piped => {
            let (reader, writer) = pipe()?;
            (Some(writer), Some(Arc::new(reader.given_to(child))))
        }
    })
}

/// Returns the parent's end of a new pipe, if there is one, and what the child gets as an output.
#[track_caller]
fn output(
    output: &Stdio,
    inherited: Given,
    child: Process,
) -> io::Result<(Option<super::ChildStdout>, Given)> {
    Ok(match &output.0 {
        Kind::Null => (None, None),
        Kind::Inherit => (None, inherited.map(|handle| handle.duplicate(child))),
        Kind::Handle(handle) => (None, Some(handle.duplicate(child))),
        Kind::Piped => {
            let (reader, writer) = pipe()?;
            (Some(reader), Some(Arc::new(writer.given_to(child))))
        }
    })
}
