//! Finds a function, a type or a class in a source file by the words that it begins with.

/// Returns the lines of the first item in `text` that begins with `words` (`fn main`, `impl Drop for Row`, `def task`),
/// without their common indentation. In Rust an item ends with the brace in its column, in Python with its block.
pub(super) fn item(text: &str, words: &str, python: bool) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.iter().position(|line| begins(line, words))?;
    let column = indentation(lines[first]);
    let below = &lines[first + 1..];
    let length = if python {
        let outside = |line: &&str| !line.is_empty() && indentation(line) <= column;
        below.iter().position(outside).unwrap_or(below.len())
    } else if lines[first].ends_with(['}', ';']) {
        0
    } else {
        below.iter().position(|line| indentation(line) == column && line.trim() == "}")? + 1
    };
    let taken = lines[first..=first + length].iter().map(|line| line.get(column..).unwrap_or_default());
    Some(taken.collect::<Vec<_>>().join("\n").trim_end().to_owned())
}

/// Returns whether an item with this name begins in this line, public or not. `fn work` does not match `fn worker`.
fn begins(line: &str, words: &str) -> bool {
    let line = line.trim_start();
    let line = ["pub(crate) ", "pub(super) ", "pub "]
        .iter()
        .find_map(|public| line.strip_prefix(public))
        .unwrap_or(line);
    let rest = line.strip_prefix(words);
    rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_'))
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::item;

    const RUST: &str = "\
struct Unit;

pub(crate) fn worker() {}

impl Row {
    fn work(&self) {
        if true {
            go();
        }
    }
}

fn work() {
    stop();
}
";

    const PYTHON: &str = "\
class A:
    def f(self):
        if x:

            return 1

    def g(self):
        pass

def f():
    return 2
";

    #[test]
    fn a_rust_item_ends_with_the_brace_in_its_column() {
        let work = "fn work(&self) {\n    if true {\n        go();\n    }\n}";
        assert_eq!(item(RUST, "fn work", false).as_deref(), Some(work));
        assert_eq!(item(RUST, "fn worker", false).as_deref(), Some("pub(crate) fn worker() {}"));
        assert_eq!(item(RUST, "struct Unit", false).as_deref(), Some("struct Unit;"));
        assert_eq!(item(RUST, "fn wor", false), None);
    }

    #[test]
    fn a_python_item_ends_with_its_block() {
        assert_eq!(
            item(PYTHON, "def f", true).as_deref(),
            Some("def f(self):\n    if x:\n\n        return 1")
        );
        assert_eq!(
            item(&PYTHON.replace("    def", "def"), "def g", true).as_deref(),
            Some("def g(self):\n        pass")
        );
        assert_eq!(item(PYTHON, "class A", true).unwrap().lines().count(), 8);
        assert_eq!(item(PYTHON, "def h", true), None);
    }
}
