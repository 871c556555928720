//! The programs that can be played.

use std::collections::BTreeMap;
use std::path::Path;

use xtask::lessons::{self, Course};
use xtask::scene::{self, Kind, Libraries, Scene};
use xtask::supervisor::Supervisor;

fn course() -> Course {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is in the workspace");
    lessons::course_in(root).expect("the workspace can be read")
}

/// Returns the scenes that are no exercises, by lesson.
fn scenes(course: &Course) -> BTreeMap<String, Vec<Scene>> {
    let mut by_lesson: BTreeMap<String, Vec<Scene>> = BTreeMap::new();
    for scene in scene::all(course).expect("the lists can be read") {
        if scene.kind != Kind::Exercise {
            by_lesson.entry(scene.lesson.clone()).or_default().push(scene);
        }
    }
    by_lesson
}

#[test]
fn every_goal_of_a_scene_can_be_reached_and_its_states_are_few_enough_for_a_page() {
    let (course, supervisor) = (course(), Supervisor::default());
    let libraries = Libraries::build(&course, &supervisor).expect("they can be built");
    for scenes in scenes(&course).values() {
        let programs = libraries.compile_all(scenes, &supervisor).expect("the compiler runs");
        let programs = programs.unwrap_or_else(|messages| panic!("{messages}"));
        for (scene, program) in scenes.iter().zip(programs) {
            let goals = serde_json::to_string(&scene.goals).expect("goals can be written");
            let graph = program.ask(&format!("graph {goals}"), &supervisor);
            let graph = graph.unwrap_or_else(|error| panic!("{} {}: {error:#}", scene.lesson, scene.name));
            let size = graph.to_string().len();
            assert!(size < 200_000, "{} {}: {size} bytes", scene.lesson, scene.name);
        }
    }
}
