use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use gallery::GalleryProcess;
use gallery::{Counters, Options};
use tempfile::TempDir;

/// A program that does what a gallery's process does, or fails to: a shell's lines, with the options as `$2`.
fn program(lines: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("program");
    fs::write(&path, format!("#!/bin/sh\n{lines}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    (folder, path)
}

/// Held while a program is written and while any is started: a child that is just being started has all files open that
/// this process has, and a program that somebody writes to cannot be run.
fn starting() -> MutexGuard<'static, ()> {
    static STARTING: Mutex<()> = Mutex::new(());
    STARTING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn start(lines: &str) -> anyhow::Result<GalleryProcess> {
    let _starting = starting();
    let (_folder, path) = program(lines);
    GalleryProcess::start(&path, &Options { pictures: 7, ..Options::default() })
}

fn is_running(id: u32) -> bool {
    let _starting = starting();
    let mut probe = Command::new("kill");
    probe.args(["-0", &id.to_string()]).stderr(Stdio::null()).status().unwrap().success()
}

#[test]
fn its_address_is_read_and_what_it_counted_after_its_lifeline_has_ended() {
    let counters = Counters { connections: 1, requests: 2, picture_requests: 3, bytes: 4, peak: 5 };
    let json = serde_json::to_string(&counters).unwrap();
    let annex = start(&format!("echo http://127.0.0.1:1/$1/; cat; echo '{json}'")).unwrap();
    assert_eq!(annex.url(), "http://127.0.0.1:1/--serve-gallery/");
    let id = annex.id();
    assert!(is_running(id));
    assert_eq!(annex.close().unwrap(), counters);
    assert!(!is_running(id));
}

#[test]
fn the_options_arrive_as_they_were() {
    let annex = start("echo \"$2\"; cat").unwrap();
    let options: Options = serde_json::from_str(annex.url()).unwrap();
    assert_eq!(options, Options { pictures: 7, ..Options::default() });
}

#[test]
fn dropped_it_is_killed_and_waited_for_even_if_it_does_not_look_at_its_lifeline() {
    let annex = start("echo http://127.0.0.1:1/; exec sleep 1000").unwrap();
    let id = annex.id();
    assert!(is_running(id));
    drop(annex);
    assert!(!is_running(id));
}

#[test]
fn what_does_not_behave_like_a_gallery_is_an_error() {
    for (lines, why) in [("exit 7", "exit status: 7"), ("exit 0", "exit status: 0")] {
        let error = start(lines).unwrap_err();
        assert!(format!("{error:#}").contains(why), "{error:#}");
    }
    for (lines, why) in [
        ("echo address; cat; exit 7", "exit status: 7"),
        ("echo address; cat", "has counted"),
        ("echo address; cat; echo 7", "has counted"),
    ] {
        let error = start(lines).unwrap().close().unwrap_err();
        assert!(format!("{error:#}").contains(why), "{error:#}");
    }
    let _starting = starting();
    let nowhere = GalleryProcess::start("/nowhere/at/all".as_ref(), &Options::default()).unwrap_err();
    assert!(nowhere.to_string().contains("/nowhere/at/all"), "{nowhere:#}");
}
