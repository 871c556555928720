//! The lines that a spider prints: those of the Python original, and errors in the same style.

use anyhow::{Error, Result};

use crate::crawl::Image;
use crate::download::Saved;
use crate::strategy::Strategy;

/// A longer line fits on no terminal, and text from a site can have any length.
const MAX_CHARS: usize = 400;

/// The heading of a strategy's lines, if several strategies run.
#[must_use]
pub fn heading(strategy: Strategy) -> String {
    format!("当前方式 :>>>> {strategy}")
}

/// The line at the end of the crawl.
#[must_use]
pub fn crawled(images: usize, seconds: f64) -> String {
    format!("抓取所有图片连接数据 {images} 总耗时 :>>>> {seconds:.3}s")
}

/// The line about a page without an image.
#[must_use]
pub fn page_failed(link: &str, error: &Error) -> String {
    single_line(&format!("当前抓取 {link} 失败! {error:#}"), MAX_CHARS)
}

/// The line about an image that was downloaded, skipped because its file exists already, or failed.
#[must_use]
pub fn downloaded(image: &Image, result: &Result<Saved>) -> String {
    let Image { file_name, address } = image;
    match result {
        Ok(Saved::Downloaded(_)) => format!("当前下载 {file_name} 成功!"),
        Ok(Saved::AlreadyPresent) => format!("当前下载 {file_name} 跳过! 文件已存在"),
        Err(error) => single_line(&format!("当前下载 {file_name} 失败! {error:#}: {address}"), MAX_CHARS),
    }
}

/// The line at the end of a run.
#[must_use]
pub fn finished(seconds: f64) -> String {
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
