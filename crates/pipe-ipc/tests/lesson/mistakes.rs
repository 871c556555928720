//! Each program in `wrong/` is wrong, and the fix in its comments fixes it.

use course_tests::mistakes::{Compiled, Mistake, assert_hangs_after};

const LESSON: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn the_reader_never_ends_if_main_keeps_its_write_end() {
    let wrong = Compiled::new(Mistake::read(LESSON, "end_kept_open").source());
    assert_hangs_after("producer1生产了0\n", &wrong.program());
}

#[test]
fn the_reader_ends_once_main_drops_its_write_end() {
    let right = Compiled::new(&Mistake::read(LESSON, "end_kept_open").fixed());
    assert_eq!(right.program().run().output, "producer1生产了0\nmain: the consumer has ended\n");
}

#[test]
fn neither_side_reads_if_both_write_first() {
    let wrong = Compiled::new(Mistake::read(LESSON, "both_write_first").source());
    assert_hangs_after("main: sending\n", &wrong.program());
}

#[test]
fn everything_comes_back_if_one_side_reads_while_it_writes() {
    let right = Compiled::new(&Mistake::read(LESSON, "both_write_first").fixed());
    assert_eq!(right.program().run().output, "main: sending\nmain: 1048576 bytes came back\n");
}
