//! Who prints which line.

use course_tests::Tidy;
use course_tests::lanes::Scenarios;
use spider_compare::gallery::{Gallery, Options};

pub(crate) fn scenarios() -> Scenarios {
    Scenarios::new()
        .scenario("sequential", Tidy::new().line(".*", "main", ""))
        .scenario("process", side_by_side())
        .scenario("thread", side_by_side())
}

/// Where the images do not wait for each other, each is an actor of its own, and every line of main's comes before, or
/// after, all of them.
fn side_by_side() -> Tidy {
    let gallery = Gallery::start(&Options::default()).expect("a gallery on this machine");
    let images: Vec<_> =
        gallery.pictures().iter().map(|picture| format!("image-{}", &picture.title[..6])).collect();
    Tidy::new().line(r"当前下载 (\d{6})-\S+ .*", "image-$1", "").line(".*", "main", &images.join(" "))
}
