//! The lines that a spider prints: those of the Python original, and errors in the same style.

use anyhow::{Error, Result};
use url::{Position, Url};

use crate::crawl::Image;
use crate::download::Saved;
use crate::strategy::Strategy;
use crate::text::single_line;

/// The longest line with text from a site, in characters.
const MAX_CHARS: usize = 400;

/// Returns the heading of a strategy's lines, if several strategies run.
pub fn heading(strategy: Strategy) -> String {
    format!("当前方式 :>>>> {strategy}")
}

/// Returns the line at the end of the crawl.
pub fn crawled(images: usize, seconds: f64) -> String {
    format!("抓取所有图片连接数据 {images} 总耗时 :>>>> {seconds:.3}s")
}

/// Returns the line about a page without an image.
pub fn page_failed(link: &str, error: &Error) -> String {
    single_line(&format!("当前抓取 {link} 失败! {error:#}"), MAX_CHARS)
}

/// Returns an address without its site.
pub fn path(address: &Url) -> &str {
    &address[Position::BeforePath..Position::AfterQuery]
}

/// Returns the line about a page that shows the image of another one.
pub fn same_image(detail: &Url) -> String {
    single_line(&format!("当前抓取 {} 跳过! another page shows the same picture", path(detail)), MAX_CHARS)
}

/// Returns the line about a listing that has fewer pages than wanted.
pub fn no_next_page(address: &Url, pages: usize, wanted: usize) -> String {
    single_line(&format!("当前抓取 {address} 没有下一页! found {pages} of {wanted} listing pages"), MAX_CHARS)
}

/// Returns the line about an image that was downloaded, skipped because its file exists already, or failed.
pub fn downloaded(image: &Image, result: &Result<Saved>) -> String {
    let Image { file_name, address, .. } = image;
    match result {
        Ok(Saved::Downloaded(_)) => format!("当前下载 {file_name} 成功!"),
        Ok(Saved::AlreadyPresent) => format!("当前下载 {file_name} 跳过! 文件已存在"),
        Err(error) => single_line(&format!("当前下载 {file_name} 失败! {error:#}: {address}"), MAX_CHARS),
    }
}

/// Returns the line at the end of a run.
pub fn finished(seconds: f64) -> String {
    format!("下载所有图片总耗时 :>>>> {seconds:.3}s")
}
