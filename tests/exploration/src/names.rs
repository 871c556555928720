//! What actors, objects and places are called in a text for a person.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::mem;
use std::panic::Location;
use std::path::Path;

use crate::operation::{Actor, Object, Operation, Process};
use crate::run::{ActorInfo, Run};

/// The names of everything in a run. An object is named by its kind and by the line where the run uses it first: "the lock
/// of line 41"; the only one of its kind is just "the lock".
#[derive(Debug, Clone)]
pub struct Names {
    actors: Vec<String>,
    processes: HashMap<Process, Actor>,
    objects: HashMap<Object, (Kind, String)>,
    /// The objects that are the only ones made at their place, and the names of what is made there in all runs.
    made: HashMap<Location<'static>, Object>,
    of_place: HashMap<Location<'static>, (Kind, String)>,
    main_file: Option<&'static str>,
}

impl Names {
    /// Names everything in `run`.
    #[must_use]
    pub fn new(run: &Run) -> Self {
        let steps = run.steps.iter().map(|step| (&step.operation, step.place));
        let uses: Vec<_> =
            steps.chain(run.waiting().iter().map(|next| (&next.operation, next.place))).collect();
        let mut processes = HashMap::new();
        let by_creation = run.by_creation();
        for &actor in &by_creation {
            processes.entry(run.actors[actor.0].process).or_insert(actor);
        }
        let main_file = main_file(uses.iter().map(|(_, place)| *place));
        let actors = actor_names(&run.actors, &by_creation);
        let mut names = Self {
            actors,
            processes,
            objects: HashMap::new(),
            made: made(run),
            of_place: HashMap::new(),
            main_file,
        };
        names.objects = names.object_names(&uses, &run.channels);
        let of_place = names.made.iter();
        let of_place =
            of_place.filter_map(|(place, object)| Some((*place, names.objects.get(object)?.clone())));
        names.of_place = of_place.collect();
        names
    }

    /// Names everything in another run of the same program. What was made at the same place keeps its name.
    pub(crate) fn rename(&mut self, run: &Run) {
        let mut others = Self::new(run);
        for (place, object) in &others.made {
            let Some((kind, name)) = others.objects.get(object).cloned() else { continue };
            if !self.of_place.contains_key(place) {
                let name = self.unused(name);
                self.of_place.insert(*place, (kind, name));
            }
            others.objects.insert(*object, self.of_place[place].clone());
        }
        others.of_place = mem::take(&mut self.of_place);
        others.main_file = self.main_file.or(others.main_file);
        *self = others;
    }

    /// Returns this name, with a number if an object of another place has it: in another run, it is the only one.
    fn unused(&self, name: String) -> String {
        let is_used = |name: &String| self.of_place.values().any(|(_, other)| other == name);
        let numbered = (2..).map(|number| format!("{name} ({number})"));
        let unused = [name.clone()].into_iter().chain(numbered).find(|name| !is_used(name));
        unused.unwrap_or(name)
    }

    /// Returns the name of an actor: `main`, that of its thread or process, or `thread 1` if it has none.
    #[must_use]
    pub fn actor(&self, actor: Actor) -> &str {
        &self.actors[actor.0]
    }

    /// Returns the names of several actors: "a, b and c".
    #[must_use]
    pub fn actors(&self, actors: &[Actor]) -> String {
        let names: Vec<_> = actors.iter().map(|actor| self.actor(*actor)).collect();
        match names.split_last() {
            Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
            _ => names.concat(),
        }
    }

    /// Returns the name of a process: that of its main thread.
    #[must_use]
    pub fn process(&self, process: Process) -> &str {
        self.processes.get(&process).map_or("a process", |actor| self.actor(*actor))
    }

    /// Returns whether the run has more than one process.
    #[must_use]
    pub fn has_several_processes(&self) -> bool {
        self.processes.len() > 1
    }

    /// Returns the name of an object: "the lock of line 41".
    #[must_use]
    pub fn object(&self, object: Object) -> &str {
        self.objects.get(&object).map_or("an object", |(_, name)| name)
    }

    /// Returns whether the object is a pipe (or is not known to be a channel).
    pub(crate) fn is_pipe(&self, object: Object) -> bool {
        self.objects.get(&object).is_none_or(|(kind, _)| *kind != Kind::Channel)
    }

    /// Returns whether the object is the only one of its kind in the run.
    pub(crate) fn is_the_only_one(&self, object: Object) -> bool {
        let Some((kind, _)) = self.objects.get(&object) else { return false };
        self.objects.values().filter(|(other, _)| other == kind).count() == 1
    }

