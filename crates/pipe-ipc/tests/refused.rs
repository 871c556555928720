//! Misuse that Python reports at run time or not at all, and that does not compile in Rust.
//!
//! Each program in `refused/` has one line that ends with `// refused`. The compiler rejects the program because of that
//! line; without the line, the program compiles.

use std::path::{Path, PathBuf};
use std::{env, fs};

use course_tests::run::compiler::{CompileError, errors_with};

const MARK: &str = "// refused";

/// Each program, the code of the error, and a part of its message that all compiler versions share.
const REFUSED: [(&str, &str, &str); 18] = [
    ("send_on_a_receiver", "E0599", "no method named `send` found"),
    ("receive_on_a_sender", "E0599", "no method named `recv` found"),
    ("poll_a_sender", "E0599", "no method named `poll` found"),
    ("use_after_close", "E0382", "borrow of moved value: `sender`"),
    ("use_after_passing_to_child", "E0382", "borrow of moved value: `receiver`"),
    ("receive_in_two_threads", "E0499", "cannot borrow `receiver` as mutable more than once at a time"),
    ("send_in_two_threads", "E0499", "cannot borrow `sender` as mutable more than once at a time"),
    ("both_directions_without_split", "E0499", "cannot borrow `left` as mutable more than once at a time"),
    ("close_while_split", "E0505", "cannot move out of `left` because it is borrowed"),
    ("half_outlives_connection", "E0597", "`right` does not live long enough"),
    ("half_in_a_spawned_thread", "E0597", "`left` does not live long enough"),
    ("poll_a_buffered_receiver", "E0599", "no method named `poll` found"),
    ("wait_for_a_buffered_receiver", "E0277", "BufferedReceiver: Waitable` is not satisfied"),
    ("wait_for_a_sender", "E0277", "Sender: Waitable` is not satisfied"),
    ("pass_a_buffered_receiver_to_a_child", "E0277", "`Stdio: From<BufferedReceiver>`"),
    ("pass_a_buffered_sender_to_a_child", "E0277", "`Stdio: From<BufferedSender>`"),
    ("negative_offset", "E0277", "`usize: Neg`"),
    ("put_into_a_receiving_queue", "E0599", "no method named `put` found"),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/refused")
}

fn source(name: &str) -> String {
    let path = folder().join(name).with_extension("rs");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{} cannot be read: {error}", path.display()))
}

#[test]
fn each_program_is_rejected_with_its_error() {
    for (name, code, words) in REFUSED {
        let source = source(name);
        assert_eq!(source.lines().filter(|line| line.ends_with(MARK)).count(), 1, "{name}");
        let errors = errors_in(&source);
        let [error] = &errors[..] else { panic!("{name} has these errors: {errors:#?}") };
        assert_eq!(error.code, code, "{name}: {error:#?}");
        assert!(error.message.contains(words), "{name}: {error:#?}");
    }
}

/// All programs are compiled as modules of one, which is faster.
#[test]
fn each_program_compiles_without_its_marked_line() {
    let module = |(name, ..): (&str, &str, &str)| {
        let source = source(name);
        let rest: Vec<_> = source.lines().filter(|line| !line.ends_with(MARK)).collect();
        format!("mod {name} {{\n{}\n}}\n", rest.join("\n"))
    };
    let all: String = REFUSED.into_iter().map(module).collect();
    assert_eq!(errors_in(&format!("{all}fn main() {{}}\n")), []);
}

#[test]
fn each_program_is_short_and_describes_what_cpython_does() {
    for (name, ..) in REFUSED {
        let source = source(name);
        let comment: Vec<_> = source.lines().map_while(|line| line.strip_prefix("//! ")).collect();
        assert!(comment.join(" ").contains("CPython"), "{name}");
        assert!(source.lines().count() <= 25, "{name}");
    }
}

#[test]
fn every_program_in_the_folder_is_tested() {
    let entries =
        fs::read_dir(folder()).expect("the folder can be read").map(|entry| entry.expect("an entry").path());
    let mut found: Vec<_> = entries.map(|path| path.file_stem().expect("a name").to_owned()).collect();
    let mut tested = REFUSED.map(|(name, ..)| name);
    found.sort();
    tested.sort_unstable();
    assert_eq!(found, tested);
}

/// Returns the errors in a program that uses `pipe_ipc`.
fn errors_in(source: &str) -> Vec<CompileError> {
    let library = library();
    let folder = library.parent().expect("it is in a folder");
    let [library, folder] =
        [format!("pipe_ipc={}", library.display()), format!("dependency={}", folder.display())];
    errors_with(source, ["--extern", &library, "-L", &folder])
}

/// Returns the path of the library that this test was built with: the newest beside the test.
fn library() -> PathBuf {
    let test = env::current_exe().expect("the path of the test is known");
    let entries = fs::read_dir(test.parent().expect("it is in a folder")).expect("the folder can be read");
    let is_library = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("libpipe_ipc-") && name.ends_with(".rlib")
    };
    let libraries = entries.map(|entry| entry.expect("an entry").path()).filter(is_library);
    let built = |path: &PathBuf| {
        fs::metadata(path).and_then(|metadata| metadata.modified()).expect("the file has a time")
    };
    libraries.max_by_key(built).expect("the library was built before its tests")
}
