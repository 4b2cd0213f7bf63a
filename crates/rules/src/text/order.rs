//! Vietnamese alphabetical order.
//!
//! Letters first (a ă â b c d đ e ê … o ô ơ … u ư …), then tones (ngang, huyền, hỏi, ngã, sắc, nặng), then capitals, as the
//! Unicode CLDR order for Vietnamese does. Two deviations serve lists of wards: a run of digits counts as a number (Phường 2
//! before Phường 10), and the tone belongs to the syllable, so that `hòa` and `hoà` stand together.

use std::cmp::Ordering;

use unicode_normalization::UnicodeNormalization;

// First bytes of primary weights. All are above END, so a shorter text sorts before its continuations.
const END: u8 = 1;
const SPACE: u8 = 2;
const SIGN: u8 = 3;
const DIGITS: u8 = 4;
const LETTER: u8 = 0x10;
const OTHER: u8 = 0xf0;

/// A byte string whose plain order is the Vietnamese order of the texts. Different texts may share a key only when they differ in
/// invisible ways (composition, white space).
#[must_use]
pub fn sort_key(text: &str) -> Vec<u8> {
    let keys = levels(&super::clean(text));
    let mut out = keys.letters;
    out.push(END);
    out.extend(keys.tones);
    out.push(END);
    out.extend(keys.rest);
    out
}

/// Order of two texts for a Vietnamese reader.
#[must_use]
pub fn compare(a: &str, b: &str) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    sort_key(a).cmp(&sort_key(b))
}

/// Whether two names are the same word for word, apart from capitals and from where the tone mark is put: `Thủy` is `Thuỷ`, but
/// not `Thúy`. Unlike [`super::fold`] this keeps tones apart, so it may join rows.
#[must_use]
pub fn same_spelling(a: &str, b: &str) -> bool {
    let (a, b) = (levels(&super::clean(a)), levels(&super::clean(b)));
    a.letters == b.letters && a.tones == b.tones
}

struct Levels {
    letters: Vec<u8>,
    /// One byte per syllable: 2 (ngang) to 7 (nặng).
    tones: Vec<u8>,
    /// Capitals, tone positions, leading zeros: whatever the first two levels leave equal.
    rest: Vec<u8>,
}

fn levels(text: &str) -> Levels {
    let (mut letters, mut tones) = (Vec::with_capacity(text.len() + 8), Vec::new());
    let mut in_word = false;
    let mut chars = text.nfd().peekable();
    while let Some(c) = chars.next() {
        if let Some(tone) = tone_of(c) {
            if let Some(last) = tones.last_mut().filter(|_| in_word) {
                *last = tone;
            }
            continue;
        }
        if c.is_ascii_digit() {
            in_word = false;
            let mut number = vec![c];
            while let Some(d) = chars.next_if(char::is_ascii_digit) {
                number.push(d);
            }
            let significant: Vec<u8> =
                number.iter().skip_while(|d| **d == '0').map(|d| u8::try_from(u32::from(*d)).unwrap_or(b'0')).collect();
            letters.extend([DIGITS, u8::try_from(significant.len()).unwrap_or(u8::MAX)]);
            letters.extend(significant);
            continue;
        }
        let lower = c.to_lowercase().next().unwrap_or(c);
        if let Some(base) = base_letter(lower) {
            if !in_word {
                tones.push(2);
                in_word = true;
            }
            let mark = chars.peek().copied().and_then(|m| letter_mark(lower, m));
            let stroke = u8::from(matches!(lower, 'đ' | 'ð' | 'ɖ'));
            letters.push(LETTER + base * 4 + mark.unwrap_or(stroke));
            // The mark may stand behind a tone mark (ậ decomposes to a + dot + circumflex): look past one tone.
            if mark.is_none() && chars.peek().copied().and_then(tone_of).is_some() {
                let tone = chars.next().and_then(tone_of).unwrap_or(2);
                if let Some(last) = tones.last_mut() {
                    *last = tone;
                }
                if let Some(m) = chars.peek().copied().and_then(|m| letter_mark(lower, m))
                    && let Some(last) = letters.last_mut()
                {
                    *last = LETTER + base * 4 + m;
                    chars.next();
                }
            } else if mark.is_some() {
                chars.next();
            }
            continue;
        }
        if !unicode_normalization::char::is_combining_mark(c) {
            in_word = false;
        }
        let mut utf8 = [0; 4];
        match c {
            c if c.is_whitespace() => letters.push(SPACE),
            c => {
                letters.push(if c.is_alphanumeric() { OTHER } else { SIGN });
                letters.extend(lower.encode_utf8(&mut utf8).as_bytes());
            }
        }
    }
    // Lower case before upper case, as dictionaries have it.
    let rest = text
        .chars()
        .map(|c| if c.is_uppercase() { 3 } else { 2 })
        .chain([END])
        .chain(text.nfc().collect::<String>().into_bytes())
        .collect();
    Levels { letters, tones, rest }
}

