//! The command line.

use clap::{CommandFactory, Parser, ValueEnum};
use spider_compare::args::{Args, one_line};
use spider_compare::strategy::Strategy;

fn parse(line: &str) -> Result<Args, clap::Error> {
    Args::try_parse_from(["spider-compare"].into_iter().chain(line.split_whitespace()))
}

fn message(line: &str) -> String {
    one_line(&parse(line).unwrap_err())
}

#[test]
fn the_command_line_is_consistent() {
    Args::command().debug_assert();
}

#[test]
fn a_strategy_is_parsed_from_its_name() {
    assert_eq!(parse("").unwrap().strategy, None);
    for &strategy in Strategy::value_variants() {
        assert_eq!(parse(&strategy.to_string()).unwrap().strategy, Some(strategy));
    }
}

#[test]
fn the_default_latency_is_50_milliseconds() {
    assert_eq!(parse("").unwrap().latency, 50);
    assert_eq!(parse("--latency 0").unwrap().latency, 0);
}

#[test]
fn an_error_is_one_line_with_the_argument_and_what_is_allowed() {
    for (line, words) in [
        ("x", ["'x'", "[possible values: sequential, process, thread, pool, overlap]"]),
        ("--nothing", ["'--nothing'", "unexpected"]),
        ("thread process", ["'process'", "unexpected"]),
        ("--latency soon", ["'soon'", "--latency"]),
        ("--latency 10001", ["--latency", "10001 is not in 0..=10000"]),
        ("--jobs 0", ["--jobs", "0 is not in 1..=256"]),
        ("--timeout never", ["--timeout", "0.001 to 3600"]),
        ("--retries -1", ["--retries", "-1 is not in 0..=10"]),
        ("--latency 1 --latency 2", ["--latency", "cannot be used multiple times"]),
        ("--out a --out b", ["--out", "cannot be used multiple times"]),
        ("--url", ["--url", "see --help"]),
        ("--trace", ["--trace", "see --help"]),
        ("--download-one", ["--download-one", "see --help"]),
        ("-x", ["'-x'", "unexpected"]),
    ] {
        let message = message(line);
        assert!(!message.contains('\n'), "{message}");
        assert!(words.iter().all(|word| message.contains(word)), "`{line}` gave {message}");
    }
}

#[test]
fn a_wrong_url_is_an_error_that_says_what_is_wrong_and_what_is_right() {
    for (url, words) in [
        ("pictures", "relative URL without a base"),
        ("", "relative URL without a base"),
        ("http://", "empty host"),
        ("http://pictures.example:x/", "invalid port number"),
        ("https://[::1/", "invalid IPv6 address"),
        ("ftp://pictures.example/", "the scheme is neither http nor https"),
        ("file:///etc/passwd", "the scheme is neither http nor https"),
        ("javascript:alert(1)", "the scheme is neither http nor https"),
    ] {
        let error = Args::try_parse_from(["spider-compare", "--url", url]).unwrap_err();
        assert_eq!(error.exit_code(), 2, "{url}");
        let message = one_line(&error);
        let parts = [&format!("'{url}' for '--url <URL>': {words}"), "such as https://"];
        assert!(parts.iter().all(|part| message.contains(*part)), "{message}");
    }
}

#[test]
fn a_password_in_a_wrong_url_is_not_printed() {
    for url in [
        "user:secret@pictures.example/4k/",
        "https://user:se/cret@host/",
        "https://user:se#cret@host/",
        "x:secret@",
    ] {
        let message = one_line(&Args::try_parse_from(["spider-compare", "--url", url]).unwrap_err());
        assert!(message.contains("'***@") && !message.contains("cret"), "{message}");
    }
}

#[test]
fn options_of_the_gallery_conflict_with_another_site() {
    for option in ["--latency 5", "--connect 5", "--bandwidth 5000", "--pictures 5", "--size 5000"] {
        let name = option.split(' ').next().unwrap();
        let message = message(&format!("--url http://a.example/ {option}"));
        assert!(message.contains(name) && message.contains("cannot be used with"), "{message}");
    }
}

#[test]
fn the_help_lists_every_option_except_the_internal_ones() {
    let help = parse("--help").unwrap_err().to_string();
    for option in Args::command().get_opts().filter(|option| !option.is_hide_set()) {
        let name = format!("--{}", option.get_long().unwrap());
        assert!(help.contains(&name), "{name} is missing in:\n{help}");
    }
    for strategy in Strategy::value_variants() {
        assert!(help.contains(&strategy.to_string()), "{strategy} is missing in:\n{help}");
    }
    assert!(!help.contains("download-one") && !help.contains("serve-gallery"));
}
