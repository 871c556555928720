use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

use gallery::Counters;

use crate::client::Client;
use crate::spawn_lock;

/// Runs the program and returns it with the rest of its output and its URL.
fn run(arguments: &[&str]) -> (Child, BufReader<ChildStdout>, String) {
    let lock = spawn_lock();
    let mut program = Command::new(env!("CARGO_BIN_EXE_gallery"));
    let mut program = program.args(arguments).stdout(Stdio::piped()).spawn().unwrap();
    drop(lock);
    let mut output = BufReader::new(program.stdout.take().unwrap());
    let mut url = String::new();
    output.read_line(&mut url).unwrap();
    (program, output, url)
}

#[test]
fn the_program_serves_with_its_faults_until_a_signal_ends_it() {
    for (signal, status) in [("-INT", 130), ("-TERM", 143)] {
        let faults = ["--fault", "0=not-found", "--fault", "1={\"redirect\":\"/a.jpg\"}"];
        let (mut program, mut output, url) = run(&[&["--pictures=2", "--size=2000"][..], &faults].concat());
        let mut client = Client::connect(&url);
        let listing = client.get("/4kdongman/").unwrap();
        assert_eq!(String::from_utf8_lossy(&listing.body).matches("/tupian/").count(), 2);
        assert_eq!(client.get("/uploads/allimg/240521/100000-17162568000000.jpg").unwrap().status, 404);
        let redirect = client.get("/uploads/allimg/240521/102037-17162580371eef.jpg").unwrap();
        assert_eq!((redirect.status, redirect.field("Location")), (302, Some("/a.jpg")));

        let lock = spawn_lock();
        let killed = Command::new("kill").args([signal, &program.id().to_string()]).status().unwrap();
        drop(lock);
        assert!(killed.success());
        assert_eq!(program.wait().unwrap().code(), Some(status));
        let mut rest = String::new();
        output.read_to_string(&mut rest).unwrap();
        let counters: Counters = serde_json::from_str(&rest).unwrap();
        assert_eq!((counters.connections, counters.requests, counters.picture_requests), (1, 3, 2));
        assert!(client.get("/4kdongman/").is_err(), "the connection is closed");
    }
}

#[test]
fn invalid_arguments_and_a_port_in_use_are_errors_that_name_the_value() {
    let (mut first, _output, url) = run(&[]);
    let port = url.trim_end().trim_end_matches("/4kdongman/").rsplit(':').next().unwrap();
    for (argument, status, why) in [
        ("--fault=0", 2, "NUMBER=FAULT"),
        ("--fault=0=broken", 2, "unknown variant `broken`, expected one of `not-found`"),
        ("--fault=24=stalled", 1, "picture 24"),
        ("--size=1", 1, "1 bytes"),
        (&format!("--port={port}"), 1, "cannot start the gallery"),
    ] {
        let _lock = spawn_lock();
        let output = Command::new(env!("CARGO_BIN_EXE_gallery")).arg(argument).output().unwrap();
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{message}");
        assert!(message.contains(why), "{message}");
    }
    first.kill().unwrap();
    first.wait().unwrap();
}
