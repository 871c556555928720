//! Each program in `wrong/` is wrong, and the fix in its comments fixes it.

use course_tests::mistakes::{Compiled, Mistake, assert_hangs_after};

const LESSON: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn where_main_keeps_a_writers_end_the_reader_never_ends() {
    let wrong = Compiled::new(Mistake::read(LESSON, "end_kept_open").source());
    assert_hangs_after("producer1生产了0\n", &wrong.program());
}

#[test]
fn where_main_drops_it_the_reader_ends() {
    let right = Compiled::new(&Mistake::read(LESSON, "end_kept_open").fixed());
    assert_eq!(right.program().run().output, "producer1生产了0\nmain: the consumer has ended\n");
}

#[test]
fn where_both_sides_write_first_neither_reads() {
    let wrong = Compiled::new(Mistake::read(LESSON, "both_write_first").source());
    assert_hangs_after("main: sending\n", &wrong.program());
}

#[test]
fn where_one_side_reads_meanwhile_all_comes_back() {
    let right = Compiled::new(&Mistake::read(LESSON, "both_write_first").fixed());
    assert_eq!(right.program().run().output, "main: sending\nmain: 1048576 bytes came back\n");
}
