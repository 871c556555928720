//! Child processes: how they start and end.

use std::env;
use std::process::{self, Command, ExitCode, program};

use exploration::explore::{every_schedule, explore_failing};

use crate::{outcomes, outputs};

fn again() -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.arg("child");
    command
}

fn is_child() -> bool {
    env::args().len() > 1
}

#[test]
fn a_process_ends_with_the_status_that_main_returns_or_exit_is_given() {
    fn main() -> Result<ExitCode, String> {
        if is_child() {
            match env::args().nth(2).as_deref() {
                Some("error") => return Err("no tea".to_owned()),
                Some("exit") => process::exit(256),
                _ => return Ok(ExitCode::from(3)),
            }
        }
        for how in ["error", "exit", "code"] {
            let status = again().arg(how).status().unwrap();
            println!("{:?} {}", status.code(), status.success());
        }
        Ok(ExitCode::SUCCESS)
    }
    assert_eq!(outputs(program(main, &[])), ["Some(1) false / Some(0) true / Some(3) false"]);
}

#[test]
fn a_process_whose_main_thread_panics_drops_its_values_and_ends_with_101() {
    struct Reports;

    impl Drop for Reports {
        fn drop(&mut self) {
            println!("dropped");
        }
    }

    fn main() {
        if is_child() {
            let _reports = Reports;
            panic!("in the child");
        }
        println!("{:?}", again().status().unwrap().code());
    }
    assert_eq!(outcomes(program(main, &[])), ["dropped / Some(101)"]);
}

#[test]
fn a_child_that_is_not_waited_for_is_left_behind() {
    fn main() {
        let mut child = Command::new("echo").spawn().unwrap();
        if is_child() {
            child.wait().unwrap();
        }
    }
    let left = |args| {
        let explored = explore_failing(program(main, args));
        (explored.failures(), explored.runs())
    };
    let (leave, runs) = left(&[]);
    assert!(leave == runs && runs > 0, "{leave} of {runs}");
    assert_eq!(left(&["wait"]).0, 0);
}

#[test]
fn a_child_that_was_found_ended_is_waited_for() {
    fn main() {
        let mut child = Command::new("echo").spawn().unwrap();
        match child.try_wait().unwrap() {
            Some(status) => println!("ended {}", status.success()),
            None => println!("running {}", child.wait().unwrap().success()),
        }
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    let explored = every_schedule(program(main, &[]));
    let outcomes = course_tests::mistakes::summaries(&explored.outcomes());
    assert!(outcomes.iter().any(|outcome| outcome.contains("ended true")), "{outcomes:?}");
    assert!(outcomes.iter().any(|outcome| outcome.contains("running true")), "{outcomes:?}");
}

#[test]
fn a_program_that_cannot_be_explored_is_refused_with_those_that_can() {
    let program = || println!("{}", Command::new("ls").spawn().unwrap_err());
    let expected = "cannot explore ls: known are the program itself (`env::current_exe`), cat, echo";
    assert_eq!(outputs(program), [expected]);
}

#[test]
fn processes_have_different_numbers() {
    fn main() {
        if is_child() {
            return println!("{}", process::id());
        }
        let child = again().spawn().unwrap();
        assert_ne!(child.id(), process::id());
        print!("{} = ", child.id());
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        println!();
    }
    let all = outputs(program(main, &[]));
    assert!(all.iter().any(|one| one == "1001 / 1001 = "), "{all:?}");
}
