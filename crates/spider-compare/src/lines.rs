//! The lines that a spider prints: those of the Python original, and errors in the same style.

use std::fmt::Display;

use anyhow::Error;

/// A longer line fits on no terminal, and text from a site can have any length.
const MAX_CHARS: usize = 400;

/// The heading of a strategy's lines, if several strategies run.
pub(crate) fn heading(strategy: impl Display) -> String {
    format!("当前方式 :>>>> {strategy}")
}

/// The line at the end of the crawl.
pub(crate) fn crawled(images: usize, seconds: f64) -> String {
    format!("抓取所有图片连接数据 {images} 总耗时 :>>>> {seconds:.3}s")
}

/// The line about a page without an image.
pub(crate) fn page_failed(link: &str, error: &Error) -> String {
    single_line(&format!("当前抓取 {link} 失败! {error:#}"), MAX_CHARS)
}

pub(crate) fn downloaded(file_name: &str) -> String {
    format!("当前下载 {file_name} 成功!")
}

/// The line about an image whose file exists already.
pub(crate) fn skipped(file_name: &str) -> String {
    format!("当前下载 {file_name} 跳过! 文件已存在")
}

pub(crate) fn download_failed(file_name: &str, address: impl Display, error: &Error) -> String {
    single_line(&format!("当前下载 {file_name} 失败! {error:#}: {address}"), MAX_CHARS)
}

/// The line at the end of a run.
pub(crate) fn finished(seconds: f64) -> String {
    format!("下载所有图片总耗时 :>>>> {seconds:.3}s")
}

/// Replaces control characters by spaces, and what follows after `max` characters by an ellipsis.
fn single_line(text: &str, max: usize) -> String {
    let mut chars = text.chars().map(|char| if char.is_control() { ' ' } else { char });
    let mut line: String = chars.by_ref().take(max).collect();
    if chars.next().is_some() {
        line.pop();
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_control_characters_and_a_limited_length() {
        assert_eq!(single_line("a\nb\r\u{1b}c", 10), "a b  c");
        assert_eq!(single_line("图图图图", 4), "图图图图");
        assert_eq!(single_line("图图图图图", 4), "图图图…");
        assert_eq!(single_line("abc", 0), "…");
    }
}
