//! Each program in `wrong/` is wrong, and the fix in its comments fixes it.

use std::process::program;

use course_tests::mistakes::{Compiled, Mistake, assert_hangs_after, summaries};
use exploration::explore::{every_schedule, outcomes};

#[allow(clippy::large_stack_arrays, reason = "the compiler makes it a constant")]
#[path = "../../wrong/both_write_first.rs"]
mod both_write_first;
#[path = "../../wrong/end_kept_open.rs"]
mod end_kept_open;

const LESSON: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn the_reader_never_ends_if_main_keeps_its_write_end() {
    let seen = outcomes(program(end_kept_open::main, &[]));
    assert_eq!(summaries(&seen), ["producer1生产了0 / (waits forever)"]);
    let wrong = Compiled::new(Mistake::read(LESSON, "end_kept_open").source());
    assert_hangs_after("producer1生产了0\n", &wrong.program());
}

#[test]
fn the_reader_ends_once_main_drops_its_write_end() {
    let mistake = Mistake::read(LESSON, "end_kept_open");
    mistake.assert_fix_is("end_dropped", include_str!("mistakes.rs"));
    let explored = every_schedule(program(end_dropped::main, &[]));
    assert_eq!(summaries(&explored.outcomes()), ["producer1生产了0 / main: the consumer has ended"]);
    let right = Compiled::new(&mistake.fixed());
    assert_eq!(right.program().run().output, "producer1生产了0\nmain: the consumer has ended\n");
}

#[test]
fn neither_side_reads_if_both_write_first() {
    let seen = outcomes(program(both_write_first::main, &[]));
    assert_eq!(summaries(&seen), ["main: sending / (waits forever)"]);
    let wrong = Compiled::new(Mistake::read(LESSON, "both_write_first").source());
    assert_hangs_after("main: sending\n", &wrong.program());
}

#[test]
fn everything_comes_back_if_one_side_reads_while_it_writes() {
    let mistake = Mistake::read(LESSON, "both_write_first");
    mistake.assert_fix_is("one_reads_meanwhile", include_str!("mistakes.rs"));
    let explored = every_schedule(program(one_reads_meanwhile::main, &[]));
    assert_eq!(summaries(&explored.outcomes()), ["main: sending / main: 1048576 bytes came back"]);
    let right = Compiled::new(&mistake.fixed());
    assert_eq!(right.program().run().output, "main: sending\nmain: 1048576 bytes came back\n");
}

// The fixed programs, to be run under every schedule.

mod end_dropped {
    use std::io::{self, Write};
    use std::process::Command;

    pub(crate) fn main() -> io::Result<()> {
        let (reader, mut writer) = io::pipe()?;
        let mut consumer = Command::new("cat").stdin(reader).spawn()?;
        writeln!(writer, "producer1生产了0")?;
        drop(writer);
        consumer.wait()?;
        println!("main: the consumer has ended");
        Ok(())
    }
}

#[allow(clippy::large_stack_arrays, reason = "the compiler makes it a constant")]
mod one_reads_meanwhile {
    use std::io::{self, Write};
    use std::process::{ChildStdin, Command, Stdio};

    pub(crate) fn main() -> io::Result<()> {
        let mut child = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (to_child, from_child) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        println!("main: sending");
        std::thread::spawn(|| send(to_child));
        println!("main: {} bytes came back", io::read_to_string(from_child)?.len());
        child.wait()?;
        Ok(())
    }

    fn send(mut end: ChildStdin) -> io::Result<()> {
        end.write_all(&[b'.'; 1 << 20])
    }
}
