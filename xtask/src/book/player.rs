//! The player's pages: one for each scenario and mistake that can be played, with all its states.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::translation::LANGUAGE;
use crate::files;
use crate::lessons::Course;
use crate::scene::{self, Kind, Libraries, Scene, SceneProgram};
use crate::supervisor::Supervisor;

/// The folder of the player's template, styles and scripts, from the root of the workspace.
const FOLDER: &str = "docs/player";

/// The folder of the pages in the book.
pub const BOOK_FOLDER: &str = "play";

/// What each page loads.
const ASSETS: [&str; 3] = ["player.css", "player.js", "test.js"];

/// The words of the Chinese pages, by the English ones, in the folder of the player.
const CHINESE_WORDS: &str = "zh-CN.json";

/// What stands before the data of a page.
const DATA: &str = "id=\"graph\">";

/// Writes the player's pages into `folder`. Returns their paths.
///
/// # Errors
/// If a scene does not compile, a goal cannot be reached, or a file cannot be read or written.
pub fn write_pages(course: &Course, folder: &Path, supervisor: &Supervisor) -> Result<Vec<PathBuf>> {
    let source = copy_assets(&course.root, folder)?;
    let template = read(&source.join("page.html"))?;
    let libraries = Libraries::build(course, supervisor)?;
    let mut pages = Vec::new();
    for lesson in &course.lessons {
        let scenes = scene::scenes_in(lesson.folder(), &lesson.name)?;
        let programs = match libraries.compile_all(&scenes, supervisor)? {
            Ok(programs) => programs,
            Err(messages) => bail!("{} does not compile:\n{messages}", lesson.name),
        };
        for (scene, program) in scenes.iter().zip(&programs) {
            let graph = graph(scene, program, supervisor)
                .with_context(|| format!("cannot make the page of {} {}", scene.lesson, scene.name))?;
            let page = folder.join(page_name(scene));
            write(&page, &filled(&template, scene, &graph))?;
            pages.push(page);
        }
    }
    Ok(pages)
}

/// Writes the Chinese pages: those in `pages`, with the words of `zh-CN.json` in their data.
///
/// # Errors
/// If the words cannot be parsed, or a file cannot be read or written.
pub fn write_chinese_pages(root: &Path, pages: &[PathBuf], folder: &Path) -> Result<()> {
    let source = copy_assets(root, folder)?;
    let words: Value = serde_json::from_str(&read(&source.join(CHINESE_WORDS))?)
        .with_context(|| format!("cannot parse {CHINESE_WORDS}"))?;
    let added = format!("{DATA}{{\"language\":\"{LANGUAGE}\",\"words\":{},", escaped_in_script(&words));
    for page in pages {
        let text = read(page)?;
        let (before, data) = text
            .split_once(&format!("{DATA}{{"))
            .with_context(|| format!("{} has no data after `{DATA}`", page.display()))?;
        write(&folder.join(page.file_name().unwrap_or_default()), &[before, &added, data].concat())?;
    }
    Ok(())
}

/// Copies what each page loads. Returns the folder that it is from.
fn copy_assets(root: &Path, folder: &Path) -> Result<PathBuf> {
    let source = root.join(FOLDER);
    for name in ASSETS {
        write(&folder.join(name), &read(&source.join(name))?)?;
    }
    Ok(source)
}

/// Returns the file name of a scene's page.
#[must_use]
pub fn page_name(scene: &Scene) -> String {
    if scene.name.is_empty() {
        return format!("{}.html", scene.lesson);
    }
    format!("{}-{}.html", scene.lesson, scene.name)
}

fn graph(scene: &Scene, program: &SceneProgram, supervisor: &Supervisor) -> Result<Value> {
    let mut graph = program.graph(&scene.goals, supervisor)?;
    graph["lesson"] = scene.lesson.as_str().into();
    graph["name"] = scene.name.as_str().into();
    graph["title"] = scene.title.as_str().into();
    graph["page"] = back(scene).into();
    Ok(graph)
}

/// Returns the link from the page of a scene to what it is about.
fn back(scene: &Scene) -> String {
    let lesson = &scene.lesson;
    match scene.kind {
        Kind::Scenario => format!("../crates/{lesson}/index.html"),
        Kind::Mistake | Kind::Exercise => format!("../crates/{lesson}/wrong/{}.rs.html", scene.name),
    }
}

fn filled(template: &str, scene: &Scene, graph: &Value) -> String {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    // Last: its text is not searched for placeholders.
    template
        .replace("{{title}}", &escaped(&scene.title))
        .replace("{{lesson}}", &escaped(&scene.lesson))
        .replace("{{page}}", &escaped(&back(scene)))
        .replace("{{data}}", &escaped_in_script(graph))
}

/// Returns data that cannot end the script element that it stands in.
fn escaped_in_script(data: &Value) -> String {
    data.to_string().replace('<', "\\u003c")
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    files::write(path, text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))
}
