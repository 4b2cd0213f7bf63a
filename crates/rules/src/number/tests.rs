use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn summary(text: &str, measure: Measure, form: Form) -> String {
    match read_as(text, measure, form) {
        Ok(r) => {
            let fraction = r.numerator.zip(r.denominator).map_or_else(String::new, |(n, d)| format!(" {n}/{d}"));
            let unit = r.unit.map_or_else(String::new, |u| format!(" [{u}]"));
            format!("{} {}{fraction}{unit}", r.qualifier.id(), r.value)
        }
        Err(refusal) => refusal.code.to_owned(),
    }
}

/// Every spelling that the seed articles contain.
#[rstest]
#[case("97.63 %", Measure::Percent, "exact 97.63")]
#[case("99.17%", Measure::Percent, "exact 99.17")]
#[case("39,51%", Measure::Percent, "exact 39.51")]
#[case("35,48 %", Measure::Percent, "exact 35.48")]
#[case("41.46 %", Measure::Percent, "exact 41.46")]
#[case("100 %", Measure::Percent, "exact 100")]
#[case("88%", Measure::Percent, "exact 88")]
#[case("trên 80 %", Measure::Percent, "above 80")]
#[case("hơn 15%", Measure::Percent, "over 15")]
#[case("tối thiểu 70 %", Measure::Percent, "at_least 70")]
#[case("73 % kế hoạch năm", Measure::Percent, "exact 73 [kế hoạch năm]")]
#[case("46 / 46", Measure::Percent, "exact 100 46/46")]
#[case("7.129 / 7.129", Measure::Percent, "exact 100 7129/7129")]
#[case("7.129 / 7.129", Measure::Count, "exact 7129 7129/7129")]
#[case("1.200 / 1.200 ", Measure::Count, "exact 1200 1200/1200")]
#[case("46/46", Measure::Count, "exact 46 46/46")]
#[case("17/17 đơn vị", Measure::Count, "exact 17 17/17 [đơn vị]")]
#[case("hơn 115.254", Measure::Count, "over 115254")]
#[case("hơn 1.246 tổ", Measure::Count, "over 1246 [tổ]")]
#[case("hơn 60 trạm 5G", Measure::Count, "over 60 [trạm 5G]")]
#[case("khoảng 630 triệu", Measure::Count, "about 630000000")]
#[case("khoảng 20 triệu", Measure::Count, "about 20000000")]
#[case("gần 200", Measure::Count, "nearly 200")]
#[case("04", Measure::Count, "exact 4")]
#[case("27.506", Measure::Count, "exact 27506")]
#[case("hơn 2.500", Measure::Count, "over 2500")]
#[case("hơn 584 lượt", Measure::Count, "over 584 [lượt]")]
#[case("193 hộ", Measure::Count, "exact 193 [hộ]")]
#[case("126 xã, phường", Measure::Count, "exact 126 [xã, phường]")]
#[case("31,3 tỷ đồng", Measure::Money, "exact 31300000000 [đồng]")]
#[case("4,7 tỷ đồng", Measure::Money, "exact 4700000000 [đồng]")]
#[case("500 triệu đồng / xã, phường", Measure::Money, "exact 500000000 [đồng / xã, phường]")]
#[case("hơn 1 tỷ USD", Measure::Money, "over 1000000000 [USD]")]
#[case("119 ha", Measure::Decimal, "exact 119 [ha]")]
#[case("0,7955", Measure::Decimal, "exact 0.7955")]
fn the_articles(#[case] text: &str, #[case] measure: Measure, #[case] expected: &str) {
    assert_eq!(summary(text, measure, Form::Vietnamese), expected);
}

