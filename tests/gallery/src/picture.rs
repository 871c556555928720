//! One picture of the gallery: where it is, and what is in it.

use crate::body::Body;
use crate::jpeg;

/// China Standard Time, 21 May 2024, 0 o'clock, in seconds of Unix time: the day of all uploads.
const DAY: usize = 1_716_220_800;

/// When the first was uploaded, and how long after it each further one was, in seconds. A prime number, so that none of
/// a day's seconds comes twice before all have come.
const FIRST_UPLOAD: usize = 36_000;
const BETWEEN_UPLOADS: usize = 1_237;
const SECONDS_OF_A_DAY: usize = 86_400;

const SUBJECTS: [&str; 6] = ["星空下的少女", "雨后的车站", "海边的夏天", "樱花树下", "云上的城", "冬夜的灯"];

/// One picture of the gallery.
#[derive(Debug)]
pub struct Picture {
    /// The last segment of its path: `162010-17162796101e1c.jpg`, say.
    pub file_name: String,
    /// Its path, from the root of the gallery.
    pub path: String,
    /// The path of its detail page.
    pub(crate) detail: String,
    /// What it shows.
    pub(crate) subject: &'static str,
    number: usize,
    size: usize,
}

impl Picture {
    /// Unless a `size` in bytes is given, number 0 has 562,500 bytes and each further one 5,000 more: 12.2 MB for the
    /// first twenty together.
    pub(crate) fn new(number: usize, size: Option<usize>) -> Self {
        let second = (FIRST_UPLOAD + number * BETWEEN_UPLOADS) % SECONDS_OF_A_DAY;
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
            file_name,
            number,
        }
    }

    /// The whole JPEG file. It is made anew for each call: a gallery holds none of them.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.body().bytes()
    }

    pub(crate) fn body(&self) -> Body {
        jpeg::picture(self.number, self.size)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_of_a_hundred_thousand_pictures_have_the_same_title() {
        let titles: BTreeSet<_> = (0..100_000).map(|number| Picture::new(number, None).file_name).collect();
        assert_eq!(titles.len(), 100_000);
    }

    #[test]
    fn a_title_is_the_time_of_day_of_its_upload_the_unix_time_and_four_digits() {
        assert_eq!(Picture::new(0, None).file_name, "100000-17162568000000.jpg");
        assert_eq!(Picture::new(1, None).file_name, "102037-17162580371eef.jpg");
        assert_eq!(
            Picture::new(41, None).file_name,
            "000517-1716221117f447.jpg",
            "the next day is the same day"
        );
    }

    #[test]
    fn a_picture_has_the_size_that_is_asked_for_or_one_of_its_own() {
        assert_eq!(Picture::new(3, Some(2_000)).bytes().len(), 2_000);
        assert_eq!(Picture::new(3, None).bytes().len(), 577_500);
    }
}
