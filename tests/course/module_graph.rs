//! Which files of a crate import which, found in their text.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use regex_lite::Regex;

/// Returns the files with which the libraries, programs, tests and benchmarks of the workspace begin: those that no other
/// file declares as a module.
pub(crate) fn crate_roots(root: &Path) -> Vec<PathBuf> {
    let folders = ["crates", "tests", "xtask"].map(|folder| root.join(folder));
    // A template is not compiled, nor is the workspace that the tests of xtask build.
    let is_ours = |file: &PathBuf| !file.iter().any(|part| part == "template" || part == "fixture-workspace");
    let files: BTreeSet<PathBuf> =
        folders.iter().flat_map(|folder| rust_files(folder)).filter(is_ours).collect();
    let is_root = |file: &&PathBuf| {
        let name = file.file_name().unwrap_or_default();
        let parent = file.parent().and_then(Path::file_name).unwrap_or_default();
        ["lib.rs", "main.rs", "build.rs"].iter().any(|root| name == *root)
            || ["tests", "benches", "bin", "examples", "wrong"].iter().any(|folder| parent == *folder)
    };
    let roots: Vec<PathBuf> = files.iter().filter(is_root).cloned().collect();
    let modules: BTreeSet<PathBuf> = roots
        .iter()
        .flat_map(|root| Crate::read(root).modules.into_iter().skip(1).map(|module| module.file))
        .collect();
    roots.into_iter().filter(|root| !modules.contains(root)).collect()
}

/// The modules of a crate that are files of their own, the root first.
pub(crate) struct Crate {
    modules: Vec<Module>,
}

struct Module {
    file: PathBuf,
    /// The paths in its code, without comments, texts and unit tests.
    paths: Vec<Segments>,
    parent: Option<usize>,
    children: BTreeMap<String, usize>,
}

/// A path in the code, such as `crate::run::program::Program`.
type Segments = Vec<String>;

impl Crate {
    /// Reads the crate that begins with the file `root`.
    pub(crate) fn read(root: &Path) -> Self {
        let mut read = Self { modules: Vec::new() };
        read.add(root, root.parent().expect("a file has a folder"), None);
        read
    }

    /// Adds the module in `file`, whose own modules are in `folder`.
    fn add(&mut self, file: &Path, folder: &Path, parent: Option<usize>) -> usize {
        let source = read(file);
        let index = self.modules.len();
        let children = BTreeMap::new();
        self.modules.push(Module { file: file.to_owned(), paths: paths(&code(&source)), parent, children });
        for name in declared_modules(&source) {
            let (flat, nested) = (folder.join(format!("{name}.rs")), folder.join(&name).join("mod.rs"));
            let file = if flat.is_file() { flat } else { nested };
            if file.is_file() {
                let child = self.add(&file, &folder.join(&name), Some(index));
                self.modules[index].children.insert(name, child);
            }
        }
        index
    }

    /// Returns its files, the root first.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Path> {
        self.modules.iter().map(|module| module.file.as_path())
    }

    /// Returns the files of a cycle of imports, the first one again at the end.
    pub(crate) fn cycle(&self) -> Option<Vec<&Path>> {
        let imports: Vec<BTreeSet<usize>> =
            (0..self.modules.len()).map(|module| self.imports(module)).collect();
        let cycle = (0..self.modules.len()).find_map(|start| path(&imports, start, start))?;
        Some(cycle.into_iter().map(|module| self.modules[module].file.as_path()).collect())
    }

    /// Returns the modules whose items this one names. That it declares a module does not count.
    fn imports(&self, module: usize) -> BTreeSet<usize> {
        let imports = self.modules[module].paths.iter().filter_map(|path| self.resolve(module, path, 0));
        imports.filter(|&other| other != module).collect()
    }

    /// Returns the module that defines what `path` means in `module`; `None` if that is not in this crate.
    fn resolve(&self, module: usize, path: &[String], depth: usize) -> Option<usize> {
        let first = path.first()?.as_str();
        let mut rest = &path[1..];
        let mut at = match first {
            "crate" => 0,
            "self" => module,
            "super" => self.modules[module].parent?,
            child => *self.modules[module].children.get(child)?,
        };
        while let Some(next) = rest.first() {
            at = match next.as_str() {
                "super" => self.modules[at].parent?,
                "self" => at,
                name => match self.modules[at].children.get(name) {
                    Some(&child) => child,
                    None => return Some(self.definition(at, name, depth)),
                },
            };
            rest = &rest[1..];
        }
        Some(at)
    }

    /// Returns the module that defines `name`, which `module` has: itself, or the one from which it imports it.
    fn definition(&self, module: usize, name: &str, depth: usize) -> usize {
        let imported = self.modules[module]
            .paths
            .iter()
            .find(|path| path.len() > 1 && path.last().is_some_and(|last| last == name))
            .and_then(|path| if depth < 8 { self.resolve(module, path, depth + 1) } else { None });
        imported.unwrap_or(module)
    }
}

