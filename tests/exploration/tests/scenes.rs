//! Programs that are stopped after every choice: their states, the ways to a goal, and verdicts about exercises.

#[macro_use]
extern crate scheduled_std as std;

use exploration::Server;
use exploration::explore::outcomes;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::process::program;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::{Barrier, Condvar, Mutex, RwLock, mpsc};
use std::thread;
use std::time::Duration;

fn lost_update() {
    let number = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| number.store(number.load(SeqCst) + 1, SeqCst));
        }
    });
    println!("{}", number.into_inner());
}

fn opposite_orders() {
    let (tea, toast) = (Mutex::new(()), Mutex::new(()));
    thread::scope(|scope| {
        scope.spawn(|| {
            let _both = (tea.lock(), toast.lock());
            println!("first");
        });
        scope.spawn(|| {
            let _both = (toast.lock(), tea.lock());
            println!("second");
        });
    });
}

fn notified() {
    let (ready, changed) = (Mutex::new(false), Condvar::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            *ready.lock().unwrap() = true;
            changed.notify_one();
            println!("ready");
        });
        let mut is_ready = ready.lock().unwrap();
        while !*is_ready {
            is_ready = changed.wait(is_ready).unwrap();
        }
        println!("seen");
    });
}

fn messages() {
    let (sender, receiver) = mpsc::channel();
    for name in ["tea", "toast"] {
        let sender = sender.clone();
        thread::spawn(move || {
            print!("{name}");
            println!();
            let _ = sender.send(());
        });
    }
    drop(sender);
    let _ = receiver.recv();
}

fn equal_lines() {
    thread::scope(|scope| {
        for last in ["tea", "toast"] {
            scope.spawn(move || {
                println!("ready");
                println!("{last}");
            });
        }
    });
}

/// Which of the two threads creates its own thread first depends on the schedule.
fn creation_in_either_order() {
    let number = &AtomicU32::new(0);
    thread::scope(|scope| {
        for [name, inner] in [["tea", "water"], ["toast", "bread"]] {
            let work = move || {
                number.load(SeqCst);
                let inner = thread::Builder::new().name(inner.to_owned());
                inner.spawn_scoped(scope, move || println!("{name}")).unwrap();
            };
            thread::Builder::new().name(name.to_owned()).spawn_scoped(scope, work).unwrap();
        }
    });
}

/// Waits that can end in several ways.
fn waits() {
    let (ready, changed) = (Mutex::new(false), Condvar::new());
    let (number, barrier) = (RwLock::new(0), Barrier::new(2));
    thread::scope(|scope| {
        scope.spawn(|| {
            let waited = changed.wait_timeout(ready.lock().unwrap(), Duration::from_secs(1)).unwrap();
            print!("{}", *waited.0);
            drop(waited);
            barrier.wait();
            println!(" {}", number.read().unwrap());
        });
        *ready.lock().unwrap() = true;
        changed.notify_one();
        barrier.wait();
        *number.write().unwrap() = 1;
    });
}

/// One notification for two threads, of which one tries the lock only once.
fn one_notification() {
    let (count, changed) = (Mutex::new(0), Condvar::new());
    thread::scope(|scope| {
        for name in ["tea", "toast"] {
            let (count, changed) = (&count, &changed);
            scope.spawn(move || {
                let count = changed.wait_while(count.lock().unwrap(), |count| *count == 0).unwrap();
                println!("{name} {count}");
            });
        }
        if let Ok(mut count) = count.try_lock() {
            *count += 1;
            changed.notify_one();
        }
    });
}

/// Both threads print a line in two pieces.
fn pieces() {
    let (sender, receiver) = mpsc::sync_channel(1);
    thread::scope(|scope| {
        for name in ["tea", "toast"] {
            let sender = sender.clone();
            scope.spawn(move || {
                print!("{name} ");
                let _ = sender.try_send(name);
                println!("is ready");
            });
        }
        drop(sender);
        let _ = receiver.recv();
    });
}

const PROGRAMS: [fn(); 9] = [
    lost_update,
    opposite_orders,
    notified,
    messages,
    equal_lines,
    creation_in_either_order,
    waits,
    one_notification,
    pieces,
];

