//! Pictures and captions of generated runs, and invalid trace files.

mod generated_runs;

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use roxmltree::{Document, Node};

use super::caption::caption;
use super::picture::draw;
use super::scale::Scale;
use super::trace::{Kind, Request, Trace, parse};
use super::units::{counted, seconds};
use generated_runs::{Site, request};

/// As slow as the lesson's gallery.
const FAR: Site = Site { latency: 50e-3, images: 20 };

/// On this machine.
const NEAR: Site = Site { latency: 0.0, images: 20 };

/// Counts the bars of this class.
fn bars(picture: &Document, class: &str) -> usize {
    let paths = picture.descendants().filter(|node| node.attribute("class") == Some(class));
    let paths = paths.filter(|node| !is_in_the_legend(node));
    paths.filter_map(|node| node.attribute("d")).map(|path| path.matches('M').count()).sum()
}

/// Whether it is a sample of a colour: these are thicker than any bar.
fn is_in_the_legend(path: &Node) -> bool {
    path.attribute("stroke-width") == Some("10")
}

#[test]
fn each_request_is_drawn_once_as_what_it_is() {
    let svg = draw(&FAR.all());
    let picture = Document::parse(&svg).unwrap();
    for (class, count) in [("listing", 5), ("detail", 100), ("image", 100)] {
        assert_eq!(bars(&picture, &format!("{class} waiting")), count, "{class}");
        assert_eq!(bars(&picture, &format!("{class} receiving")), count, "{class}");
    }
    assert_eq!(bars(&picture, "image queued"), 40, "for processes and threads only");
    assert!(svg.lines().count() < 200, "{} lines", svg.lines().count());
}

/// Returns the colour that the picture's style gives to lines of this class.
fn colour<'a>(picture: &'a Document<'_>, class: &str) -> Option<&'a str> {
    let style = picture.descendants().find(|node| node.has_tag_name("style"))?.text()?;
    let own = |selector: &str| style.split(selector).nth(1)?.split(['}', ';']).next();
    let both = format!(".{} {{ stroke: ", class.replace(' ', "."));
    let last = format!(".{} {{ stroke: ", class.rsplit(' ').next()?);
    own(&both).or_else(|| own(&last)).map(str::trim)
}

#[test]
fn each_kind_of_line_has_a_colour_of_its_own_and_the_legend_shows_those_of_the_bars() {
    let mut traces = FAR.all();
    traces[2].requests[1].error = Some("404 Not Found".to_owned());
    let svg = draw(&traces);
    let picture = Document::parse(&svg).unwrap();
    let paths = || picture.descendants().filter(|node| node.has_tag_name("path"));
    let classes: BTreeSet<_> = paths().filter_map(|path| path.attribute("class")).collect();
    let bars = ["listing", "detail", "image"];
    let bars = bars.iter().flat_map(|kind| ["waiting", "receiving"].map(|stage| format!("{kind} {stage}")));
    let legend: Vec<_> =
        paths().filter(is_in_the_legend).filter_map(|path| path.attribute("class")).collect();
    assert_eq!(legend, bars.chain(["queued", "queued"].map(str::to_owned)).collect::<Vec<_>>());
    // One cross is in the legend, one at the end of the request that failed.
    assert_eq!(paths().filter(|path| path.attribute("class") == Some("cross")).count(), 2);
    for class in ["halo", "crawl", "total", "marks", "image queued"] {
        assert!(classes.contains(class), "{class} is not among {classes:?}");
    }
    let robots = ["robots waiting", "robots receiving"];
    let colours = classes.iter().copied().chain(robots).filter(|class| *class != "image queued");
    let colours: Vec<_> = colours.map(|class| colour(&picture, class).expect(class)).collect();
    assert_eq!(colours.iter().collect::<BTreeSet<_>>().len(), colours.len(), "{classes:?}: {colours:?}");
}

#[test]
fn a_longer_run_ends_further_right_on_one_scale_for_all() {
    let svg = draw(&FAR.all());
    let picture = Document::parse(&svg).unwrap();
    let ends = picture.descendants().filter(|node| node.attribute("class") == Some("total"));
    let x = |node: Node| node.attribute("d")?.strip_prefix('M')?.split(' ').next()?.parse().ok();
    let ends: Vec<f64> = ends.filter_map(x).collect();
    let [sequential, process, thread, pool, overlap] = ends[..] else { panic!("{ends:?}") };
    assert!(overlap < pool && pool < thread && thread < process && process < sequential, "{ends:?}");
}

