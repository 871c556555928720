//! Every call in every situation that matters, in this crate and in CPython.

use std::fs::File;
use std::io::Write;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use pipe_ipc::{Waitable, duplex, pipe, wait};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

use crate::peer::CPython;
use crate::scenario::Step::{
    PeerCloses, PeerGetsBrokenPipe, PeerReads, PeerReadsEndOfFile, PeerSends, PeerStopsSending, PeerWrites,
};
use crate::scenario::{Kind, Receiving, Sending, TwoWay, differs, run, same};
use crate::subject::Call::{
    Close, Poll, Recv, RecvBytes, RecvBytesAtMost, RecvBytesInto, Send, SendBytes, SendBytesRange,
};
use crate::subject::{REFUSED, wait_for_hangup};

/// The ends that receive.
const RECEIVES: &[Kind] = &[Receiving, TwoWay];
/// The ends that send.
const SENDS: &[Kind] = &[Sending, TwoWay];

/// The messages `four` and `ok` with their headers.
const FOUR: &[u8] = b"\0\0\0\x04four";
const OK: &[u8] = b"\0\0\0\x02ok";
/// The string `well` as a pickle.
const WELL: &[u8] = b"\x8c\x04well.";

// Why this crate differs from CPython.
const DATA_IS_LOST: &str =
    "CPython reports the end of the stream between two parts of a message as the end of file";
const REASON_KEPT: &str = "CPython does not keep the reason why nothing more can be received";
const DESYNCHRONIZED: &str = "CPython does not detect it and reads from the wrong position";
const COMPILER: &str = "the types express it";
const UNSIGNED: &str = "lengths are unsigned in Rust";
const ONE_ERROR: &str = "one error contains the whole range";
const DATA: &str = "nothing that a message names is looked up or called";

#[test]
fn messages_keep_their_boundaries() {
    run(
        RECEIVES,
        &[
            PeerWrites(b"\0\0\0\x04four\0\0\0\0\0\0\0\x02ok"),
            same(RecvBytes, "b'four'"),
            same(RecvBytes, "b''"),
            same(RecvBytes, "b'ok'"),
        ],
    );
}

#[test]
fn a_short_message_may_have_a_long_header() {
    run(
        RECEIVES,
        &[
            PeerWrites(b"\xff\xff\xff\xff\0\0\0\0\0\0\0\x02hm\xff\xff\xff\xff\0\0\0\0\0\0\0\0"),
            PeerSends(b"ok"),
            same(RecvBytes, "b'hm'"),
            same(RecvBytes, "b''"),
            same(RecvBytes, "b'ok'"),
        ],
    );
}

#[test]
fn the_end_of_file_follows_the_last_message_and_is_repeated() {
    run(
        RECEIVES,
        &[
            PeerSends(b"four"),
            PeerCloses,
            same(RecvBytes, "b'four'"),
            same(RecvBytes, "end of file"),
            same(RecvBytesAtMost(0), "end of file"),
            same(RecvBytesInto(4, 0), "end of file"),
            same(Recv, "end of file"),
        ],
    );
}

#[test]
fn a_peer_that_stops_sending_can_still_receive() {
    run(
        &[TwoWay],
        &[
            PeerSends(b"ok"),
            PeerStopsSending,
            same(RecvBytes, "b'ok'"),
            same(RecvBytes, "end of file"),
            same(SendBytes(b"four"), "None"),
            PeerReads(FOUR),
        ],
    );
}

#[test]
fn a_message_that_is_cut_inside_a_part_is_truncated() {
    for cut in [&b"\0"[..], b"\0\0\0", b"\xff\xff\xff\xff\0\0\0", b"\0\0\0\x04f", b"\0\0\0\x04fou"] {
        run(
            RECEIVES,
            &[PeerWrites(cut), PeerCloses, same(RecvBytes, "truncated"), same(RecvBytes, "end of file")],
        );
    }
    for call in [Recv, RecvBytesAtMost(4), RecvBytesInto(3, 0)] {
        run(
            RECEIVES,
            &[PeerWrites(b"\0\0\0\x04fou"), PeerCloses, same(call, "truncated"), same(call, "end of file")],
        );
    }
}

#[test]
fn a_buffer_contains_the_part_of_a_truncated_message_that_arrived() {
    run(
        RECEIVES,
        &[
            PeerWrites(b"\0\0\0\x04fou"),
            PeerCloses,
            differs(
                RecvBytesInto(6, 1),
                "truncated in b'.fou..'",
                "truncated",
                "the message is received directly into the buffer",
            ),
        ],
    );
}

