use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{ChildStderr, Command, Stdio};
use std::thread;
use std::time::Duration;

use course_tests::Program;
use gallery::{Counters, Fault, Options, Resource};
use rustix::process::{Pid, Signal, kill_process};
use spider_compare::site::Limits;
use spider_compare::stop::{Stop, Stopped};
use spider_compare::strategies::Strategy;

use crate::{Aside, PROGRAM, STRATEGIES, at_once, files, open, politely, quiet, small, spider, task};

#[track_caller]
fn assert_complains(program: &Program, status: i32, words: &[&str]) {
    let run = program.run();
    assert_eq!(run.status.code(), Some(status), "{program}: {}", run.output);
    assert_eq!(run.lines().count(), 1, "{program}: {}", run.output);
    for word in words {
        assert!(run.output.contains(word), "{program}: {word:?} is missing in {:?}", run.output);
    }
}

#[test]
fn a_wrong_argument_is_one_line_on_standard_error_and_exit_status_2() {
    let why = "spider-compare: no strategy \"x\"; there are sequential, process, thread, pool and overlap\n";
    // Without a reader of standard output, what is left is standard error.
    assert_eq!(spider("x").without_reader().run().output, why);
    for wrong in [&["x"][..], &["thread", "thread"], &["--nothing"], &["--latency", "-1"], &["--url"], &[""]]
    {
        assert_complains(&Program::new(PROGRAM).args(wrong), 2, &["spider-compare: "]);
    }
}

#[test]
fn the_help_is_on_standard_output_and_no_error() {
    let run = spider("--help").run();
    assert!(run.status.success() && run.output.contains("--latency <MILLISECONDS>"), "{}", run.output);
    let unread = spider("--help").without_reader().run();
    assert!(unread.status.success() && unread.output.is_empty(), "{}", unread.output);
}

