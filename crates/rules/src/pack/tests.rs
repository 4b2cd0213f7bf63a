use std::{collections::BTreeSet, fs, path::Path};

use proptest::prelude::*;
use rstest::rstest;

use super::*;

/// Files of a real pack, as (path, text).
fn real(name: &str) -> Vec<(String, String)> {
    fn walk(dir: &Path, base: &Path, into: &mut Vec<(String, String)>) {
        let mut entries: Vec<_> = fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(&path, base, into);
            } else {
                let name = path.strip_prefix(base).unwrap().to_string_lossy().replace('\\', "/");
                into.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let base = Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("../../packs");
    let mut files = Vec::new();
    walk(&base.join(name), &base, &mut files);
    files
}

fn borrow(files: &[(String, String)]) -> Vec<(&str, &str)> {
    files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect()
}

fn say(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_national_pack_has_no_fault() {
    let files = real("vietnam");
    let pack = Pack::read(&borrow(&files)).unwrap_or_else(|faults| panic!("{}", say(&faults)));
    assert_eq!(pack.manifest.id, "vietnam");
}

fn both() -> PackSet {
    let (vietnam, vung_tau) = (real("vietnam"), real("vung-tau"));
    PackSet::read(&[&borrow(&vietnam), &borrow(&vung_tau)]).unwrap_or_else(|faults| panic!("{}", say(&faults)))
}

#[test]
fn both_packs_have_no_fault() {
    both();
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn key(text: &str) -> UnitKey {
    text.parse().unwrap()
}

#[test]
fn every_source_id_of_the_inventory_is_there() {
    let set = both();
    let indicators: BTreeSet<&str> =
        set.content.reported.iter().flat_map(|r| std::iter::once(&r.id).chain(&r.aliases)).map(String::as_str).collect();
    for n in 1..=56 {
        let id = format!("IN-{n:03}");
        assert!(indicators.contains(id.as_str()), "{id}");
    }
    for n in (1..=15).chain([20]) {
        let id = format!("DI-{n:02}");
        assert!(set.content.directives.iter().any(|d| d.id == id), "{id}");
    }
    for n in 1..=11 {
        let id = format!("PL-{n:02}");
        assert!(set.content.tasks.iter().any(|t| t.id == id), "{id}");
    }
    assert!(set.content.indicators.len() >= 25, "{}", set.content.indicators.len());
    assert_eq!(set.content.statuses.len(), crate::target::Status::ALL.len());
    assert_eq!(set.content.accounts.len(), 16);
    let years: Vec<i32> = set.content.calendars.iter().map(|c| c.year).collect();
    assert_eq!(years, (2021..=2027).collect::<Vec<_>>());
}

#[test]
fn the_map_before_and_after_the_merger() {
    let set = both();
    let (units, successions) = set.units();
    let tree = crate::units::UnitTree::build(units, successions).unwrap();
    let count = |top: &str, date: &str, level: u8| {
        tree.subtree_on(tree.idx(&key(top)).unwrap(), day(date)).filter(|i| tree.unit(*i).level == level).count()
    };
    assert_eq!((count("747@2004-07-08", "2025-06-30", 4), count("79@2025-07-01", "2025-07-01", 4)), (17, 5));
    assert_eq!(
        (count("VN@1945-09-02", "2024-06-30", 2), count("VN@1945-09-02", "2025-07-01", 2), count("VN@1945-09-02", "2026-05-01", 2)),
        (63, 34, 34)
    );
    assert_eq!(set.root_on(day("2025-06-30")), Some(&key("747@2004-07-08")));
    assert_eq!(set.root_on(day("2025-07-01")), Some(&key("79@2025-07-01")));
    // The reused code: Phường 10 went to Rạch Dừa, not to itself.
    let ten = tree.unit(tree.resolve("26536", day("2025-06-30")).unwrap());
    assert_eq!(ten.name.vi, "Phường 10");
    assert_eq!(tree.unit(tree.resolve("26536", day("2025-07-01")).unwrap()).name.vi, "Phường Rạch Dừa");
}

#[test]
fn contradictions_and_gaps_of_the_sources_are_kept() {
    let set = both();
    let values = |id: &str| -> Vec<String> {
        set.content.figures.iter().filter(|f| f.indicator == id).filter_map(|f| f.value.map(|v| v.to_string())).collect()
    };
    assert_eq!(values("IN-019"), ["88", "99.17"], "both values of one sentence");
    assert_eq!(values("IN-012"), ["99.99", "99.35", "99.83", "99.85"]);
    let camera: i64 = ["ptz_high", "ptz_low", "security", "urban", "traffic_count"]
        .iter()
        .flat_map(|k| values(&format!("IN-035.{k}")))
        .map(|v| v.parse::<i64>().unwrap())
        .sum();
    assert_eq!((camera, values("IN-035")), (196, vec!["196".to_owned()]));
    let target = |id: &str| set.content.targets.iter().find(|t| t.id == id).unwrap();
    let claims: Vec<_> = target("T-01").claims.iter().filter_map(|c| c.deadline).collect();
    assert_eq!((claims, target("T-01").deadline), (vec![day("2025-08-30"), day("2025-12-31")], None), "two deadlines, none decided");
    assert_eq!((target("T-01").bound_units.len(), target("T-01").threshold_value), (17, 70.0));
    let figure = |id: &str| set.content.figures.iter().find(|f| f.id == id).unwrap();
    let vat = figure("S1-IN-021");
    assert_eq!((vat.numerator, vat.denominator, vat.value.unwrap().to_f64()), (Some(7_129), Some(7_129), 100.0));
    assert_eq!(figure("S1-IN-025").qualifier, crate::number::Qualifier::Over);
    assert_eq!(figure("S1-IN-019-a").as_of, None, "an undated \"up to now\" is unknown, not today");
    assert_eq!(figure("S2-IN-052").value.unwrap().integer(), Some(31_300_000_000));
    let conflict = set.content.directives.iter().find(|d| d.id == "DI-05").unwrap();
    assert_eq!((conflict.conflicts_with.as_slice(), conflict.issuer.as_deref()), (["DI-04".to_owned()].as_slice(), Some("Trung ương")));
    let waits = set.content.tasks.iter().find(|t| t.id == "PL-10.1").unwrap();
    assert!(waits.state == "waiting" && waits.waiting_for.is_some());
}

#[test]
fn every_rest_day_holiday_has_a_day_in_lieu() {
    let set = both();
    for calendar in &set.content.calendars {
        let holidays = || calendar.days.iter().filter(|d| d.kind == "holiday");
        let on_rest_days =
            holidays().filter(|d| matches!(d.date.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday)).count();
        let in_lieu = holidays().filter(|d| d.name.vi.starts_with("Nghỉ bù")).count();
        assert_eq!(on_rest_days, in_lieu, "{}", calendar.year);
        assert_eq!(calendar.provisional, calendar.year == 2027);
    }
}

#[test]
fn items_are_stable_and_know_their_pack() {
    let (a, b) = (both().items(), both().items());
    assert_eq!(a, b);
    let mut ids: Vec<_> = a.iter().map(|i| (i.kind, i.id.clone())).collect();
    ids.sort();
    let n = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), n, "every definition has its own id");
    let ward = a.iter().find(|i| i.kind == Kind::Unit && i.id == "26545@2025-07-01").unwrap();
    assert_eq!((ward.pack.as_str(), ward.hash.len()), ("vung-tau", 64));
    // What the loader reads back is what was declared.
    for item in a.iter().filter(|i| i.kind == Kind::Target) {
        let def: TargetDef = serde_json::from_str(&item.body).unwrap_or_else(|e| panic!("{}: {e}", item.id));
        assert_eq!(def.id, item.id);
    }
}

/// The smallest pack that is right, as (path, text).
const GOOD: &[(&str, &str)] = &[
    (
        "p/pack.toml",
        "[pack]\nid = \"p\"\nname = { vi = \"Gói\", en = \"Pack\" }\nversion = \"1\"\nroots = [\"A@2020-01-01\"]\n[[source]]\nid = \"S\"\ntitle = \"Nguồn\"\n",
    ),
    (
        "p/units.csv",
        "code,valid_from,valid_to,name_vi,name_en,kind,level,parent\nA,2020-01-01,,Tỉnh A,Province A,province,2,\nB,2020-01-01,2025-07-01,Phường B,Ward B,ward,4,A@2020-01-01\n",
    ),
    (
        "p/register.toml",
        "[register]\nid = \"dossier\"\nname = { vi = \"Hồ sơ\", en = \"Dossier\" }\n[[field]]\nid = \"closed_at\"\ntype = \"timestamp\"\nlabel = { vi = \"Xong\", en = \"Closed\" }\n[[field]]\nid = \"applicant\"\ntype = \"text\"\nlabel = { vi = \"Người nộp\", en = \"Applicant\" }\npersonal = true\n",
    ),
    (
        "p/indicators.toml",
        "[[reported]]\nid = \"R\"\nname = { vi = \"Tỷ lệ\", en = \"Rate\" }\nunit_of_measure = { vi = \"%\", en = \"%\" }\nkind = \"ratio\"\ndirection = \"up\"\nformat = \"percent:2\"\n",
    ),
];

#[test]
fn the_smallest_pack_is_right() {
    Pack::read(GOOD).unwrap_or_else(|faults| panic!("{}", say(&faults)));
}

const INDICATOR: &str = "[[indicator]]\nid = \"i\"\nname = { vi = \"a\", en = \"a\" }\nregister = \"dossier\"\nkind = \"count\"\nformat = \"integer\"\ndirection = \"up\"\n";

#[rstest]
#[case::syntax("x.toml", "[[target\nid = 1\n", "pack.not-toml", 1, "")]
#[case::other_file("x.yaml", "", "pack.unknown-file", 1, "")]
#[case::misspelt_table("x.toml", "\n[[indicatr]]\nid = \"a\"\n", "pack.unknown-key", 2, "Did you mean \"indicator\"?")]
#[case::misspelt_key(
    "x.toml",
    "[[source]]\nid = \"T\"\ntitle = \"t\"\npublished_no = 2025-01-01\n",
    "pack.unknown-key",
    4,
    "Did you mean \"published_on\"?"
)]
#[case::missing_key("x.toml", "[[source]]\nid = \"T\"\n", "pack.missing-key", 1, "")]
#[case::one_language(
    "x.toml",
    "[[status]]\nid = \"pilot\"\nname = { vi = \"Thí điểm\" }\nexplain = { vi = \"a\", en = \"a\" }\nicon = \"i\"\ntone = \"grey\"\n",
    "pack.missing-key",
    3,
    ""
)]
#[case::wrong_type("x.toml", "[[source]]\nid = \"T\"\ntitle = 5\n", "pack.wrong-type", 3, "")]
#[case::policy_key(
    "x.toml",
    "[[unit_policy]]\nid = \"P\"\nunit = \"A@2020-01-01\"\nvalid_from = 2025-01-01\nname = { vi = \"a\", en = \"a\" }\nphons = [\"1\"]\n",
    "pack.declaration",
    6,
    ""
)]
#[case::policy_hours(
    "x.toml",
    "[[unit_policy]]\nid = \"P\"\nunit = \"A@2020-01-01\"\nvalid_from = 2025-01-01\nname = { vi = \"a\", en = \"a\" }\nhours = [\"7-11\"]\n",
    "pack.declaration",
    6,
    ""
)]
#[case::policy_days(
    "x.toml",
    "[[unit_policy]]\nid = \"P\"\nunit = \"A@2020-01-01\"\nvalid_from = 2025-01-01\nname = { vi = \"a\", en = \"a\" }\nno_paper_on = [\"fri\"]\nhours_on = { sun = 5 }\n",
    "pack.declaration",
    7,
    ""
)]
#[case::choice(
    "x.toml",
    "[[status]]\nid = \"pilt\"\nname = { vi = \"a\", en = \"a\" }\nexplain = { vi = \"a\", en = \"a\" }\nicon = \"i\"\ntone = \"grey\"\n",
    "pack.not-one-of",
    2,
    "Did you mean \"pilot\"?"
)]
#[case::day_that_is_none(
    "x.toml",
    "[[source]]\nid = \"T\"\ntitle = \"t\"\npublished_on = \"2025-02-30\"\n",
    "pack.not-a-date",
    4,
    "Write dates as 2025-07-01."
)]
#[case::duplicate("x.toml", "[[source]]\nid = \"S\"\ntitle = \"t\"\n", "pack.duplicate", 1, "")]
#[case::unit_row_columns("units2.csv", "code,valid_from,name_vi,name_en,kind,level\nC,2020-01-01,C\n", "pack.not-csv", 2, "")]
#[case::unit_row_date(
    "units2.csv",
    "code,valid_from,name_vi,name_en,kind,level\n# ghi chú\nC,2020-13-01,C,C,ward,4\n",
    "pack.not-a-date",
    3,
    "Write dates as 2025-07-01."
)]
#[case::unit_column("units2.csv", "code,valid_from,name_vi,name_en,kind,level,parnt\n", "pack.unknown-key", 1, "Did you mean \"parent\"?")]
#[case::unit_kind(
    "units2.csv",
    "code,valid_from,name_vi,name_en,kind,level\nC,2020-01-01,C,C,wrad,4\n",
    "pack.not-one-of",
    2,
    "Did you mean \"ward\"?"
)]
#[case::overlap(
    "units2.csv",
    "code,valid_from,name_vi,name_en,kind,level\nB,2025-01-01,C,C,ward,4\n",
    "pack.overlapping-validity",
    2,
    "Give the older unit a valid_to; a code that is used again needs separate periods of validity."
)]
#[case::unknown_parent(
    "units2.csv",
    "code,valid_from,name_vi,name_en,kind,level,parent\nC,2020-01-01,C,C,ward,4,A@2020-01-02\n",
    "pack.unknown-reference",
    2,
    "Did you mean \"A@2020-01-01\"?"
)]
#[case::unit_circle(
    "units2.csv",
    "code,valid_from,name_vi,name_en,kind,level,parent\nC,2020-01-01,C,C,agency,5,C@2020-01-01\n",
    "pack.parent-cycle",
    2,
    ""
)]
#[case::succession_day(
    "successions.csv",
    "from,to,on,legal_basis\nB@2020-01-01,A@2020-01-01,2025-07-01,NQ\n",
    "pack.succession-dates",
    2,
    ""
)]
#[case::year_twice("x.toml", "[[calendar]]\nyear = 2025\n\n[[calendar]]\nyear = 2025\n", "pack.calendar-overlap", 4, "")]
#[case::day_of_other_year(
    "x.toml",
    "[[calendar]]\nyear = 2025\n[[calendar.day]]\ndate = 2024-01-01\nkind = \"holiday\"\nname = { vi = \"a\", en = \"a\" }\n",
    "pack.calendar-year",
    4,
    ""
)]
#[case::register_type(
    "x.toml",
    "[register]\nid = \"r\"\nname = { vi = \"a\", en = \"a\" }\n[[field]]\nid = \"f\"\ntype = \"txt\"\nlabel = { vi = \"a\", en = \"a\" }\n",
    "pack.declaration",
    1,
    ""
)]
#[case::register_state(
    "x.toml",
    "[register]\nid = \"r\"\nname = { vi = \"a\", en = \"a\" }\n[lifecycle]\ninitial = \"one\"\n[[lifecycle.state]]\nid = \"one\"\nlabel = { vi = \"a\", en = \"a\" }\n[[lifecycle.transition]]\nid = \"go\"\nfrom = [\"one\"]\nto = \"onee\"\nlabel = { vi = \"a\", en = \"a\" }\n",
    "pack.unknown-state",
    9,
    "Did you mean \"one\"?"
)]
#[case::figure_text(
    "x.toml",
    "[[figure]]\nid = \"f\"\nindicator = \"R\"\nunit = \"A@2020-01-01\"\nas_written = \"nhiều\"\nsource = \"S\"\nquote = \"rất nhiều\"\n",
    "pack.figure",
    5,
    ""
)]
#[case::figure_not_in_quote(
    "x.toml",
    "[[figure]]\nid = \"f\"\nindicator = \"R\"\nunit = \"A@2020-01-01\"\nas_written = \"88%\"\nsource = \"S\"\nquote = \"đạt 89%\"\n",
    "pack.quote",
    5,
    ""
)]
#[case::figure_indicator(
    "x.toml",
    "[[figure]]\nid = \"f\"\nindicator = \"Q\"\nunit = \"A@2020-01-01\"\nas_written = \"88%\"\nsource = \"S\"\nquote = \"đạt 88%\"\n",
    "pack.unknown-reference",
    3,
    "Known: R"
)]
#[case::target_format(
    "x.toml",
    "[[target]]\nid = \"t\"\ntitle = { vi = \"a\", en = \"a\" }\nindicator = \"R\"\nthreshold = \"70 tổ\"\nwindow = \"latest\"\nbound_units = [\"A@2020-01-01\"]\n",
    "pack.target-format",
    5,
    ""
)]
#[case::target_scope(
    "x.toml",
    "[[target]]\nid = \"t\"\ntitle = { vi = \"a\", en = \"a\" }\nindicator = \"R\"\nthreshold = \"70%\"\nwindow = \"latest\"\nscope = { under = \"A@2020-01-01\", level = 3 }\n",
    "pack.no-bound-units",
    7,
    ""
)]
#[case::milestone(
    "x.toml",
    "[[target]]\nid = \"t\"\ntitle = { vi = \"a\", en = \"a\" }\nindicator = \"R\"\nthreshold = \"70%\"\nwindow = \"latest\"\ndeadline = 2025-01-01\nbound_units = [\"A@2020-01-01\"]\nmilestones = [\n  { date = 2025-02-01, value = 50 },\n]\n",
    "pack.milestone-after-deadline",
    10,
    ""
)]
#[case::directive_circle(
    "x.toml",
    "[[directive]]\nid = \"d\"\nkind = \"KH\"\ntitle = { vi = \"a\", en = \"a\" }\nparents = [\"e\"]\n[[directive]]\nid = \"e\"\nkind = \"KH\"\ntitle = { vi = \"a\", en = \"a\" }\nparents = [\"d\"]\n",
    "pack.parent-cycle",
    5,
    ""
)]
#[case::account_role(
    "x.toml",
    "[[account]]\nid = \"a\"\ndisplay_name = \"A\"\ngrants = [{ role = \"leadr\", unit = \"A@2020-01-01\" }]\n",
    "pack.not-one-of",
    4,
    "Did you mean \"leader\"?"
)]
#[case::replaces_nothing("x.toml", "[[source]]\nid = \"T\"\ntitle = \"t\"\nreplaces = true\n", "pack.replaces-nothing", 1, "")]
fn what_is_wrong_is_said_with_file_and_line(
    #[case] file: &str,
    #[case] text: &str,
    #[case] code: &str,
    #[case] line: u32,
    #[case] hint: &str,
) {
    let path = format!("p/{file}");
    let files: Vec<(&str, &str)> = GOOD.iter().copied().chain([(path.as_str(), text)]).collect();
    let faults = PackSet::read(&[&files]).map(|_| ()).unwrap_err();
    let [fault] = faults.as_slice() else { panic!("one fault expected:\n{}", say(&faults)) };
    assert_eq!((fault.file.as_str(), fault.code.as_str(), fault.line), (path.as_str(), code, line), "{fault}");
    assert_eq!(fault.hint.as_ref().map_or("", |h| h.en.as_str()), hint, "{fault}");
    assert!(fault.sentence.ends_with('.') && fault.sentence_vi.ends_with('.') && fault.column >= 1, "{fault}");
}