    /// Returns the file in which most steps are.
    #[must_use]
    pub fn main_file(&self) -> Option<&'static str> {
        self.main_file
    }

    /// Returns the name of a place: `41` in the main file, `process.rs:41` in another one, `None` outside the program.
    #[must_use]
    pub fn line(&self, place: &Location<'_>) -> Option<String> {
        if !is_in_program(place) {
            return None;
        }
        if Some(place.file()) == self.main_file {
            return Some(place.line().to_string());
        }
        let file = Path::new(place.file()).file_name()?.to_string_lossy();
        Some(format!("{file}:{}", place.line()))
    }

    fn object_names(
        &self,
        uses: &[(&Operation, &Location<'_>)],
        channels: &[Object],
    ) -> HashMap<Object, (Kind, String)> {
        let mut found: Vec<(Object, Kind, Option<String>)> = Vec::new();
        for (operation, place) in uses {
            let line = if has_own_place(operation) { self.line(place) } else { None };
            for (object, kind) in objects(operation) {
                let is_channel = kind == Kind::End && channels.contains(&object);
                let kind = if is_channel { Kind::Channel } else { kind };
                match found.iter_mut().find(|(other, ..)| *other == object) {
                    Some((_, known, first)) => {
                        *known = if *known == Kind::End { kind } else { *known };
                        *first = first.take().or(line.clone());
                    }
                    None => found.push((object, kind, line.clone())),
                }
            }
        }
        let name = |&(object, kind, ref line): &(Object, Kind, Option<String>)| {
            let alike: Vec<_> = found.iter().filter(|(_, other, _)| *other == kind).collect();
            let here: Vec<_> = alike.iter().filter(|(.., other)| other == line).collect();
            let number = here.iter().position(|(other, ..)| *other == object).map_or(0, |index| index + 1);
            let name = match (alike.len(), here.len(), line) {
                (1, ..) => format!("the {}", kind.noun()),
                (_, 1, Some(line)) => format!("the {} of {}", kind.noun(), in_words(line)),
                (_, _, Some(line)) => format!("{} {number} of {}", kind.noun(), in_words(line)),
                (_, _, None) => format!("{} {number}", kind.noun()),
            };
            (object, (kind, name))
        };
        found.iter().map(name).collect()
    }
}

/// Returns the objects of a run that are the only ones made at their place.
fn made(run: &Run) -> HashMap<Location<'static>, Object> {
    let is_only = |place: &Location<'_>| run.made.iter().filter(|(_, other)| *other == place).count() == 1;
    let only = run.made.iter().filter(|(_, place)| is_only(place));
    only.map(|(object, place)| (**place, *object)).collect()
}

/// Returns whether the place of such a step says where it happens. The place of a step in a destructor does not: nothing is
/// called there. Nor does that of the first and the last step of a thread.
pub(crate) fn has_own_place(operation: &Operation) -> bool {
    use Operation::{CloseReceiver, CloseSender, End, Start, Unlock};
    !matches!(operation, Start | Unlock(_) | CloseSender(_) | CloseReceiver(_) | End)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Lock,
    LockFile,
    Condvar,
    Atomic,
    Channel,
    Pipe,
    /// Of a channel or of a pipe.
    End,
}

impl Kind {
    fn noun(self) -> &'static str {
        match self {
            Self::Lock => "lock",
            Self::LockFile => "lock file",
            Self::Condvar => "condition variable",
            Self::Atomic => "atomic",
            Self::Channel => "channel",
            Self::Pipe | Self::End => "pipe",
        }
    }
}

/// Returns the objects of an operation that have a name.
fn objects(operation: &Operation) -> Vec<(Object, Kind)> {
    use Operation as O;
    let lock = |lock: Object| (lock, if lock.has_name() { Kind::LockFile } else { Kind::Lock });
    match *operation {
        O::Lock(object) | O::TryLock(object) | O::Unlock(object) => vec![lock(object)],
        O::Wait { condvar, lock: object } | O::Wake { condvar, lock: object, .. } => {
            vec![(condvar, Kind::Condvar), lock(object)]
        }
        O::NotifyOne(object) | O::NotifyAll(object) => vec![(object, Kind::Condvar)],
        O::Load(object) | O::Store(object) | O::ReadModifyWrite(object) => vec![(object, Kind::Atomic)],
        O::Send(object, _)
        | O::TrySend(object, _)
        | O::AwaitReceived(object)
        | O::Receive(object)
        | O::TryReceive(object) => vec![(object, Kind::Channel)],
        O::CloseSender(object) | O::CloseReceiver(object) => vec![(object, Kind::End)],
        O::Write(object, _) | O::Read(object, _) => vec![(object, Kind::Pipe)],
        O::Start
        | O::Print { .. }
        | O::Guarded(_)
        | O::End
        | O::Join(_)
        | O::IsEnded(_)
        | O::Exit(_)
        | O::WaitFor(_)
        | O::TryWaitFor(_) => Vec::new(),
    }
}

