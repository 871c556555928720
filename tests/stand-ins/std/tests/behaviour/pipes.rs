//! Pipes of bytes.

use std::io::{self, Read, Write};
use std::process::{Command, Stdio, program};
use std::thread;

use crate::{outcomes, outputs};

#[test]
fn a_text_goes_through_a_pipe_and_ends_with_its_writer() {
    let program = || {
        let (reader, mut writer) = io::pipe().unwrap();
        let (tea, toast) = ("tea", "toast");
        let thread = thread::spawn(move || write!(writer, "{tea} and {toast}"));
        println!("{}", io::read_to_string(reader).unwrap());
        thread.join().unwrap().unwrap();
    };
    assert_eq!(outputs(program), ["tea and toast"]);
}

#[test]
fn a_pipe_without_a_reader_is_broken() {
    let program = || {
        let (reader, mut writer) = io::pipe().unwrap();
        let clone = reader.try_clone().unwrap();
        drop(reader);
        writer.write_all(b"held").unwrap();
        drop(clone);
        println!("{}", writer.write_all(b"lost").unwrap_err());
    };
    assert_eq!(outputs(program), ["Broken pipe (os error 32)"]);
}

#[test]
fn a_full_pipe_waits_for_room_for_a_write_that_is_not_split() {
    let program = || {
        let (mut reader, mut writer) = io::pipe().unwrap();
        writer.write_all(&vec![1; 1 << 16]).unwrap();
        assert_eq!(reader.read(&mut [0; 10]).unwrap(), 10);
        writer.write_all(&[2; 10]).unwrap();
        println!("full");
        assert_eq!(reader.read(&mut [0; 10]).unwrap(), 10);
        writer.write_all(&[3; 11]).unwrap();
        println!("never");
    };
    assert_eq!(outcomes(program), ["full / (waits forever)"]);
}

#[test]
fn a_command_keeps_the_end_that_it_passes_to_a_child_until_it_is_dropped() {
    fn main() {
        let (reader, writer) = io::pipe().unwrap();
        let mut command = Command::new("echo");
        let mut child = command.arg("tea").stdout(writer).spawn().unwrap();
        child.wait().unwrap();
        println!("echo has ended");
        if std::env::args().len() > 1 {
            drop(command);
        }
        print!("{}", io::read_to_string(reader).unwrap());
    }
    assert_eq!(outcomes(program(main, &[])), ["echo has ended / (waits forever)"]);
    assert_eq!(outputs(program(main, &["drop"])), ["echo has ended / tea"]);
}

#[test]
fn a_process_closes_its_pipes_at_its_exit() {
    fn main() {
        if std::env::args().len() > 1 {
            // It neither reads nor closes its standard input, and `exit` runs no destructors.
            std::process::exit(0);
        }
        let mut child = Command::new(std::env::current_exe().unwrap())
            .arg("child")
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        child.wait().unwrap();
        println!("{}", stdin.write_all(b"unread").unwrap_err());
    }
    assert_eq!(outputs(program(main, &[])), ["Broken pipe (os error 32)"]);
}

#[test]
fn a_child_inherits_the_standard_input_of_its_parent_and_the_first_process_has_an_empty_one() {
    fn main() {
        println!("{:?}", io::read_to_string(io::stdin()).unwrap());
        if std::env::args().len() == 1 {
            Command::new(std::env::current_exe().unwrap()).arg("child").status().unwrap();
        }
    }
    assert_eq!(outputs(program(main, &[])), [r#""" / """#]);
}
