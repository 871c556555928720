//! The screen, at 80 × 24 unless a test says otherwise.

mod model;

use insta::assert_snapshot;
use model::{LOST_UPDATE_GOALS, Model, OPPOSITE_ORDERS_GOALS, scene};
use player::choices::parse;
use player::session::Session;
use player::terminal::{app::App, screen};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::style::{Color, Modifier};

/// Plays `choices`, presses `keys` and returns the screen.
fn screen_at(
    size: (u16, u16),
    mut model: Model,
    goals: &str,
    choices: &str,
    keys: &[KeyCode],
) -> TestBackend {
    let title = "A scene";
    let mut session = Session::start(&mut model, scene(title, goals, Some(0))).expect("it starts");
    session.play(&parse(choices).expect("choices")).expect("they are possible");
    let mut app = App::new(session);
    while app.work() {}
    for &key in keys {
        assert!(app.press(KeyEvent::new(key, KeyModifiers::NONE)), "{key:?} quits");
        while app.work() {}
    }
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).expect("a terminal");
    terminal.draw(|frame| screen::draw(frame, &mut app)).expect("it draws");
    terminal.backend().clone()
}

fn shown_at(size: (u16, u16), model: Model, goals: &str, choices: &str, keys: &[KeyCode]) -> String {
    screen_at(size, model, goals, choices, keys).to_string()
}

fn shown(model: Model, goals: &str, choices: &str, keys: &[KeyCode]) -> String {
    shown_at((80, 24), model, goals, choices, keys)
}

fn keys(text: &str) -> Vec<KeyCode> {
    text.chars().map(KeyCode::Char).collect()
}

#[test]
fn the_start_shows_main_alone() {
    assert_snapshot!(shown(Model::lost_update(), LOST_UPDATE_GOALS, "", &[]));
}

#[test]
fn each_actor_has_a_column_with_its_source() {
    assert_snapshot!(shown(Model::lost_update(), LOST_UPDATE_GOALS, "0*2,1,2", &[]));
}

#[test]
fn digits_choose_and_a_reached_goal_is_announced() {
    assert_snapshot!(shown(Model::lost_update(), LOST_UPDATE_GOALS, "", &keys("001221000")));
}

#[test]
fn a_deadlock_is_announced_with_its_goal() {
    assert_snapshot!(shown(Model::opposite_orders(), OPPOSITE_ORDERS_GOALS, "0*2,1", &keys("2")));
}

#[test]
fn an_announcement_is_reversed_in_its_whole_width() {
    let screen = screen_at((80, 24), Model::opposite_orders(), OPPOSITE_ORDERS_GOALS, "0*2,1,2", &[]);
    let is_reversed =
        |row| (0..80).all(|column| screen.buffer()[(column, row)].modifier.contains(Modifier::REVERSED));
    let reversed: Vec<_> = (0..24).filter(|&row| is_reversed(row)).collect();
    assert_eq!(reversed, [0, 21, 22], "the title, the end and the goal");
}

#[test]
fn nothing_is_coloured() {
    let screen = screen_at((80, 24), Model::opposite_orders(), OPPOSITE_ORDERS_GOALS, "0*2,1", &keys("f"));
    let cells = screen.buffer().content();
    assert!(cells.iter().all(|cell| (cell.fg, cell.bg) == (Color::Reset, Color::Reset)));
}

#[test]
fn the_pop_up_of_futures_marks_what_only_one_actor_leads_to() {
    assert_snapshot!(shown(Model::opposite_orders(), "[]", "0*2,1", &keys("f")));
}

#[test]
fn the_help_covers_the_screen_until_the_next_key() {
    assert_snapshot!(shown(Model::lost_update(), "[]", "", &keys("?")));
    assert_eq!(
        shown(Model::lost_update(), "[]", "", &keys("??")),
        shown(Model::lost_update(), "[]", "", &[])
    );
}

