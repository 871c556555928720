//! The stand-in of the library, with which the lesson is explored, does what the library does.

use course_tests::mistakes::summaries;
use exploration::explore::every_schedule;

/// Defines the same scenes for the library and for its stand-in. A scene describes what its calls return.
macro_rules! scenes {
    ($name:ident, $library:ident) => {
        mod $name {
            use std::fmt::Display;
            use std::real::path::Path;

            use $library::{Queue, duplex, pipe};

            fn shown<T: Display, E: Display>(result: Result<T, E>) -> String {
                match result {
                    Ok(value) => value.to_string(),
                    Err(error) => format!("error: {error}"),
                }
            }

            fn sent<E: Display>(result: Result<(), E>) -> String {
                shown(result.map(|()| "sent"))
            }

            fn one_way() -> Vec<String> {
                let (mut receiver, mut sender) = pipe().expect("a pipe");
                let mut other = sender.try_clone().expect("another end");
                let mut seen = vec![sent(sender.send("tea")), sent(other.send("toast"))];
                drop(sender);
                seen.push(shown(receiver.recv::<String>()));
                drop(other);
                seen.extend([shown(receiver.recv::<String>()), shown(receiver.recv::<String>())]);
                seen
            }

            fn without_a_receiver() -> Vec<String> {
                let (receiver, mut sender) = pipe().expect("a pipe");
                let mut other = receiver.try_clone().expect("another end");
                drop(receiver);
                let mut seen = vec![sent(sender.send("tea")), shown(other.recv::<String>())];
                drop(other);
                seen.push(sent(sender.send("toast")));
                seen
            }

            fn two_way() -> Vec<String> {
                let (mut left, mut right) = duplex().expect("a connection");
                let mut seen = vec![sent(left.send("question")), shown(right.recv::<String>())];
                seen.extend([sent(right.send("answer")), shown(left.recv::<String>())]);
                drop(left);
                seen.push(shown(right.recv::<String>()));
                seen
            }

            fn wrong_type() -> Vec<String> {
                let (mut receiver, mut sender) = pipe().expect("a pipe");
                let mut seen = vec![sent(sender.send(&7)), sent(sender.send("tea"))];
                seen.push(receiver.recv::<String>().is_err().to_string());
                seen.push(shown(receiver.recv::<String>()));
                seen
            }

            fn queue(folder: &Path) -> Vec<String> {
                let (receiver, sender) = pipe().expect("a pipe");
                let putting = Queue::new(sender, folder.join("putting")).expect("a queue");
                let getting = Queue::new(receiver, folder.join("getting")).expect("a queue");
                let mut seen = vec![sent(putting.put("tea")), sent(putting.put("toast"))];
                seen.push(shown(getting.get::<String>()));
                drop(putting);
                seen.extend([shown(getting.get::<String>()), shown(getting.get::<String>())]);
                seen
            }

            pub(super) fn all(folder: &Path) -> Vec<String> {
                [one_way(), without_a_receiver(), two_way(), wrong_type(), queue(folder)].concat()
            }
        }
    };
}

scenes!(library, real_pipe_ipc);
scenes!(stand_in, pipe_ipc);

#[test]
fn the_stand_in_returns_what_the_library_returns() {
    let folder = tempfile::tempdir().expect("a folder");
    let expected = library::all(folder.path());
    assert!(expected.iter().any(|seen| seen.starts_with("error: end of file")), "{expected:?}");
    let explored = every_schedule(move || {
        for seen in stand_in::all(folder.path()) {
            println!("{seen}");
        }
    });
    assert_eq!(summaries(&explored.outcomes()), [expected.join(" / ")]);
}
