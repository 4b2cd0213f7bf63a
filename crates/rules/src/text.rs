//! Vietnamese text: two languages side by side, search folding, order, numbers and dates as people write them.

mod format;
mod order;
mod phrases;
mod search;

use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

pub(crate) use format::divide_rounded;
pub use format::{
    format_date, format_datetime, format_decimal, format_int, format_percent, format_period, format_scaled, format_vnd, format_vnd_short,
    with_percent,
};
pub use order::{compare, same_spelling, sort_key};
pub use phrases::vietnamese;
pub use search::{WANTED_MAX, Wanted, answers, words};

/// A text in both languages of the product; Vietnamese is the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default, Hash, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
pub struct Localized {
    pub vi: String,
    pub en: String,
}

impl Localized {
    #[must_use]
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { vi: vi.into(), en: en.into() }
    }

    /// The text for a language tag: `en…` is English, everything else Vietnamese.
    #[must_use]
    pub fn get(&self, lang: &str) -> &str {
        if is_english(lang) { &self.en } else { &self.vi }
    }
}

/// Whether a language tag asks for English; everything else is Vietnamese.
#[must_use]
pub fn is_english(lang: &str) -> bool {
    lang.starts_with("en")
}

/// The search key of a text: lower case, without marks, đ (and its look-alikes Ð, Ɖ) as d, curly apostrophes straight, one space
/// between words, none at the ends. `hòa` and `hoà`, composed or decomposed, give the same key.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    let mut push = |c: char| {
        if c.is_whitespace() {
            gap = true;
            return;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    };
    if text.is_ascii() {
        text.chars().for_each(|c| push(c.to_ascii_lowercase()));
        return out;
    }
    for c in text.nfd() {
        match c {
            c if is_combining_mark(c) || is_invisible(c) || c == '\u{ad}' => {}
            'đ' | 'Đ' | 'ð' | 'Ð' | 'ɖ' | 'Ɖ' => push('d'),
            '’' | '‘' | 'ʼ' | '`' | '´' => push('\''),
            c => c.to_lowercase().filter(|c| !is_combining_mark(*c)).for_each(&mut push),
        }
    }
    out
}

/// A text without Vietnamese marks, its letters otherwise as they were: for systems that take ASCII only. White space as in [`clean`].
/// What has no plain form stays as it is.
#[must_use]
pub fn unmarked(text: &str) -> String {
    let plain = |c: char| match c {
        'đ' | 'ð' | 'ɖ' => 'd',
        'Đ' | 'Ð' | 'Ɖ' => 'D',
        '’' | '‘' | 'ʼ' | '´' => '\'',
        '“' | '”' => '"',
        '–' | '—' => '-',
        c => c,
    };
    clean(text).nfd().filter(|c| !is_combining_mark(*c)).map(plain).nfc().collect()
}

/// One line of clean text, as a cell of a table should hold it: NFC, no zero-width characters, every kind of white space
/// (no-break spaces, tabs, newlines in the cell) as one space, none at the ends. Spelling is not touched.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfc().filter(|c| !is_invisible(*c)) {
        if c.is_whitespace() || c.is_control() {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out
}

/// [`clean`] line by line; at most one blank line in a row, none at the ends. For long texts that people wrote in paragraphs.
#[must_use]
pub fn clean_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for line in text.lines().map(clean) {
        if line.is_empty() {
            blank = true;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if blank { "\n\n" } else { "\n" });
        }
        blank = false;
        out.push_str(&line);
    }
    out
}

/// Zero-width characters that change nothing on the screen and everything in a comparison. The soft hyphen is not among them: in
/// text that was mis-decoded from TCVN3 it stands for ư and must stay visible to the converter.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Phường  Rạch Dừa", "phuong rach dua")]
    #[case("ĐẶC KHU Côn Đảo", "dac khu con dao")]
    #[case("Ðắk Lắk / Ɖắk Lắk", "dak lak / dak lak")]
    #[case("Ea H’Leo", "ea h'leo")]
    #[case("  Thu\u{200b}ỷ\u{a0}\n Nguyên ", "thuy nguyen")]
    #[case("", "")]
    #[case("ABC  1/01", "abc 1/01")]
    fn folding(#[case] text: &str, #[case] key: &str) {
        assert_eq!(fold(text), key);
    }

    #[rstest]
    #[case("Ủng Hộ Quỹ Vắc Xin", "Ung Ho Quy Vac Xin")]
    #[case("  Đặng  Thị Ðiểm – Lệ phí", "Dang Thi Diem - Le phi")]
    #[case("Ea H’Leo 日本", "Ea H'Leo 日本")]
    fn marks_off(#[case] text: &str, #[case] plain: &str) {
        assert_eq!(unmarked(text), plain);
    }

    #[test]
    fn tone_placement_and_composition_do_not_hide_a_name() {
        assert_eq!(fold("Hòa Bình"), fold("Hoà Bình"));
        assert_eq!(fold("Phú Thuỷ"), fold("Phú Thủy"));
        let decomposed: String = "Nguyễn Ái Quốc".nfd().collect();
        assert_eq!(fold(&decomposed), "nguyen ai quoc");
        assert_eq!(clean(&decomposed), "Nguyễn Ái Quốc");
    }

    #[test]
    fn cells_of_the_statistics_table_come_out_clean() {
        assert_eq!(clean("Phường\nThắng  Nhất\u{a0}"), "Phường Thắng Nhất");
        assert_eq!(clean("\u{feff}Xã Long Sơn\t"), "Xã Long Sơn");
        assert_eq!(clean_lines(" a \r\n\r\n\r\n b\n c \n\n"), "a\n\nb\nc");
    }

    proptest! {
        #[test]
        fn folding_and_cleaning_settle(text in "\\PC{0,40}") {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded.clone());
            prop_assert_eq!(clean(&clean(&text)), clean(&text));
            prop_assert_eq!(fold(&clean(&text)), folded);
        }
    }
}
