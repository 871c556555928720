use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use gallery::{Counters, GalleryProcess, Options};
use tempfile::TempDir;

use crate::spawn_lock;

/// Writes a shell script that stands in for the gallery. Its `$2` are the options.
fn program(lines: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("program");
    fs::write(&path, format!("#!/bin/sh\n{lines}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    (folder, path)
}

fn start(lines: &str) -> anyhow::Result<GalleryProcess> {
    let _lock = spawn_lock();
    let (_folder, path) = program(lines);
    GalleryProcess::start(&path, &Options { pictures: 7, ..Options::default() })
}

fn is_running(id: u32) -> bool {
    let _lock = spawn_lock();
    let mut probe = Command::new("kill");
    probe.args(["-0", &id.to_string()]).stderr(Stdio::null()).status().unwrap().success()
}

#[test]
fn start_reads_the_url_and_close_reads_the_counters() {
    let counters = Counters { connections: 1, requests: 2, picture_requests: 3, bytes: 4, peak: 5 };
    let json = serde_json::to_string(&counters).unwrap();
    let gallery = start(&format!("echo http://127.0.0.1:1/$1/; cat; echo '{json}'")).unwrap();
    assert_eq!(gallery.url(), "http://127.0.0.1:1/--serve-gallery/");
    let id = gallery.id();
    assert!(is_running(id));
    assert_eq!(gallery.close().unwrap(), counters);
    assert!(!is_running(id));
}

#[test]
fn the_options_are_passed_unchanged() {
    let gallery = start("echo \"$2\"; cat").unwrap();
    let options: Options = serde_json::from_str(gallery.url()).unwrap();
    assert_eq!(options, Options { pictures: 7, ..Options::default() });
}

#[test]
fn drop_kills_and_reaps_a_process_that_ignores_its_input() {
    let gallery = start("echo http://127.0.0.1:1/; exec sleep 1000").unwrap();
    let id = gallery.id();
    assert!(is_running(id));
    drop(gallery);
    assert!(!is_running(id));
}

#[test]
fn a_gallery_that_opens_is_killed_and_reaped_if_it_is_cancelled() {
    let _lock = spawn_lock();
    let (folder, path) = program("echo $$ >\"$(dirname \"$0\")/id\"; exec sleep 1000");
    let id = || fs::read_to_string(folder.path().join("id")).ok().filter(|id| id.ends_with('\n'));
    let cancelled = GalleryProcess::start_unless(&path, &Options::default(), || id().is_some()).unwrap_err();
    assert!(format!("{cancelled:#}").contains("cancelled"), "{cancelled:#}");
    let mut probe = Command::new("kill");
    probe.args(["-0", id().unwrap().trim()]).stderr(Stdio::null());
    assert!(!probe.status().unwrap().success());
}

#[test]
fn a_program_that_is_not_a_gallery_is_an_error() {
    for (lines, why) in [
        ("exit 7", "exit status: 7"),
        ("exit 0", "exit status: 0"),
        ("echo; exec sleep 1000", "an empty line"),
        ("exec sleep 1000 >&-", "closed its standard output"),
    ] {
        let error = start(lines).unwrap_err();
        assert!(format!("{error:#}").contains(why), "{error:#}");
    }
    for (lines, why) in [
        ("echo url; cat; exit 7", "exit status: 7"),
        ("echo url; cat", "invalid counters"),
        ("echo url; cat; echo 7", "invalid counters"),
    ] {
        let error = start(lines).unwrap().close().unwrap_err();
        assert!(format!("{error:#}").contains(why), "{error:#}");
    }
    let _lock = spawn_lock();
    let nowhere = GalleryProcess::start("/nowhere/at/all".as_ref(), &Options::default()).unwrap_err();
    assert!(nowhere.to_string().contains("/nowhere/at/all"), "{nowhere:#}");
}