#[test]
fn a_failed_request_has_a_cross_with_its_name_and_its_error_escaped() {
    let mut trace = FAR.named("thread");
    trace.strategy = "</text><script>".to_owned();
    trace.requests[1].name = "\"'<&\u{0}\u{ffff}]]>".to_owned();
    trace.requests[1].error = Some("404 <b>&amp;".to_owned());
    let svg = draw(&[trace]);
    let picture = Document::parse(&svg).unwrap();
    let texts: Vec<_> = picture.descendants().filter_map(|node| node.text()).collect();
    for text in ["</text><script>", "\"'<&\u{fffd}\u{fffd}]]>: 404 <b>&amp;"] {
        assert!(texts.contains(&text), "{text:?} is not in {texts:?}");
    }
    assert!(svg.contains("1 failed"), "{svg}");
}

#[test]
fn a_sample_of_two_thousand_requests_includes_the_failed_one() {
    let mut trace = Site { images: 2_000, ..FAR }.named("pool");
    trace.requests[1_234].error = Some("503 Service Unavailable".to_owned());
    let svg = draw(&[trace]);
    let picture = Document::parse(&svg).unwrap();
    let drawn = bars(&picture, "image receiving") + bars(&picture, "detail receiving");
    assert!((60..=120).contains(&drawn), "{drawn} rows");
    assert!(svg.contains("of the requests are drawn, failed ones first"), "{svg}");
    assert!(svg.contains("503 Service Unavailable"), "{svg}");
}

#[test]
fn a_picture_needs_nothing_from_elsewhere() {
    let svg = draw(&FAR.all()).replacen("http://www.w3.org/2000/svg", "", 1);
    for word in ["http", "url(", "@import", "<script", "href", "<image"] {
        assert!(!svg.contains(word), "{word}");
    }
}

fn time() -> impl Strategy<Value = f64> {
    prop_oneof![8 => 0.0..3.0, 1 => Just(0.0), 1 => any::<f64>().prop_filter("as JSON has them", |time| time.is_finite())]
}

