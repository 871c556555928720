//! # Two readers of one pipe
//!
//! A pipe holds two messages. Each starts with a byte that says how long its text is. Two threads receive one
//! message each, from the same pipe. The program should print both texts whole, in either order.
//!
//! Hint: What if the second thread reads when the first has read the length, but not yet the text?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/book/ch16-03-shared-state.html

use std::io::{self, PipeReader, Read, Write};
use std::thread;

pub(crate) fn main() -> io::Result<()> {
    let (reader, mut writer) = io::pipe()?;
    writer.write_all(b"\x03tea\x05toast")?;
    drop(writer);
    thread::scope(|scope| {
        let threads = [(); 2].map(|()| scope.spawn(|| print_message(&reader)));
        threads.into_iter().try_for_each(|thread| thread.join().expect("a thread panicked"))
    })
}

fn print_message(reader: &PipeReader) -> io::Result<()> {
    let text = receive(reader)?;
    println!("received: {text}");
    Ok(())
}

fn receive(mut reader: &PipeReader) -> io::Result<String> {
    let mut length = [0];
    reader.read_exact(&mut length)?;
    let mut text = vec![0; length[0].into()];
    reader.read_exact(&mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