#[rstest]
#[case::field("where = 'record.closed != null'\ndate = \"record.closed_at\"\n", "pack.unknown-field", 8)]
#[case::personal_breakdown("date = \"record.closed_at\"\nbreakdowns = [\"applicant\"]\n", "pack.personal-field", 9)]
#[case::personal_expression("where = 'record.applicant == \"x\"'\ndate = \"record.closed_at\"\n", "pack.personal-field", 8)]
#[case::does_not_compile("date = \"record.closed_at\"\nwhere = 'record.closed_at =='\n", "pack.expression", 9)]
#[case::seven_breakdowns(
    "date = \"record.closed_at\"\nbreakdowns = [\"state\", \"state\", \"state\", \"state\", \"state\", \"state\", \"state\"]\n",
    "pack.too-many-breakdowns",
    9
)]
#[case::register(
    "date = \"record.closed_at\"\nreplaces = false\n[[derived]]\nid = \"d\"\nname = { vi = \"a\", en = \"a\" }\nformat = \"integer\"\nvalue = \"v('j')\"\n",
    "pack.unknown-reference",
    14
)]
fn what_is_wrong_with_an_indicator(#[case] rest: &str, #[case] code: &str, #[case] line: u32) {
    let text = format!("{INDICATOR}{rest}");
    let files: Vec<(&str, &str)> = GOOD.iter().copied().chain([("p/x.toml", text.as_str())]).collect();
    let faults = Pack::read(&files).map(|_| ()).unwrap_err();
    assert!(faults.iter().any(|f| (f.code.as_str(), f.line, f.file.as_str()) == (code, line, "p/x.toml")), "{}", say(&faults));
    assert!(faults.iter().all(|f| f.file == "p/x.toml"), "{}", say(&faults));
}