#[test]
fn a_message_that_is_cut_between_its_parts_is_truncated() {
    for cut in [&b"\0\0\0\x04"[..], b"\xff\xff\xff\xff", b"\xff\xff\xff\xff\0\0\0\0\0\0\0\x04"] {
        run(
            RECEIVES,
            &[
                PeerWrites(cut),
                PeerCloses,
                differs(RecvBytes, "truncated", "end of file", DATA_IS_LOST),
                same(RecvBytes, "end of file"),
            ],
        );
    }
}

#[test]
fn a_message_of_the_maximum_length_is_received() {
    run(
        RECEIVES,
        &[
            PeerWrites(b"\0\0\0\x04four\0\0\0\0"),
            PeerSends(b"ok"),
            same(RecvBytesAtMost(4), "b'four'"),
            same(RecvBytesAtMost(0), "b''"),
            differs(RecvBytesAtMost(-1), REFUSED, "ValueError: negative maxlength", UNSIGNED),
            same(RecvBytesAtMost(i32::MAX), "b'ok'"),
        ],
    );
}

#[test]
fn a_one_way_end_is_closed_after_a_message_that_is_too_long() {
    run(
        &[Receiving],
        &[
            PeerSends(b"four"),
            PeerSends(b"ok"),
            same(RecvBytesAtMost(3), "too long"),
            PeerGetsBrokenPipe,
            differs(RecvBytes, "too long", "OSError: handle is closed", REASON_KEPT),
            differs(Recv, "too long", "OSError: handle is closed", REASON_KEPT),
            differs(Poll(Some(0)), "too long", "OSError: handle is closed", REASON_KEPT),
            differs(
                RecvBytesInto(4, 5),
                "out of range",
                "OSError: handle is closed",
                "the argument is checked first",
            ),
            differs(RecvBytesInto(4, 0), "too long", "OSError: handle is closed", REASON_KEPT),
        ],
    );
}

#[test]
fn a_two_way_end_can_send_after_a_message_that_is_too_long() {
    run(
        &[TwoWay],
        &[
            PeerSends(b"four"),
            PeerSends(b"ok"),
            same(RecvBytesAtMost(3), "too long"),
            differs(RecvBytes, "too long", "OSError: connection is write-only", REASON_KEPT),
            differs(Recv, "too long", "OSError: connection is write-only", REASON_KEPT),
            differs(Poll(Some(0)), "too long", "OSError: connection is write-only", REASON_KEPT),
            same(SendBytes(b"four"), "None"),
            PeerReads(FOUR),
            PeerCloses,
            differs(RecvBytes, "too long", "OSError: connection is write-only", REASON_KEPT),
        ],
    );
}

#[test]
fn a_hostile_length_exceeds_every_maximum_length() {
    for claim in [&b"\x7f\xff\xff\xff"[..], b"\xff\xff\xff\xff\x7f\xff\xff\xff\xff\xff\xff\xff"] {
        run(RECEIVES, &[PeerWrites(claim), PeerWrites(b"a few bytes"), same(RecvBytesAtMost(4), "too long")]);
    }
}

#[test]
fn a_length_below_minus_one_is_a_bad_length_on_every_call() {
    for call in [RecvBytes, RecvBytesAtMost(0)] {
        run(
            RECEIVES,
            &[
                PeerWrites(b"\xff\xff\xff\xfb"),
                PeerSends(b"ok"),
                differs(call, "bad length", "b''", DESYNCHRONIZED),
                differs(RecvBytes, "bad length", "b'ok'", DESYNCHRONIZED),
                PeerCloses,
                differs(RecvBytes, "bad length", "end of file", DESYNCHRONIZED),
            ],
        );
    }
}

#[test]
fn a_two_way_end_can_send_after_a_bad_length() {
    run(
        &[TwoWay],
        &[
            PeerWrites(b"\x80\0\0\0"),
            differs(RecvBytes, "bad length", "b''", DESYNCHRONIZED),
            differs(Poll(Some(0)), "bad length", "False", DESYNCHRONIZED),
            same(SendBytes(b"ok"), "None"),
            PeerReads(OK),
        ],
    );
}

