use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{ChildStderr, Command, Stdio};
use std::time::Duration;

use course_tests::Program;
use course_tests::run::interrupted::assert_a_signal_leaves_nothing;
use gallery::{Counters, Fault, Options, Resource};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use spider_compare::cancel::{CancelToken, Cancelled};
use spider_compare::resource_usage::ResourceUsage;
use spider_compare::stats::RunStats;
use spider_compare::strategies;
use spider_compare::strategy::Strategy;

use crate::{
    Background, PROGRAM, STRATEGIES, at_once, config, files, limits, open, politely, quiet, small, spider,
    wait_until,
};

#[track_caller]
fn assert_fails_with(program: &Program, status: i32, words: &[&str]) {
    let run = program.run();
    assert_eq!(run.status.code(), Some(status), "{program}: {}", run.output);
    assert_eq!(run.lines().count(), 1, "{program}: {}", run.output);
    for word in words {
        assert!(run.output.contains(word), "{program}: {word:?} is missing in {:?}", run.output);
    }
}

#[test]
fn a_wrong_argument_gives_one_line_on_standard_error_and_exit_status_2() {
    let message = "error: invalid value 'x' for '[STRATEGY]' \
                   [possible values: sequential, process, thread, pool, overlap]; see --help\n";
    // With a closed standard output, only standard error is captured.
    assert_eq!(spider("x").without_reader().run().output, message);
    for wrong in [
        &["x"][..],
        &["thread", "thread"],
        &["--nothing"],
        &["--latency", "-1"],
        &["--url"],
        &["--url", "ftp://a.example/"],
        &[""],
    ] {
        assert_fails_with(&Program::new(PROGRAM).args(wrong), 2, &["error: "]);
    }
}

#[test]
fn the_help_is_printed_to_standard_output_with_exit_status_0() {
    let run = spider("--help").run();
    assert!(run.status.success() && run.output.contains("--latency <MILLISECONDS>"), "{}", run.output);
    let closed = spider("--help").without_reader().run();
    assert!(closed.status.success() && closed.output.is_empty(), "{}", closed.output);
}