/// Names the actors, unnamed threads by their number in the order of their creation. Those with equal names get a number.
fn actor_names(actors: &[ActorInfo], by_creation: &[Actor]) -> Vec<String> {
    let mut names: Vec<_> = actors.iter().map(|actor| actor.name.clone()).collect();
    let unnamed = by_creation.iter().filter(|actor| actor.0 != 0 && actors[actor.0].name.is_empty());
    for (index, actor) in unnamed.enumerate() {
        names[actor.0] = format!("thread {}", index + 1);
    }
    if names.first().is_some_and(String::is_empty) {
        "main".clone_into(&mut names[0]);
    }
    let given = names.clone();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for &Actor(number) in by_creation {
        let count = counts.entry(&given[number]).or_default();
        *count += 1;
        if *count > 1 {
            let _ = write!(names[number], " ({count})");
        }
    }
    names
}

/// Returns the file of most of these places.
fn main_file(places: impl Iterator<Item = &'static Location<'static>>) -> Option<&'static str> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for place in places.filter(|place| is_in_program(place)) {
        match counts.iter_mut().find(|(file, _)| *file == place.file()) {
            Some((_, count)) => *count += 1,
            None => counts.push((place.file(), 1)),
        }
    }
    counts.iter().rev().max_by_key(|(_, count)| *count).map(|(file, _)| *file)
}

/// Returns whether the place is not in the standard library, its stand-in, or the exploration.
fn is_in_program(place: &Location<'_>) -> bool {
    let outside = ["/rustc/", "/rustlib/src/", "stand-ins/", "exploration/src/runtime.rs"];
    !outside.iter().any(|path| place.file().contains(path))
}

/// Returns "line 41" for `41`. A place in another file is clear as it is.
fn in_words(line: &str) -> String {
    if line.contains(':') { line.to_owned() } else { format!("line {line}") }
}

#[cfg(test)]
mod tests {
    use std::panic::Location;

    use super::Names;
    use crate::clock::Clock;
    use crate::operation::{Actor, Object, Operation, Process};
    use crate::run::{ActorInfo, Ending, Run, Waiting};

    const TEA: Object = Object { maker: Actor(0), number: 1 };
    const TOAST: Object = Object { maker: Actor(0), number: 2 };

    /// Returns a run whose actors have these names.
    fn run(names: &[&str], waiting: Vec<Waiting>) -> Run {
        let actor = |name: &&str| ActorInfo {
            name: (*name).to_owned(),
            process: Process(0),
            created_after: Some(Clock::default()),
            panic: None,
        };
        Run {
            actors: names.iter().map(actor).collect(),
            steps: Vec::new(),
            ending: Ending::WaitsForever(waiting),
            not_waited_for: Vec::new(),
            holdings: Vec::new(),
            scene: None,
            made: Vec::new(),
            channels: Vec::new(),
        }
    }

    #[track_caller]
    fn main_does(operation: Operation) -> Waiting {
        Waiting { actor: Actor(0), operation, place: Location::caller(), enabled: false }
    }

    #[test]
    fn actors_without_a_name_of_their_own_get_a_number() {
        let names = Names::new(&run(&["", "", "cook", "", "cook"], Vec::new()));
        let all = [0, 1, 2, 3, 4].map(Actor);
        assert_eq!(names.actors(&all), "main, thread 1, cook, thread 2 and cook (2)");
    }

    #[test]
    fn the_only_object_of_its_kind_needs_no_line() {
        let waiting = vec![main_does(Operation::Lock(TEA)), main_does(Operation::Load(TOAST))];
        let names = Names::new(&run(&[""], waiting));
        assert_eq!((names.object(TEA), names.object(TOAST)), ("the lock", "the atomic"));
    }

    #[test]
    fn an_object_is_named_by_the_line_where_it_is_used_first() {
        let waiting = vec![
            // The end of a scope, which has no line.
            main_does(Operation::Unlock(TEA)),
            main_does(Operation::Lock(TEA)),
            main_does(Operation::Lock(TEA)),
            main_does(Operation::Lock(TOAST)),
        ];
        let line = |index: usize| format!("the lock of line {}", waiting[index].place.line());
        let (tea, toast) = (line(1), line(3));
        let names = Names::new(&run(&[""], waiting));
        assert_eq!((names.object(TEA), names.object(TOAST)), (tea.as_str(), toast.as_str()));
    }

    #[test]
    fn objects_of_one_kind_and_line_get_a_number() {
        let waiting = [TEA, TOAST].map(|lock| main_does(Operation::Lock(lock)));
        let line = waiting[0].place.line();
        let names = Names::new(&run(&[""], waiting.to_vec()));
        assert_eq!(names.object(TEA), format!("lock 1 of line {line}"));
        assert_eq!(names.object(TOAST), format!("lock 2 of line {line}"));
    }

    #[test]
    fn an_object_that_is_only_closed_otherwise_is_what_its_other_uses_say() {
        let waiting = vec![main_does(Operation::CloseSender(TEA)), main_does(Operation::Receive(TEA))];
        let names = Names::new(&run(&[""], waiting));
        assert_eq!(names.object(TEA), "the channel");
        assert!(!names.is_pipe(TEA));
    }
}