/// Returns the outcomes to which the states of a graph lead, in the words of `exploration::explore`.
fn outcomes_of_states(graph: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut ways = vec![(0, String::new())];
    while let Some((state, printed)) = ways.pop() {
        if !seen.insert((state, printed.clone())) {
            continue;
        }
        let state = &graph["states"][state];
        for edge in state["n"].as_array().expect("a list") {
            let text = graph["steps"][number(&edge[1])][3].as_str().unwrap_or_default();
            ways.push((number(&edge[2]), printed.clone() + text));
        }
        if let Some(end) = state["e"].as_u64() {
            let waits = graph["ends"][usize::try_from(end).expect("small")][0] == "deadlock";
            let lines =
                printed.lines().chain(waits.then_some("(waits forever)")).filter(|line| !line.is_empty());
            found.insert(lines.collect::<Vec<_>>().join(" / "));
        }
    }
    found
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().expect("a number")).expect("small")
}

#[test]
fn the_states_of_a_program_lead_to_the_outcomes_that_its_exploration_finds() {
    for main in PROGRAMS {
        let graph = Server::new(program(main, &[])).answer("graph []");
        let explored: BTreeSet<_> = outcomes(program(main, &[])).iter().map(ToString::to_string).collect();
        assert_eq!(outcomes_of_states(&graph), explored);
    }
}

/// Asserts that what is possible after a choice is what is possible after the next ones together, down to `depth` choices.
/// Returns the outcomes.
fn check_futures(server: &mut Server, choices: &str, depth: usize) -> BTreeSet<String> {
    let answer = server.answer(&format!("futures {choices}"));
    let futures = answer["futures"].as_array().unwrap_or_else(|| panic!("{answer}"));
    let mut all = BTreeSet::new();
    for future in futures {
        let texts = future["outcomes"].as_array().expect("a list");
        let outcomes: BTreeSet<_> =
            texts.iter().map(|text| text.as_str().expect("a text").to_owned()).collect();
        let actor = &future["actor"];
        let next = if choices.is_empty() { actor.to_string() } else { format!("{choices},{actor}") };
        if depth > 1 {
            let after = check_futures(server, &next, depth - 1);
            assert!(after.is_empty() || after == outcomes, "after {next}: {after:?}, not {outcomes:?}");
        }
        all.extend(outcomes);
    }
    all
}

#[test]
fn the_outcomes_after_a_choice_are_those_after_the_choices_that_can_follow() {
    for main in PROGRAMS {
        let mut server = Server::new(program(main, &[]));
        let explored: BTreeSet<_> = outcomes(program(main, &[])).iter().map(ToString::to_string).collect();
        assert_eq!(check_futures(&mut server, "", 5), explored);
    }
}

#[test]
fn an_actor_has_all_its_names_if_its_number_depends_on_the_schedule() {
    let graph = Server::new(program(creation_in_either_order, &[])).answer("graph []");
    assert_eq!(graph["actors"], json!(["main", "tea", "toast", "water or bread", "bread or water"]));
}

#[test]
fn futures_that_are_too_many_are_an_error() {
    fn ten_cups() {
        thread::scope(|scope| {
            for cup in 0..10 {
                scope.spawn(move || println!("{cup}"));
            }
        });
    }
    let answer = Server::new(program(ten_cups, &[])).answer("futures");
    assert_eq!(answer["error"], "there are too many outcomes to list");
}

#[test]
fn a_line_that_was_printed_in_pieces_has_a_future() {
    fn flushed() {
        print!("tea … ");
        io::stdout().flush().unwrap();
        println!("ready");
        println!("end");
    }
    let futures = Server::new(program(flushed, &[])).answer("futures 0*3");
    assert_eq!(futures["futures"][0]["outcomes"], json!(["tea …  / ready / end"]));
}