#[test]
fn a_url_without_a_list_is_a_one_line_error_and_leaves_no_folder() {
    let gallery = open(&small());
    let home = gallery.url();
    let detail = home.replace("4kdongman/", "tupian/34001.html");
    let nothing = format!("{home}index_1.html");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("new/folder");
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let closed = format!("http://{closed}/");
    for (url, words) in [
        (&closed, [&closed, "connection refused", "--url"]),
        (&nothing, [&nothing, "404", "--url"]),
        (&detail, [&detail, "no list of pictures", "--url"]),
    ] {
        let run = spider("thread").args(["--url", url, "--out"]).arg(&out);
        assert_fails_with(&run, 1, &words);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{url}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_a_one_line_error_before_any_request() {
    let gallery = open(&small());
    let file = tempfile::NamedTempFile::new().unwrap();
    let below = file.path().join("below");
    let run = spider("thread").args(["--url", &gallery.url(), "--out"]).arg(&below);
    assert_fails_with(&run, 1, &[below.to_str().unwrap(), "check --out"]);
    assert_eq!(gallery.counters().requests, 0);
}

#[test]
fn a_closed_standard_output_ends_the_program_without_an_error() {
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

/// Runs the program with `temporary` for temporary folders, reads this number of lines, and closes its standard output.
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
    // Standard error is inherited by the children: at its end of file, all of them have exited.
    let mut errors = String::new();
    program.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    assert_eq!(errors, "", "{strategy}");
    assert!(program.wait().unwrap().success(), "{strategy}");
}

#[test]
fn a_run_that_head_ends_leaves_no_partial_image_and_no_temporary_folder() {
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
fn running_children_are_ended_and_waited_for_when_standard_output_is_closed() {
    // Half of the children finish, and the first of their lines cannot be printed; the others would never finish.
    let faults = (0..10).map(|index| (index, Fault::Stalled)).collect();
    let gallery = open(&Options { faults, ..small() });
    let folder = tempfile::tempdir().unwrap();
    // `run` fails if a process is left that was not waited for.
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
fn a_complete_run_leaves_no_temporary_folder() {
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
fn a_standard_output_that_cannot_be_written_is_an_error() {
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let run = Command::new(PROGRAM)
        .args(["thread", "--latency", "0", "--size", "2000"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(1));
    let error = String::from_utf8(run.stderr).unwrap();
    assert!(error.starts_with("error: cannot write to standard output"), "{error}");
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let help = Command::new(PROGRAM).arg("--help").stdout(full).output().unwrap();
    assert_eq!(help.status.code(), Some(1));
}

#[test]
fn children_exit_with_a_parent_that_is_killed_and_remove_their_partial_images() {
    // Every image stalls after its first half: each child has a `.part` file, and waits.
    let gallery =
        open(&Options { faults: (0..20).map(|index| (index, Fault::Stalled)).collect(), ..small() });
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(PROGRAM);
    command.args(["process", "--url", &gallery.url(), "--out"]).arg(folder.path());
    let mut parent = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    wait_until(|| files(folder.path()).len() == 20);

    let errors = parent.stderr.take().unwrap();
    parent.kill().unwrap();
    parent.wait().unwrap();

    // Standard error is inherited by the children: at its end of file, all of them have exited.
    read_soon(errors);
    assert_eq!(files(folder.path()).len(), 0);
}

/// Reads this pipe up to its end of file, with a time limit.
fn read_soon(mut pipe: ChildStderr) -> String {
    let all = Background::start(move || {
        let mut text = String::new();
        pipe.read_to_string(&mut text).map(|_| text)
    });
    all.join_soon().unwrap()
}

/// The names of the temporary files in `folder`.
fn partial_images(folder: &Path) -> Vec<String> {
    files(folder).into_keys().filter(|name| name.contains(".part")).collect()
}

/// Runs `strategy` against a gallery with these options, which no run can finish, until `reached`, then sends `signal` to the
/// program. Returns its exit status and its standard error.
fn interrupted(
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
    wait_until(|| reached(&gallery.counters()));
    kill_process(Pid::from_child(&program), signal).unwrap();
    // At its end of file, the program and all its children have exited.
    let errors = read_soon(program.stderr.take().unwrap());
    let status = program.wait().unwrap().code();
    assert_eq!(partial_images(folder.path()), [""; 0], "{strategy}");
    assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0, "{strategy}");
    (status, errors)
}

const INTERRUPTED: &str = "error: interrupted; partial downloads were removed\n";

#[test]
fn two_runs_into_one_folder_do_not_share_a_partial_image() {
    let healthy = open(&Options { pictures: 1, ..small() });
    let stalled = open(&Options { pictures: 1, faults: vec![(0, Fault::Stalled)], ..small() });
    for strategy in [Strategy::Thread, Strategy::Process] {
        let folder = tempfile::tempdir().unwrap();
        let [slow, fast] = [&stalled, &healthy].map(|one| config(one, folder.path(), limits()));
        let cancel = CancelToken::default();
        let token = cancel.clone();
        let slow = Background::start(move || strategies::run(strategy, &quiet(slow, &token)));
        wait_until(|| !partial_images(folder.path()).is_empty());
        strategies::run(strategy, &quiet(fast, &CancelToken::default())).unwrap();
        let title = &healthy.first_page()[0].file_name;
        assert_eq!(partial_images(folder.path()).len(), 1, "{strategy}: that of the slow run is missing");
        cancel.cancel(Cancelled::BrokenPipe);
        slow.join_soon().unwrap_err();
        assert!(files(folder.path())[title] == healthy.first_page()[0].bytes(), "{strategy}");
        assert_eq!(partial_images(folder.path()), [""; 0], "{strategy}");
    }
}

#[test]
fn ctrl_c_during_the_downloads_ends_everything_and_leaves_no_partial_image() {
    // Every image stalls after its first half.
    let options = Options { faults: (0..20).map(|index| (index, Fault::Stalled)).collect(), ..small() };
    at_once(&STRATEGIES, |strategy| {
        for (signal, number) in [(Signal::INT, 2), (Signal::TERM, 15), (Signal::HUP, 1)] {
            let (status, errors) =
                interrupted(strategy, signal, &options, |counters| counters.picture_requests > 0);
            assert_eq!((status, errors.as_str()), (Some(128 + number), INTERRUPTED), "{strategy}");
        }
    });
}

#[test]
fn ctrl_c_in_a_terminal_reaches_the_children_too_and_leaves_no_partial_image() {
    // Every image stalls after its first half.
    let faults = (0..20).map(|index| (index, Fault::Stalled)).collect();
    let gallery = open(&Options { faults, ..small() });
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(PROGRAM);
    command.args(["process", "--url", &gallery.url(), "--out"]).arg(folder.path());
    command.stdout(Stdio::null()).stderr(Stdio::piped()).process_group(0);
    let mut program = command.spawn().unwrap();
    wait_until(|| partial_images(folder.path()).len() == 20);
    kill_process_group(Pid::from_child(&program), Signal::INT).unwrap();
    // At its end of file, the program and all its children have exited.
    assert_eq!(read_soon(program.stderr.take().unwrap()), INTERRUPTED);
    assert_eq!(program.wait().unwrap().code(), Some(128 + 2));
    assert_eq!(partial_images(folder.path()), [""; 0]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_second_ctrl_c_ends_the_program_while_it_connects_and_leaves_nothing() {
    // No connection is accepted: when two wait, further ones are not answered.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    rustix::net::listen(&listener, 0).unwrap();
    let address = listener.local_addr().unwrap();
    let first = std::net::TcpStream::connect(address).unwrap();
    let waits = || std::net::TcpStream::connect_timeout(&address, Duration::from_millis(50)).is_err();
    wait_until(waits);
    let temporary = tempfile::tempdir().unwrap();
    let mut command = Command::new(PROGRAM);
    command.args(["thread", "--timeout", "3600", "--url", &format!("http://{address}/")]);
    command.env("TMPDIR", temporary.path()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut program = command.spawn().unwrap();
    let is_empty = || fs::read_dir(temporary.path()).unwrap().count() == 0;
    wait_until(|| !is_empty());
    let pid = Pid::from_child(&program);
    let is_connecting = || {
        fs::read_to_string(format!("/proc/{}/net/tcp", pid.as_raw_nonzero()))
            .unwrap()
            .contains(&format!("0100007F:{:04X} 02 ", address.port()))
    };
    wait_until(is_connecting);
    kill_process(pid, Signal::TERM).unwrap();
    // The first one has removed the folder.
    wait_until(is_empty);
    assert!(program.try_wait().unwrap().is_none(), "the connection attempt has a time limit of 5 s");
    kill_process(pid, Signal::INT).unwrap();
    assert_eq!(read_soon(program.stderr.take().unwrap()), "");
    assert_eq!(program.wait().unwrap().code(), Some(128 + 2));
    drop(first);
}

#[test]
#[cfg(target_os = "linux")]
fn ctrl_c_while_the_gallery_opens_ends_both_processes() {
    let temporary = tempfile::tempdir().unwrap();
    let mut command = Command::new(PROGRAM);
    // Enough for the gallery to open long after it has been stopped here.
    command.args(["thread", "--pictures", "1000000"]).env("TMPDIR", temporary.path());
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut program = command.spawn().unwrap();
    let children = format!("/proc/{0}/task/{0}/children", program.id());
    let gallery = || fs::read_to_string(&children).unwrap().trim().parse().ok().and_then(Pid::from_raw);
    let command_line = |pid: Pid| fs::read_to_string(format!("/proc/{}/cmdline", pid.as_raw_nonzero()));
    wait_until(|| gallery().is_some_and(|pid| command_line(pid).unwrap().contains("--serve-gallery")));
    kill_process(gallery().unwrap(), Signal::STOP).unwrap();
    kill_process(Pid::from_child(&program), Signal::INT).unwrap();
    assert_eq!(read_soon(program.stderr.take().unwrap()), INTERRUPTED);
    assert_eq!(program.wait().unwrap().code(), Some(128 + 2));
    assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0);
}

#[test]
fn cancelling_while_children_of_an_external_site_run_ends_them() {
    let options = Options { faults: (0..20).map(|index| (index, Fault::Stalled)).collect(), ..small() };
    let gallery = open(&options);
    let folder = tempfile::tempdir().unwrap();
    let config = config(&gallery, folder.path(), politely());
    let cancel = CancelToken::default();
    let token = cancel.clone();
    let run = Background::start(move || strategies::run(Strategy::Process, &quiet(config, &token)));
    wait_until(|| gallery.counters().picture_requests == 4);
    cancel.cancel(Cancelled::Signal(2));
    assert_eq!(run.join_soon().unwrap_err().downcast_ref(), Some(&Cancelled::Signal(2)));
    assert_eq!(partial_images(folder.path()), [""; 0]);
}

#[test]
fn ctrl_c_during_the_crawl_ends_everything() {
    let options = Options { latency: Duration::from_secs(60), ..small() };
    at_once(&STRATEGIES, |strategy| {
        let (status, errors) = interrupted(strategy, Signal::INT, &options, |counters| counters.requests > 0);
        assert_eq!((status, errors.as_str()), (Some(128 + 2), INTERRUPTED), "{strategy}");
    });
}

#[test]
fn a_signal_at_any_moment_leaves_nothing_behind() {
    for strategy in ["overlap", "process"] {
        let program = spider(strategy).args(["--latency", "2", "--pictures", "20"]);
        assert_a_signal_leaves_nothing(&program, Duration::from_millis(150));
    }
}

#[test]
fn ctrl_c_while_waiting_for_a_retry_ends_the_program_at_once() {
    let later = Some("3600".to_owned());
    let fault = Fault::Unavailable { times: 1, status: 503, retry_after: later, at: Resource::Listing };
    let options = Options { faults: vec![(0, fault)], ..small() };
    let (status, errors) = interrupted("overlap", Signal::INT, &options, |counters| counters.requests > 0);
    assert_eq!((status, errors.as_str()), (Some(128 + 2), INTERRUPTED));
}

#[test]
fn a_full_disk_is_an_error_of_each_image_and_leaves_no_partial_image() {
    // After 50 blocks of 512 or 1,024 bytes, a write fails.
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
        assert_eq!(gallery.counters().picture_requests, 3, "a full disk is not transient: {strategy}");
    });
}

#[test]
#[cfg(target_os = "linux")]
fn a_folder_name_need_not_be_valid_unicode() {
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
fn an_image_fails_or_waits_for_another_thread_if_no_thread_can_be_started() {
    // Stacks of 200 MB, of which only a few fit into the limit.
    let limited = "ulimit -v 1200000; RUST_MIN_STACK=200000000 exec \"$@\"";
    at_once(&["thread", "pool", "overlap"], |strategy| {
        // The first two pictures come together, so that there are two threads at least.
        let gallery = open(&Options { min_concurrent: 2, latency: Duration::from_millis(10), ..small() });
        let run = Program::new("/bin/sh")
            .args(["-c", limited, "sh", PROGRAM, strategy, "--url", &gallery.url(), "--retries", "0"])
            .run();
        let failed = run.output.matches("失败! cannot start a thread").count();
        let downloaded = run.output.matches("成功!").count();
        assert_eq!(failed + downloaded, 20, "{strategy}: {}", run.output);
        assert_eq!(failed > 0, strategy == "thread", "{strategy}: {}", run.output);
        assert_eq!(run.status.code(), Some(i32::from(failed > 0)), "{strategy}: {}", run.output);
    });
}

#[test]
fn a_trace_that_cannot_be_written_is_an_error_before_any_request() {
    let gallery = open(&small());
    let run = spider("thread").args(["--url", &gallery.url(), "--trace", "/nowhere/at/all.jsonl"]);
    assert_fails_with(&run, 1, &["/nowhere/at/all.jsonl", "--trace"]);
    assert_eq!(gallery.counters().requests, 0);
}

#[test]
fn a_trace_has_a_line_for_each_run_followed_by_a_line_for_each_of_its_requests() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace.jsonl");
    let run = Program::new(PROGRAM)
        .args(["--latency", "0", "--size", "2000", "--pictures", "3", "--trace"])
        .arg(&path)
        .run();
    assert!(run.status.success(), "{}", run.output);
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let runs: Vec<_> = lines.chunks(1 + 1 + 3 + 3).collect();
    assert_eq!(
        runs.iter().map(|run| run[0]["run"]["strategy"].as_str().unwrap()).collect::<Vec<_>>(),
        STRATEGIES
    );
    for run in runs {
        let total = run[0]["run"]["total_seconds"].as_f64().unwrap();
        assert!(run[0]["run"]["crawl_seconds"].as_f64().unwrap() <= total, "{run:?}");
        let kinds: Vec<_> = run[1..].iter().map(|line| line["request"]["kind"].as_str().unwrap()).collect();
        let count = |kind| kinds.iter().filter(|other| **other == kind).count();
        assert_eq!((count("listing"), count("detail"), count("image")), (1, 3, 3), "{kinds:?}");
        for request in run[1..].iter().map(|line| &line["request"]) {
            let times =
                ["queued", "sent", "first_byte", "finished"].map(|time| request[time].as_f64().unwrap());
            assert!(times.is_sorted() && times[3] <= total, "{request}");
            assert!(request["bytes"].as_u64().unwrap() > 0 && request["error"].is_null(), "{request}");
        }
    }
}

#[test]
fn the_figures_of_a_run_are_those_of_its_gallery() {
    for (strategy, connections) in [("sequential", 1), ("process", 1 + 5), ("thread", 5), ("pool", 2)] {
        let jobs = if strategy == "pool" { "2" } else { "8" };
        let run = spider(strategy)
            .args(["--json", "--latency", "20", "--bandwidth", "1000000", "--size", "20000"])
            .args(["--pictures", "5", "--jobs", jobs])
            .run();
        assert!(run.status.success(), "{}", run.output);
        let stats: serde_json::Value = serde_json::from_str(&run.output).unwrap();
        let run = &stats["runs"][0];
        assert_eq!((&run["connections"], &run["requests"]), (&connections.into(), &11.into()), "{run}");
        let seconds = |name: &str| run[name].as_f64().unwrap();
        // A latency for the listing and two more, and 100,000 bytes.
        assert!((seconds("limit_seconds") - 0.16).abs() < 1e-9, "{run}");
        let parts = seconds("crawl_seconds") + seconds("download_seconds");
        assert!((parts - seconds("total_seconds")).abs() < 1e-9, "{run}");
        assert!(seconds("total_seconds") >= seconds("limit_seconds"), "{run}");
    }
}

#[test]
fn the_time_that_a_connection_takes_is_that_of_the_option() {
    let run = spider("sequential").args(["--json", "--connect", "100", "--pictures", "1"]).run();
    let stats: serde_json::Value = serde_json::from_str(&run.output).unwrap();
    assert!(stats["runs"][0]["crawl_seconds"].as_f64().unwrap() >= 0.1, "{stats}");
}

#[test]
fn the_cpu_time_of_a_run_is_that_of_this_process_and_of_all_children() {
    let gallery = open(&Options { pictures: 3, ..small() });
    for (strategy, has_children) in [(Strategy::Process, true), (Strategy::Thread, false)] {
        let folder = tempfile::tempdir().unwrap();
        let spider = quiet(config(&gallery, folder.path(), limits()), &CancelToken::default());
        strategies::run(strategy, &spider).unwrap();
        let usage = ResourceUsage { cpu: Duration::from_secs(1_000), memory: Some(1_000_000_000) };
        let children = spider.tally().child_usage;
        assert_eq!((!children.cpu.is_zero(), children.memory.is_some()), (has_children, has_children));
        let stats = RunStats::new(strategy, &spider, 1.0, usage, None);
        assert!((stats.cpu_seconds - (1_000.0 + children.cpu.as_secs_f64())).abs() < 1e-9, "{strategy}");
        let memory = 1_000_000_000 + children.memory.unwrap_or_default();
        assert_eq!((stats.peak_memory_bytes, stats.connections), (Some(memory), None), "{strategy}");
    }
}

#[test]
fn a_picture_that_fails_makes_the_run_fail_with_and_without_json() {
    let gallery = open(&Options { pictures: 3, faults: vec![(1, Fault::NotFound)], ..small() });
    for strategy in STRATEGIES.map(Some).into_iter().chain([None]) {
        for json in [None, Some("--json")] {
            let url = gallery.url();
            let arguments = strategy.into_iter().chain(["--url", &url]).chain(json);
            let run = Program::new(PROGRAM).args(arguments).run();
            assert_eq!(run.status.code(), Some(1), "{strategy:?} {json:?}: {}", run.output);
            let failed = if strategy.is_some() { 1 } else { 5 };
            let hint = if json.is_some() { "run without --json to see why" } else { "see above" };
            let error = format!("error: {failed} downloads failed; {hint}");
            assert!(run.lines().any(|line| line == error), "{}", run.output);
        }
    }
}

#[test]
fn json_output_is_one_object_with_all_statistics() {
    let run =
        Program::new(PROGRAM).args(["--json", "--latency", "0", "--size", "2000", "--pictures", "5"]).run();
    assert!(run.status.success(), "{}", run.output);
    let stats: serde_json::Value = serde_json::from_str(&run.output).unwrap();
    let runs = stats["runs"].as_array().unwrap();
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
