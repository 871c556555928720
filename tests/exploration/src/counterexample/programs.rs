//! Runs of typical mistakes, each in an order with many switches.

use super::recorder::{MAIN, Recorder};
use crate::operation::Operation::{
    CloseReceiver, CloseSender, End, Exit, Join, Load, Lock, NotifyOne, Read, Receive, Send, Store, Unlock,
    Wait, WaitFor, Wake, Write,
};
use crate::operation::Outcome::{Count, Done, Ended, Status};
use crate::run::Run;

/// Two threads take two locks in opposite orders.
pub(crate) fn opposite_orders() -> Run {
    let mut run = Recorder::new();
    let (tea, toast) = (run.object(), run.object());
    let first = run.thread(MAIN, "");
    let second = run.thread(MAIN, "");
    run.step(second, Lock(toast));
    run.step(first, Lock(tea));
    run.wait(MAIN, Join(vec![first, second]));
    run.wait(first, Lock(toast));
    run.wait(second, Lock(tea));
    run.finish()
}

/// Two threads read a number before either writes it.
pub(crate) fn lost_update() -> Run {
    let mut run = Recorder::new();
    let number = run.object();
    let first = run.thread(MAIN, "");
    let second = run.thread(MAIN, "");
    run.step(first, Load(number));
    run.step(second, Load(number));
    run.step(first, Store(number));
    run.step(second, Store(number));
    run.step(first, End);
    run.step(second, End);
    run.step(MAIN, Join(vec![first, second]));
    run.step(MAIN, Load(number));
    run.print(MAIN, "1000");
    run.step(MAIN, Exit(0));
    run.finish()
}

/// A thread that was woken does not check again: another one was faster, and the queue is empty.
pub(crate) fn wait_without_a_loop() -> Run {
    let mut run = Recorder::new();
    let (queue, added) = (run.object(), run.object());
    let first = run.thread(MAIN, "customer1");
    run.step(first, Lock(queue));
    run.step(first, Wait { condvar: added, lock: queue });
    run.step(MAIN, Lock(queue));
    run.step(MAIN, Unlock(queue));
    run.step(MAIN, NotifyOne(added));
    let second = run.thread(MAIN, "customer2");
    run.step(second, Lock(queue));
    run.print(second, "customer2 took Some(\"茶\")");
    run.step(second, Unlock(queue));
    run.step(first, Wake { condvar: added, lock: queue, timeout: false });
    run.panic(first, "the queue is empty");
    run.step(second, End);
    run.step(MAIN, Join(vec![first, second]));
    run.step(MAIN, Exit(101 << 8));
    run.finish()
}

/// A notification comes before the wait, and is lost.
pub(crate) fn lost_notification() -> Run {
    let mut run = Recorder::new();
    let (ready, changed) = (run.object(), run.object());
    let waiter = run.thread(MAIN, "waiter");
    run.step(MAIN, NotifyOne(changed));
    run.step(waiter, Lock(ready));
    run.step(waiter, Wait { condvar: changed, lock: ready });
    run.wait(waiter, Wake { condvar: changed, lock: ready, timeout: false });
    run.wait(MAIN, Join(vec![waiter]));
    run.finish()
}

/// Main reads until the end of file instead of waiting for its child.
pub(crate) fn child_never_waited_for() -> Run {
    let mut run = Recorder::new();
    let output = run.object();
    let (process, child) = run.process(MAIN, "echo");
    run.step_with(child, Write(output, 18), Count(18));
    run.step_with(MAIN, Read(output, 8192), Count(18));
    run.step(child, CloseSender(output));
    run.step(child, Exit(0));
    run.step_with(MAIN, Read(output, 8192), Count(0));
    run.print(MAIN, "main read: this is the child");
    run.step(MAIN, CloseReceiver(output));
    run.step(MAIN, Exit(0));
    let mut run = run.finish();
    run.not_waited_for.push(process);
    run
}

/// Each side writes more than a pipe holds before the other side reads.
pub(crate) fn two_pipes_full() -> Run {
    let mut run = Recorder::new();
    let (there, back) = (run.object(), run.object());
    let (_, child) = run.process(MAIN, "cat");
    run.print(MAIN, "main: sending");
    let written = Count(65_536);
    for _ in 0..8 {
        run.step_with(MAIN, Write(there, 65_536), written);
        run.step_with(child, Read(there, 65_536), Count(65_536));
        run.step_with(child, Write(back, 65_536), Count(8_192));
    }
    run.wait(MAIN, Write(there, 65_536));
    run.wait(child, Write(back, 65_536));
    run.finish()
}

/// Four producers and a consumer: the widest table.
pub(crate) fn many_actors() -> Run {
    let mut run = Recorder::new();
    let channel = run.object();
    let producers = [1, 2, 3, 4].map(|number| run.thread(MAIN, &format!("producer{number}")));
    for producer in producers {
        run.print(producer, "生产者生产了一个包子,放进笼屉里");
        run.step(producer, Send(channel, 1));
        run.step_with(MAIN, Receive(channel), Done);
        run.step(producer, CloseSender(channel));
        run.step(producer, End);
    }
    run.step_with(MAIN, Receive(channel), Ended);
    run.step(MAIN, Join(producers.to_vec()));
    run.print(MAIN, "笼屉空了");
    run.step(MAIN, Exit(0));
    run.finish()
}

/// Children that create threads in either order: the numbers of the threads depend on it.
pub(crate) fn threads_of_children() -> Run {
    let mut run = Recorder::new();
    let (first_process, first) = run.process(MAIN, "first");
    let (second_process, second) = run.process(MAIN, "second");
    run.print(second, "second");
    let of_second = run.thread(second, "");
    run.print(first, "first");
    let of_first = run.thread(first, "");
    run.print(of_second, "of second");
    run.print(of_first, "of first");
    run.step(first, Exit(0));
    run.step(second, Exit(0));
    run.step_with(MAIN, WaitFor(first_process), Status(0));
    run.step_with(MAIN, WaitFor(second_process), Status(0));
    run.step(MAIN, Exit(0));
    run.finish()
}