#[test]
fn a_url_that_gives_no_list_is_one_line_and_leaves_no_folder() {
    let gallery = open(&small());
    let home = gallery.url();
    let detail = home.replace("4kdongman/", "tupian/34001.html");
    let nothing = format!("{home}index_1.html");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("new/folder");
    for (url, words) in [
        ("pictures", ["\"pictures\"", "no address", "https://"]),
        ("", ["\"\"", "no address", "https://"]),
        ("ftp://pictures.example/", ["\"ftp://pictures.example/\"", "not http or https", "https://"]),
        ("http://127.0.0.1:1/", ["http://127.0.0.1:1/", "nobody listens", "--url"]),
        (&nothing, [&nothing, "404", "--url"]),
        (&detail, [&detail, "no list of pictures", "--url"]),
    ] {
        let run = spider("thread").args(["--url", url, "--out"]).arg(&out);
        assert_complains(&run, 1, &words);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{url}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_one_line_and_nobody_is_asked_for_anything() {
    let gallery = open(&small());
    let file = tempfile::NamedTempFile::new().unwrap();
    let below = file.path().join("below");
    let run = spider("thread").args(["--url", &gallery.url(), "--out"]).arg(&below);
    assert_complains(&run, 1, &[below.to_str().unwrap(), "give --out"]);
    assert_eq!(gallery.counters().requests, 0);
}

#[test]
fn a_standard_output_that_nobody_reads_ends_it_quietly() {
    for arguments in
        [&["sequential"][..], &["process"], &["thread"], &["pool"], &["overlap"], &["--json"], &[]]
    {
        let folder = tempfile::tempdir().unwrap();
        let program = Program::new(PROGRAM)
            .args(arguments)
            .args(["--latency", "0", "--size", "2000", "--out"])
            .arg(folder.path());
        let run = program.without_reader().run();
        assert!(run.status.success(), "{arguments:?}: {:?}", run.status);
        assert_eq!(run.output, "", "{arguments:?}");
    }
}

/// Runs it with `temporary` for temporary folders, reads the given number of lines, and hangs up.
fn read_lines(strategy: &str, count: usize, url: &str, temporary: &Path, out: Option<&Path>) {
    let mut command = Command::new(PROGRAM);
    command.args([strategy, "--url", url]).env("TMPDIR", temporary);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    if let Some(folder) = out {
        command.arg("--out").arg(folder);
    }
    let mut program = command.spawn().unwrap();
    let lines = BufReader::new(program.stdout.take().unwrap()).lines();
    assert_eq!(lines.take(count).map_while(Result::ok).count(), count);
    // Whoever holds standard error is the program, or a child of it: its end is the end of all of them.
    let mut complaints = String::new();
    program.stderr.take().unwrap().read_to_string(&mut complaints).unwrap();
    assert_eq!(complaints, "", "{strategy}");
    assert!(program.wait().unwrap().success(), "{strategy}");
}

#[test]
fn after_head_1_or_head_3_no_half_image_is_left_and_no_temporary_folder() {
    let gallery = open(&small());
    for strategy in STRATEGIES {
        for count in [1, 3] {
            let temporary = tempfile::tempdir().unwrap();
            read_lines(strategy, count, &gallery.url(), temporary.path(), None);
            assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0, "{strategy}, {count} lines");
            let out = tempfile::tempdir().unwrap();
            read_lines(strategy, count, &gallery.url(), temporary.path(), Some(out.path()));
            let files = files(out.path());
            assert!(files.keys().all(|name| !name.contains(".part")), "{strategy}: {:?}", files.keys());
        }
    }
}

#[test]
fn children_at_work_are_ended_and_waited_for_when_nobody_reads_any_more() {
    // Half of the children finish, and the first of their lines finds nobody; the others would work on for ever.
    let faults = (0..10).map(|place| (place, Fault::Stalled)).collect();
    let gallery = open(&Options { faults, ..small() });
    let folder = tempfile::tempdir().unwrap();
    // Fails by itself if a process is left that somebody should have waited for.
    let run = Program::new("sh")
        .args(["-c", "\"$0\" process --url \"$1\" --out \"$2\" | head -1", PROGRAM, &gallery.url()])
        .arg(folder.path())
        .run();
    assert!(run.output.starts_with("抓取所有图片连接数据 20"), "{}", run.output);
    assert_eq!(run.lines().count(), 1, "{}", run.output);
    let files = files(folder.path());
    assert!(files.keys().all(|name| !name.contains(".part")), "{:?}", files.keys());
}

#[test]
fn a_whole_run_leaves_no_temporary_folder() {
    for arguments in
        [&["sequential"][..], &["process"], &["thread"], &["pool"], &["overlap"], &["--json"], &[]]
    {
        let temporary = tempfile::tempdir().unwrap();
        let run = Command::new(PROGRAM)
            .args(arguments)
            .args(["--latency", "0", "--size", "2000"])
            .env("TMPDIR", temporary.path())
            .output();
        assert!(run.unwrap().status.success(), "{arguments:?}");
        assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0, "{arguments:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_standard_output_that_cannot_be_written_is_an_error_and_no_success() {
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let run = Command::new(PROGRAM)
        .args(["thread", "--latency", "0", "--size", "2000"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(1));
    let complaint = String::from_utf8(run.stderr).unwrap();
    assert!(complaint.starts_with("spider-compare: cannot write to standard output"), "{complaint}");
}

#[test]
fn children_end_with_a_parent_that_is_killed_and_take_their_half_images_along() {
    // Every image stops after its first half, for ever: each child has a `.part`, and is waiting.
    let gallery =
        open(&Options { faults: (0..20).map(|place| (place, Fault::Stalled)).collect(), ..small() });
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(PROGRAM);
    command.args(["process", "--url", &gallery.url(), "--out"]).arg(folder.path());
    let mut parent = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    gallery.wait_until(|counters| counters.picture_requests == 20);
    while files(folder.path()).len() < 20 {
        thread::yield_now();
    }

    let errors = parent.stderr.take().unwrap();
    parent.kill().unwrap();
    parent.wait().unwrap();

    // The children inherited standard error: it ends when the last of them has.
    soon(errors);
    assert_eq!(files(folder.path()).len(), 0);
}

/// All that is written into this pipe up to its end, which is to come without anybody's patience running out.
fn soon(mut pipe: ChildStderr) -> String {
    let all = Aside::begin(move || {
        let mut text = String::new();
        pipe.read_to_string(&mut text).map(|_| text)
    });
    all.soon().unwrap()
}

/// Everything below `folder` whose name says that it is not whole.
fn half_images(folder: &Path) -> Vec<String> {
    files(folder).into_keys().filter(|name| name.contains(".part")).collect()
}

/// Runs `strategy` against a gallery that lets nobody come to an end, until `reached`, then sends it `signal`. The result
/// is its exit status and what it said on standard error.
fn stopped(
    strategy: &str,
    signal: Signal,
    options: &Options,
    reached: impl Fn(&Counters) -> bool,
) -> (Option<i32>, String) {
    let gallery = open(options);
    let (folder, temporary) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut command = Command::new(PROGRAM);
    command.args([strategy, "--url", &gallery.url(), "--out"]).arg(folder.path());
    command.env("TMPDIR", temporary.path()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut program = command.spawn().unwrap();
    gallery.wait_until(reached);
    kill_process(Pid::from_child(&program), signal).unwrap();
    // It ends when the program has, and every child of it.
    let said = soon(program.stderr.take().unwrap());
    let status = program.wait().unwrap().code();
    assert_eq!(half_images(folder.path()), [""; 0], "{strategy}");
    assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0, "{strategy}");
    (status, said)
}

const STOPPED: &str = "spider-compare: stopped before its end; what was not whole has been removed\n";

#[test]
fn two_runs_into_one_folder_do_not_share_a_half_image() {
    let whole = open(&Options { pictures: 1, ..small() });
    let halved = open(&Options { pictures: 1, faults: vec![(0, Fault::Stalled)], ..small() });
    for strategy in [Strategy::Thread, Strategy::Process] {
        let folder = tempfile::tempdir().unwrap();
        let [slow, fast] = [&halved, &whole].map(|one| task(one, folder.path(), Limits::default()));
        let stop = Stop::default();
        let stopped = stop.clone();
        let slow = Aside::begin(move || strategy.run(&quiet(slow, &stopped)));
        while half_images(folder.path()).is_empty() {
            thread::yield_now();
        }
        strategy.run(&quiet(fast, &Stop::default())).unwrap();
        let title = &whole.pictures()[0].file_name;
        assert_eq!(half_images(folder.path()).len(), 1, "{strategy}: the slow one's is taken away");
        stop.set(Stopped::Otherwise);
        slow.soon().unwrap_err();
        assert!(files(folder.path())[title] == whole.pictures()[0].bytes(), "{strategy}");
        assert_eq!(half_images(folder.path()), [""; 0], "{strategy}");
    }
}

#[test]
fn ctrl_c_among_the_images_ends_everything_and_leaves_no_half_image() {
    // Every image stops after its first half, for ever.
    let options = Options { faults: (0..20).map(|place| (place, Fault::Stalled)).collect(), ..small() };
    at_once(&STRATEGIES, |strategy| {
        for (signal, number) in [(Signal::INT, 2), (Signal::TERM, 15)] {
            let (status, said) =
                stopped(strategy, signal, &options, |counters| counters.picture_requests > 0);
            assert_eq!((status, said.as_str()), (Some(128 + number), STOPPED), "{strategy}");
        }
    });
}

#[test]
fn ctrl_c_while_a_place_at_a_strangers_site_is_awaited_ends_everything_too() {
    let options = Options { faults: (0..20).map(|place| (place, Fault::Stalled)).collect(), ..small() };
    let gallery = open(&options);
    let folder = tempfile::tempdir().unwrap();
    let task = task(&gallery, folder.path(), politely());
    let stop = Stop::default();
    let stopped = stop.clone();
    let run = Aside::begin(move || Strategy::Process.run(&quiet(task, &stopped)));
    gallery.wait_until(|counters| counters.picture_requests == 4);
    stop.set(Stopped::Signal(2));
    assert_eq!(run.soon().unwrap_err().downcast_ref(), Some(&Stopped::Signal(2)));
    assert_eq!(half_images(folder.path()), [""; 0]);
}

#[test]
fn ctrl_c_among_the_pages_ends_everything_too() {
    let options = Options { latency: Duration::from_secs(60), ..small() };
    at_once(&STRATEGIES, |strategy| {
        let (status, said) = stopped(strategy, Signal::INT, &options, |counters| counters.requests > 0);
        assert_eq!((status, said.as_str()), (Some(128 + 2), STOPPED), "{strategy}");
    });
}

#[test]
fn ctrl_c_while_it_waits_to_ask_again_ends_it_at_once() {
    let later = Some("3600".to_owned());
    let fault = Fault::Unavailable { times: 1, status: 503, retry_after: later, at: Resource::Listing };
    let options = Options { faults: vec![(0, fault)], ..small() };
    let (status, said) = stopped("overlap", Signal::INT, &options, |counters| counters.requests > 0);
    assert_eq!((status, said.as_str()), (Some(128 + 2), STOPPED));
}

#[test]
fn a_disk_that_is_full_is_told_of_each_image_and_leaves_no_half_image() {
    // So many blocks of 512 or 1,024 bytes, and then an error in the midst of a write.
    let limited = "trap '' XFSZ; ulimit -f 50; exec \"$@\"";
    at_once(&STRATEGIES, |strategy| {
        let gallery = open(&Options { pictures: 3, ..Options::default() });
        let folder = tempfile::tempdir().unwrap();
        let run = Program::new("/bin/sh")
            .args(["-c", limited, "sh", PROGRAM, strategy, "--url", &gallery.url(), "--out"])
            .arg(folder.path())
            .run();
        assert_eq!(run.status.code(), Some(1), "{}", run.output);
        assert_eq!(run.output.matches("失败! cannot write").count(), 3, "{}", run.output);
        assert_eq!(files(folder.path()).len(), 0, "{strategy}");
        assert_eq!(gallery.counters().picture_requests, 3, "a full disk does not pass: {strategy}");
    });
}

#[test]
#[cfg(target_os = "linux")]
fn a_folder_may_have_a_name_that_is_no_text() {
    use std::os::unix::ffi::OsStrExt;
    let gallery = open(&Options { pictures: 2, ..small() });
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(std::ffi::OsStr::from_bytes(b"\xFF"));
    let run = spider("process").args(["--url", &gallery.url(), "--out"]).arg(&folder).run();
    assert!(run.status.success(), "{}", run.output);
    assert_eq!(files(&folder).len(), 2);
}

#[test]
#[cfg(target_os = "linux")]
fn where_the_system_gives_no_more_threads_an_image_fails_or_waits_for_one_that_was_given() {
    // Stacks of 200 MB, of which the system gives a few and no more.
    let limited = "ulimit -v 1200000; RUST_MIN_STACK=200000000 exec \"$@\"";
    at_once(&["thread", "pool", "overlap"], |strategy| {
        // The first two pictures come together, so that there are two threads at least.
        let gallery = open(&Options { min_concurrent: 2, latency: Duration::from_millis(10), ..small() });
        let run = Program::new("/bin/sh")
            .args(["-c", limited, "sh", PROGRAM, strategy, "--url", &gallery.url(), "--retries", "0"])
            .run();
        let failed = run.output.matches("失败! no thread could be started").count();
        let brought = run.output.matches("成功!").count();
        assert_eq!(failed + brought, 20, "{strategy}: {}", run.output);
        assert_eq!(failed > 0, strategy == "thread", "{strategy}: {}", run.output);
        assert_eq!(run.status.code(), Some(i32::from(failed > 0)), "{strategy}: {}", run.output);
    });
}

#[test]
fn with_json_standard_output_is_one_object_with_all_figures() {
    let run =
        Program::new(PROGRAM).args(["--json", "--latency", "0", "--size", "2000", "--pictures", "5"]).run();
    assert!(run.status.success(), "{}", run.output);
    let figures: serde_json::Value = serde_json::from_str(&run.output).unwrap();
    let runs = figures["runs"].as_array().unwrap();
    let names: Vec<_> = runs.iter().map(|run| run["strategy"].as_str().unwrap()).collect();
    assert_eq!(names, STRATEGIES);
    for run in runs {
        assert_eq!(
            (&run["images"], &run["downloaded"], &run["requests"]),
            (&5.into(), &5.into(), &11.into()),
            "{run}"
        );
        assert_eq!((&run["bytes"], &run["failed"]), (&10_000.into(), &0.into()), "{run}");
        for seconds in ["crawl_seconds", "download_seconds", "total_seconds", "cpu_seconds"] {
            assert!(run[seconds].as_f64().is_some_and(|seconds| seconds >= 0.0), "{seconds}: {run}");
        }
    }
}