#[rstest]
#[case("\u{a0}Hơn\u{a0}1.246\n tổ.", Measure::Count, "over 1246 [tổ]")]
#[case("≥ 70%", Measure::Percent, "at_least 70")]
#[case("70 % trở lên", Measure::Percent, "at_least 70")]
#[case("~200", Measure::Count, "about 200")]
#[case("không quá 5 ngày", Measure::Count, "at_most 5 [ngày]")]
#[case("dưới 3,5", Measure::Decimal, "below 3.5")]
#[case("1,5 triệu", Measure::Count, "exact 1500000")]
#[case("1.5 triệu", Measure::Count, "exact 1500000")]
#[case("1.200 tỷ đồng", Measure::Money, "exact 1200000000000 [đồng]")]
#[case("2 nghìn tỷ đồng", Measure::Money, "exact 2000000000000 [đồng]")]
#[case("1.234,5 tỷ đồng", Measure::Money, "exact 1234500000000 [đồng]")]
#[case("1.234.567 đ", Measure::Money, "exact 1234567 [đ]")]
#[case("0.125 %", Measure::Percent, "exact 0.125")]
#[case("1,246 %", Measure::Percent, "exact 1.246")] // the Vietnamese comma is a decimal sign
#[case("120,5 %", Measure::Percent, "exact 120.5")]
#[case("1.246,5", Measure::Decimal, "exact 1246.5")]
#[case("-3,2", Measure::Decimal, "exact -3.2")]
#[case("1/3", Measure::Percent, "exact 33.3333 1/3")]
#[case("97,60 %", Measure::Percent, "exact 97.60")]
#[case("97,63 phần trăm", Measure::Percent, "exact 97.63")]
fn also_read(#[case] text: &str, #[case] measure: Measure, #[case] expected: &str) {
    assert_eq!(summary(text, measure, Form::Vietnamese), expected);
}

#[rstest]
#[case("", Measure::Count, "number.empty")]
#[case(" \u{a0} ", Measure::Percent, "number.empty")]
#[case("không có", Measure::Count, "number.not_a_number")]
#[case("có nguy cơ chậm tiến độ", Measure::Percent, "number.not_a_number")]
#[case("1.24", Measure::Count, "number.grouping")]
#[case("1.2345", Measure::Count, "number.grouping")]
#[case("1234.567", Measure::Count, "number.grouping")]
#[case("0.246", Measure::Count, "number.grouping")]
#[case("1.246", Measure::Percent, "number.ambiguous")]
#[case("1.246", Measure::Decimal, "number.ambiguous")]
#[case("7,129", Measure::Count, "number.ambiguous")]
#[case("1,246 triệu", Measure::Count, "number.ambiguous")]
#[case("7,129 / 7,129", Measure::Count, "number.ambiguous")]
#[case("97,5", Measure::Count, "number.not_whole")]
#[case("1,2345678 triệu", Measure::Count, "number.not_whole")]
#[case("1.246,5", Measure::Count, "number.not_whole")]
#[case("1,234,567", Measure::Count, "number.english_form")]
#[case("1,246.5", Measure::Decimal, "number.mixed_separators")]
#[case("1,246,5", Measure::Decimal, "number.grouping")]
#[case("1.2,3.4", Measure::Decimal, "number.mixed_separators")]
#[case("-5", Measure::Count, "number.negative")]
#[case("−5 %", Measure::Percent, "number.negative")]
#[case("hơn khoảng 200", Measure::Count, "number.two_qualifiers")]
#[case("hơn 70 % trở lên", Measure::Percent, "number.two_qualifiers")]
#[case("80 - 90 %", Measure::Percent, "number.range")]
#[case("đạt 97.63 %", Measure::Percent, "number.leading_words")]
#[case("1 tỷ 200 triệu", Measure::Money, "number.trailing_number")]
#[case("1 246", Measure::Count, "number.trailing_number")]
#[case("88 % (99.17 %)", Measure::Percent, "number.trailing_number")]
#[case("46/0", Measure::Percent, "number.zero_denominator")]
#[case("30/8/2025", Measure::Count, "number.not_a_number")]
#[case("88 %", Measure::Count, "number.wrong_measure")]
#[case("193 hộ", Measure::Percent, "number.wrong_measure")]
#[case("193 hộ", Measure::Money, "number.wrong_measure")]
#[case("3 triệu %", Measure::Percent, "number.wrong_measure")]
#[case("99999999999999999999", Measure::Count, "number.too_long")]
#[case("9999999999999999999999999999999999999999", Measure::Decimal, "number.too_long")]
#[case("٣٤", Measure::Count, "number.not_a_number")]
#[case("0 .1", Measure::Count, "number.trailing_number")]
#[case("0,%1", Measure::Count, "number.not_a_number")]
#[case("5 (10 %)", Measure::Count, "number.trailing_number")]
#[case("1e5", Measure::Percent, "number.wrong_measure")]
fn refused(#[case] text: &str, #[case] measure: Measure, #[case] code: &str) {
    assert_eq!(summary(text, measure, Form::Vietnamese), code);
}

