//! `robots.txt`, as RFC 9309 says.

use std::fmt::Write as _;

use spider_compare::robots::Robots;

fn allows(robots_txt: &str, path: &str) -> bool {
    Robots::parse(robots_txt, "spider-compare").allow(path)
}

#[test]
fn the_longest_pattern_that_matches_decides_and_of_two_as_long_the_one_that_allows() {
    let robots_txt = "User-agent: *\nAllow: /p\nDisallow: /\nAllow: /folder\nDisallow: /folder\n";
    assert!(allows(robots_txt, "/page"));
    assert!(allows(robots_txt, "/folder/page"));
    assert!(!allows(robots_txt, "/other"));
    // An encoded character does not count more than others, and an asterisk counts as one.
    assert!(!allows("User-agent: *\nAllow: /*-\nDisallow: /abc\n", "/abc-"));
}

#[test]
fn an_asterisk_stands_for_anything_and_a_dollar_for_the_end() {
    let robots_txt = "User-agent: *\nDisallow: /*.gif$\nDisallow: /a*b*c\nDisallow: /end$\n";
    for (path, allowed) in [
        ("/picture.gif", false),
        ("/picture.gif?size=1", true),
        ("/a/c/b", true),
        ("/a/b/b/c/d", false),
        ("/end", false),
        ("/end/", true),
        ("/", true),
    ] {
        assert_eq!(allows(robots_txt, path), allowed, "{path}");
    }
}

#[test]
fn the_robot_is_known_by_its_name_in_any_case_and_with_any_version_and_only_by_the_whole_of_it() {
    for (agent, is_meant) in [
        ("spider-compare", true),
        ("Spider-Compare/1.2", true),
        ("SPIDER-COMPARE (test)", true),
        ("spider", false),
        ("spider-compare-2", false),
        ("other", false),
    ] {
        let robots_txt = format!("User-agent: {agent}\nDisallow: /\n\nUser-agent: *\nDisallow:\n");
        assert_eq!(allows(&robots_txt, "/page"), !is_meant, "{agent}");
    }
}

#[test]
fn groups_for_the_same_robot_are_one_and_a_group_can_be_for_several() {
    let robots_txt = "User-agent: spider-compare\nDisallow: /a\n\nUser-agent: other\nUser-agent: spider-compare\n\
                      Crawl-delay: 2\nSitemap: /map\nDisallow: /b\n\nUser-agent: *\nDisallow: /\n";
    assert!(!allows(robots_txt, "/a"));
    assert!(!allows(robots_txt, "/b"));
    assert!(allows(robots_txt, "/c"));
    assert_eq!(Robots::parse(robots_txt, "spider-compare").delay, Some(2.0));
    // A line that says nothing ends the names of a group, too.
    for nothing in ["Disallow:", "Allow:", "Crawl-delay: soon"] {
        assert!(
            allows(&format!("User-agent: *\n{nothing}\nUser-agent: other\nDisallow: /\n"), "/a"),
            "{nothing}"
        );
    }
    // Lines about robots with nothing between them are one group.
    assert!(!allows("User-agent: spider-compare\n\nUser-agent: *\nDisallow: /\n", "/a"));
}

#[test]
fn paths_that_mean_the_same_are_equal_however_they_are_encoded() {
    for (pattern, path, allowed) in [
        ("/图", "/%E5%9B%BE/1", false),
        ("/%e5%9b%be", "/%E5%9B%BE/1", false),
        ("/%7Euser", "/~user", false),
        ("/a%2Fb", "/a/b", true),
        ("/a%2fb", "/a%2Fb", false),
        ("/a%2A", "/abc", true),
        ("/a%2Ab", "/a*b", false),
        ("/a%24", "/a$", false),
        ("/a-b_c.d~e", "/a%2Db%5Fc%2Ed%7Ee", false),
    ] {
        assert_eq!(
            allows(&format!("User-agent: *\nDisallow: {pattern}\n"), path),
            allowed,
            "{pattern} {path}"
        );
    }
}

#[test]
fn comments_other_lines_a_byte_order_mark_and_any_end_of_line_are_read_over() {
    let robots_txt =
        "\u{feff}User-agent : * # all\r\nnonsense\r\nDisallow:/a#b\rDISALLOW : /c\r\nDisallow:\r\n";
    for (path, allowed) in [("/a", false), ("/c", false), ("/d", true)] {
        assert_eq!(allows(robots_txt, path), allowed, "{path}");
    }
    assert!(allows("Disallow: /\n", "/a"), "a rule before any group is for no robot");
}

#[test]
fn a_long_file_of_wildcards_is_read_in_time_and_in_memory_that_grow_with_it() {
    let mut robots_txt = "User-agent: *\n".to_owned();
    while robots_txt.len() < 500 << 10 {
        let _ = writeln!(robots_txt, "Disallow: /{}x", "*a".repeat(500));
    }
    assert!(allows(&robots_txt, &format!("/{}", "a".repeat(2_000))));
}

#[test]
fn no_text_and_no_path_make_it_panic() {
    let words = [
        "User-agent: *",
        "Disallow: /",
        "Allow:",
        "*",
        "$",
        "%",
        "%F",
        "%E5",
        "图",
        "/",
        "?",
        ":",
        "#",
        "\n",
        "\r",
    ];
    let mut random = fastrand::Rng::with_seed(9309);
    let mut text = || -> String {
        let words = (0..random.usize(..20)).map(|_| words[random.usize(..words.len())]);
        words.collect()
    };
    for _ in 0..10_000 {
        allows(&text(), &format!("/{}", text()));
    }
}
