use super::xml::{Element, elements, numbers};
use super::{FAR, Site, empty, named, odd};
use crate::trace::{Kind, Trace};
use crate::waterfall::svg;

fn rows(elements: &[Element]) -> Vec<&str> {
    let classes = elements.iter().map(Element::class);
    classes.filter_map(|class| class.strip_prefix("request ")).collect()
}

/// What is said of each request, as a tooltip.
fn said(elements: &[Element]) -> Vec<&str> {
    let pairs = elements.windows(2).filter(|pair| pair[0].class().starts_with("request "));
    pairs.map(|pair| pair[1].text.as_str()).collect()
}

#[test]
fn each_request_is_drawn_once_as_what_it_is() {
    let traces = FAR.all();
    let elements = elements(&svg(&traces));
    let rows = rows(&elements);
    assert_eq!(rows.len(), 5 * 41);
    for (kind, count) in [("listing", 5), ("detail", 100), ("image", 100)] {
        assert_eq!(rows.iter().filter(|row| **row == kind).count(), count, "{kind}");
    }
    let said = said(&elements);
    for request in
        traces.iter().flat_map(|trace| &trace.requests).filter(|request| request.kind == Kind::Image)
    {
        let drawn = said.iter().filter(|said| said.contains(&request.name)).count();
        assert_eq!(drawn, 5, "{} in five strategies", request.name);
    }
}

#[test]
fn what_takes_more_time_is_wider_on_one_scale_for_all() {
    let width = |strategy: &str| {
        let traces = FAR.all();
        let place = traces.iter().position(|trace| trace.strategy == strategy).unwrap();
        let elements = elements(&svg(&traces));
        let ends: Vec<_> = elements.iter().filter(|element| element.class() == "done").collect();
        numbers(&elements_of(ends[place]))[0]
    };
    assert!(width("overlap") < width("pool") && width("pool") < width("thread"));
    assert!(width("thread") < width("sequential"));
}

fn elements_of(element: &Element) -> Vec<Element> {
    let (name, text) = (element.name.clone(), String::new());
    vec![Element { name, attributes: element.attributes.clone(), text }]
}

#[test]
fn names_are_text_whatever_they_hold() {
    let mut trace = named("thread", Site { images: 1, ..FAR }.all());
    trace.strategy = "</text><script>".to_owned();
    trace.requests[1].name = "\"'<&\u{0}\u{ffff}]]>".to_owned();
    trace.requests[1].failure = Some("<b>&amp;".to_owned());
    let svg = svg(&[trace]);
    let elements = elements(&svg);
    assert!(!elements.iter().any(|element| element.name == "script"));
    assert!(svg.contains("&lt;/text&gt;&lt;script&gt;"));
    assert!(said(&elements)[1].contains("&quot;'&lt;&amp;\u{fffd}\u{fffd}]]&gt;"), "{:?}", said(&elements));
}

#[test]
fn of_two_thousand_images_some_are_drawn_and_the_panel_says_so_and_shows_what_failed() {
    let mut trace = named("pool", Site { images: 2_000, ..FAR }.all());
    trace.requests[1_234].failure = Some("answered 503".to_owned());
    let svg = svg(&[trace]);
    let elements = elements(&svg);
    let rows = rows(&elements).len();
    assert!((60..=120).contains(&rows), "{rows} rows");
    assert!(svg.contains(&format!("too many for a row each: {rows} of them are drawn, failed ones first")));
    assert_eq!(said(&elements).iter().filter(|said| said.contains("answered 503")).count(), 1);
    assert!(svg.len() < 100_000, "{} bytes", svg.len());
}

#[test]
fn nothing_and_no_time_at_all_are_drawn_as_well() {
    let nothing: [Trace; 0] = [];
    for traces in [&nothing[..], &[empty("x")], &odd()] {
        let elements = elements(&svg(traces));
        assert!(numbers(&elements).iter().all(|number| number.is_finite() && *number >= 0.0));
    }
}

#[test]
fn it_needs_nothing_from_elsewhere() {
    let svg = svg(&FAR.all());
    let beside_its_name = svg.replacen("http://www.w3.org/2000/svg", "", 1);
    for word in ["http", "url(", "@import", "<script", "href", "<image"] {
        assert!(!beside_its_name.contains(word), "{word}");
    }
}
