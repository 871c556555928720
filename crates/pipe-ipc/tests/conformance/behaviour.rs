//! The table of behaviours, row by row: every call in the situations that matter.

use std::fs::File;
use std::io::Write;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use pipe_ipc::{duplex, pipe, wait};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

use crate::peer::CPython;
use crate::scenario::Step::{
    OtherCloses, OtherIsRefused, OtherReads, OtherReadsTheEnd, OtherSends, OtherStopsSending, OtherWrites,
};
use crate::scenario::{Kind, Receiving, Sending, TwoWay, differs, play, same};
use crate::subject::Call::{
    Close, Poll, Recv, RecvBytes, RecvBytesAtMost, RecvBytesInto, Send, SendBytes, SendBytesPart,
};
use crate::subject::{REFUSED, wait_until_alone};

/// What receives.
const RECEIVES: &[Kind] = &[Receiving, TwoWay];
/// What sends.
const SENDS: &[Kind] = &[Sending, TwoWay];

/// A message of four bytes, and one of two.
const FOUR: &[u8] = b"\0\0\0\x04four";
const OK: &[u8] = b"\0\0\0\x02ok";
/// The string `well` as an object.
const WELL: &[u8] = b"\x8c\x04well.";

/// Why a message that is cut at a boundary of its parts is no end of file here.
const SOMETHING_IS_LOST: &str =
    "CPython reads the end where a part of a message should begin, and takes it for the end";
/// Why an end that could receive no more says the same as when it began to.
const REASON_KEPT: &str = "CPython forgets why it stopped";
/// Why what follows a bad length is not received.
const OUT_OF_STEP: &str = "CPython does not notice, and gets out of step";
const COMPILER: &str = "the types say it";
const UNSIGNED: &str = "there are no negative lengths in Rust";
const ONE_ERROR: &str = "one error says the whole range that is not there";
const DATA: &str = "what comes is data: nothing that it names is looked up or called";

#[test]
fn messages_arrive_with_their_bounds_an_empty_one_too() {
    play(
        RECEIVES,
        &[
            OtherWrites(b"\0\0\0\x04four\0\0\0\0\0\0\0\x02ok"),
            same(RecvBytes, "b'four'"),
            same(RecvBytes, "b''"),
            same(RecvBytes, "b'ok'"),
        ],
    );
}

#[test]
fn a_long_header_may_announce_a_short_message() {
    play(
        RECEIVES,
        &[
            OtherWrites(b"\xff\xff\xff\xff\0\0\0\0\0\0\0\x02hm\xff\xff\xff\xff\0\0\0\0\0\0\0\0"),
            OtherSends(b"ok"),
            same(RecvBytes, "b'hm'"),
            same(RecvBytes, "b''"),
            same(RecvBytes, "b'ok'"),
        ],
    );
}

#[test]
fn what_was_sent_before_the_end_comes_first_and_then_the_end_again_and_again() {
    play(
        RECEIVES,
        &[
            OtherSends(b"four"),
            OtherCloses,
            same(RecvBytes, "b'four'"),
            same(RecvBytes, "end of file"),
            same(RecvBytesAtMost(0), "end of file"),
            same(RecvBytesInto(4, 0), "end of file"),
            same(Recv, "end of file"),
        ],
    );
}

#[test]
fn the_other_side_may_stop_sending_and_still_receive() {
    play(
        &[TwoWay],
        &[
            OtherSends(b"ok"),
            OtherStopsSending,
            same(RecvBytes, "b'ok'"),
            same(RecvBytes, "end of file"),
            same(SendBytes(b"four"), "None"),
            OtherReads(FOUR),
        ],
    );
}

#[test]
fn a_message_cut_inside_one_of_its_parts_is_truncated_and_then_the_stream_is_at_its_end() {
    for cut in [&b"\0"[..], b"\0\0\0", b"\xff\xff\xff\xff\0\0\0", b"\0\0\0\x04f", b"\0\0\0\x04fou"] {
        play(
            RECEIVES,
            &[OtherWrites(cut), OtherCloses, same(RecvBytes, "truncated"), same(RecvBytes, "end of file")],
        );
    }
    for call in [Recv, RecvBytesAtMost(4), RecvBytesInto(3, 0)] {
        play(
            RECEIVES,
            &[OtherWrites(b"\0\0\0\x04fou"), OtherCloses, same(call, "truncated"), same(call, "end of file")],
        );
    }
}

