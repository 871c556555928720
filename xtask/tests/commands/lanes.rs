//! `cargo xtask lanes`: constructed runs as they are drawn, and the command as it is typed.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use course_tests::trace::scenarios::Lane;
use roxmltree::Document;
use xtask::lanes;
use xtask::lanes::columns::{truncate, wrapped};
use xtask::lanes::run::{Line, Run};

use crate::support::{self, make_fifo, write_script};

/// The namespace of SVG's elements.
const SVG: &str = "http://www.w3.org/2000/svg";

/// Who prints which line when, in milliseconds. The declarations are numbered by the first letters of the actors.
fn run(took: u64, lines: &[(u64, &str, &str)]) -> Run {
    let lane =
        |actor: &str| Lane { kind: actor.bytes().next().map_or(0, usize::from), actor: actor.to_owned() };
    let printed = |&(at, actor, text): &(u64, &str, &str)| Line {
        at: Duration::from_millis(at),
        lane: Some(actor).filter(|actor| !actor.is_empty()).map(lane),
        text: text.to_owned(),
    };
    Run {
        title: "kitchen in Rust".to_owned(),
        lines: lines.iter().map(printed).collect(),
        took: Duration::from_millis(took),
        cut_off: Vec::new(),
        failed: false,
        notes: Vec::new(),
    }
}

fn kitchen() -> Run {
    run(
        3010,
        &[
            (2, "waiter", "waiter takes the order"),
            (3, "main", "the kitchen is open"),
            (3, "cook", "cook begins: 炒一大盘青菜"),
            (1200, "waiter", "waiter lays the table"),
            (3004, "cook", "cook is done"),
            (3005, "main", "the kitchen is closed"),
        ],
    )
}

fn text(run: &Run, width: usize) -> String {
    plain(&lanes::text::text(run, width))
}

fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

#[test]
fn each_line_is_at_its_time_in_the_lane_of_its_actor() {
    insta::assert_snapshot!("kitchen", text(&kitchen(), 100));
}

#[test]
fn an_actor_that_is_cut_off_has_an_open_end() {
    let mut run = run(1004, &[(1, "main", "open"), (2, "dog", "dog barks"), (1003, "main", "closed")]);
    run.cut_off = vec!["dog".to_owned()];
    insta::assert_snapshot!("cut-off", text(&run, 80));
}

#[test]
fn two_actors_that_are_cut_off_after_short_lines_each_have_a_visible_end() {
    let mut run = run(9, &[(1, "a", "x"), (2, "b", "y")]);
    run.cut_off = vec!["a".to_owned(), "b".to_owned()];
    let drawn = text(&run, 80);
    assert!(drawn.contains(" ╎ cut off ╎ cut off\n"), "{drawn}");
}

#[test]
fn lines_are_wrapped_to_fit_a_narrow_terminal() {
    let drawn = text(&kitchen(), 50);
    let too_wide = drawn.lines().find(|line| unicode_width::UnicodeWidthStr::width(*line) > 50);
    assert_eq!(too_wide, None);
    insta::assert_snapshot!("narrow", drawn);
}

#[test]
fn the_last_lane_is_not_narrowed_while_lines_of_the_others_extend_over_empty_cells() {
    let names: Vec<_> = (0..5).map(|number| format!("thread_{number}")).collect();
    let lines: Vec<_> =
        names.iter().map(|name| (1, name.as_str(), "change before thousand and three")).collect();
    assert!(!text(&run(5, &lines), 100).contains('…'), "{}", text(&run(5, &lines), 100));
}

#[test]
fn actors_of_one_kind_share_a_lane_if_the_drawing_is_too_narrow() {
    let names: Vec<_> = (10..30).map(|number| format!("plate-{number}")).collect();
    let plates = names.iter().enumerate().map(|(place, name)| (place as u64, name.as_str(), "washed"));
    let mut lines = vec![(0, "main", "water is hot")];
    lines.extend(plates);
    let run = run(25, &lines);
    let shared = text(&run, 100);
    assert!(shared.contains("plate-… (20)"), "{shared}");
    assert_eq!(shared.matches("washed").count(), 20, "{shared}");
    assert!(text(&run, 400).contains("plate-29"), "in a wide drawing each has its own");
}

#[test]
fn actors_that_do_not_fit_the_drawing_are_named_below_it() {
    let names = ["alice", "bob", "carol", "dave", "erin", "frank"];
    let lines: Vec<_> = names.iter().map(|&name| (1, name, "is somewhere in the kitchen")).collect();
    let drawn = text(&run(5, &lines), 50);
    assert!(
        drawn.ends_with(
            "Not shown: frank. The drawing is too narrow.\nNot shown: erin. The drawing is too narrow.\n\
             Not shown: dave. The drawing is too narrow.\n\n"
        ),
        "{drawn}"
    );
    assert_eq!(drawn.matches(" ╶ ").count(), 3, "{drawn}");
}