/// Returns a path from `start` to `end` with at least one step, in a graph.
fn path(graph: &[BTreeSet<usize>], start: usize, end: usize) -> Option<Vec<usize>> {
    let mut before: BTreeMap<usize, usize> = BTreeMap::new();
    let mut reached = vec![start];
    while let Some(at) = reached.pop() {
        for &next in &graph[at] {
            if next == end {
                let mut path = vec![end, at];
                while path[path.len() - 1] != start {
                    path.push(before[&path[path.len() - 1]]);
                }
                path.reverse();
                return Some(path);
            }
            if next != start && !before.contains_key(&next) {
                before.insert(next, at);
                reached.push(next);
            }
        }
    }
    None
}

/// Returns the names of the modules that a file declares, without those that have their path in an attribute: a lesson's
/// own file, which stands for a module, is checked where it belongs.
fn declared_modules(source: &str) -> Vec<String> {
    let declaration = Regex::new(r"^\s*(?:pub(?:\([a-z]+\))? )?mod (\w+);").expect("a pattern");
    let mut names = Vec::new();
    let mut has_path = false;
    for line in source.lines() {
        if let Some(found) = declaration.captures(line) {
            if !has_path {
                names.push(found[1].to_owned());
            }
            has_path = false;
        } else if line.trim_start().starts_with("#[path") {
            has_path = true;
        }
    }
    names
}

/// Returns a source without comments, texts and the unit tests at its end, which may use what is built on the file.
pub(crate) fn code(source: &str) -> String {
    let tests = Regex::new(r"(?m)^#\[cfg\(test\)\]\nmod \w+ \{").expect("a pattern");
    let source = tests.find(source).map_or(source, |found| &source[..found.start()]);
    // Comments, raw texts, texts, characters.
    let ignored =
        Regex::new(r##"//[^\n]*|r#"[\s\S]*?"#|"(?:\\[\s\S]|[^"\\])*"|'(?:\\.|[^'\\])'"##).expect("a pattern");
    ignored.replace_all(source, " ").into_owned()
}

/// Returns all paths in the code, `{…}` expanded.
fn paths(code: &str) -> Vec<Segments> {
    let start = Regex::new(r"\b[a-z_]\w*::").expect("a pattern");
    let mut paths = Vec::new();
    let mut offset = 0;
    while let Some(found) = start.find(&code[offset..]) {
        let begins = offset + found.start();
        let (expanded, length) = expand(&code[begins..]);
        paths.extend(expanded);
        offset = begins + length;
    }
    paths
}

/// Reads the path at the beginning of a text, and returns it, once for each alternative in braces, and its length.
fn expand(text: &str) -> (Vec<Segments>, usize) {
    let word = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len());
    let segment = text[..word].to_owned();
    let Some(rest) = text[word..].strip_prefix("::") else { return (vec![vec![segment]], word) };
    let mut length = word + 2;
    let mut ends = Vec::new();
    if let Some(mut inside) = rest.strip_prefix('{') {
        length += 1;
        loop {
            let skipped = inside.len() - inside.trim_start_matches([' ', '\n', ',']).len();
            (inside, length) = (&inside[skipped..], length + skipped);
            if inside.is_empty() || inside.starts_with('}') {
                length += 1;
                break;
            }
            let (expanded, used) = expand(inside);
            ends.extend(expanded);
            let used = inside[used..].find([',', '}']).map_or(inside.len(), |more| used + more);
            (inside, length) = (&inside[used..], length + used);
        }
    } else if rest.starts_with(|first: char| first.is_alphabetic() || first == '_') {
        let (expanded, used) = expand(rest);
        ends = expanded;
        length += used;
    } else {
        // A glob, or type arguments.
        ends.push(Vec::new());
    }
    let path = |end: Segments| [vec![segment.clone()], end].concat();
    (ends.into_iter().map(path).collect(), length)
}

