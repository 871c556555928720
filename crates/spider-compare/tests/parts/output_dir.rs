//! The folder for the images.

use std::fs;

use spider_compare::output_dir::OutputDir;

#[test]
fn created_folders_are_removed_if_they_are_empty() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("a/b");
    let output = OutputDir::create(&folder).unwrap();
    assert!(folder.is_dir());
    drop(output);
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn existing_folders_and_folders_with_files_are_kept() {
    let home = tempfile::tempdir().unwrap();
    drop(OutputDir::create(home.path()).unwrap());
    assert!(home.path().is_dir());
    let output = OutputDir::create(&home.path().join("new")).unwrap();
    let folder = OutputDir::create(&output.path.join("thread")).unwrap();
    fs::write(folder.path.join("1.jpg"), "").unwrap();
    drop((folder, output));
    assert!(home.path().join("new/thread/1.jpg").exists());
}

#[test]
fn a_path_may_contain_dots() {
    for (path, folder) in [("a/../b", "b"), ("new/.", "new"), ("./c//d/", "c/d"), ("e/../e/f", "e/f")] {
        let home = tempfile::tempdir().unwrap();
        let output = OutputDir::create(&home.path().join(path)).unwrap();
        assert!(home.path().join(folder).is_dir(), "{path}");
        drop(OutputDir::create(&output.path.join("thread")).unwrap());
        drop(output);
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "{path}");
    }
}

#[test]
fn a_path_through_a_file_is_an_error_that_names_the_path_and_the_option() {
    let file = tempfile::NamedTempFile::new().unwrap();
    for path in [file.path().to_owned(), file.path().join("below")] {
        let error = OutputDir::create(&path).unwrap_err().to_string();
        assert!(error.contains(&path.display().to_string()) && error.contains("--out"), "{error}");
    }
}