/// A line of a trace file for a request that may be anything.
fn line() -> impl Strategy<Value = String> {
    let kind = prop::sample::select(vec!["robots", "listing", "detail", "image"]);
    let times = (time(), time(), prop::option::of(time()), time());
    (kind, any::<String>(), times, any::<u64>(), prop::option::of(any::<String>())).prop_map(
        |(kind, name, (queued, sent, first_byte, finished), bytes, error)| {
            serde_json::json!({"request": {
                "kind": kind, "name": name, "queued": queued, "sent": sent, "first_byte": first_byte,
                "finished": finished, "bytes": bytes, "error": error,
            }})
            .to_string()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_picture_of_any_run_is_xml_and_contains_every_bar(
        strategy in any::<String>(), crawl in time(), total in time(), requests in vec(line(), 0..160)
    ) {
        let run = serde_json::json!({"run": {
            "strategy": strategy, "crawl_seconds": crawl, "total_seconds": total,
        }});
        let svg = draw(&parse(&format!("{run}\n{}", requests.join("\n"))).unwrap());
        let picture = Document::parse(&svg).unwrap();
        let paths = picture.descendants().filter(|node| node.has_attribute("stroke-width"));
        for path in paths.filter(|path| !is_in_the_legend(path)) {
            for bar in path.attribute("d").unwrap().split('M').skip(1) {
                let (x, rest) = bar.split_once(' ').unwrap();
                let (x, length): (f64, f64) = (x.parse().unwrap(), rest.split_once('h').unwrap().1.parse().unwrap());
                prop_assert!(x >= 76.0 && length >= 0.0 && x + length <= 960.0, "{bar:?}");
            }
        }
    }
}

#[test]
fn the_caption_states_how_many_requests_were_in_flight_and_how_long_they_took() {
    assert_eq!(
        caption(&Site { latency: 0.2, images: 20 }.named("thread")),
        "Detail pages, one at a time: 4.00 s of 4.41 s (91 %); 20 images, all at once: 202 ms."
    );
    assert_eq!(
        caption(&FAR.named("pool")),
        "Detail pages, at most 8 at once: 151 ms of 354 ms (43 %); 20 images, at most 8 at once: 153 ms."
    );
}

#[test]
fn the_caption_mentions_the_start_of_processes_or_threads_only_if_it_took_a_millisecond() {
    let process = caption(&NEAR.named("process"));
    assert!(
        process.ends_with("at most 2 at once: 18 ms, of which starting processes took 17 ms."),
        "{process}"
    );
    assert!(!caption(&NEAR.named("thread")).contains("starting"));
}

#[test]
fn the_caption_counts_images_that_did_not_wait_for_the_last_detail_page() {
    let overlap = caption(&FAR.named("overlap"));
    assert!(overlap.ends_with(", 16 of them requested during the crawl."), "{overlap}");
}

#[test]
fn a_run_without_requests_or_without_any_time_is_drawn() {
    let nothing = Trace::default();
    assert_eq!(caption(&nothing), "No detail page and no image was requested.");
    let requests: Vec<Request> = (0..3).map(|number| request(Kind::Image, number, [0.0; 4])).collect();
    let svg = draw(&[nothing, Trace { requests, ..Trace::default() }]);
    assert_eq!(bars(&Document::parse(&svg).unwrap(), "image receiving"), 3, "{svg}");
}

#[test]
fn times_are_put_in_order_and_requests_are_sorted_by_when_they_were_queued() {
    let request = r#"{"request":{"kind":"detail","name":"a","queued":4,"sent":3,"first_byte":2,"finished":1,"bytes":0}}"#;
    let earlier = request.replace("\"queued\":4", "\"queued\":2");
    let run = r#"{"run":{"strategy":"pool","crawl_seconds":1,"total_seconds":-1}}"#;
    let traces = parse(&[run, request, &earlier, run].join("\n")).unwrap();
    assert_eq!((traces.len(), traces[0].total_seconds), (2, 0.0));
    let stages = traces[0].requests.iter().map(|request| request.stages().map(|(_, from, to)| (from, to)));
    let expected = [[(2.0, 3.0), (3.0, 3.0), (3.0, 3.0)], [(4.0, 4.0), (4.0, 4.0), (4.0, 4.0)]];
    assert_eq!(stages.collect::<Vec<_>>(), expected);
}

#[test]
fn an_invalid_line_of_a_trace_is_named() {
    let run = r#"{"run":{"strategy":"pool","crawl_seconds":1,"total_seconds":2}}"#;
    let request = r#"{"request":{"kind":"detail","name":"a","queued":1,"sent":1,"finished":1,"bytes":0}}"#;
    let other = r#"{"request":{"kind":"cake"}}"#;
    for (text, error) in [
        (String::new(), "the file contains no run; write one with `spider-compare --trace FILE`"),
        (request.to_owned(), "line 1 is not part of a trace: a request comes before the first run"),
        ([run, request, other].join("\n"), "line 3 is not part of a trace: unknown variant `cake`"),
        ([run, "cake"].join("\n"), "line 2 is not part of a trace: expected value"),
    ] {
        let found = format!("{:#}", parse(&text).unwrap_err());
        assert!(found.starts_with(error), "{found}");
    }
}

#[test]
fn marks_of_time_are_round_and_at_most_eleven() {
    let labels = |total_seconds| {
        let trace = Trace { total_seconds, ..Trace::default() };
        Scale::new(&[trace]).marks().into_iter().map(|(_, label)| label).collect::<Vec<_>>()
    };
    assert_eq!(labels(0.016)[..3], ["0 ms", "2 ms", "4 ms"]);
    assert_eq!(labels(1.127), ["0 s", "0.2 s", "0.4 s", "0.6 s", "0.8 s", "1 s"]);
    assert_eq!(labels(8.45).last().unwrap(), "8 s");
    assert_eq!(labels(0.0).last().unwrap(), "1 ms");
    assert_eq!(labels(10.0).len(), 11);
}

#[test]
fn times_have_about_three_digits_and_are_never_a_thousand_milliseconds() {
    let times = [0.0, 0.000_31, 0.009_96, 0.171_4, 0.999_6, 4.428, 99.999].map(seconds);
    assert_eq!(times, ["0.0 ms", "0.3 ms", "10 ms", "171 ms", "1.00 s", "4.43 s", "100 s"]);
    assert_eq!([1, 2_041].map(|count| counted(count, "request")), ["1 request", "2,041 requests"]);
}