#[test]
fn of_a_truncated_message_that_fits_the_buffer_holds_what_came() {
    play(
        RECEIVES,
        &[
            OtherWrites(b"\0\0\0\x04fou"),
            OtherCloses,
            differs(
                RecvBytesInto(6, 1),
                "truncated in b'.fou..'",
                "truncated",
                "it is received in its place",
            ),
        ],
    );
}

#[test]
fn a_message_cut_between_its_parts_is_truncated_too() {
    for cut in [&b"\0\0\0\x04"[..], b"\xff\xff\xff\xff", b"\xff\xff\xff\xff\0\0\0\0\0\0\0\x04"] {
        play(
            RECEIVES,
            &[
                OtherWrites(cut),
                OtherCloses,
                differs(RecvBytes, "truncated", "end of file", SOMETHING_IS_LOST),
                same(RecvBytes, "end of file"),
            ],
        );
    }
}

#[test]
fn a_message_exactly_as_long_as_accepted_is_received() {
    play(
        RECEIVES,
        &[
            OtherWrites(b"\0\0\0\x04four\0\0\0\0"),
            OtherSends(b"ok"),
            same(RecvBytesAtMost(4), "b'four'"),
            same(RecvBytesAtMost(0), "b''"),
            differs(RecvBytesAtMost(-1), REFUSED, "ValueError: negative maxlength", UNSIGNED),
            same(RecvBytesAtMost(i32::MAX), "b'ok'"),
        ],
    );
}

#[test]
fn after_a_message_that_is_too_long_a_one_way_end_is_closed() {
    play(
        &[Receiving],
        &[
            OtherSends(b"four"),
            OtherSends(b"ok"),
            same(RecvBytesAtMost(3), "too long"),
            OtherIsRefused,
            differs(RecvBytes, "too long", "OSError: handle is closed", REASON_KEPT),
            differs(Recv, "too long", "OSError: handle is closed", REASON_KEPT),
            differs(Poll(Some(0)), "too long", "OSError: handle is closed", REASON_KEPT),
            differs(
                RecvBytesInto(4, 5),
                "out of range",
                "OSError: handle is closed",
                "the argument is looked at first",
            ),
            differs(RecvBytesInto(4, 0), "too long", "OSError: handle is closed", REASON_KEPT),
        ],
    );
}

#[test]
fn after_a_message_that_is_too_long_a_two_way_end_still_sends() {
    play(
        &[TwoWay],
        &[
            OtherSends(b"four"),
            OtherSends(b"ok"),
            same(RecvBytesAtMost(3), "too long"),
            differs(RecvBytes, "too long", "OSError: connection is write-only", REASON_KEPT),
            differs(Recv, "too long", "OSError: connection is write-only", REASON_KEPT),
            differs(Poll(Some(0)), "too long", "OSError: connection is write-only", REASON_KEPT),
            same(SendBytes(b"four"), "None"),
            OtherReads(FOUR),
            OtherCloses,
            differs(RecvBytes, "too long", "OSError: connection is write-only", REASON_KEPT),
        ],
    );
}

#[test]
fn a_hostile_length_is_too_long_wherever_a_longest_is_given() {
    for claim in [&b"\x7f\xff\xff\xff"[..], b"\xff\xff\xff\xff\x7f\xff\xff\xff\xff\xff\xff\xff"] {
        play(
            RECEIVES,
            &[OtherWrites(claim), OtherWrites(b"a few bytes"), same(RecvBytesAtMost(4), "too long")],
        );
    }
}