#[test]
fn a_length_of_two_to_the_power_of_63_is_a_bad_length_on_every_call() {
    run(
        RECEIVES,
        &[
            PeerWrites(b"\xff\xff\xff\xff\x80\0\0\0\0\0\0\0"),
            PeerSends(b"ok"),
            PeerCloses,
            differs(RecvBytes, "bad length", "OverflowError", DESYNCHRONIZED),
            differs(RecvBytes, "bad length", "b'ok'", DESYNCHRONIZED),
        ],
    );
    run(
        RECEIVES,
        &[
            PeerWrites(b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
            differs(RecvBytesAtMost(4), "bad length", "too long", "no message is that long"),
        ],
    );
}

#[test]
fn a_message_longer_than_the_memory_is_truncated_where_the_stream_ends() {
    run(
        RECEIVES,
        &[
            PeerWrites(b"\xff\xff\xff\xff\x3f\xff\xff\xff\xff\xff\xff\xff"),
            PeerSends(b"ok"),
            PeerCloses,
            differs(RecvBytes, "truncated", "MemoryError", "memory grows with the bytes that arrive"),
            differs(RecvBytes, "end of file", "b'ok'", DESYNCHRONIZED),
        ],
    );
}

#[test]
fn a_message_is_received_into_a_buffer_at_an_offset() {
    run(
        RECEIVES,
        &[
            PeerWrites(b"\0\0\0\x04four\0\0\0\x04four\0\0\0\0"),
            PeerSends(b"ok"),
            same(RecvBytesInto(4, 0), "(4, b'four')"),
            same(RecvBytesInto(7, 2), "(4, b'..four.')"),
            same(RecvBytesInto(3, 3), "(0, b'...')"),
            same(RecvBytesInto(2, 0), "(2, b'ok')"),
        ],
    );
}

#[test]
fn an_offset_beyond_the_buffer_is_an_error_and_nothing_is_consumed() {
    run(
        RECEIVES,
        &[
            PeerSends(b"four"),
            differs(RecvBytesInto(3, 4), "out of range", "ValueError: offset too large", ONE_ERROR),
            differs(RecvBytesInto(0, i32::MAX), "out of range", "ValueError: offset too large", ONE_ERROR),
            differs(RecvBytesInto(3, -1), REFUSED, "ValueError: negative offset", UNSIGNED),
            same(RecvBytes, "b'four'"),
            PeerCloses,
            differs(RecvBytesInto(3, 4), "out of range", "ValueError: offset too large", ONE_ERROR),
        ],
    );
}

#[test]
fn the_error_for_a_short_buffer_contains_the_message() {
    run(
        RECEIVES,
        &[
            PeerWrites(b"\0\0\0\x04four\0\0\0\x04four\0\0\0\x01!"),
            PeerSends(b"ok"),
            same(RecvBytesInto(3, 0), "buffer too short for b'four'"),
            same(RecvBytesInto(6, 3), "buffer too short for b'four'"),
            same(RecvBytesInto(0, 0), "buffer too short for b'!'"),
            same(RecvBytes, "b'ok'"),
        ],
    );
}

#[test]
fn a_message_that_is_not_a_pickle_is_consumed() {
    run(
        RECEIVES,
        &[
            PeerSends(b"no pickle"),
            PeerSends(WELL),
            same(Recv, "invalid pickle"),
            same(Recv, "'well'"),
            PeerSends(b""),
            PeerSends(WELL),
            differs(
                Recv,
                "invalid pickle",
                "EOFError: Ran out of input",
                "an empty message is not the end of the stream",
            ),
            same(Recv, "'well'"),
            // Truncated inside a string.
            PeerSends(b"\x8c\x04wel"),
            PeerSends(WELL),
            same(Recv, "invalid pickle"),
            same(Recv, "'well'"),
        ],
    );
}

#[test]
fn bytes_after_a_pickle_are_ignored() {
    run(RECEIVES, &[PeerSends(b"K\x2a.K\x2b."), PeerSends(WELL), same(Recv, "42"), same(Recv, "'well'")]);
}

#[test]
fn nothing_in_a_pickle_is_called() {
    run(
        RECEIVES,
        &[
            PeerSends(b"c__builtin__\neval\n\x8c\x056 * 7\x85R."),
            PeerSends(WELL),
            differs(Recv, "invalid pickle", "42", DATA),
            same(Recv, "'well'"),
            PeerSends(b"cmath\nsqrt\nK\x04\x85R0N."),
            PeerSends(WELL),
            differs(Recv, "invalid pickle", "<class 'NoneType'>", DATA),
            same(Recv, "'well'"),
        ],
    );
}

#[test]
fn a_pickle_that_is_nested_too_deeply_is_an_error() {
    const LEVELS: usize = 100_001;
    let pickle = [b"N", &b"\x85".repeat(LEVELS)[..], b"."].concat().leak();
    run(
        RECEIVES,
        &[
            PeerSends(pickle),
            PeerSends(WELL),
            differs(Recv, "invalid pickle", "<class 'tuple'>", "a value may contain itself"),
            same(Recv, "'well'"),
        ],
    );
}

#[test]
fn poll_returns_whether_something_can_be_received_and_consumes_nothing() {
    for written in [OK, b"\0\0\0\0", b"\0"] {
        run(
            RECEIVES,
            &[
                same(Poll(Some(0)), "False"),
                same(Poll(Some(10)), "False"),
                PeerWrites(written),
                same(Poll(Some(0)), "True"),
                same(Poll(Some(60_000)), "True"),
                same(Poll(None), "True"),
            ],
        );
    }
    run(
        RECEIVES,
        &[PeerSends(b"ok"), same(Poll(None), "True"), same(RecvBytes, "b'ok'"), same(Poll(Some(0)), "False")],
    );
}

#[test]
fn poll_returns_true_at_the_end_of_the_stream() {
    run(
        RECEIVES,
        &[
            PeerCloses,
            same(Poll(Some(0)), "True"),
            same(Poll(None), "True"),
            same(RecvBytes, "end of file"),
            same(Poll(None), "True"),
        ],
    );
}

#[test]
fn poll_returns_true_for_a_part_of_a_message() {
    run(
        RECEIVES,
        &[PeerWrites(b"\0\0\0\x04fo"), same(Poll(None), "True"), PeerCloses, same(RecvBytes, "truncated")],
    );
}

/// What the peers of several ends have written; `None` where the peer is closed.
const MANY: [Option<&[u8]>; 7] =
    [Some(OK), Some(b""), Some(b"\0\0\0\0"), None, Some(b"\0"), Some(b""), Some(OK)];
/// The same for `peer.py`.
const MANY_IN_PYTHON: &str = "[b'0002ok', b'', bytes(4), None, b'0', b'', b'0002ok']";
/// The indices of those that are ready.
const READY: [usize; 5] = [0, 2, 3, 4, 6];

/// Writes to a peer or closes it, as [`MANY`] says, and returns it if it is open.
fn prepare(peer: impl Into<OwnedFd>, written: Option<&[u8]>) -> Option<File> {
    let mut peer = File::from(peer.into());
    peer.write_all(written?).expect("the buffer has space");
    Some(peer)
}

fn assert_wait_returns_all_ready_ends(ends: &[&dyn Waitable], duplex: &str) {
    wait_for_hangup(ends[3]);
    assert_eq!(wait(ends, Some(Duration::ZERO)).expect("poll succeeds"), READY);
    assert_eq!(wait(ends, None).expect("poll succeeds"), READY);
    assert_eq!(wait(&ends[1..2], Some(Duration::from_millis(10))).expect("poll succeeds"), [0; 0]);
    assert_eq!(wait(&[], Some(Duration::ZERO)).expect("poll succeeds"), [0; 0]);
    let (receiver, _sender) = pipe().expect("a pipe can be created");
    let Some(mut cpython) = CPython::with(receiver, "r") else { return };
    assert_eq!(cpython.eval(&format!("ready({duplex}, {MANY_IN_PYTHON})")), format!("{READY:?}"));
}

#[test]
fn wait_returns_all_ready_pipes() {
    let pipes = MANY.map(|written| {
        let (receiver, sender) = pipe().expect("a pipe can be created");
        (receiver, prepare(sender, written))
    });
    assert_wait_returns_all_ready_ends(&pipes.each_ref().map(|(end, _)| end as &dyn Waitable), "False");
}

#[test]
fn wait_returns_all_ready_two_way_connections() {
    let pairs = MANY.map(|written| {
        let (left, right) = duplex().expect("a socket pair can be created");
        (left, prepare(right, written))
    });
    assert_wait_returns_all_ready_ends(&pairs.each_ref().map(|(end, _)| end as &dyn Waitable), "True");
}

#[test]
fn a_part_of_a_buffer_can_be_sent() {
    run(
        SENDS,
        &[
            same(SendBytes(b"four"), "None"),
            PeerReads(FOUR),
            same(SendBytes(b""), "None"),
            PeerReads(b"\0\0\0\0"),
            same(SendBytesRange(b"look", 2, None), "None"),
            PeerReads(OK),
            same(SendBytesRange(b"token", 1, Some(2)), "None"),
            PeerReads(OK),
            same(SendBytesRange(b"four", 4, None), "None"),
            PeerReads(b"\0\0\0\0"),
            same(SendBytesRange(b"four", 4, Some(0)), "None"),
            PeerReads(b"\0\0\0\0"),
            same(SendBytesRange(b"four", 1, Some(0)), "None"),
            PeerReads(b"\0\0\0\0"),
            same(Close, "None"),
            PeerReadsEndOfFile,
        ],
    );
}

#[test]
fn a_range_out_of_bounds_is_an_error_and_nothing_is_sent() {
    let part = |offset, size| SendBytesRange(b"four", offset, size);
    run(
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
            PeerReads(OK),
            same(Close, "None"),
            PeerReadsEndOfFile,
        ],
    );
}