/// Returns the printed lines after the choices, and the kind of the end.
fn end_of(server: &mut Server, choices: &str) -> (Vec<String>, String) {
    let position = server.answer(&format!("at {choices}"));
    let lines = serde_json::from_value(position["printed"].clone()).unwrap_or_else(|_| panic!("{position}"));
    (lines, position["end"]["kind"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn the_way_to_a_goal_leads_there_with_the_fewest_switches() {
    let mut server = Server::new(program(lost_update, &[]));
    let goals = json!([{ "lines": ["1"] }, { "lines": ["2"] }, { "lines": ["3"] }, { "ends": "deadlock" }]);
    let answer = server.answer(&format!("goals {goals}"));
    // Both threads read; or one after the other; and then main goes.
    assert_eq!(answer["goals"][0]["fewest"], 3);
    assert_eq!(answer["goals"][1]["fewest"], 2);
    assert_eq!([&answer["goals"][2], &answer["goals"][3]], [&Value::Null, &Value::Null]);
    let way = answer["goals"][0]["choices"].as_str().expect("a way");
    assert_eq!(end_of(&mut server, way), (vec!["1".to_owned()], "exit".to_owned()));

    let mut server = Server::new(program(opposite_orders, &[]));
    let answer =
        server.answer(r#"goals [{"ends": "deadlock"}, {"lines": ["second", "first"], "ends": "exit"}]"#);
    assert_eq!(answer["goals"][0]["fewest"], 1);
    let way = answer["goals"][1]["choices"].as_str().expect("a way");
    assert_eq!(end_of(&mut server, way).0, ["second", "first"]);
}

#[test]
fn each_listed_output_of_a_graph_is_printed_by_its_choices() {
    for main in PROGRAMS {
        let mut server = Server::new(program(main, &[]));
        let graph = server.answer("graph []");
        for output in graph["outputs"].as_array().expect("a list") {
            let choices = output["choices"].as_str().expect("choices");
            assert_eq!(json!(end_of(&mut server, choices).0), output["lines"]);
        }
    }
}

#[test]
fn a_position_says_who_holds_what_and_what_each_actor_waits_for() {
    let mut server = Server::new(program(opposite_orders, &[]));
    let position = server.answer("at 1,2");
    let held: Vec<String> = serde_json::from_value(position["holds"].clone()).expect("a list");
    let [first, second] = &held[..] else { panic!("{held:?}") };
    assert!(first.starts_with("thread 1 holds lock 1 of line "), "{first}");
    assert!(second.starts_with("thread 2 holds lock 2 of line "), "{second}");
    assert_eq!(position["end"]["kind"], "deadlock");
    let next = position["actors"][1]["next"].as_str().expect("words");
    assert!(next.starts_with("waits for lock 2 of line ") && next.ends_with(", held by thread 2"), "{next}");
}

#[test]
fn locks_have_two_names_even_if_each_is_the_only_one_in_some_schedule() {
    fn one_or_both() {
        let (flag, tea, toast) = (AtomicU32::new(0), Mutex::new(()), Mutex::new(()));
        thread::scope(|scope| {
            scope.spawn(|| flag.store(1, SeqCst));
            let _toast = (flag.load(SeqCst) == 1).then(|| toast.lock());
            let _tea = tea.lock();
        });
    }
    let mut server = Server::new(program(one_or_both, &[]));
    server.answer("at 1,0");
    let position = server.answer("at 1,0*3");
    assert_eq!(position["holds"], json!(["main holds the lock (2)", "main holds the lock"]));
}

#[test]
fn a_choice_that_is_not_possible_is_an_error_that_names_those_that_are() {
    let mut server = Server::new(program(lost_update, &[]));
    let error = |server: &mut Server, request| server.answer(request)["error"].as_str().map(str::to_owned);
    let after = "cannot take a step; those that can: ";
    assert_eq!(error(&mut server, "at 1,0"), Some(format!("after 1 choices, actor 0 {after}1, 2")));
    assert_eq!(error(&mut server, "at 7"), Some(format!("after 0 choices, actor 7 {after}1, 2")));
    assert!(error(&mut server, "at 1;2").expect("an error").starts_with("invalid choices: \"1;2\""));
    assert!(error(&mut server, "jump").is_some_and(|error| error == "unknown request: \"jump\""));
    let past_the_end = error(&mut server, "at 1*3,2*3,0*3,0").expect("an error");
    assert_eq!(past_the_end, "after 9 choices, no actor can take a step, and the next choice is 0");
}

fn verdict(main: fn(), demands: &Value) -> Value {
    Server::new(program(main, &[])).answer(&format!("verdict {demands}"))
}

#[test]
fn a_program_passes_if_every_schedule_gives_what_is_demanded() {
    let passed =
        verdict(notified, &json!({ "outputs": [["ready", "seen"], ["seen", "ready"]], "actors": 2 }));
    assert_eq!(
        (&passed["wrong"], &passed["complete"], &passed["failing"]),
        (&Value::Null, &json!(true), &json!(0))
    );
}

#[test]
fn what_is_wrong_is_a_kind_of_its_own_and_is_counted() {
    let demands = |outputs: Value, actors: u32| json!({ "outputs": outputs, "actors": actors });
    let lost = verdict(lost_update, &demands(json!([["2"]]), 3));
    assert_eq!(
        (&lost["wrong"]["kind"], &lost["runs"], &lost["failing"]),
        (&json!("output"), &json!(4), &json!(2))
    );
    let choices = lost["wrong"]["choices"].as_str().expect("it is shown");
    assert_eq!(end_of(&mut Server::new(program(lost_update, &[])), choices).0, ["1"]);

    let stuck = verdict(opposite_orders, &demands(json!([["first", "second"], ["second", "first"]]), 3));
    assert_eq!(stuck["wrong"]["kind"], "fails");
    let too_few = verdict(lost_update, &demands(json!([["1"], ["2"]]), 4));
    assert_eq!(too_few["wrong"]["kind"], "actors");
    let possible = json!({ "outputs": [["1"], ["2"], ["3"]], "possible": [["3"]], "actors": 3 });
    assert_eq!(verdict(lost_update, &possible)["wrong"]["kind"], "missing");
}

#[test]
fn schedules_that_fail_and_those_with_an_output_that_is_not_permitted_are_counted_together() {
    fn all_wrong() {
        let number = AtomicU32::new(0);
        thread::scope(|scope| {
            scope.spawn(|| number.store(1, SeqCst));
            println!("{}", number.load(SeqCst));
            assert_eq!(number.load(SeqCst), 1);
        });
    }
    let wrong = verdict(all_wrong, &json!({ "outputs": [], "actors": 2 }));
    assert_eq!((&wrong["runs"], &wrong["failing"]), (&json!(3), &json!(3)));
    let wrong = verdict(all_wrong, &json!({ "outputs": [["0"]], "actors": 2 }));
    assert_eq!((&wrong["runs"], &wrong["failing"]), (&json!(3), &json!(2)));
}

#[test]
fn a_program_that_never_ends_has_a_verdict() {
    fn endless() {
        let number = AtomicU32::new(0);
        while number.load(SeqCst) == 0 {}
    }
    let verdict = verdict(endless, &json!({ "outputs": [], "actors": 1 }));
    assert_eq!(verdict["wrong"]["kind"], "unexplored");
    let message = verdict["wrong"]["message"].as_str().expect("words");
    assert_eq!(message, "a run takes more than 20000 steps: does it never end?");
}

/// Some threads create another one at once, others after a step.
fn creation_at_once_or_later() {
    thread::scope(|scope| {
        for name in ["tea", "toast", "egg"] {
            scope.spawn(move || {
                if name == "toast" {
                    println!("{name} is late");
                }
                scope.spawn(move || println!("{name}"));
                if name != "toast" {
                    println!("{name} is early");
                }
            });
        }
    });
}

#[test]
fn the_choices_of_a_verdict_replay_the_output_that_is_not_permitted() {
    let mut server = Server::new(program(creation_at_once_or_later, &[]));
    let outputs = server.answer("outputs")["outputs"].take();
    let outputs: Vec<Vec<String>> = serde_json::from_value(outputs).expect("a list");
    // Some fifty of them: each is an exploration.
    for output in outputs.iter().step_by(7) {
        let others: Vec<_> = outputs.iter().filter(|other| *other != output).collect();
        let demands = json!({ "outputs": others, "actors": 1 });
        let verdict = server.answer(&format!("verdict {demands}"));
        let choices = verdict["wrong"]["choices"].as_str().expect("it is shown");
        assert_eq!(&end_of(&mut server, choices).0, output);
    }
}
