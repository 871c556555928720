//! Who prints which line.

use course_tests::TraceSpec;
use course_tests::trace::scenarios::Scenarios;
use gallery::{Gallery, Options};

/// The lines of main alone: which strategy, a page that fails, the two times, the summary, the table, and what is said at
/// the end.
const OF_MAIN: &str = "当前方式 :>>>> .*|当前抓取 .* 失败! .*|抓取所有图片连接数据 .*|下载所有图片总耗时 .*|成功 .*|\
    strategy +crawl .*|crawl: .*|peak: .*|× limit: .*|(?:sequential|process|thread|pool|overlap) +[0-9.]+s .*|spider-compare: .*";

/// A line about an image, which begins with the time of its upload.
const OF_AN_IMAGE: &str = r"当前下载 (\d{6})-\S+ .*";

/// The line that tells that all addresses are known.
const CRAWLED: &str = "抓取所有图片连接数据 .*";

pub(crate) fn scenarios() -> Scenarios {
    let sequential = TraceSpec::new().event(OF_MAIN, "main", "").event(OF_AN_IMAGE, "main", "");
    Scenarios::new()
        .scenario("sequential", sequential)
        .scenario("process", side_by_side())
        .scenario("thread", side_by_side())
        .scenario("pool", side_by_side())
        .scenario("overlap", overlapping())
}

/// Where the images do not wait for each other, each is an actor of its own, and every line of main's comes before, or
/// after, all of them.
fn side_by_side() -> TraceSpec {
    TraceSpec::new().event(OF_AN_IMAGE, "image-$1", "").event(OF_MAIN, "main", &images())
}

/// Where images do not wait for the crawl either, that is an actor too, and so is each page that gives nothing.
pub(crate) fn overlapping() -> TraceSpec {
    let pages: Vec<_> = (34_001..=34_020).map(|number| format!("page-{number}")).collect();
    TraceSpec::new()
        .event(CRAWLED, "crawl", "")
        .event(r"当前抓取 \S*(\d{5})\.html 失败! .*", "page-$1", "")
        .event(OF_AN_IMAGE, "image-$1", "")
        .event(OF_MAIN, "main", &format!("crawl {} {}", images(), pages.join(" ")))
}

fn images() -> String {
    let gallery = Gallery::start(&Options::default()).expect("a gallery on this machine");
    let images: Vec<_> =
        gallery.first_page().iter().map(|picture| format!("image-{}", &picture.file_name[..6])).collect();
    images.join(" ")
}
