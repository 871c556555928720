//! Channels between threads.

use std::sync::mpsc::{RecvTimeoutError, TrySendError, channel, sync_channel};
use std::thread;
use std::time::Duration;

use crate::{outcomes, outputs};

#[test]
fn a_message_comes_back_if_the_receiver_is_gone() {
    let program = || {
        let (sender, receiver) = channel();
        sender.send("kept").unwrap();
        drop(receiver);
        println!("{}", sender.send("lost").unwrap_err().0);
    };
    assert_eq!(outputs(program), ["lost"]);
}

#[test]
fn a_rendezvous_lasts_until_the_message_is_received() {
    let program = || {
        let (sender, receiver) = sync_channel(0);
        thread::scope(|scope| {
            scope.spawn(move || {
                println!("before");
                assert_eq!(receiver.recv(), Ok(1));
            });
            sender.send(1).unwrap();
            println!("after");
        });
    };
    assert_eq!(outputs(program), ["before / after"]);
}

#[test]
fn the_message_of_a_rendezvous_comes_back_if_the_receiver_goes_away() {
    let program = || {
        let (sender, receiver) = sync_channel(0);
        let thread = thread::spawn(move || drop(receiver));
        println!("{}", sender.send("unreceived").unwrap_err().0);
        thread.join().unwrap();
    };
    assert_eq!(outputs(program), ["unreceived"]);
}

#[test]
fn a_full_channel_refuses_a_message_that_does_not_wait() {
    let program = || {
        let (sender, receiver) = sync_channel(1);
        sender.send(1).unwrap();
        assert_eq!(sender.try_send(2), Err(TrySendError::Full(2)));
        println!("{:?}", receiver.try_iter().collect::<Vec<_>>());
        assert_eq!(sender.try_send(3), Ok(()));
        drop(receiver);
        println!("{:?}", sender.try_send(4));
    };
    assert_eq!(outputs(program), ["[1] / Err(TrySendError::Disconnected(..))"]);
}

#[test]
fn receiving_with_a_timeout_may_time_out_before_the_message_comes() {
    let program = || {
        let (sender, receiver) = channel();
        let thread = thread::spawn(move || sender.send(1));
        match receiver.recv_timeout(Duration::MAX) {
            Err(RecvTimeoutError::Timeout) => println!("timeout"),
            other => println!("{other:?}"),
        }
        let _ = thread.join().unwrap();
    };
    assert_eq!(outputs(program), ["Ok(1)", "timeout"]);
}

#[test]
fn a_receiver_waits_while_a_clone_of_the_sender_is_open() {
    let program = || {
        let (sender, receiver) = channel::<()>();
        let clone = sender.clone();
        drop(sender);
        println!("{}", receiver.iter().count());
        drop(clone);
    };
    assert_eq!(outcomes(program), ["(waits forever)"]);
}