#[test]
fn a_length_below_minus_one_is_a_bad_length_ever_after() {
    for call in [RecvBytes, RecvBytesAtMost(0)] {
        play(
            RECEIVES,
            &[
                OtherWrites(b"\xff\xff\xff\xfb"),
                OtherSends(b"ok"),
                differs(call, "bad length", "b''", OUT_OF_STEP),
                differs(RecvBytes, "bad length", "b'ok'", OUT_OF_STEP),
                OtherCloses,
                differs(RecvBytes, "bad length", "end of file", OUT_OF_STEP),
            ],
        );
    }
}

#[test]
fn after_a_bad_length_a_two_way_end_still_sends() {
    play(
        &[TwoWay],
        &[
            OtherWrites(b"\x80\0\0\0"),
            differs(RecvBytes, "bad length", "b''", OUT_OF_STEP),
            differs(Poll(Some(0)), "bad length", "False", OUT_OF_STEP),
            same(SendBytes(b"ok"), "None"),
            OtherReads(OK),
        ],
    );
}

#[test]
fn a_length_of_two_to_the_power_of_63_is_a_bad_length_ever_after() {
    play(
        RECEIVES,
        &[
            OtherWrites(b"\xff\xff\xff\xff\x80\0\0\0\0\0\0\0"),
            OtherSends(b"ok"),
            OtherCloses,
            differs(RecvBytes, "bad length", "OverflowError", OUT_OF_STEP),
            differs(RecvBytes, "bad length", "b'ok'", OUT_OF_STEP),
        ],
    );
    play(
        RECEIVES,
        &[
            OtherWrites(b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
            differs(RecvBytesAtMost(4), "bad length", "too long", "no message is that long"),
        ],
    );
}

#[test]
fn a_message_that_can_never_be_whole_is_received_as_far_as_it_comes() {
    play(
        RECEIVES,
        &[
            OtherWrites(b"\xff\xff\xff\xff\x3f\xff\xff\xff\xff\xff\xff\xff"),
            OtherSends(b"ok"),
            OtherCloses,
            differs(RecvBytes, "truncated", "MemoryError", "memory grows with what arrives"),
            differs(RecvBytes, "end of file", "b'ok'", OUT_OF_STEP),
        ],
    );
}

#[test]
fn a_message_is_received_into_a_buffer_from_an_offset_on() {
    play(
        RECEIVES,
        &[
            OtherWrites(b"\0\0\0\x04four\0\0\0\x04four\0\0\0\0"),
            OtherSends(b"ok"),
            same(RecvBytesInto(4, 0), "(4, b'four')"),
            same(RecvBytesInto(7, 2), "(4, b'..four.')"),
            same(RecvBytesInto(3, 3), "(0, b'...')"),
            same(RecvBytesInto(2, 0), "(2, b'ok')"),
        ],
    );
}

#[test]
fn an_offset_past_the_end_of_the_buffer_is_an_error_and_nothing_is_consumed() {
    play(
        RECEIVES,
        &[
            OtherSends(b"four"),
            differs(RecvBytesInto(3, 4), "out of range", "ValueError: offset too large", ONE_ERROR),
            differs(RecvBytesInto(0, i32::MAX), "out of range", "ValueError: offset too large", ONE_ERROR),
            differs(RecvBytesInto(3, -1), REFUSED, "ValueError: negative offset", UNSIGNED),
            same(RecvBytes, "b'four'"),
            OtherCloses,
            differs(RecvBytesInto(3, 4), "out of range", "ValueError: offset too large", ONE_ERROR),
        ],
    );
}

#[test]
fn a_buffer_that_is_too_short_is_as_it_was_and_the_error_has_the_message_and_the_next_is_intact() {
    play(
        RECEIVES,
        &[
            OtherWrites(b"\0\0\0\x04four\0\0\0\x04four\0\0\0\x01!"),
            OtherSends(b"ok"),
            same(RecvBytesInto(3, 0), "too short a buffer for b'four'"),
            same(RecvBytesInto(6, 3), "too short a buffer for b'four'"),
            same(RecvBytesInto(0, 0), "too short a buffer for b'!'"),
            same(RecvBytes, "b'ok'"),
        ],
    );
}

#[test]
fn a_message_that_is_no_pickle_is_consumed_and_the_next_object_is_intact() {
    play(
        RECEIVES,
        &[
            OtherSends(b"no pickle"),
            OtherSends(WELL),
            same(Recv, "no object"),
            same(Recv, "'well'"),
            OtherSends(b""),
            OtherSends(WELL),
            differs(Recv, "no object", "EOFError: Ran out of input", "a message came, and is no object"),
            same(Recv, "'well'"),
            // It ends in the middle of a string.
            OtherSends(b"\x8c\x04wel"),
            OtherSends(WELL),
            same(Recv, "no object"),
            same(Recv, "'well'"),
        ],
    );
}

#[test]
fn what_follows_an_object_in_its_message_is_ignored() {
    play(RECEIVES, &[OtherSends(b"K\x2a.K\x2b."), OtherSends(WELL), same(Recv, "42"), same(Recv, "'well'")]);
}

#[test]
fn a_pickle_that_calls_something_calls_nothing() {
    play(
        RECEIVES,
        &[
            OtherSends(b"c__builtin__\neval\n(S'6 * 7'\ntR."),
            OtherSends(WELL),
            differs(Recv, "no object", "42", DATA),
            same(Recv, "'well'"),
            OtherSends(b"cmath\nsqrt\n(I4\ntR0N."),
            OtherSends(WELL),
            differs(Recv, "no object", "<class 'NoneType'>", DATA),
            same(Recv, "'well'"),
        ],
    );
}

#[test]
fn a_pickle_that_is_nested_too_deep_is_no_object_and_the_next_is_intact() {
    const LEVELS: usize = 10_000;
    let pickle = [vec![b']'; LEVELS], vec![b'a'; LEVELS - 1], b".".to_vec()].concat().leak();
    play(
        RECEIVES,
        &[
            OtherSends(pickle),
            OtherSends(WELL),
            differs(Recv, "no object", "<class 'list'>", "the stack must not overflow, whatever comes"),
            same(Recv, "'well'"),
        ],
    );
}

#[test]
fn poll_says_whether_something_can_be_received_and_consumes_nothing() {
    for written in [OK, b"\0\0\0\0", b"\0"] {
        play(
            RECEIVES,
            &[
                same(Poll(Some(0)), "False"),
                same(Poll(Some(10)), "False"),
                OtherWrites(written),
                same(Poll(Some(0)), "True"),
                same(Poll(Some(60_000)), "True"),
                same(Poll(None), "True"),
            ],
        );
    }
    play(
        RECEIVES,
        &[
            OtherSends(b"ok"),
            same(Poll(None), "True"),
            same(RecvBytes, "b'ok'"),
            same(Poll(Some(0)), "False"),
        ],
    );
}

#[test]
fn poll_says_that_the_end_of_the_stream_can_be_received_before_and_after_it_was() {
    play(
        RECEIVES,
        &[
            OtherCloses,
            same(Poll(Some(0)), "True"),
            same(Poll(None), "True"),
            same(RecvBytes, "end of file"),
            same(Poll(None), "True"),
        ],
    );
}

#[test]
fn poll_says_true_for_a_message_that_never_becomes_whole() {
    play(
        RECEIVES,
        &[OtherWrites(b"\0\0\0\x04fo"), same(Poll(None), "True"), OtherCloses, same(RecvBytes, "truncated")],
    );
}

/// What the other sides of many ends have written; nothing, where they are closed.
const MANY: [Option<&[u8]>; 7] =
    [Some(OK), Some(b""), Some(b"\0\0\0\0"), None, Some(b"\0"), Some(b""), Some(OK)];
/// The same for `peer.py`.
const MANY_IN_PYTHON: &str = "[b'0002ok', b'', bytes(4), None, b'0', b'', b'0002ok']";
/// Which of them are ready.
const READY: [usize; 5] = [0, 2, 3, 4, 6];

/// Does to the other side what [`MANY`] says, and keeps it unless it is closed.
fn left_after(other: impl Into<OwnedFd>, written: Option<&[u8]>) -> Option<File> {
    let mut other = File::from(other.into());
    other.write_all(written?).expect("there is room");
    Some(other)
}

fn assert_wait_says_all_that_are_ready(ends: &[&dyn AsFd], duplex: &str) {
    wait_until_alone(ends[3]);
    assert_eq!(wait(ends, Some(Duration::ZERO)).expect("they can be waited for"), READY);
    assert_eq!(wait(ends, None).expect("they can be waited for"), READY);
    assert_eq!(wait(&ends[1..2], Some(Duration::from_millis(10))).expect("it can be waited for"), [0; 0]);
    assert_eq!(wait(&[], Some(Duration::ZERO)).expect("nothing can be waited for"), [0; 0]);
    let (receiver, _sender) = pipe().expect("a pipe");
    let Some(mut cpython) = CPython::with(receiver, "r") else { return };
    assert_eq!(cpython.ask(&format!("ready({duplex}, {MANY_IN_PYTHON})")), format!("{READY:?}"));
}

#[test]
fn of_many_pipes_wait_says_all_that_are_ready() {
    let pipes = MANY.map(|written| {
        let (receiver, sender) = pipe().expect("a pipe");
        (receiver, left_after(sender, written))
    });
    assert_wait_says_all_that_are_ready(&pipes.each_ref().map(|(end, _)| end as &dyn AsFd), "False");
}

#[test]
fn of_many_two_way_connections_wait_says_all_that_are_ready() {
    let pairs = MANY.map(|written| {
        let (left, right) = duplex().expect("a socket pair");
        (left, left_after(right, written))
    });
    assert_wait_says_all_that_are_ready(&pairs.each_ref().map(|(end, _)| end as &dyn AsFd), "True");
}

#[test]
fn a_part_of_a_buffer_is_sent_and_at_its_end_an_empty_message() {
    play(
        SENDS,
        &[
            same(SendBytes(b"four"), "None"),
            OtherReads(FOUR),
            same(SendBytes(b""), "None"),
            OtherReads(b"\0\0\0\0"),
            same(SendBytesPart(b"look", 2, None), "None"),
            OtherReads(OK),
            same(SendBytesPart(b"token", 1, Some(2)), "None"),
            OtherReads(OK),
            same(SendBytesPart(b"four", 4, None), "None"),
            OtherReads(b"\0\0\0\0"),
            same(SendBytesPart(b"four", 4, Some(0)), "None"),
            OtherReads(b"\0\0\0\0"),
            same(SendBytesPart(b"four", 1, Some(0)), "None"),
            OtherReads(b"\0\0\0\0"),
            same(Close, "None"),
            OtherReadsTheEnd,
        ],
    );
}

#[test]
fn a_part_that_the_buffer_does_not_have_is_an_error_and_nothing_is_sent() {
    let part = |offset, size| SendBytesPart(b"four", offset, size);
    play(
        SENDS,
        &[
            differs(part(-1, None), REFUSED, "ValueError: offset is negative", UNSIGNED),
            differs(part(-1, Some(-1)), REFUSED, "ValueError: offset is negative", UNSIGNED),
            differs(part(5, None), "out of range", "ValueError: buffer length < offset", ONE_ERROR),
            differs(part(5, Some(0)), "out of range", "ValueError: buffer length < offset", ONE_ERROR),
            differs(part(5, Some(-1)), REFUSED, "ValueError: buffer length < offset", UNSIGNED),
            differs(part(0, Some(-1)), REFUSED, "ValueError: size is negative", UNSIGNED),
            differs(part(0, Some(5)), "out of range", "ValueError: buffer length < offset + size", ONE_ERROR),
            differs(part(4, Some(1)), "out of range", "ValueError: buffer length < offset + size", ONE_ERROR),
            same(SendBytes(b"ok"), "None"),
            OtherReads(OK),
            same(Close, "None"),
            OtherReadsTheEnd,
        ],
    );
}

#[test]
fn sending_to_a_closed_side_is_a_broken_pipe_for_an_empty_message_too() {
    play(
        SENDS,
        &[
            OtherCloses,
            same(SendBytes(b""), "broken pipe"),
            same(SendBytes(b"ok"), "broken pipe"),
            same(Send("well"), "broken pipe"),
            same(SendBytesPart(b"look", 2, None), "broken pipe"),
            same(SendBytes(b""), "broken pipe"),
        ],
    );
}

#[test]
fn an_end_that_was_closed_with_something_unread_is_a_reset_once_and_then_the_end() {
    play(
        &[TwoWay],
        &[
            same(SendBytes(b"never read"), "None"),
            OtherSends(b"ok"),
            OtherCloses,
            same(Poll(Some(0)), "True"),
            same(RecvBytes, "b'ok'"),
            same(RecvBytes, "connection reset"),
            same(RecvBytes, "end of file"),
            same(RecvBytes, "end of file"),
            same(SendBytes(b"late"), "broken pipe"),
        ],
    );
}

#[test]
fn the_wrong_direction_is_refused_by_the_compiler() {
    play(
        &[Receiving],
        &[
            differs(Send("well"), REFUSED, "OSError: connection is read-only", COMPILER),
            differs(SendBytes(b"ok"), REFUSED, "OSError: connection is read-only", COMPILER),
            differs(SendBytesPart(b"ok", 3, None), REFUSED, "OSError: connection is read-only", COMPILER),
        ],
    );
    play(
        &[Sending],
        &[
            differs(Recv, REFUSED, "OSError: connection is write-only", COMPILER),
            differs(RecvBytes, REFUSED, "OSError: connection is write-only", COMPILER),
            differs(RecvBytesAtMost(3), REFUSED, "OSError: connection is write-only", COMPILER),
            differs(RecvBytesInto(3, 0), REFUSED, "OSError: connection is write-only", COMPILER),
            differs(Poll(Some(0)), REFUSED, "OSError: connection is write-only", COMPILER),
        ],
    );
}

#[test]
fn a_closed_end_is_the_end_for_the_other_side_and_its_use_is_refused_by_the_compiler() {
    play(SENDS, &[same(SendBytes(b"ok"), "None"), same(Close, "None"), OtherReads(OK), OtherReadsTheEnd]);
    play(RECEIVES, &[same(Close, "None"), OtherIsRefused]);
    let closed = |call| differs(call, REFUSED, "OSError: handle is closed", COMPILER);
    play(
        &[Receiving, Sending, TwoWay],
        &[
            same(Close, "None"),
            closed(Recv),
            closed(RecvBytes),
            closed(RecvBytesAtMost(3)),
            closed(RecvBytesInto(3, 0)),
            closed(Poll(None)),
            closed(Send("well")),
            closed(SendBytes(b"ok")),
            closed(SendBytesPart(b"ok", 3, None)),
        ],
    );
}

/// Ours waits: `tests/hostile/nonblocking.rs`.
#[test]
fn an_end_that_another_holder_told_not_to_wait_is_an_error_in_cpython() {
    let (receiver, _sender) = pipe().expect("a pipe");
    let (left, _right) = duplex().expect("a socket pair");
    for end in [OwnedFd::from(receiver), OwnedFd::from(left)] {
        fcntl_setfl(&end, fcntl_getfl(&end).expect("flags") | OFlags::NONBLOCK).expect("it takes them");
        let Some(mut cpython) = CPython::with(end, "r") else { return };
        let answer = cpython.ask("connection.recv_bytes()");
        assert!(answer.starts_with("BlockingIOError: "), "{answer}");
    }
}

/// Ours goes on between messages, and knows that it cannot inside one: `tests/hostile/partial_message.rs`.
#[test]
fn a_time_limit_of_the_socket_is_an_error_in_cpython_and_puts_it_out_of_step() {
    let (its, mut other) = UnixStream::pair().expect("a socket pair");
    its.set_read_timeout(Some(Duration::from_millis(1))).expect("it takes one");
    let Some(mut cpython) = CPython::with(its, "r") else { return };
    for written in [&b""[..], b"\0\0\0\x04fou"] {
        other.write_all(written).expect("there is room");
        let answer = cpython.ask("connection.recv_bytes()");
        assert!(answer.starts_with("BlockingIOError: "), "{answer}");
    }
    other.write_all(OK).expect("there is room");
    assert_eq!(cpython.ask("connection.recv_bytes()"), "b'ok'", "the first was cut in half");
}