#[test]
fn a_line_without_a_declared_actor_is_drawn_too() {
    let mut run = run(5, &[(1, "main", "open"), (2, "", "thread 'main' panicked")]);
    run.notes.push("It failed: exit status: 101.".to_owned());
    insta::assert_snapshot!("unknown", text(&run, 80));
}

#[test]
fn a_run_that_prints_nothing_is_drawn() {
    insta::assert_snapshot!("nothing", text(&run(5, &[]), 80));
}

#[test]
fn control_characters_in_a_line_are_replaced_by_spaces() {
    let drawn = text(&run(5, &[(1, "main", "\u{1b}[2Jred\ttape\r")]), 80);
    assert!(drawn.contains("╶ [2Jred tape\n"), "{drawn}");
}

#[test]
fn each_lane_has_a_colour_of_its_own() {
    let drawn = lanes::text::text(&kitchen(), 100);
    for (line, colour) in
        [("┌ the kitchen is open", 34), ("└ cook is done", 32), ("└ waiter lays the table", 35)]
    {
        assert!(drawn.contains(&format!("\u{1b}[{colour}m{line}\u{1b}[0m")), "{line}: {drawn}");
    }
}

#[test]
fn lines_that_were_read_together_have_one_time() {
    let drawn = text(&run(9, &[(1, "main", "open"), (1, "cook", "wait"), (2, "main", "close")]), 80);
    let times: Vec<_> = drawn.lines().map(|line| line.get(..10).unwrap_or_default().trim()).collect();
    assert_eq!(times[2..6], ["0", "1.00 ms", "", "2.00 ms"], "{drawn}");
}

#[test]
fn a_wrapped_text_is_split_between_words_where_it_can_be_and_nothing_of_it_is_lost() {
    assert_eq!(wrapped("thread_4 change after 1003", 9), ["thread_4", "change", "after", "1003"]);
    assert_eq!(wrapped("thread_4 change after 1003", 15), ["thread_4 change", "after 1003"]);
    assert_eq!(wrapped("一二三", 5), ["一二", "三"]);
    assert_eq!(wrapped("一二", 1), ["一", "二"]);
    assert_eq!(wrapped("  ", 5), [""; 0]);
}

#[test]
fn a_truncated_text_is_never_too_wide_and_a_text_that_fits_stays_as_it_is() {
    assert_eq!(truncate("一二三", 6), "一二三");
    assert_eq!(truncate("一二三四", 6), "一…四");
    assert_eq!(truncate("一二三四", 1), "…");
    assert_eq!(truncate("number 999", 7), "num…999");
}

/// The texts of a picture.
fn texts<'a>(picture: &'a Document) -> Vec<&'a str> {
    let texts = picture.descendants().filter(|node| node.has_tag_name((SVG, "text")));
    texts.filter_map(|text| text.text()).collect()
}

/// How many elements have these classes.
fn count(picture: &Document, class: &str) -> usize {
    picture.descendants().filter(|node| node.attribute("class") == Some(class)).count()
}

#[test]
fn the_picture_of_any_output_is_well_formed() {
    let mut nasty = run(9, &[(1, "main", "<b>&amp; \"Tom\" & 'Jerry' \u{0}\u{fffe}"), (2, "</svg>", "]]>")]);
    nasty.title = "<lanes> & more\u{1b}".to_owned();
    let svg = lanes::svg::svg(&[vec![nasty]]);
    let picture = Document::parse(&svg).expect("XML");
    let texts = texts(&picture);
    for text in ["<lanes> & more\u{fffd}", "<b>&amp; \"Tom\" & 'Jerry'", "</svg>", "]]>"] {
        assert!(texts.contains(&text), "{text} is not in {texts:?}");
    }
}

#[test]
fn the_picture_shows_every_line_and_name_and_a_bar_for_each_actor_that_prints_twice() {
    let mut run = kitchen();
    run.cut_off = vec!["cook".to_owned()];
    let svg = lanes::svg::svg(&[vec![run.clone(), run.clone()], vec![run.clone()]]);
    let picture = Document::parse(&svg).expect("XML");
    let texts = texts(&picture);
    for line in &run.lines {
        assert_eq!(texts.iter().filter(|text| **text == line.text).count(), 3, "{}", line.text);
    }
    for name in ["main", "cook", "waiter", "cut off"] {
        assert_eq!(texts.iter().filter(|text| **text == name).count(), 3, "{name}");
    }
    let discs = picture.descendants().filter(|node| node.has_tag_name((SVG, "circle")));
    assert_eq!(discs.count(), 3 * run.lines.len());
    assert_eq!(count(&picture, "bar"), 3 * 3);
    assert_eq!(count(&picture, "bar open"), 3, "the open end of the cook");
}

