//! Who prints which line.

use course_tests::Tidy;
use course_tests::lanes::Scenarios;
use spider_compare::gallery::{Gallery, Options};

/// The lines of main alone: which strategy, a page that fails, the two times, the table, and what is said at the end.
const OF_MAIN: &str = "当前方式 :>>>> .*|当前抓取 .* 失败! .*|抓取所有图片连接数据 .*|下载所有图片总耗时 .*|\
    strategy +crawl +download +total|(?:sequential|process|thread) +[0-9.]+s .*|spider-compare: .*";

pub(crate) fn scenarios() -> Scenarios {
    let sequential = Tidy::new().line(OF_MAIN, "main", "").line(r"当前下载 \S+ .*", "main", "");
    Scenarios::new()
        .scenario("sequential", sequential)
        .scenario("process", side_by_side())
        .scenario("thread", side_by_side())
}

/// Where the images do not wait for each other, each is an actor of its own, and every line of main's comes before, or
/// after, all of them.
fn side_by_side() -> Tidy {
    let gallery = Gallery::start(&Options::default()).expect("a gallery on this machine");
    let images: Vec<_> =
        gallery.pictures().iter().map(|picture| format!("image-{}", &picture.title[..6])).collect();
    Tidy::new().line(r"当前下载 (\d{6})-\S+ .*", "image-$1", "").line(OF_MAIN, "main", &images.join(" "))
}
