//! Orders that are often seen but not guaranteed: in how many real runs, and in how many possible outputs.

use course_tests::Program;
use course_tests::mistakes::frequency::{Frequencies, Spacing};

use crate::PROGRAM;

const CRAWLED: &str = "抓取所有图片连接数据";
const DOWNLOADED: &str = "当前下载";

fn the_crawl_ends_before_the_first_picture_is_complete(lines: &[&str]) -> bool {
    let place = |begins: &str| lines.iter().position(|line| line.starts_with(begins));
    place(CRAWLED) < place(DOWNLOADED)
}

/// A title begins with the time at which the picture was uploaded.
fn the_pictures_finish_in_the_order_of_the_listing(lines: &[&str]) -> bool {
    lines.iter().filter(|line| line.starts_with(DOWNLOADED)).is_sorted()
}

#[test]
fn frequency_of_coincidences() {
    let (overlap, thread) =
        (Program::new(PROGRAM).arg("overlap"), Program::new(PROGRAM).arg("thread").args(["--latency", "10"]));
    let mut frequencies = Frequencies::of_coincidences(env!("CARGO_MANIFEST_DIR"));
    let near = overlap.clone().args(["--latency", "0"]);
    let over = the_crawl_ends_before_the_first_picture_is_complete;
    frequencies.coincidences(
        &overlap,
        Spacing::Sequential,
        None,
        &[("overlap: all pages are read before the first picture is complete", over)],
    );
    frequencies.coincidences(&near, Spacing::Sequential, None, &[("the same with --latency 0", over)]);
    let in_order = the_pictures_finish_in_the_order_of_the_listing;
    frequencies.coincidences(
        &thread,
        Spacing::Sequential,
        None,
        &[("thread: the pictures finish in the order of the listing", in_order)],
    );
    frequencies.assert_recorded();
}
