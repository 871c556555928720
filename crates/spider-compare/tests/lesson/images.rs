use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use spider_compare::gallery::{Counters, Options};

use crate::{PROGRAM, STRATEGIES, assert_same_files, files, open, pictures, spider};

#[test]
fn every_strategy_brings_the_gallerys_twenty_images_byte_for_byte_and_nothing_else() {
    for strategy in STRATEGIES {
        let gallery = open(&Options::default());
        let folder = tempfile::tempdir().unwrap();
        let run = spider(strategy).args(["--url", &gallery.url(), "--out"]).arg(folder.path()).run();
        assert!(run.status.success(), "{}", run.output);
        let files = files(folder.path());
        assert_eq!(files.len(), 20);
        assert_same_files(&files, &pictures(&gallery));
    }
}

#[test]
fn without_a_strategy_each_has_a_folder_of_its_own_with_the_same_images() {
    let folder = tempfile::tempdir().unwrap();
    let run = spider("--latency=0").arg("--out").arg(folder.path()).run();
    assert!(run.status.success(), "{}", run.output);
    let own = pictures(&open(&Options::default()));
    for strategy in STRATEGIES {
        assert_same_files(&files(&folder.path().join(strategy)), &own);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
fn a_file_of_the_same_name_is_replaced_and_any_other_stays() {
    let gallery = open(&Options::default());
    let folder = tempfile::tempdir().unwrap();
    let first = &gallery.pictures()[0].title;
    std::fs::write(folder.path().join(first), "old").unwrap();
    std::fs::write(folder.path().join("notes.txt"), "mine").unwrap();
    let run = spider("thread").args(["--url", &gallery.url(), "--out"]).arg(folder.path()).run();
    assert!(run.status.success(), "{}", run.output);
    let mut expected = pictures(&gallery);
    expected.insert("notes.txt".to_owned(), b"mine".to_vec());
    assert_same_files(&files(folder.path()), &expected);
}

#[test]
fn the_second_page_has_the_rest_of_the_category() {
    let gallery = open(&Options::default());
    let folder = tempfile::tempdir().unwrap();
    let page = format!("{}index_2.html", gallery.url());
    let run = spider("thread").args(["--url", &page, "--out"]).arg(folder.path()).run();
    assert!(run.status.success() && run.output.contains("抓取所有图片连接数据 4 总耗时"), "{}", run.output);
    assert_eq!(files(folder.path()).len(), 4);
}

/// What a gallery counts of one run. It shows no picture until `meeting` are asked for at the same time.
fn counted(strategy: &str, meeting: usize) -> Counters {
    let gallery = open(&Options { meeting, ..Options::default() });
    let run = spider(strategy).args(["--url", &gallery.url()]).run();
    assert!(run.status.success(), "{}", run.output);
    let counters = gallery.counters();
    assert_eq!((counters.requests, counters.picture_requests), (1 + 20 + 20, 20), "{strategy}");
    assert!(counters.bytes > 12_200_000, "{strategy}: {} bytes", counters.bytes);
    counters
}

#[test]
fn sequential_asks_for_one_thing_at_a_time_over_one_connection() {
    let counters = counted("sequential", 1);
    assert_eq!((counters.connections, counters.peak), (1, 1));
}

#[test]
fn thread_has_all_images_under_way_at_once_and_shares_the_crawls_connection() {
    let counters = counted("thread", 20);
    assert_eq!((counters.connections, counters.peak), (20, 20));
}

#[test]
fn process_has_all_images_under_way_at_once_and_each_child_connects_for_itself() {
    let counters = counted("process", 20);
    assert_eq!((counters.connections, counters.peak), (1 + 20, 20));
}

#[test]
fn an_image_is_announced_when_it_is_there_and_whole() {
    for strategy in STRATEGIES {
        let gallery = open(&Options::default());
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(PROGRAM);
        command.args([strategy, "--url", &gallery.url(), "--out"]).arg(folder.path()).stdout(Stdio::piped());
        let mut program = command.spawn().unwrap();
        let mut announced = 0;
        for line in BufReader::new(program.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            let Some(title) = line
                .strip_prefix("当前下载 ")
                .and_then(|line| line.strip_suffix(" 成功!"))
                .map(str::to_owned)
            else {
                continue;
            };
            let picture = gallery.pictures().iter().find(|picture| picture.title == title).unwrap();
            assert!(
                std::fs::read(folder.path().join(&title)).unwrap() == picture.bytes(),
                "{strategy}: {title}"
            );
            announced += 1;
        }
        assert!(program.wait().unwrap().success());
        assert_eq!(announced, 20, "{strategy}");
    }
}