#[test]
fn sending_to_a_closed_peer_is_a_broken_pipe() {
    run(
        SENDS,
        &[
            PeerCloses,
            same(SendBytes(b""), "broken pipe"),
            same(SendBytes(b"ok"), "broken pipe"),
            same(Send("well"), "broken pipe"),
            same(SendBytesRange(b"look", 2, None), "broken pipe"),
            same(SendBytes(b""), "broken pipe"),
        ],
    );
}

#[test]
fn a_peer_that_closes_with_unread_messages_is_a_connection_reset_once() {
    run(
        &[TwoWay],
        &[
            same(SendBytes(b"never read"), "None"),
            PeerSends(b"ok"),
            PeerCloses,
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
fn the_wrong_direction_does_not_compile() {
    run(
        &[Receiving],
        &[
            differs(Send("well"), REFUSED, "OSError: connection is read-only", COMPILER),
            differs(SendBytes(b"ok"), REFUSED, "OSError: connection is read-only", COMPILER),
            differs(SendBytesRange(b"ok", 3, None), REFUSED, "OSError: connection is read-only", COMPILER),
        ],
    );
    run(
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
fn closing_an_end_is_the_end_of_file_for_the_peer_and_using_it_does_not_compile() {
    run(SENDS, &[same(SendBytes(b"ok"), "None"), same(Close, "None"), PeerReads(OK), PeerReadsEndOfFile]);
    run(RECEIVES, &[same(Close, "None"), PeerGetsBrokenPipe]);
    let closed = |call| differs(call, REFUSED, "OSError: handle is closed", COMPILER);
    run(
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
            closed(SendBytesRange(b"ok", 3, None)),
        ],
    );
}

/// This crate blocks: see `tests/hostile/nonblocking.rs`.
#[test]
fn a_nonblocking_end_is_an_error_in_cpython() {
    let (receiver, _sender) = pipe().expect("a pipe can be created");
    let (left, _right) = duplex().expect("a socket pair can be created");
    for end in [OwnedFd::from(receiver), OwnedFd::from(left)] {
        fcntl_setfl(&end, fcntl_getfl(&end).expect("the flags can be read") | OFlags::NONBLOCK)
            .expect("the flags can be set");
        let Some(mut cpython) = CPython::with(end, "r") else { return };
        let answer = cpython.eval("connection.recv_bytes()");
        assert!(answer.starts_with("BlockingIOError: "), "{answer}");
    }
}

/// This crate continues between messages and fails inside one: see `tests/hostile/partial_message.rs`.
#[test]
fn a_timeout_of_the_socket_desynchronizes_cpython() {
    let (its, mut other) = UnixStream::pair().expect("a socket pair can be created");
    its.set_read_timeout(Some(Duration::from_millis(1))).expect("the timeout can be set");
    let Some(mut cpython) = CPython::with(its, "r") else { return };
    for written in [&b""[..], b"\0\0\0\x04fou"] {
        other.write_all(written).expect("the buffer has space");
        let answer = cpython.eval("connection.recv_bytes()");
        assert!(answer.starts_with("BlockingIOError: "), "{answer}");
    }
    other.write_all(OK).expect("the buffer has space");
    assert_eq!(cpython.eval("connection.recv_bytes()"), "b'ok'", "it is the rest of the first message");
}