fn tone_of(c: char) -> Option<u8> {
    Some(match c {
        '\u{300}' | '\u{340}' => 3,
        '\u{309}' => 4,
        '\u{303}' => 5,
        '\u{301}' | '\u{341}' => 6,
        '\u{323}' => 7,
        _ => return None,
    })
}

fn base_letter(lower: char) -> Option<u8> {
    match lower {
        'a'..='z' => u8::try_from(u32::from(lower) - u32::from('a')).ok(),
        'đ' | 'ð' | 'ɖ' => Some(3),
        _ => None,
    }
}

/// ă â ê ô ơ ư as variants of their base letter, in alphabetical order.
fn letter_mark(base: char, mark: char) -> Option<u8> {
    match (base, mark) {
        ('a', '\u{306}') | ('e' | 'o', '\u{302}') | ('u', '\u{31b}') => Some(1),
        ('a', '\u{302}') | ('o', '\u{31b}') => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn assert_sorted(list: &[&str]) {
        for (i, a) in list.iter().enumerate() {
            for (j, b) in list.iter().enumerate() {
                assert_eq!(compare(a, b), i.cmp(&j), "{a:?} and {b:?}");
            }
        }
    }

    #[test]
    fn the_alphabet() {
        assert_sorted(&[
            "a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "g", "h", "i", "k", "l", "m", "n", "o", "ô", "ơ", "p", "q", "r", "s", "t", "u",
            "ư", "v", "x", "y",
        ]);
    }

    #[test]
    fn tones_come_after_letters() {
        assert_sorted(&["ma", "mà", "mả", "mã", "má", "mạ", "mai", "măm", "mâm", "mận", "me"]);
        assert_sorted(&["an", "ăn", "ân", "ần", "ẩn", "ẫn", "ấn", "ận", "ba"]);
        assert_sorted(&["tờ", "tợ", "tu", "từ", "tử", "tữ", "tứ", "tự", "tứa"]);
    }

    #[test]
    fn wards_of_a_city() {
        assert_sorted(&[
            "Bà Rịa",
            "Côn Đảo",
            "Dĩ An",
            "Đất Đỏ",
            "Phường 1",
            "Phường 2",
            "Phường 10",
            "Phường Nguyễn An Ninh",
            "Phường Rạch Dừa",
            "Phường Thắng Nhất",
            "Phường Thắng Nhì",
            "Phường Thắng Tam",
            "Xã Long Sơn",
        ]);
    }

    #[test]
    fn the_place_of_the_tone_mark_does_not_separate() {
        assert!(same_spelling("Phú Thuỷ", "phú thủy"));
        assert!(same_spelling("hoà", "hòa"));
        assert!(!same_spelling("Thủy", "Thúy"));
        assert!(!same_spelling("Tân Hải", "Tân Hai"));
        assert!(!same_spelling("Dầu", "Đầu"));
        assert_sorted(&["hoa", "hoà", "hoả", "hoạ", "hoài"]);
        assert_eq!(compare("hoà bình", "hòa bình an"), Ordering::Less);
        assert!(compare("Hòa", "hoà").is_gt(), "only capitals differ, lower case first");
    }

    proptest! {
        #[test]
        fn an_order_that_tells_texts_apart(a in "[a-zA-ZăâđêôơưĂÂĐáàảãạấậ0-9 .]{0,8}", b in "[a-zA-ZăâđêôơưĂÂĐáàảãạấậ0-9 .]{0,8}") {
            prop_assert_eq!(compare(&a, &b), compare(&b, &a).reverse());
            let (ca, cb) = (crate::text::clean(&a), crate::text::clean(&b));
            prop_assert_eq!(compare(&a, &b).is_eq(), ca == cb);
            prop_assert_eq!(same_spelling(&a, &a.to_uppercase()), true);
        }
    }
}
