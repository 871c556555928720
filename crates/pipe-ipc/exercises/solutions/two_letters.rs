//! # Two long letters
//!
//! Main and a child process send each other a letter of 100,001 bytes, each through a pipe of its own. The program
//! should end, and print that both letters have arrived. Both must be sent in full.
//!
//! Hint: A pipe holds 64 KiB. What does `write_all` do when the pipe is full? What does the other process do in
//! the meantime?
//!
//! Page: ../README.md#pitfalls
//! Book: https://doc.rust-lang.org/std/process/struct.Stdio.html#method.piped

use std::env;
use std::io::{self, Write};
use std::process::{Command, Stdio};

pub(crate) fn main() -> io::Result<()> {
    let letter = ".".repeat(100_000) + "\n";
    if env::args().nth(1).as_deref() == Some("friend") {
        return friend(&letter);
    }
    // The friend is this program again, with a pipe as its standard input and another as its standard output.
    let mut command = Command::new(env::current_exe()?);
    let mut friend = command.arg("friend").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let (mut to_friend, from_friend) = (friend.stdin.take().unwrap(), friend.stdout.take().unwrap());
    to_friend.write_all(letter.as_bytes())?;
    drop(to_friend);
    println!("main: the letter has arrived: {}", io::read_to_string(from_friend)? == letter);
    println!("friend: the letter has arrived: {}", friend.wait()?.success());
    Ok(())
}

fn friend(letter: &str) -> io::Result<()> {
    let received = io::read_to_string(io::stdin())?;
    print!("{letter}");
    if received == letter { Ok(()) } else { Err(io::Error::other("this is not the letter")) }
}