fn lanes(args: &[&str]) -> Command {
    let mut command = support::xtask();
    command.arg("lanes").args(args).current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn end(args: &[&str]) -> Output {
    lanes(args).output().expect("it runs")
}

fn string(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// Returns the names above the lanes of the Rust run.
fn names(drawn: &str) -> BTreeSet<String> {
    let mut rust = drawn.lines().skip_while(|line| !line.ends_with(" in Rust <=="));
    let heads = rust.nth(1).unwrap_or_else(|| panic!("no Rust run: {drawn}"));
    heads
        .split("  ")
        .map(str::trim)
        .filter(|name| !name.is_empty() && *name != "time")
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_real_run_has_the_lanes_of_its_actors() {
    let output = end(&["pipe-ipc", "duplex"]);
    let drawn = string(&output.stdout);
    assert!(output.status.success(), "{}", string(&output.stderr));
    assert_eq!(names(&drawn), BTreeSet::from(["producer1".to_owned(), "customer1".to_owned()]), "{drawn}");
    assert!(drawn.ends_with(&plain(&lanes::text::legend())), "{drawn}");
    assert!(!drawn.contains('\u{1b}'), "not a terminal: {drawn}");
}

#[test]
fn a_real_run_becomes_a_picture_of_both_languages() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("lanes.svg");
    let output = end(&["shared-data", "thread", "--svg", file.to_str().expect("UTF-8")]);
    assert!(output.status.success(), "{}", string(&output.stderr));
    assert_eq!(string(&output.stdout), format!("wrote {}\n", file.display()));
    let svg = fs::read_to_string(&file).expect("it is there");
    let picture = Document::parse(&svg).expect("XML");
    let texts = texts(&picture);
    for text in ["main", "thread_0", "thread_4", "1004", "shared-data thread in Rust"] {
        assert!(texts.contains(&text), "{text} is not in {texts:?}");
    }
    let python =
        Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success());
    let titles = texts.iter().filter(|text| text.starts_with("shared-data thread in ")).count();
    assert_eq!(titles, 1 + usize::from(python));
    assert_eq!(
        fs::read_dir(folder.path()).expect("a folder").count(),
        1,
        "nothing is left beside the picture"
    );
}

#[test]
fn a_python_that_is_too_old_is_the_reason_for_a_drawing_of_rust_only() {
    let folder = tempfile::tempdir().expect("a folder");
    write_script(folder.path(), "python3", "echo /usr/bin/python3; echo 3 8 10; echo fork fork spawn");
    let others = std::env::var("PATH").expect("a PATH");
    let path = format!("{}:{others}", folder.path().display());
    let output = lanes(&["pipe-ipc", "simplex"]).env("PATH", path).output().expect("it runs");
    let error = string(&output.stderr);
    assert!(
        error.contains("version 3.9 or later") && error.contains("; showing the Rust run only"),
        "{error}"
    );
    assert!(!string(&output.stdout).contains(" in Python "), "{output:?}");
    assert!(output.status.success());
}

#[test]
fn an_unknown_scenario_is_an_error_that_names_the_scenarios() {
    for (args, error) in [
        (
            ["shared-data", "nonsense"],
            "shared-data has no scenario `nonsense`; its scenarios are process, thread, word-processor",
        ),
        (
            ["thread-attrs", "more"],
            "thread-attrs has no scenario `more`; it has a single one, without a name",
        ),
    ] {
        let output = end(&args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert_eq!(
            (string(&output.stdout), string(&output.stderr)),
            (String::new(), format!("error: {error}\n"))
        );
    }
}

#[test]
fn an_unknown_lesson_is_an_error_that_names_the_lessons() {
    let output = end(&["nonsense"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        string(&output.stderr).starts_with("error: unknown lesson `nonsense`; the lessons are pipe-ipc, ")
    );
}

#[test]
fn a_picture_that_cannot_be_written_is_an_error_before_anything_is_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = folder.path().join("missing");
    let no_directory = format!("there is no directory {}", missing.display());
    let special = tempfile::tempdir().expect("a folder");
    let pipe = make_fifo(special.path(), "pipe");
    for (path, why) in [
        (missing.join("lanes.svg"), no_directory.as_str()),
        (folder.path().into(), "it is a directory"),
        (pipe.clone(), "it is not a regular file"),
        ("/dev/null".into(), "it is not a regular file"),
    ] {
        let path = path.to_str().expect("UTF-8");
        let output = end(&["daemon", "--svg", path]);
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(string(&output.stderr), format!("error: cannot write {path}: {why}\n"));
    }
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0, "nothing is left there");
    assert!(fs::metadata(pipe).expect("it is there").file_type().is_fifo());
}

#[test]
fn a_closed_standard_output_ends_the_command_without_a_message() {
    let mut child = lanes(&["pipe-ipc", "simplex"]).spawn().expect("it starts");
    drop(child.stdout.take());
    let mut error = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut error).expect("text");
    assert_eq!((error.as_str(), child.wait().expect("it ends").code()), ("", Some(128 + 13)));
}
