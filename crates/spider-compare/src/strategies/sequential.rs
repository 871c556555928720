//! One image after the other.

use anyhow::Result;

use crate::spider::Spider;

/// Does everything on the calling thread.
pub(super) fn sequential(spider: &Spider) -> Result<()> {
    for image in spider.crawl()? {
        spider.download(&image, None)?;
    }
    Ok(())
}
