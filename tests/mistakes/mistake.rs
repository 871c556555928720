//! A program that is wrong on purpose.
//!
//! It is a file in a lesson's `wrong/`. Its first line says what is wrong and how that shows. The fix is in its
//! comments, and [`Mistake::fixed`] applies it:
//!
//! ```text
//! let read = number.load(SeqCst); // right: (remove this line)
//! number.store(read + 1, SeqCst); // right: number.fetch_add(1, SeqCst); the line is replaced
//! // right: thread.join().unwrap();                                      a line is inserted
//! if queue.is_empty() {
//!     // right: while queue.is_empty() {                                 the line above is replaced (rustfmt's place)
//! ```

use std::fs;
use std::path::Path;

use crate::run::compiler::errors_in;

/// What comes before the fix, in a line of the program.
const MARK: &str = "// right: ";

/// The fix of a line that should not be there.
const REMOVED: &str = "(remove this line)";

/// A program that is wrong on purpose.
#[derive(Debug, Clone)]
pub struct Mistake {
    source: String,
}

impl Mistake {
    /// Reads `wrong/NAME.rs` of the lesson in `folder`: in its tests, `env!("CARGO_MANIFEST_DIR")`.
    ///
    /// # Panics
    /// Panics if the file cannot be read, its first line is not a `//!` comment, it is longer than 40 lines, or no comment
    /// says what is right.
    #[must_use]
    pub fn read(folder: &str, name: &str) -> Self {
        let path = Path::new(folder).join("wrong").join(name).with_extension("rs");
        let source = fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
        assert!(source.starts_with("//! "), "the first line of {name} must say what is wrong");
        assert!(source.lines().count() <= 40, "{name} is longer than 40 lines");
        assert!(source.contains(MARK), "{name} has no comment that says what is right");
        Self { source }
    }

    /// Returns the program.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Returns the program with the fixes in its comments applied.
    #[must_use]
    pub fn fixed(&self) -> String {
        let mut fixed: Vec<&str> = Vec::new();
        for line in self.source.lines() {
            match line.split_once(MARK).map(|(wrong, fix)| (wrong.trim(), fix)) {
                None => fixed.push(line),
                Some((_, REMOVED)) => {}
                Some(("", fix)) => {
                    if fix.ends_with('{') {
                        fixed.pop();
                    }
                    fixed.push(fix);
                }
                Some((_, fix)) => fixed.push(fix),
            }
        }
        fixed.join("\n")
    }

    /// Asserts that `module` is the fixed program, apart from its layout. A test that explores the fixed program has it
    /// as a module; `test` is the source of that test: `include_str!("mistakes.rs")`.
    ///
    /// # Panics
    /// Panics if the module is different, or does not compile on its own.
    pub fn assert_fix_is(&self, module: &str, test: &str) {
        let (_, from_here) = test
            .split_once(&format!("\nmod {module} {{\n"))
            .unwrap_or_else(|| panic!("the test has no module {module}"));
        let (body, _) = from_here.split_once("\n}\n").expect("the module has an end");
        assert_eq!(code(&self.fixed()), code(body), "{module}: the fix in the comments, and the module");
        assert_eq!(errors_in(&self.fixed()), [], "{module} on its own");
    }
}

/// Returns the lines of a program without comments and indentation.
fn code(program: &str) -> Vec<&str> {
    let lines = program.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with("//")).collect()
}
