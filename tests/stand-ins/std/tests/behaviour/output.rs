//! What a process prints, and what happens if nothing reads it.

use std::env;
use std::io::{self, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{self, Command, ExitCode, Stdio, program};

use scenarios::Lesson;

use crate::outputs;

/// Runs this program again as a child whose output is a pipe without a reader, and prints how it ends.
fn run_without_reader(program: &str) {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let status = Command::new(program).arg("child").stdout(writer).status().unwrap();
    println!("code {:?}, signal {:?}", status.code(), status.signal());
}

#[test]
fn a_line_in_pieces_goes_out_as_a_whole() {
    let program = || {
        print!("one");
        print!(" line\nand ");
        println!("another");
    };
    assert_eq!(outputs(program), ["one line / and another"]);
}

#[test]
fn an_incomplete_line_goes_out_at_the_exit_of_the_process() {
    fn main() {
        print!("the end");
    }
    assert_eq!(outputs(main), ["the end"]);
    assert_eq!(outputs(program(main, &[])), ["the end"]);
}

#[test]
fn an_incomplete_line_in_a_pipe_goes_out_with_its_newline_a_flush_or_the_exit() {
    fn main() {
        if env::args().len() > 1 {
            print!("a");
            println!("b");
            print!("c");
            io::stdout().flush().unwrap();
            print!("d");
            return;
        }
        let output = Command::new(env::current_exe().unwrap()).arg("child").output().unwrap();
        println!("{:?}", String::from_utf8(output.stdout).unwrap());
    }
    assert_eq!(outputs(program(main, &[])), [r#""ab\ncd""#]);
}

#[test]
fn println_panics_if_nothing_reads_standard_output() {
    fn main() {
        if env::args().len() == 1 {
            return run_without_reader(&env::current_exe().unwrap().to_string_lossy());
        }
        println!("lost");
    }
    let explored = exploration::explore::explore_failing(program(main, &[]));
    assert_eq!(course_tests::mistakes::summaries(&explored.outcomes()), ["code Some(101), signal None"]);
    let shown = explored.failure().expect("the child panics").to_string();
    assert!(shown.contains("failed printing to stdout: Broken pipe (os error 32)"), "{shown}");
}

#[test]
fn a_lesson_ends_quietly_if_nothing_reads_its_standard_output() {
    fn main() -> ExitCode {
        Lesson::new("lesson")
            .only_scenario("starts a child", || {
                run_without_reader(&env::current_exe().unwrap().to_string_lossy());
            })
            .child("child", |[]| -> () {
                scenarios::print_line("lost, and it runs on").unwrap();
                println!("lost, and it ends");
                // The hook has ended it.
                process::exit(3)
            })
            .run()
    }
    assert_eq!(outputs(program(main, &[])), ["code Some(0), signal None"]);
}

#[test]
fn a_program_of_the_system_is_ended_by_a_signal_if_nothing_reads_its_standard_output() {
    assert_eq!(outputs(program(|| run_without_reader("echo"), &[])), ["code None, signal Some(13)"]);
}

#[test]
fn an_output_that_is_null_is_thrown_away() {
    fn main() {
        println!("{}", env::args().len());
        if env::args().len() == 1 {
            let this_program = env::current_exe().unwrap();
            Command::new(this_program).arg("child").stdout(Stdio::null()).status().unwrap();
            Command::new("echo").stdout(Stdio::null()).status().unwrap();
        }
    }
    assert_eq!(outputs(program(main, &[])), ["1"]);
}

#[test]
fn a_line_in_pieces_goes_into_a_pipe_as_a_whole() {
    fn main() {
        if env::args().len() > 1 {
            print!("in ");
            return println!("pieces");
        }
        let mut command = Command::new(env::current_exe().unwrap());
        let mut child = command.arg("child").stdout(Stdio::piped()).spawn().unwrap();
        let mut text = [0; 100];
        let count = child.stdout.take().unwrap().read(&mut text).unwrap();
        print!("{}", String::from_utf8_lossy(&text[..count]));
        child.wait().unwrap();
    }
    assert_eq!(outputs(program(main, &[])), ["in pieces"]);
}
