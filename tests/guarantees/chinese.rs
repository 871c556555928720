//! The words of guarantees in Chinese, for the Chinese edition of the book.

/// The words of [`words`](super::words) and of [`Evidence`](super::data::Evidence), and what they are in Chinese. `{}` stands
/// for the same text in both: a line, an actor, a number.
const TRANSLATIONS: &[(&str, &str)] = &[
    (
        "{} possible outputs; every schedule was run, up to the order of independent steps",
        "{} 种可能的输出；已穷举所有调度（只在互不影响的步骤上先后不同的调度，算作同一种）",
    ),
    (
        "{} possible outputs with {}; every schedule was run, up to the order of independent steps",
        "{} 种可能的输出（条件：{}）；已穷举所有调度（只在互不影响的步骤上先后不同的调度，算作同一种）",
    ),
    (
        "{} outputs found; not every schedule was run, but random ones until no new output appeared",
        "找到 {} 种输出；没有穷举所有调度，而是反复随机调度，直到不再出现新的输出",
    ),
    (
        "declared by the test and observed in each of {} runs under load; not proven",
        "由测试声明，高负载下运行 {} 次，每次都成立；未经证明",
    ),
    ("always", "必然"),
    ("with nothing between", "紧挨着"),
    ("never both", "不会同时出现"),
    ("in either order", "先后不定"),
    ("may be missing", "可能缺失"),
    ("may vary", "可能变化"),
    ("  nothing", "  无"),
    ("  {} and {}, unless ordered above", "  {} 与 {}，上面已确定顺序的除外"),
    ("  {} (present in {} of {} outputs)", "  {}（出现在 {} / {} 种输出中）"),
];

/// Translates the text of guarantees. What is not theirs, such as the lines that a lesson prints, stays as it is.
#[must_use]
pub fn in_chinese(words: &str) -> String {
    let line = |line: &str| match line.strip_prefix("  all of ") {
        Some(actors) => format!("  {} 的所有行\n", actors.replace(", ", "、")),
        None => translated(line).replace("  or  ", "  或  ") + "\n",
    };
    words.lines().map(line).collect()
}

fn translated(line: &str) -> String {
    let matching = |(english, chinese): &(&str, &str)| {
        let texts = texts_in(line, english)?;
        let around: Vec<&str> = chinese.split("{}").collect();
        let text_after = |index: usize| texts.get(index).copied().unwrap_or_default();
        Some(around.iter().enumerate().flat_map(|(index, part)| [*part, text_after(index)]).collect())
    };
    TRANSLATIONS.iter().find_map(matching).unwrap_or_else(|| line.to_owned())
}

/// Returns what the line has for each `{}` of the pattern, if it matches.
fn texts_in<'a>(line: &'a str, pattern: &str) -> Option<Vec<&'a str>> {
    let mut parts = pattern.split("{}");
    let mut rest = line.strip_prefix(parts.next()?)?;
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty().then(Vec::new) };
    let mut texts = Vec::new();
    for part in middle {
        let (text, after) = rest.split_once(part)?;
        texts.push(text);
        rest = after;
    }
    texts.push(rest.strip_suffix(last)?);
    Some(texts)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::guarantees::stored::{DATA_SUFFIX, body};

    #[test]
    fn the_headings_of_all_guarantees_of_the_lessons_are_translated() {
        let is_chinese = |line: &str| line.chars().any(|sign| ('\u{4E00}'..='\u{9FFF}').contains(&sign));
        let mut count = 0;
        let lessons = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
        for lesson in fs::read_dir(lessons).unwrap() {
            let Ok(snapshots) = fs::read_dir(lesson.unwrap().path().join("tests/lesson/snapshots")) else {
                continue;
            };
            for path in snapshots.map(|entry| entry.unwrap().path()) {
                let name = path.to_string_lossy().into_owned();
                if !name.contains("__guarantees") || name.ends_with(DATA_SUFFIX) {
                    continue;
                }
                let words = in_chinese(body(&fs::read_to_string(&path).unwrap()));
                for line in words.lines().filter(|line| !line.is_empty() && !line.starts_with(' ')) {
                    assert!(is_chinese(line), "{name}: {line}");
                }
                for english in ["all of ", ", unless ordered above", "(present in "] {
                    assert!(!words.contains(english), "{name}: {words}");
                }
                count += 1;
            }
        }
        assert!(count > 10, "{count} files were read");
    }

    #[test]
    fn each_word_of_the_guarantees_is_translated_and_the_lines_stay() {
        let english = "\
45 possible outputs with 3 items instead of 5; every schedule was run, up to the order of independent steps

always
  a: 1  →  always (time 2)

never both
  a or b  or  c  or  d

in either order
  all of x, y
  x and y, unless ordered above

may be missing
  a (b) (present in 42 of 45 outputs)
  nothing
";
        let chinese = "\
45 种可能的输出（条件：3 items instead of 5）；已穷举所有调度（只在互不影响的步骤上先后不同的调度，算作同一种）

必然
  a: 1  →  always (time 2)

不会同时出现
  a or b  或  c  或  d

先后不定
  x、y 的所有行
  x 与 y，上面已确定顺序的除外

可能缺失
  a (b)（出现在 42 / 45 种输出中）
  无
";
        assert_eq!(in_chinese(english), chinese);
    }
}