#[rstest]
#[case("7,129", Measure::Count, "exact 7129")]
#[case("over 115,254 people", Measure::Count, "over 115254 [people]")]
#[case("97.635%", Measure::Percent, "exact 97.635")]
#[case("1,246.5", Measure::Decimal, "exact 1246.5")]
#[case("VND", Measure::Money, "number.not_a_number")]
#[case("1.5 million dong", Measure::Money, "exact 1500000 [dong]")]
#[case("39,51%", Measure::Percent, "number.grouping")]
#[case("7.129", Measure::Count, "number.not_whole")]
fn english(#[case] text: &str, #[case] measure: Measure, #[case] expected: &str) {
    assert_eq!(summary(text, measure, Form::English), expected);
}

#[test]
fn an_ambiguity_names_both_readings() {
    let refusal = read("7,129", Measure::Count).unwrap_err();
    assert_eq!(refusal.to_string(), "number.ambiguous text=7,129 first=7129 second=7.129");
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(value in 0_i64..10_i64.pow(15), q in 0_usize..8, lang in prop_oneof![Just("vi"), Just("en")]) {
        let form = if lang == "vi" { Form::Vietnamese } else { Form::English };
        for measure in [Measure::Count, Measure::Money] {
            let reading = Reading { qualifier: Qualifier::ALL[q], value: value.into(), numerator: None, denominator: None, unit: None };
            prop_assert_eq!(read_as(&reading.to_text(measure, lang), measure, form).unwrap(), reading);
        }
    }

    #[test]
    fn fractions_are_read_back(value in 0_i128..10_i128.pow(12), scale in 1_u32..6, q in 0_usize..8) {
        let value = Decimal::new(value, scale).unwrap();
        for measure in [Measure::Percent, Measure::Decimal] {
            let reading = Reading { qualifier: Qualifier::ALL[q], value, numerator: None, denominator: None, unit: None };
            let back = read(&reading.to_text(measure, "vi"), measure).unwrap();
            prop_assert_eq!(back.value.scale(), scale);
            prop_assert_eq!(back, reading.clone());
            prop_assert_eq!(read_as(&reading.to_text(measure, "en"), measure, Form::English).unwrap(), reading);
        }
    }

    #[test]
    fn counts_of_counts_are_read_back(num in 0_i64..10_i64.pow(9), den in 1_i64..10_i64.pow(9)) {
        let reading = read(&format!("{num}/{den}"), Measure::Percent).unwrap();
        prop_assert_eq!((reading.numerator, reading.denominator), (Some(num), Some(den)));
        prop_assert_eq!(read(&reading.to_text(Measure::Percent, "vi"), Measure::Percent).unwrap(), reading);
    }

    #[test]
    fn nothing_panics_and_an_accepted_count_has_the_digits_of_its_text(text in "(hơn |gần )?[0-9.,/% -]{0,14}( triệu| tổ)?") {
        for measure in [Measure::Percent, Measure::Count, Measure::Money, Measure::Decimal] {
            for form in [Form::Vietnamese, Form::English] {
                let answer = read_as(&text, measure, form);
                if let (Ok(r), Measure::Count, false) = (&answer, measure, text.contains(['/', 'u'])) {
                    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                    prop_assert_eq!(r.value.integer(), digits.parse().ok());
                }
            }
        }
    }
}