#[test]
fn all_faults_of_all_files_come_at_once() {
    let files: Vec<(&str, &str)> = GOOD
        .iter()
        .copied()
        .chain([
            ("p/a.toml", "[[source]]\nid = \"x y\"\ntitel = \"t\"\n"),
            ("p/b.toml", "[[figure]]\nid = \"f\"\n"),
            ("p/units9.csv", "code\n"),
        ])
        .collect();
    let faults = Pack::read(&files).map(|_| ()).unwrap_err();
    let found: BTreeSet<&str> = faults.iter().map(|f| f.file.as_str()).collect();
    assert_eq!(found, BTreeSet::from(["p/a.toml", "p/b.toml", "p/units9.csv"]));
    assert!(faults.len() >= 10, "{}", say(&faults));
    assert!(faults.is_sorted_by_key(|f| (f.file.clone(), f.line)));
}

#[test]
fn no_manifest_and_a_missing_pack_are_faults() {
    assert_eq!(Pack::read(&[]).map(|_| ()).unwrap_err()[0].code, "pack.no-manifest");
    let later: &[(&str, &str)] =
        &[("q/pack.toml", "[pack]\nid = \"q\"\nname = { vi = \"a\", en = \"a\" }\nversion = \"1\"\nrequires = [\"P\"]\n")];
    let faults = PackSet::read(&[GOOD, later]).map(|_| ()).unwrap_err();
    assert_eq!((faults[0].code.as_str(), faults[0].hint.as_ref().unwrap().en.as_str()), ("pack.missing-pack", "Did you mean \"p\"?"));
}

