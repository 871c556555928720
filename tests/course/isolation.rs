//! Explored processes share no memory.
//!
//! Under the scheduler, a child process runs in the same memory as its parent. In a real run it starts with fresh copies of
//! all statics, so an exploration of a program that has one would show outputs that no real run has.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use regex_lite::Regex;

use crate::module_graph::{Crate, code, read, rust_files};
use crate::root;

/// What outlives a function, in code without comments and texts. A lifetime `'static` does not match, and a constant has no
/// memory of its own.
const SHARED: &str = r"(?m)(^|[^'\w])(static|thread_local|lazy_static|LazyLock|OnceLock)\b";

/// Returns the declarations and types in `source` through which two explored processes could share memory.
fn shared_memory(source: &str) -> Vec<String> {
    let shared = Regex::new(SHARED).expect("a pattern");
    shared.captures_iter(&code(source)).map(|found| found[2].to_owned()).collect()
}

/// Returns the files that run as explored processes: the programs of the explored lessons, the programs in `wrong/`, and
/// the library that reads their arguments and starts their children.
fn explored_files() -> Vec<PathBuf> {
    let lessons = fs::read_dir(root().join("crates")).expect("the folder can be read");
    let lessons = lessons.map(|entry| entry.expect("an entry").path());
    let mut files = modules(&root().join("tests/scenarios/src/lib.rs"));
    for lesson in lessons.filter(|lesson| read(&lesson.join("Cargo.toml")).contains("\nscheduled-std")) {
        files.extend(modules(&lesson.join("src/main.rs")));
        let wrong = lesson.join("wrong");
        if wrong.is_dir() {
            files.extend(rust_files(&wrong));
        }
    }
    files
}

fn modules(crate_root: &Path) -> Vec<PathBuf> {
    Crate::read(crate_root).files().map(Path::to_owned).collect()
}

#[test]
fn explored_programs_have_no_memory_that_a_child_process_would_share() {
    let mut found = String::new();
    for file in explored_files() {
        for shared in shared_memory(&read(&file)) {
            let _ = write!(found, "\n  {}: {shared}", file.strip_prefix(root()).unwrap_or(&file).display());
        }
    }
    assert!(
        found.is_empty(),
        "these files have memory that is shared by the whole program. A child process that is explored runs in the same \
         memory as its parent, so it would see what the parent has written there; a real child process does not. Pass the \
         value as an argument or through a pipe, or make it a `const`:{found}"
    );
}

#[test]
fn the_programs_of_all_lessons_that_start_processes_are_checked() {
    let files = explored_files();
    for file in [
        "crates/pipe-ipc/src/main.rs",
        "crates/pipe-ipc/wrong/end_kept_open.rs",
        "crates/shared-data/src/word_processor.rs",
        "crates/thread-attrs/src/main.rs",
        "crates/thread-basics/src/main.rs",
        "tests/scenarios/src/process.rs",
    ] {
        assert!(files.contains(&root().join(file)), "{file}");
    }
    let library = root().join("crates/pipe-ipc/src/lib.rs");
    assert!(!files.contains(&library), "a stand-in replaces the library of pipe-ipc");
}

#[test]
fn each_kind_of_shared_memory_is_found() {
    for (source, expected) in [
        ("static COUNT: AtomicU32 = AtomicU32::new(0);", &["static"][..]),
        ("fn next() {\n    static mut NEXT: u32 = 0;\n}", &["static"]),
        ("pub(crate) static NAME: OnceCell<String> = OnceCell::new();", &["static"]),
        ("std::thread_local! { static NAME: Cell<u32> = Cell::new(0) }", &["thread_local", "static"]),
        ("lazy_static! {}", &["lazy_static"]),
        ("use std::sync::LazyLock;", &["LazyLock"]),
        ("use std::sync::{Mutex, OnceLock};", &["OnceLock"]),
    ] {
        assert_eq!(shared_memory(source), expected, "{source}");
    }
}

#[test]
fn constants_lifetimes_comments_and_texts_are_not_shared_memory() {
    for source in [
        "const NUMBER: u32 = 999;",
        "fn run(args: &'static [&'static str], work: impl Fn() + 'static) {}",
        "// Not a static.\n/// No LazyLock either.",
        "println!(\"a static, a thread_local and an OnceLock\");",
        "let statics = my_static();",
    ] {
        assert_eq!(shared_memory(source), [""; 0], "{source}");
    }
}
