//! The catalogue of procedures: versions in force, versions that dossiers keep, what a unit offers, finding by words.

mod common;

use common::{both, load, pack};
use jiff::civil::date;
use office::world::World;
use pack::Files;
use rules::{procedure::Online, text::fold};
use serde_json::{Map, json};

/// The national pack with the birth registration ended, or withdrawn.
fn changed(with: impl Fn(&str) -> String) -> Files {
    let mut files = pack::real("vietnam");
    for (name, text) in &mut files {
        if name.ends_with("procedures/birth.toml") {
            *text = with(text);
        }
    }
    files
}

fn codes(list: Vec<&std::sync::Arc<rules::procedure::Procedure>>) -> Vec<String> {
    list.iter().map(|p| p.def.code.clone()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dossier_keeps_the_version_it_was_opened_under() {
    both(async |place| {
        let office = place.governed(&[pack::real("vietnam")]).await;
        let (day, later, first) = (date(2025, 8, 1), date(2027, 3, 1), date(2024, 6, 6));
        let births = |w: &World, day| w.procedure("1.001193", day).map(|p| p.def.valid_from);
        assert_eq!(births(&office.world(), day), Some(first));
        assert_eq!(births(&office.world(), date(2024, 6, 5)), None, "not yet in force");
        // A new version from 2027: the old one ends, both are known.
        let newer = changed(|old| {
            let ended = old.replacen("valid_from = 2024-06-06", "valid_from = 2024-06-06\nvalid_to = 2027-01-01", 1);
            let new = old.replacen("valid_from = 2024-06-06", "valid_from = 2027-01-01", 1);
            format!("{ended}\n{}", new.replacen("term = \"same_day\"", "term = \"4 working_hours\"", 1))
        });
        load(&office, &[newer]).await;
        let world = office.world();
        assert_eq!((births(&world, day), births(&world, later)), (Some(first), Some(date(2027, 1, 1))));
        assert!(world.procedure_version("1.001193", first).is_some());
        // Withdrawn altogether: nobody is offered it, running dossiers still have theirs.
        load(&office, &[changed(|_| String::new())]).await;
        let world = office.world();
        assert_eq!((births(&world, day), births(&world, later)), (None, None));
        assert!(world.procedure_version("1.001193", first).is_some());
        assert!(!codes(world.procedures_on(day)).contains(&"1.001193".to_owned()));
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_national_catalogue_is_complete_and_can_be_found() {
    let place = common::Place::sqlite();
    let office = place.governed(&[pack::real("vietnam"), pack::real("vung-tau")]).await;
    let world = office.world();
    let day = date(2026, 3, 2);
    let list = world.procedures_on(day);
    assert!(list.len() >= 12, "{:?}", codes(list));
    let now = "2026-03-02T03:00:00Z".parse().unwrap();
    for p in &list {
        let d = &p.def;
        // Content of Decree 63/2010, article 8: name, steps, parts, term, who applies, result.
        assert!(!d.steps.is_empty() && !d.parts.is_empty() && !d.pages.is_empty() && !d.applicants.is_empty(), "{}", d.code);
        assert!(!d.keywords.is_empty() && d.summary.is_some() && d.rank.is_some() && !d.legal_basis.is_empty(), "{}", d.code);
        assert_eq!(d.online == Online::Partial, d.partial_reason.is_some(), "{}", d.code);
        assert_eq!(d.steps.iter().filter_map(|s| s.share).map(u32::from).sum::<u32>(), 100, "{}", d.code);
        let a = p.answers(&Map::new(), now);
        assert!(!a.faults.is_empty() && a.faults.iter().all(|f| f.code == "field.required"), "{} {:?}", d.code, a.faults);
        let known: Vec<&str> = p.parts_wanted(&Map::new(), now).iter().map(|x| x.id.as_str()).collect();
        assert!(!known.is_empty(), "{}: nothing is wanted", d.code);
        // What an officer reads at the counter does not speak to the citizen.
        let hints = d.pages.iter().flat_map(|page| std::iter::once(&page.title).chain(&page.hint));
        let asked = d.fields().flat_map(|f| std::iter::once(f.label_at_counter()).chain(&f.field.help));
        let parts = d.parts.iter().filter(|x| !x.from_form).flat_map(|x| std::iter::once(&x.name).chain(&x.hint));
        for said in hints.chain(asked).chain(parts) {
            let to_whom = |text: &str, words: &[&str]| text.to_lowercase().split(|c: char| !c.is_alphabetic()).any(|w| words.contains(&w));
            assert!(!to_whom(&said.vi, &["bạn"]) && !to_whom(&said.en, &["you", "your"]), "{}: {said:?}", d.code);
        }
        // Its own name finds it first, typed with and without marks.
        for words in [d.name.vi.clone(), fold(&d.name.vi)] {
            assert_eq!(world.find_procedures(&words, day, 1).first().map(|p| &p.def.code), Some(&d.code), "{words}");
        }
    }
    for (words, code) in [
        ("lam khai sinh cho con", "1.001193"),
        ("bao tu", "1.000656"),
        ("cuoi vo", "1.000894"),
        ("giay doc than", "1.004873"),
        ("sao y ban chinh", "2.000815"),
        ("xac nhan chu ky", "2.000884"),
        ("xac nhan cu tru", "1.010041"),
        ("mo quan ca phe", "1.001612"),
        ("tro cap nguoi khuyet tat", "1.001776"),
        ("tien mai tang", "1.001731"),
        ("so do lan dau", "1.013978"),
        ("trich luc khai sinh", "2.000635"),
    ] {
        assert_eq!(world.find_procedures(words, day, 1).first().map(|p| p.def.code.as_str()), Some(code), "{words}");
    }
    // As people really ask.
    for (words, code) in [
        ("đất đai", "1.013978"),
        ("vợ tôi mới sinh em bé", "1.001193"),
        ("birth certificate", "1.001193"),
        ("bố tôi mới mất", "1.000656"),
        ("dang ky ket hon", "1.000894"),
        ("xin xác nhận độc thân ở đâu", "1.004873"),
        ("công chứng bằng tốt nghiệp", "2.000815"),
        ("sơ yếu lý lịch", "2.000884"),
        ("giấy ct07", "1.010041"),
        ("xin giấy phép kinh doanh", "1.001612"),
        ("opening a small business", "1.001612"),
        ("tro cap nguoi gia", "1.001776"),
        ("lam so do", "1.013978"),
        ("mất giấy khai sinh xin cấp lại", "2.000635"),
    ] {
        assert_eq!(world.find_procedures(words, day, 1).first().map(|p| p.def.code.as_str()), Some(code), "{words}");
    }
    for words in [
        "xin phep xay nha",
        "xin phép xây dựng nhà ở",
        "giấy phép lái xe",
        "hộ chiếu",
        "làm căn cước công dân",
        "đăng ký xe máy",
        "bảo hiểm thất nghiệp",
        "nhập học lớp 1",
        "hỗ trợ học phí",
    ] {
        assert!(world.find_procedures(words, day, 5).is_empty(), "{words}: {:?}", codes(world.find_procedures(words, day, 5)));
    }
    assert!(world.near_procedures("xin phep xay nha", day, 3).is_empty());
    assert!(codes(world.near_procedures("hỗ trợ học phí", day, 3)).iter().any(|c| c == "1.001731"), "support is near support");
    // Business households were registered by the district until the reform.
    let level = |day| world.procedure("1.001612", day).map(|p| (p.def.level, p.def.valid_from));
    assert_eq!(level(date(2025, 6, 30)), Some((3, date(2024, 1, 1))));
    assert_eq!(level(date(2025, 7, 1)), Some((4, date(2025, 7, 1))));
    // A ward offers them, the city above it does not.
    let ward = world.unit_idx("26506", day).unwrap();
    assert_eq!(world.procedures_for(ward, day).len(), list.len());
    let root = world.units.idx(&"VN@1945-09-02".parse().unwrap()).unwrap();
    assert!(world.procedures_for(root, day).is_empty());
    office.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_birth_pays_and_a_poor_household_does_not() {
    let place = common::Place::sqlite();
    let office = place.governed(&[pack::real("vietnam")]).await;
    let world = office.world();
    let birth = world.procedure("1.001193", date(2026, 3, 2)).unwrap();
    let now = "2026-03-02T03:00:00Z".parse().unwrap();
    let due = |born: &str, exempt: &str| {
        let form = json!({"child_birth_date": born, "exempt": exempt, "copies": 2});
        birth.fees_due(form.as_object().unwrap(), now).iter().map(|f| (f.fee.id.clone(), f.amount_vnd)).collect::<Vec<_>>()
    };
    let row = |id: &str, amount| (id.to_owned(), amount);
    assert_eq!(due("2026-02-20", "none"), [row("copy", 16_000)]);
    assert_eq!(due("2025-12-20", "none"), [row("late", 8_000), row("copy", 16_000)]);
    assert_eq!(due("2025-12-20", "poor")[0], row("late", 0));
    office.close().await.unwrap();
}