#[test]
fn a_pop_up_that_is_higher_than_the_screen_scrolls_to_its_end() {
    let help = |downs| {
        let keys = [&keys("?")[..], &vec![KeyCode::Down; downs]].concat();
        shown_at((80, 16), Model::lost_update(), "[]", "", &keys)
    };
    let (first, last) = ("this actor takes the next step", "A switch is a step");
    assert!(help(0).contains(first) && !help(0).contains(last));
    assert!(!help(2).contains(first) && help(2).contains(last));
    assert_eq!(help(9), help(2));
}

#[test]
fn a_source_that_cannot_be_read_is_named() {
    let mut model = Model::lost_update();
    let mut scene = scene("A scene", "[]", None);
    scene.root = "/does/not/exist".into();
    let mut app = App::new(Session::start(&mut model, scene).expect("it starts"));
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).expect("a terminal");
    terminal.draw(|frame| screen::draw(frame, &mut app)).expect("it draws");
    let text = terminal.backend().to_string();
    assert!(text.contains("cannot read xtask/player/tests/model/lost_update.rs: No such file"), "{text}");
}

#[test]
fn an_actor_that_cannot_go_is_an_error_that_says_why() {
    assert_snapshot!(shown(Model::opposite_orders(), "[]", "0*2,1", &keys("0")));
}

#[test]
fn actors_that_do_not_fit_have_a_line_each_and_the_selected_one_has_a_column() {
    let right = [KeyCode::Right; 6];
    assert_snapshot!(shown(Model::many(8), "[]", "0*8,1*2", &right));
}

#[test]
fn a_large_screen_shows_more_columns_and_more_of_the_source() {
    assert_snapshot!(shown_at(
        (120, 40),
        Model::opposite_orders(),
        OPPOSITE_ORDERS_GOALS,
        "0*2,1*4,0,2",
        &[]
    ));
}

#[test]
fn a_screen_that_is_too_small_says_so() {
    assert_snapshot!(shown_at((30, 3), Model::lost_update(), "[]", "", &[]));
}

#[test]
fn enter_takes_a_step_of_the_selected_actor_and_e_runs_it() {
    let two_steps = shown(Model::lost_update(), "[]", "0*2,1*2", &[]);
    let begin = [KeyCode::Right];
    let by_arrows = [&begin[..], &[KeyCode::Enter; 2]].concat();
    assert_eq!(shown(Model::lost_update(), "[]", "0*2", &by_arrows), two_steps);
    assert_eq!(shown(Model::lost_update(), "[]", "0*2", &[&begin[..], &keys("e")].concat()), two_steps);
    // A digit selects the actor, too.
    assert_eq!(shown(Model::lost_update(), "[]", "0*2", &keys("1e")), two_steps);
}

#[test]
fn undo_and_restart_take_steps_back() {
    let start = shown(Model::lost_update(), "[]", "", &[]);
    assert_eq!(shown(Model::lost_update(), "[]", "0*2,1", &keys("uuu")), start);
    assert_eq!(shown(Model::lost_update(), "[]", "0*2,1", &[KeyCode::Backspace; 3]), start);
    assert_eq!(shown(Model::lost_update(), "[]", "0*2,1", &keys("r")), start);
}

#[test]
fn o_shows_another_goal_at_the_top() {
    let goal = |keys: &str| {
        let screen = shown(Model::lost_update(), LOST_UPDATE_GOALS, "", &self::keys(keys));
        screen.lines().nth(1).expect("the line of the goal").trim_matches(['"', ' ']).to_owned()
    };
    assert_eq!(goal(""), "Goal: [ ] print 1 (fewest switches: 4)");
    assert_eq!(goal("o"), "Goal: [ ] print 2 (fewest switches: 3)");
    assert_eq!(goal("oo"), "Goal: [ ] print 3 (no schedule reaches it)");
    assert_eq!(goal("ooo"), "Goal: none (o selects one)");
}

#[test]
fn q_escape_and_control_c_quit() {
    let mut model = Model::lost_update();
    let mut app = App::new(Session::start(&mut model, scene("", "[]", None)).expect("it starts"));
    assert!(!app.press(KeyEvent::new(KeyCode::Char('q'), KeyModifiers::NONE)));
    assert!(!app.press(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE)));
    assert!(!app.press(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL)));
    assert!(app.press(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::NONE)));
}