pub(crate) fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("cannot read {}: {error}", file.display()))
}

/// Returns all Rust files below a folder.
pub(crate) fn rust_files(folder: &Path) -> Vec<PathBuf> {
    files(folder, "rs")
}

/// Returns all files with this extension below a folder.
pub(crate) fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder);
    let entries = entries.unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let files = paths.flat_map(|path| if path.is_dir() { files(&path, extension) } else { vec![path] });
    files.filter(|path| path.extension().is_some_and(|end| end == extension)).collect()
}

/// Writes a crate with these files, and returns its cycle.
fn cycle_of(files: &[(&str, &str)]) -> Option<String> {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, source) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("it can be made");
        fs::write(file, source).expect("it can be written");
    }
    let read = Crate::read(&folder.path().join("lib.rs"));
    let names = |cycle: Vec<&Path>| {
        let name =
            |file: &&Path| file.strip_prefix(folder.path()).expect("in the folder").display().to_string();
        cycle.iter().map(name).collect::<Vec<_>>().join(" → ")
    };
    read.cycle().map(names)
}

#[test]
fn two_files_that_use_each_other_are_a_cycle() {
    let (a, b) = ("use crate::b::{self, Two};\n", "fn two() { crate::a::one() }\n");
    let cycle = cycle_of(&[("lib.rs", "mod a;\nmod b;\n"), ("a.rs", a), ("b.rs", b)]);
    assert_eq!(cycle.as_deref(), Some("a.rs → b.rs → a.rs"));
    assert_eq!(cycle_of(&[("lib.rs", "mod a;\nmod b;\n"), ("a.rs", a), ("b.rs", "// crate::a\n")]), None);
}

#[test]
fn a_child_that_uses_an_item_of_a_parent_that_uses_it_is_a_cycle() {
    let child = ("a/child.rs", "use super::Shared;\n");
    let uses = ("a/mod.rs", "mod child;\nstruct Shared;\nfn f() { child::g() }\n");
    let cycle = cycle_of(&[("lib.rs", "mod a;\n"), uses, child]);
    assert_eq!(cycle.as_deref(), Some("a/mod.rs → a/child.rs → a/mod.rs"));
    let declares = ("a/mod.rs", "mod child;\nstruct Shared;\n");
    assert_eq!(cycle_of(&[("lib.rs", "mod a;\n"), declares, child]), None);
}

#[test]
fn an_item_that_a_parent_re_exports_is_the_siblings() {
    let parent = ("a/mod.rs", "mod one;\nmod two;\npub use one::One;\npub use two::{Two, three};\n");
    let files =
        [("lib.rs", "mod a;\n"), parent, ("a/one.rs", "struct One;\n"), ("a/two.rs", "use super::One;\n")];
    assert_eq!(cycle_of(&files), None);
    let files = [files[0], parent, ("a/one.rs", "use crate::a::Two;\n"), files[3]];
    assert_eq!(cycle_of(&files).as_deref(), Some("a/one.rs → a/two.rs → a/one.rs"));
}

#[test]
fn unit_tests_may_use_what_is_built_on_their_file() {
    let a = "fn a() {}\n\n#[cfg(test)]\nmod tests {\n    use crate::b::b;\n}\n";
    assert_eq!(
        cycle_of(&[("lib.rs", "mod a;\nmod b;\n"), ("a.rs", a), ("b.rs", "use crate::a::a;\n")]),
        None
    );
}
