//! The commands that measure, and how to read what they print.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use bench_support::Ratio;
use course_tests::mistakes::frequency::{COINCIDENCES, FREQUENCY_FILE_VAR, FREQUENCY_RUNS_VAR, MISTAKES};
use serde_json::Value;

use crate::cargo::cargo;
use crate::files;
use crate::record::Record;
use crate::supervisor::{BUILD_LIMIT, Supervisor};

/// A command, and the kinds of figures that it measures.
pub(super) struct Step {
    pub(super) kinds: Vec<String>,
    command: Command,
    read: fn(&str) -> Result<Record>,
}

/// Returns the commands that measure these kinds.
pub(super) fn steps(kinds: &[&str], quick: bool) -> Vec<Step> {
    let has = |kind: &str| kinds.contains(&kind);
    let mut steps = Vec::new();
    for (package, all) in [("thread-basics", &["start", "memory", "cpu"][..]), ("shared-data", &["counter"])]
    {
        let these: Vec<&str> = all.iter().copied().filter(|kind| has(kind)).collect();
        if !these.is_empty() {
            let mut command = bench(package);
            command.args(quick.then_some("--quick")).args(&these);
            steps.push(Step::new(&these, command, ratios));
        }
    }
    if quick && has(COINCIDENCES) && has(MISTAKES) {
        // Concurrently: the figures need not be reliable.
        steps.push(Step::new(&[COINCIDENCES, MISTAKES], count("frequency_of", "50"), |_| {
            Ok(Record::default())
        }));
    } else {
        let runs = if quick { "50" } else { "1000" };
        for (kind, tests) in
            [(COINCIDENCES, "frequency_of_coincidences"), (MISTAKES, "frequency_of_mistakes")]
        {
            if has(kind) {
                steps.push(Step::new(&[kind], count(tests, runs), |_| Ok(Record::default())));
            }
        }
    }
    if has("connection") {
        let mut command = bench("pipe-ipc");
        command.args(if quick { &["--quick", "--rounds", "2"][..] } else { &["--rounds", "3"] });
        steps.push(Step::new(&["connection"], command, connection));
    }
    if has("spider") {
        let mut command = bench("spider-compare");
        command.args(["--quick", "--rounds", if quick { "1" } else { "3" }]);
        steps.push(Step::new(&["spider"], command, spider));
    }
    steps
}

/// Runs these tests of all lessons, which append their rows to the file named by [`FREQUENCY_FILE_VAR`].
fn count(tests: &str, runs: &str) -> Command {
    let mut command = cargo();
    command.args(["test", "--quiet", "--workspace", "--test", "lesson", tests]).env(FREQUENCY_RUNS_VAR, runs);
    command
}

fn bench(package: &str) -> Command {
    let mut command = cargo();
    command.args(["bench", "--quiet", "--package", package, "--", "--json"]);
    command
}

impl Step {
    fn new(kinds: &[&str], command: Command, read: fn(&str) -> Result<Record>) -> Self {
        Self { kinds: kinds.iter().map(|&kind| kind.to_owned()).collect(), command, read }
    }

    /// Runs the command, and returns the figures that it measured.
    pub(super) fn run(self, supervisor: &Supervisor) -> Result<Record> {
        let folder = tempfile::tempdir()?;
        let rows = folder.path().join("rows");
        let mut command = self.command;
        command.env(FREQUENCY_FILE_VAR, &rows);
        let ended = supervisor.run(command, BUILD_LIMIT)?;
        let output = String::from_utf8_lossy(&ended.output);
        ensure!(ended.status.success(), "{}; its output:\n{output}", ended.status);
        let mut record =
            (self.read)(&output).with_context(|| format!("cannot parse its output:\n{output}"))?;
        if let Some(rows) = files::read_if_exists(&rows).context("cannot read the counted figures")? {
            record.counts = rows.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
        }
        Ok(record)
    }
}

/// Returns the JSON at the end of a benchmark's output, after the progress of cargo and of the benchmark.
fn json(output: &str) -> Result<Value> {
    let starts = |line: &str| line.starts_with('{') || line.starts_with('[');
    let before: usize = output.split_inclusive('\n').take_while(|line| !starts(line)).map(str::len).sum();
    Ok(serde_json::from_str(&output[before..])?)
}

fn ratios(output: &str) -> Result<Record> {
    Ok(Record { ratios: serde_json::from_value(json(output)?)?, ..Record::default() })
}

