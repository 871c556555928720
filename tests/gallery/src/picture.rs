//! A picture: its URLs and its bytes.

use crate::body::Body;
use crate::jpeg;

/// The date of all uploads in Unix time: 21 May 2024, 00:00 China Standard Time.
const DAY: usize = 1_716_220_800;

/// When the first picture was uploaded, and the time between two uploads, in seconds after midnight. The latter is a
/// prime number, so all seconds of the day are used before one repeats.
const FIRST_UPLOAD: usize = 36_000;
const BETWEEN_UPLOADS: usize = 1_237;
const SECONDS_PER_DAY: usize = 86_400;

const SUBJECTS: [&str; 6] = ["星空下的少女", "雨后的车站", "海边的夏天", "樱花树下", "云上的城", "冬夜的灯"];

/// One picture of the gallery.
#[derive(Debug)]
pub struct Picture {
    /// The last segment of the path, for example `162010-17162796101e1c.jpg`.
    pub file_name: String,
    /// The path, from the root of the site.
    pub path: String,
    /// The path of the detail page.
    pub(crate) detail: String,
    /// What the picture shows.
    pub(crate) subject: &'static str,
    number: usize,
    size: usize,
    image: &'static [u8],
}

impl Picture {
    /// Creates the picture with this number. The default `size` is 562,500 bytes for number 0 and 5,000 more for each
    /// further number: 12.2 MB for the first twenty together.
    pub(crate) fn new(number: usize, size: Option<usize>) -> Self {
        let second = (FIRST_UPLOAD + number * BETWEEN_UPLOADS) % SECONDS_PER_DAY;
        let (hour, minute) = (second / 3_600, second / 60 % 60);
        let file_name = format!(
            "{hour:02}{minute:02}{:02}-{}{:04x}.jpg",
            second % 60,
            DAY + second,
            number * 7_919 % 0x1_0000
        );
        Self {
            detail: format!("/tupian/{}.html", 34_001 + number),
            path: format!("/uploads/allimg/240521/{file_name}"),
            subject: SUBJECTS[number % SUBJECTS.len()],
            size: size.unwrap_or(562_500 + 5_000 * number),
            image: jpeg::image(number),
            file_name,
            number,
        }
    }

    /// Returns the whole JPEG file. Each call builds it again: a gallery keeps no files in memory.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.body().to_bytes()
    }

    pub(crate) fn body(&self) -> Body {
        jpeg::pad(self.image, self.number, self.size)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_hundred_thousand_pictures_have_different_file_names() {
        let names: BTreeSet<_> = (0..100_000).map(|number| Picture::new(number, None).file_name).collect();
        assert_eq!(names.len(), 100_000);
    }

    #[test]
    fn a_file_name_is_the_time_of_day_the_unix_time_and_four_hexadecimal_digits() {
        assert_eq!(Picture::new(0, None).file_name, "100000-17162568000000.jpg");
        assert_eq!(Picture::new(1, None).file_name, "102037-17162580371eef.jpg");
        assert_eq!(Picture::new(41, None).file_name, "000517-1716221117f447.jpg", "times wrap at midnight");
    }

    #[test]
    fn a_picture_has_the_requested_size_or_its_default_size() {
        assert_eq!(Picture::new(3, Some(2_000)).bytes().len(), 2_000);
        assert_eq!(Picture::new(3, None).bytes().len(), 577_500);
    }
}
