//! Messages of every size between `CPython` and this crate.

use pipe_ipc::{Error, duplex, pipe};

use crate::peer::CPython;

/// Sizes around those at which `CPython` or the system changes its behaviour.
const SIZES: [usize; 11] = [0, 1, 4, 16_383, 16_384, 16_385, 65_535, 65_536, 65_537, 1 << 20, 1 << 24];

/// Returns the same bytes as `pattern` in `peer.py`.
fn pattern(size: usize) -> Vec<u8> {
    let all: Vec<u8> = (0..251).collect();
    let mut bytes = all.repeat(size / all.len() + 1);
    bytes.truncate(size);
    bytes
}

fn assert_cpython_receives(cpython: &mut CPython, mut send: impl FnMut(&[u8]) -> Result<(), Error>) {
    for size in SIZES {
        cpython.start(&format!("connection.recv_bytes() == pattern({size})"));
        send(&pattern(size)).expect("CPython is receiving");
        assert_eq!(cpython.answer(), "True", "{size} bytes");
    }
}

fn assert_cpython_sends(cpython: &mut CPython, mut receive: impl FnMut() -> Result<Vec<u8>, Error>) {
    for size in SIZES {
        cpython.start(&format!("connection.send_bytes(pattern({size}))"));
        assert!(receive().expect("CPython is sending") == pattern(size), "{size} bytes");
        assert_eq!(cpython.answer(), "None");
    }
}

#[test]
fn cpython_receives_messages_of_every_size_over_a_pipe() {
    let (receiver, mut sender) = pipe().expect("a pipe can be created");
    let Some(mut cpython) = CPython::with(receiver, "r") else { return };
    assert_cpython_receives(&mut cpython, |message| sender.send_bytes(message));
}

#[test]
fn messages_of_every_size_are_received_from_cpython_over_a_pipe() {
    let (mut receiver, sender) = pipe().expect("a pipe can be created");
    let Some(mut cpython) = CPython::with(sender, "w") else { return };
    assert_cpython_sends(&mut cpython, || receiver.recv_bytes());
}

#[test]
fn messages_of_every_size_travel_both_ways_over_a_two_way_connection() {
    let (mut ours, its) = duplex().expect("a socket pair can be created");
    let Some(mut cpython) = CPython::with(its, "rw") else { return };
    assert_cpython_receives(&mut cpython, |message| ours.send_bytes(message));
    assert_cpython_sends(&mut cpython, || ours.recv_bytes());
}

#[test]
fn messages_of_every_size_are_received_from_cpython_into_a_reused_buffer() {
    let (mut receiver, sender) = pipe().expect("a pipe can be created");
    let Some(mut cpython) = CPython::with(sender, "w") else { return };
    let mut buffer = vec![b'.'; (1 << 24) + 1];
    assert_cpython_sends(&mut cpython, || {
        let length = receiver.recv_bytes_into(&mut buffer, 1)?;
        Ok(buffer[1..][..length].to_vec())
    });
}

#[test]
fn cpython_receives_messages_of_every_size_from_a_buffered_sender() {
    let (receiver, sender) = pipe().expect("a pipe can be created");
    let mut sender = sender.buffered();
    let Some(mut cpython) = CPython::with(receiver, "r") else { return };
    assert_cpython_receives(&mut cpython, |message| {
        sender.send_bytes(message)?;
        sender.flush()
    });
}

#[test]
fn a_buffered_receiver_receives_messages_of_every_size_from_cpython() {
    let (receiver, sender) = pipe().expect("a pipe can be created");
    let mut receiver = receiver.buffered();
    let Some(mut cpython) = CPython::with(sender, "w") else { return };
    assert_cpython_sends(&mut cpython, || receiver.recv_bytes());
}

#[test]
fn cpython_receives_each_of_a_thousand_buffered_messages() {
    let (receiver, sender) = pipe().expect("a pipe can be created");
    let mut sender = sender.buffered();
    let Some(mut cpython) = CPython::with(receiver, "r") else { return };
    cpython
        .start("[connection.recv_bytes() for _ in range(1000)] == [pattern(size) for size in range(1000)]");
    for size in 0..1000 {
        sender.send_bytes(&pattern(size)).expect("CPython is receiving");
    }
    sender.finish().expect("CPython is receiving").close();
    assert_eq!(cpython.answer(), "True");
    assert_eq!(cpython.eval("connection.recv_bytes()"), "EOFError: ");
}

#[test]
fn a_buffered_receiver_receives_each_of_a_thousand_messages_from_cpython() {
    let (receiver, sender) = pipe().expect("a pipe can be created");
    let mut receiver = receiver.buffered();
    let Some(mut cpython) = CPython::with(sender, "w") else { return };
    cpython.start("[connection.send_bytes(pattern(size)) for size in range(1000)] and connection.close()");
    for size in 0..1000 {
        assert_eq!(receiver.recv_bytes().expect("CPython is sending"), pattern(size));
    }
    assert!(matches!(receiver.recv_bytes(), Err(Error::EndOfFile)));
}

#[test]
fn both_halves_of_a_connection_can_be_used_at_once() {
    let (mut ours, its) = duplex().expect("a socket pair can be created");
    let Some(mut cpython) = CPython::with(its, "rw") else { return };
    let (mut receiving, mut sending) = ours.split();
    // CPython sends back more than the connection holds.
    cpython.start("[connection.send_bytes(connection.recv_bytes()) for _ in range(20)] and None");
    let message = pattern(1 << 20);
    std::thread::scope(|scope| {
        scope.spawn(|| (0..20).for_each(|_| sending.send_bytes(&message).expect("CPython is receiving")));
        for _ in 0..20 {
            assert!(receiving.recv_bytes().expect("CPython is sending") == message, "the message differs");
        }
    });
    assert_eq!(cpython.answer(), "None");
}