/// Reads, for each scenario, the rate of the Connection and how many times as fast as each peer it is.
fn connection(output: &str) -> Result<Record> {
    let report = json(output)?;
    let mut ratios = Vec::new();
    for scenario in list(&report, "scenarios")? {
        let (title, unit) = (text(scenario, "scenario")?, text(scenario, "unit")?);
        let peers = list(scenario, "peers")?;
        let ours =
            peers.first().and_then(|peer| peer["median"].as_f64()).context("the first peer has no median")?;
        for peer in &peers[1..] {
            let Some(ratio) = peer["ratio"].as_f64() else { continue };
            let figure = Ratio::absolute("connection", title, ours, &format!("{unit} a second"));
            ratios.push(figure.relative_to(text(peer, "peer")?, ratio));
        }
    }
    Ok(Record { ratios, ..Record::default() })
}

/// Reads, for each setting, how many times as long as the limit each strategy takes, and Python as Rust.
fn spider(output: &str) -> Result<Record> {
    let report = json(output)?;
    let mut ratios = Vec::new();
    for setting in list(&report, "settings")? {
        let (title, limit) = (text(setting, "setting")?, setting["limit"].as_f64());
        let spiders = list(setting, "spiders")?;
        let took = |spider: &Value| spider["median_total_seconds"].as_f64();
        let thread = spiders.iter().find(|spider| spider["spider"] == "thread").and_then(took);
        for spider in spiders {
            let (name, Some(seconds)) = (text(spider, "spider")?, took(spider)) else { continue };
            let figure = Ratio::absolute("spider", &format!("{name}, {title}"), seconds * 1e3, "ms");
            let rust = spider["ratio_to_rust"].as_f64().map(|ratio| ("the same in Rust", ratio));
            let limit = limit.map(|limit| ("the limit", seconds / limit));
            let thread = thread.map(|thread| ("thread", seconds / thread));
            ratios.push(match rust.or(limit).or(thread) {
                Some((beside, ratio)) => figure.relative_to(beside, ratio),
                None => figure,
            });
        }
    }
    Ok(Record { ratios, ..Record::default() })
}

fn list<'a>(value: &'a Value, name: &str) -> Result<&'a [Value]> {
    value[name].as_array().map(Vec::as_slice).with_context(|| format!("no list `{name}`"))
}

fn text<'a>(value: &'a Value, name: &str) -> Result<&'a str> {
    value[name].as_str().with_context(|| format!("no text `{name}`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::KINDS;

    #[test]
    fn each_kind_is_measured_by_exactly_one_step() {
        let kinds =
            |wanted: &[&str]| steps(wanted, true).into_iter().flat_map(|step| step.kinds).collect::<Vec<_>>();
        assert_eq!(kinds(&KINDS), KINDS);
        assert_eq!(kinds(&["cpu", "spider"]), ["cpu", "spider"]);
    }

    #[test]
    fn json_is_found_after_other_output() {
        assert_eq!(json("measuring: x\n{\n \"a\": [\n1]}\n").unwrap()["a"][0], 1);
        assert!(json("nothing\n").is_err());
    }

    #[test]
    fn the_ratios_of_the_connection_are_read_without_missing_peers() {
        let output = r#"{"scenarios": [{"scenario": "one-way", "unit": "messages", "peers": [
            {"peer": "pipe-ipc", "median": 200.0, "ratio": null},
            {"peer": "CPython", "median": 100.0, "ratio": 2.0},
            {"peer": "ipc-channel", "median": null, "ratio": null}]}]}"#;
        let expected =
            Ratio::absolute("connection", "one-way", 200.0, "messages a second").relative_to("CPython", 2.0);
        assert_eq!(connection(output).unwrap().ratios, [expected]);
    }

    #[test]
    fn the_spider_is_compared_with_its_limit_and_python_with_rust() {
        let output = r#"{"settings": [{"setting": "50 ms", "limit": 0.15, "spiders": [
            {"spider": "thread", "median_total_seconds": 0.3, "ratio_to_rust": null},
            {"spider": "Python", "median_total_seconds": 0.6, "ratio_to_rust": 2.0}]}]}"#;
        let ratios = spider(output).unwrap().ratios;
        assert_eq!(ratios[0].cells(), ["thread, 50 ms", "2.00 ×", "the limit", "300 ms"]);
        assert_eq!(ratios[1].cells(), ["Python, 50 ms", "2.00 ×", "the same in Rust", "600 ms"]);
    }

    #[test]
    fn rows_that_cannot_be_read_are_an_error_and_missing_ones_are_not() {
        let run = |script: &str| {
            let mut shell = Command::new("sh");
            shell.args(["-c", &script.replace("ROWS", &format!("\"${FREQUENCY_FILE_VAR}\""))]);
            Step::new(&["mistakes"], shell, |_| Ok(Record::default())).run(&Supervisor::default())
        };
        assert_eq!(run("true").unwrap(), Record::default());
        assert!(run("printf '\\377' >ROWS").is_err(), "it is not UTF-8");
    }
}