#[test]
fn a_later_pack_overrides_only_when_it_says_so() {
    let pack = |source: &str| {
        format!(
            "[pack]\nid = \"q\"\nname = {{ vi = \"a\", en = \"a\" }}\nversion = \"1\"\nrequires = [\"p\"]\n[[source]]\nid = \"S\"\ntitle = \"mới\"\n{source}"
        )
    };
    let (silent, said) = (pack(""), pack("replaces = true\n"));
    let faults = PackSet::read(&[GOOD, &[("q/pack.toml", &silent)]]).map(|_| ()).unwrap_err();
    assert_eq!(
        (faults.len(), faults[0].code.as_str(), faults[0].file.as_str(), faults[0].line),
        (1, "pack.not-replaced", "q/pack.toml", 6)
    );
    let set = PackSet::read(&[GOOD, &[("q/pack.toml", &said)]]).unwrap_or_else(|faults| panic!("{}", say(&faults)));
    let sources: Vec<_> = set.items().into_iter().filter(|i| i.kind == Kind::Source).map(|i| (i.id, i.pack)).collect();
    assert_eq!(sources, [("S".to_owned(), "q".to_owned())]);
    assert_eq!(set.content.sources[0].title, "mới");
}

proptest! {
    /// Whatever is in a file, reading answers and never panics.
    #[test]
    fn nothing_makes_reading_panic(text in "\\PC{0,200}", name in "(pack|x|units|successions)\\.(toml|csv)") {
        let _ = Pack::read(&[(&name, &text)]);
    }
}

proptest! {
    // Each case reads two real packs.
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// A real file with a piece cut out is answered, not half-read.
    #[test]
    fn a_torn_file_is_answered(from in 0usize..20_000, len in 1usize..400) {
        let mut files = real("vung-tau");
        let index = from % files.len();
        let text: Vec<char> = files[index].1.chars().collect();
        let (a, b) = (from.min(text.len()), (from + len).min(text.len()));
        files[index].1 = text[..a].iter().chain(&text[b..]).collect();
        let vietnam = real("vietnam");
        let _ = PackSet::read(&[&borrow(&vietnam), &borrow(&files)]);
    }
}
