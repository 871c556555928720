//! `cargo xtask waterfall`, with a cargo that runs no spider: building it takes minutes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use roxmltree::Document;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::support::{self, Fifo, write_script};

const TRACE: &str = r#"{"run":{"strategy":"sequential","crawl_seconds":0.21,"total_seconds":0.83}}
{"request":{"kind":"listing","name":"4kdongman","queued":0.0,"sent":0.001,"first_byte":0.052,"finished":0.06,"bytes":99}}
{"request":{"kind":"image","name":"1.jpg","queued":0.3,"sent":0.3,"finished":0.8,"bytes":0,"error":"404 Not Found"}}
{"run":{"strategy":"pool","crawl_seconds":0.11,"total_seconds":0.35}}
"#;

/// A folder for the picture, with a cargo and a folder for temporary files.
struct Workbench(TempDir);

impl Workbench {
    /// The cargo is a shell script, for which `$2` is the file that `--trace` names.
    fn new(script: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let script = format!("while [ \"$1\" != --trace ]; do shift; done\n{script}");
        write_script(folder.path(), "cargo", &script);
        fs::create_dir(folder.path().join("tmp")).expect("a folder");
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// `cargo xtask waterfall ARGS`, run in the folder.
    fn waterfall(&self, args: &[&str]) -> Command {
        let mut command = support::xtask();
        command.arg("waterfall").args(args).current_dir(self.0.path());
        command.env("CARGO", self.path("cargo")).env("TMPDIR", self.path("tmp"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.waterfall(args).output().expect("it runs")
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).expect("a folder");
        let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let mut names: Vec<_> = entries.map(|entry| name(entry.expect("an entry"))).collect();
        names.sort();
        names
    }
}

fn assert_shows_both_runs(picture: &Path) {
    let svg = fs::read_to_string(picture).expect("it is there");
    let picture = Document::parse(&svg).expect("XML");
    let texts: Vec<_> = picture.descendants().filter_map(|node| node.text()).collect();
    for text in ["sequential", "pool", "830 ms", "350 ms", "1.jpg: 404 Not Found"] {
        assert!(texts.contains(&text), "{text} is not in {texts:?}");
    }
}

#[test]
fn a_trace_file_becomes_a_picture_with_a_panel_for_each_run() {
    let workbench = Workbench::new("exit 1");
    fs::write(workbench.path("trace.jsonl"), TRACE).expect("a file");
    let output = workbench.run(&["trace.jsonl", "--svg", "picture.svg"]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!((&output.stdout[..], &output.stderr[..]), (&b"wrote picture.svg\n"[..], &b""[..]));
    assert_shows_both_runs(&workbench.path("picture.svg"));
    assert_eq!(workbench.names("."), ["cargo", "picture.svg", "tmp", "trace.jsonl"]);
}

#[test]
fn a_new_run_is_drawn_if_there_is_no_trace_file_and_leaves_nothing_behind() {
    let workbench = Workbench::new("cp trace.jsonl \"$2\"");
    fs::write(workbench.path("trace.jsonl"), TRACE).expect("a file");
    let output = workbench.run(&["--svg", "picture.svg", "--latency", "7"]);
    assert!(output.status.success(), "{output:?}");
    assert_shows_both_runs(&workbench.path("picture.svg"));
    assert_eq!(workbench.names("tmp"), [""; 0]);
}

#[test]
fn a_run_that_fails_shows_its_output_and_writes_no_picture() {
    let workbench = Workbench::new("echo no cake; exit 3");
    let output = workbench.run(&["--svg", "picture.svg"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let expected = "no cake\nerror: spider-compare failed: exit status: 3\n";
    assert_eq!(String::from_utf8_lossy(&output.stderr), expected);
    assert_eq!((workbench.names("."), workbench.names("tmp")), (vec!["cargo".into(), "tmp".into()], vec![]));
}

#[test]
fn ctrl_c_leaves_no_process_and_no_file() {
    let workbench = Workbench::new("exec 3>\"$UP\"; echo >\"$2\"; echo >&3; sleep 60");
    let fifo = Fifo::new();
    let mut command = workbench.waterfall(&["--svg", "picture.svg"]);
    let child = command.env("UP", fifo.path()).spawn().expect("it starts");
    fifo.wait_until_up();
    kill_process(Pid::from_child(&child), Signal::INT).expect("it can be signalled");
    let output = child.wait_with_output().expect("it ends");
    fifo.wait_until_gone();
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    assert_eq!((workbench.names("."), workbench.names("tmp")), (vec!["cargo".into(), "tmp".into()], vec![]));
}

#[test]
fn a_file_that_cannot_be_read_or_written_is_an_error_in_one_line() {
    let workbench = Workbench::new("exit 1");
    fs::write(workbench.path("cake.txt"), "cake\n").expect("a file");
    for (trace, picture, error) in [
        ("missing", "picture.svg", "error: cannot read missing: No such file or directory"),
        ("cake.txt", "picture.svg", "error: cannot draw cake.txt: line 1 is not part of a trace: "),
        (
            "cake.txt",
            "missing/picture.svg",
            "error: cannot write missing/picture.svg: there is no directory missing",
        ),
        ("cake.txt", "tmp", "error: cannot write tmp: it is a directory"),
    ] {
        let output = workbench.run(&[trace, "--svg", picture]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(stderr.starts_with(error) && stderr.lines().count() == 1, "{stderr}");
    }
    assert_eq!(workbench.names("."), ["cake.txt", "cargo", "tmp"]);
}

#[test]
fn an_invalid_argument_is_exit_status_2() {
    let workbench = Workbench::new("exit 1");
    for args in [
        &[][..],
        &["trace.jsonl", "--latency", "3", "--svg", "a.svg"],
        &["--svg", "a.svg", "--latency", "10001"],
    ] {
        assert_eq!(workbench.run(args).status.code(), Some(2), "{args:?}");
    }
}
