//! Messages of every size, each byte as it was sent, between `CPython` and here.

use pipe_ipc::{Error, duplex, pipe};

use crate::peer::CPython;

/// Around the sizes at which `CPython` or the system begins to do something else.
const SIZES: [usize; 11] = [0, 1, 4, 16_383, 16_384, 16_385, 65_535, 65_536, 65_537, 1 << 20, 1 << 24];

/// As the function of that name in `peer.py`.
fn pattern(size: usize) -> Vec<u8> {
    let all: Vec<u8> = (0..251).collect();
    let mut bytes = all.repeat(size / all.len() + 1);
    bytes.truncate(size);
    bytes
}

fn assert_cpython_receives(cpython: &mut CPython, mut send: impl FnMut(&[u8]) -> Result<(), Error>) {
    for size in SIZES {
        cpython.tell(&format!("connection.recv_bytes() == pattern({size})"));
        send(&pattern(size)).expect("CPython receives");
        assert_eq!(cpython.answer(), "True", "{size} bytes");
    }
}

fn assert_cpython_sends(cpython: &mut CPython, mut receive: impl FnMut() -> Result<Vec<u8>, Error>) {
    for size in SIZES {
        cpython.tell(&format!("connection.send_bytes(pattern({size}))"));
        assert!(receive().expect("CPython sends") == pattern(size), "{size} bytes");
        assert_eq!(cpython.answer(), "None");
    }
}

#[test]
fn over_a_pipe_cpython_receives_messages_of_every_size() {
    let (receiver, mut sender) = pipe().expect("a pipe");
    let Some(mut cpython) = CPython::with(receiver, "r") else { return };
    assert_cpython_receives(&mut cpython, |message| sender.send_bytes(message));
}

#[test]
fn over_a_pipe_messages_of_every_size_come_from_cpython() {
    let (mut receiver, sender) = pipe().expect("a pipe");
    let Some(mut cpython) = CPython::with(sender, "w") else { return };
    assert_cpython_sends(&mut cpython, || receiver.recv_bytes());
}

#[test]
fn over_a_two_way_connection_messages_of_every_size_go_both_ways() {
    let (mut ours, its) = duplex().expect("a socket pair");
    let Some(mut cpython) = CPython::with(its, "rw") else { return };
    assert_cpython_receives(&mut cpython, |message| ours.send_bytes(message));
    assert_cpython_sends(&mut cpython, || ours.recv_bytes());
}

#[test]
fn messages_of_every_size_come_from_cpython_into_a_buffer_that_is_used_again() {
    let (mut receiver, sender) = pipe().expect("a pipe");
    let Some(mut cpython) = CPython::with(sender, "w") else { return };
    let mut buffer = vec![b'.'; (1 << 24) + 1];
    assert_cpython_sends(&mut cpython, || {
        let length = receiver.recv_bytes_into(&mut buffer, 1)?;
        Ok(buffer[1..][..length].to_vec())
    });
}

#[test]
fn cpython_receives_messages_of_every_size_that_were_kept_back() {
    let (receiver, sender) = pipe().expect("a pipe");
    let mut sender = sender.buffered();
    let Some(mut cpython) = CPython::with(receiver, "r") else { return };
    assert_cpython_receives(&mut cpython, |message| {
        sender.send_bytes(message)?;
        sender.flush()
    });
}

#[test]
fn messages_of_every_size_come_from_cpython_to_one_that_reads_ahead() {
    let (receiver, sender) = pipe().expect("a pipe");
    let mut receiver = receiver.buffered();
    let Some(mut cpython) = CPython::with(sender, "w") else { return };
    assert_cpython_sends(&mut cpython, || receiver.recv_bytes());
}

#[test]
fn a_thousand_messages_that_were_kept_back_arrive_in_cpython_one_by_one() {
    let (receiver, sender) = pipe().expect("a pipe");
    let mut sender = sender.buffered();
    let Some(mut cpython) = CPython::with(receiver, "r") else { return };
    cpython.tell("[connection.recv_bytes() for _ in range(1000)] == [pattern(size) for size in range(1000)]");
    for size in 0..1000 {
        sender.send_bytes(&pattern(size)).expect("CPython receives");
    }
    sender.finish().expect("CPython receives").close();
    assert_eq!(cpython.answer(), "True");
    assert_eq!(cpython.ask("connection.recv_bytes()"), "EOFError: ");
}

#[test]
fn a_thousand_messages_of_cpython_arrive_one_by_one_at_one_that_reads_ahead() {
    let (receiver, sender) = pipe().expect("a pipe");
    let mut receiver = receiver.buffered();
    let Some(mut cpython) = CPython::with(sender, "w") else { return };
    cpython.tell("[connection.send_bytes(pattern(size)) for size in range(1000)] and connection.close()");
    for size in 0..1000 {
        assert_eq!(receiver.recv_bytes().expect("CPython sends"), pattern(size));
    }
    assert!(matches!(receiver.recv_bytes(), Err(Error::EndOfFile)));
}

#[test]
fn both_halves_of_a_connection_are_used_at_once_while_cpython_sends_and_receives() {
    let (mut ours, its) = duplex().expect("a socket pair");
    let Some(mut cpython) = CPython::with(its, "rw") else { return };
    let (mut receiving, mut sending) = ours.split();
    // It sends back what it gets, which is more than the connection holds.
    cpython.tell("[connection.send_bytes(connection.recv_bytes()) for _ in range(20)] and None");
    let message = pattern(1 << 20);
    std::thread::scope(|scope| {
        scope.spawn(|| (0..20).for_each(|_| sending.send_bytes(&message).expect("CPython receives")));
        for _ in 0..20 {
            assert!(receiving.recv_bytes().expect("CPython sends") == message, "the message is another");
        }
    });
    assert_eq!(cpython.answer(), "None");
}
