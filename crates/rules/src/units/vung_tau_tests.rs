//! The merger of 1/7/2025 around Vũng Tàu (17 wards and communes became 5), with the traps that it holds.

use jiff::civil::{Date, date};

use super::*;

const OLD: Date = Date::constant(1991, 8, 12);
const MERGER: Date = Date::constant(2025, 7, 1);
const BEFORE: Date = Date::constant(2025, 5, 1);
const AFTER: Date = Date::constant(2025, 8, 1);

type CodeAndName = (&'static str, &'static str);
/// Code and name of each new unit, and those of the units that it was made of.
const NEW_WARDS: &[(&str, &str, &[CodeAndName])] = &[
    (
        "26506",
        "Phường Vũng Tàu",
        &[
            ("26506", "Phường 1"),
            ("26508", "Phường Thắng Tam"),
            ("26509", "Phường 2"),
            ("26512", "Phường 3"),
            ("26515", "Phường 4"),
            ("26518", "Phường 5"),
            ("26521", "Phường Thắng Nhì"),
        ],
    ),
    (
        "26526",
        "Phường Tam Thắng",
        &[("26524", "Phường 7"), ("26526", "Phường Nguyễn An Ninh"), ("26527", "Phường 8"), ("26530", "Phường 9")],
    ),
    ("26536", "Phường Rạch Dừa", &[("26533", "Phường Thắng Nhất"), ("26535", "Phường Rạch Dừa"), ("26536", "Phường 10")]),
    ("26542", "Phường Phước Thắng", &[("26539", "Phường 11"), ("26542", "Phường 12")]),
    ("26545", "Xã Long Sơn", &[("26545", "Xã Long Sơn")]),
];

fn old(code: &str) -> UnitKey {
    UnitKey::new(code, OLD)
}
fn new(code: &str) -> UnitKey {
    UnitKey::new(code, MERGER)
}

fn unit(key: UnitKey, kind: UnitKind, name: &str, parent: Option<UnitKey>) -> Unit {
    let valid_to = (key.valid_from == OLD && kind != UnitKind::Country).then_some(MERGER);
    let name = Localized::new(name, name);
    Unit { key, valid_to, name, short: None, kind, level: 0, parent, org_code: None, aliases: Vec::new() }
}

fn whole(from: UnitKey, to: UnitKey) -> Succession {
    let on = to.valid_from;
    Succession { from, to, on, whole: true, share: None, legal_basis: "1685/NQ-UBTVQH15".into() }
}
fn part(from: UnitKey, to: UnitKey, share: Option<&str>) -> Succession {
    Succession { whole: false, share: share.map(|s| s.parse().unwrap()), ..whole(from, to) }
}

fn around_vung_tau() -> (Vec<Unit>, Vec<Succession>) {
    let vn = UnitKey::new("VN", OLD);
    let mut units = vec![unit(vn.clone(), UnitKind::Country, "Việt Nam", None)];
    let mut successions = Vec::new();
    for (code, name) in [("74", "Tỉnh Bình Dương"), ("77", "Tỉnh Bà Rịa - Vũng Tàu"), ("79", "Thành phố Hồ Chí Minh")] {
        units.push(unit(old(code), UnitKind::Province, name, Some(vn.clone())));
        successions.push(whole(old(code), new("79")));
    }
    units[2].aliases = vec!["BR-VT".into()];
    units.push(unit(new("79"), UnitKind::Province, "Thành phố Hồ Chí Minh", Some(vn)));
    units.push(unit(old("747"), UnitKind::District, "Thành phố Vũng Tàu", Some(old("77"))));
    for (code, name, from) in NEW_WARDS {
        units.push(unit(new(code), UnitKind::Ward, name, Some(new("79"))));
        for (old_code, old_name) in *from {
            units.push(unit(old(old_code), UnitKind::Ward, old_name, Some(old("747"))));
            successions.push(whole(old(old_code), new(code)));
        }
    }
    // A ward of the old Hồ Chí Minh City divided between two new ones, as "Nhập một phần" rows have it.
    units.push(unit(old("27160"), UnitKind::Ward, "Phường 15", Some(old("79"))));
    units.push(unit(old("27163"), UnitKind::Ward, "Phường 13", Some(old("79"))));
    units.push(unit(new("27165"), UnitKind::Ward, "Phường Hạnh Thông", Some(new("79"))));
    units.push(unit(new("27168"), UnitKind::Ward, "Phường An Nhơn", Some(new("79"))));
    successions.push(part(old("27160"), new("27165"), Some("3/5")));
    successions.push(part(old("27160"), new("27168"), Some("2/5")));
    successions.push(part(old("27163"), new("27165"), None));
    successions.push(part(old("27163"), new("27168"), None));
    (units, successions)
}

fn tree() -> UnitTree {
    let (units, successions) = around_vung_tau();
    UnitTree::build(units, successions).unwrap_or_else(|f| panic!("{f:#?}"))
}

fn keys(tree: &UnitTree, list: &[u32]) -> Vec<String> {
    let mut keys: Vec<_> = list.iter().map(|i| tree.key(*i).to_string()).collect();
    keys.sort();
    keys
}

fn is_old(tree: &UnitTree, idx: &u32) -> bool {
    tree.key(*idx).valid_from == OLD
}

#[test]
fn seventeen_wards_become_five_exactly() {
    let tree = tree();
    let mut carried = Vec::new();
    for (code, _, from) in NEW_WARDS {
        let found = tree.sources(&new(code), AFTER).unwrap();
        let mut expected: Vec<_> = from.iter().map(|(c, _)| old(c).to_string()).chain([new(code).to_string()]).collect();
        expected.sort();
        assert_eq!(keys(&tree, &found.exact), expected);
        assert_eq!((found.estimated, found.not_attributable), (vec![], vec![]));
        carried.extend(found.exact.into_iter().filter(|i| is_old(&tree, i)));
    }
    carried.sort_unstable();
    carried.dedup();
    assert_eq!(carried.len(), 17, "each of the 17 is carried once");
}

#[test]
fn the_former_city_is_the_sum_of_its_wards() {
    let tree = tree();
    let found = tree.sources(&old("747"), BEFORE).unwrap();
    let (before, after): (Vec<u32>, Vec<u32>) = found.exact.iter().partition(|i| is_old(&tree, i));
    assert_eq!(before.len(), 18, "itself and 17 wards");
    assert_eq!(after.len(), 5, "dossiers handed to the new wards still belong to the old city on the old map");
    assert!(found.estimated.is_empty() && found.not_attributable.is_empty());
    let refusal = tree.sources(&old("747"), AFTER).unwrap_err();
    assert_eq!(refusal.code, "unit.not_on_map");
}

#[test]
fn the_district_that_ended_without_successor_goes_with_its_province() {
    let tree = tree();
    let city = tree.idx(&old("747")).unwrap();
    assert!(tree.sources(&new("79"), AFTER).unwrap().exact.contains(&city));
    let ward = tree.sources(&new("26506"), AFTER).unwrap();
    assert!(!ward.exact.contains(&city) && !ward.not_attributable.contains(&city), "the city's own records are no ward's");
    assert_eq!(tree.project(&old("747"), AFTER), Some(Projection::NotAttributable));
}

#[test]
fn three_provinces_become_one() {
    let tree = tree();
    let found = tree.sources(&new("79"), AFTER).unwrap();
    assert_eq!(
        found.exact.len(),
        tree.units().len() - 1,
        "everything except the country, the divided wards too: no part leaves the province"
    );
    assert!(found.estimated.is_empty() && found.not_attributable.is_empty());
    for code in ["74", "77", "79"] {
        assert_eq!(tree.project(&old(code), AFTER), Some(Projection::Exact(new("79"))));
        let alone = tree.sources(&old(code), BEFORE).unwrap();
        let merged = tree.idx(&new("79")).unwrap();
        assert!(alone.not_attributable.contains(&merged), "what the merged province does later is not {code}'s alone");
    }
}

#[test]
fn a_divided_ward_is_estimated_by_its_share_or_not_attributed() {
    let tree = tree();
    let found = tree.sources(&new("27165"), AFTER).unwrap();
    assert_eq!(keys(&tree, &found.exact), ["27165@2025-07-01"]);
    assert_eq!(found.estimated, [(tree.idx(&old("27160")).unwrap(), Share::new(3, 5).unwrap())]);
    assert_eq!(keys(&tree, &found.not_attributable), ["27163@1991-08-12"]);
    assert_eq!(
        tree.project(&old("27160"), AFTER),
        Some(Projection::Estimated(vec![(new("27165"), "3/5".parse().unwrap()), (new("27168"), "2/5".parse().unwrap())]))
    );
    assert_eq!(tree.project(&old("27163"), AFTER), Some(Projection::NotAttributable));
}

#[test]
fn a_chain_multiplies_shares_and_keeps_whole_steps_exact() {
    let (mut units, mut successions) = around_vung_tau();
    let later = date(2027, 1, 1);
    for code in ["26506", "27165"] {
        let place = units.iter().position(|u| u.key == new(code)).unwrap();
        units[place].valid_to = Some(later);
        for suffix in ["a", "b"] {
            let key = UnitKey::new(format!("{code}{suffix}"), later);
            units.push(unit(key.clone(), UnitKind::Ward, "Phường sau này", Some(new("79"))));
            let mut row = part(new(code), key, Some("1/2"));
            (row.whole, row.share) = if code == "26506" { (suffix == "a", None) } else { (false, row.share) };
            if row.whole || code == "27165" {
                successions.push(row);
            }
        }
    }
    let tree = UnitTree::build(units, successions).unwrap();
    let map = date(2027, 2, 1);
    assert_eq!(tree.project(&old("26508"), map), Some(Projection::Exact(UnitKey::new("26506a", later))));
    let found = tree.sources(&UnitKey::new("26506a", later), map).unwrap();
    assert_eq!(found.exact.len(), 1 + 1 + 7);
    let found = tree.sources(&UnitKey::new("27165a", later), map).unwrap();
    let half_and_three_tenths: Vec<_> = found.estimated.iter().map(|(i, s)| (tree.key(*i).code.as_str(), s.to_string())).collect();
    assert_eq!(half_and_three_tenths.len(), 2);
    assert!(half_and_three_tenths.contains(&("27165", "1/2".into())) && half_and_three_tenths.contains(&("27160", "3/10".into())));
}

#[test]
fn a_code_is_not_a_unit() {
    let tree = tree();
    let name = |i: u32| tree.unit(i).name.vi.as_str();
    assert_eq!(tree.resolve("26536", BEFORE).map(name), Some("Phường 10"));
    assert_eq!(tree.resolve("26536", AFTER).map(name), Some("Phường Rạch Dừa"));
    assert_eq!(tree.resolve("26535", AFTER), None);
    assert_eq!(tree.project(&old("26536"), AFTER), Some(Projection::Exact(new("26536"))));
    assert_eq!(tree.project(&old("26526"), AFTER), Some(Projection::Exact(new("26526"))), "Nguyễn An Ninh is in Tam Thắng");
    assert_eq!(tree.project(&new("26536"), BEFORE), Some(Projection::NotAttributable), "made of three");
    assert_eq!(tree.project(&new("26545"), BEFORE), Some(Projection::Exact(old("26545"))), "Long Sơn was kept");
    assert_eq!(tree.resolve("26536", MERGER).map(name), Some("Phường Rạch Dừa"), "the first day is the new unit's");
    assert_eq!(tree.versions("26536").len(), 2);
}

#[test]
fn names_are_looked_up_on_a_date() {
    let tree = tree();
    let find = |name: &str, date| tree.find_by_name(name, date).into_iter().map(|i| tree.key(i).to_string()).collect::<Vec<_>>();
    for name in ["Thành phố Vũng Tàu", "TP. Vũng Tàu", "thành phố Vũng Tàu", "TP.Vũng Tàu", "tp Vũng  Tàu", "Vũng Tàu"] {
        assert_eq!(find(name, BEFORE), ["747@1991-08-12"], "{name}");
    }
    assert_eq!(find("Thành phố Vũng Tàu", AFTER), [""; 0], "no such city any more");
    assert_eq!(find("Vũng Tàu", AFTER), ["26506@2025-07-01"]);
    assert_eq!(find("Rạch Dừa", BEFORE), ["26535@1991-08-12"]);
    assert_eq!(find("phường rạch dừa", AFTER), ["26536@2025-07-01"]);
    assert_eq!(find("P.1", BEFORE), ["26506@1991-08-12"]);
    assert_eq!(find("Phường 01", BEFORE), ["26506@1991-08-12"]);
    assert_eq!(find("1", BEFORE), [""; 0]);
    for name in ["Bà Rịa - Vũng Tàu", "tỉnh Bà Rịa – Vũng Tàu", "BR-VT", "Bà Rịa-Vũng Tàu"] {
        assert_eq!(find(name, BEFORE), ["77@1991-08-12"], "{name}");
    }
    assert_eq!(tree.find_by_name_ever("Rạch Dừa").len(), 2);
    assert_eq!(find("", BEFORE), [""; 0]);
}

#[test]
fn the_map_of_a_date_and_the_tree() {
    let tree = tree();
    let wards = |date| tree.as_of(date).filter(|i| tree.unit(*i).kind == UnitKind::Ward).count();
    assert_eq!((wards(BEFORE), wards(AFTER)), (19, 7));
    let city = tree.idx(&old("747")).unwrap();
    assert_eq!(tree.subtree(city).len(), 18);
    assert_eq!(tree.subtree(city)[0], city);
    let names: Vec<_> = tree.children(city).iter().take(3).map(|i| tree.unit(*i).name.vi.as_str()).collect();
    assert_eq!(names, ["Phường 1", "Phường 2", "Phường 3"], "in the order in which people list them");
    let ward = tree.idx(&old("26508")).unwrap();
    let up: Vec<_> = tree.ancestors(ward).map(|i| tree.key(i).code.as_str()).collect();
    assert_eq!(up, ["747", "77", "VN"]);
    assert!(tree.is_within(ward, city) && !tree.is_within(city, ward));
}

#[test]
fn cover_follows_whole_flows_forward_only() {
    let tree = tree();
    let idx = |key: &UnitKey| tree.idx(key).unwrap();
    let covers = |top: &UnitKey, unit: &UnitKey| tree.covers(idx(top), idx(unit));
    assert!(covers(&new("26506"), &old("26508")), "the new ward answers for the old ward's dossiers");
    assert!(!covers(&old("26506"), &new("26506")), "a grant does not grow by a merger");
    assert!(!covers(&old("26545"), &new("26545")), "not even where the unit was kept: taking over is explicit");
    assert!(covers(&new("79"), &old("747")) && covers(&new("79"), &old("26508")));
    assert!(covers(&new("79"), &old("27160")), "all parts stay in the province");
    assert!(!covers(&new("27165"), &old("27160")));
    assert!(!covers(&new("26506"), &new("26526")));
}

#[test]
fn faults_say_what_to_do() {
    let faults = |change: &dyn Fn(&mut Vec<Unit>, &mut Vec<Succession>)| {
        let (mut units, mut successions) = around_vung_tau();
        change(&mut units, &mut successions);
        let faults = UnitTree::build(units, successions).unwrap_err();
        faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    let ward = |units: &mut Vec<Unit>| units.iter().position(|u| u.key == old("26508")).unwrap();
    insta::assert_snapshot!(faults(&|u, _| { let w = ward(u); u[w].parent = Some(new("747")); }), @"unit 9: the parent 747@2025-07-01 of 26508@1991-08-12 is not declared; did you mean 747@1991-08-12?");
    insta::assert_snapshot!(faults(&|u, _| { let w = ward(u); u[w].valid_to = None; }), @r#"
unit 9: 26508@1991-08-12 is valid outside the validity of its parent 747@1991-08-12: when a parent changes, its children become new units too
succession 5: 26508@1991-08-12 must end on 2025-07-01, the day of the succession (it has no end): what stays of a divided unit is a new unit
"#);
    insta::assert_snapshot!(faults(&|u, _| { let w = u.iter().position(|u| u.key == old("26536")).unwrap(); u[w].valid_to = Some(AFTER); }), @r#"
unit 20: code 26536 is borne by 26536@1991-08-12 and 26536@2025-07-01 at the same time: end the earlier one by 2025-07-01
succession 17: 26536@1991-08-12 must end on 2025-07-01, the day of the succession (it ends on 2025-08-01): what stays of a divided unit is a new unit
"#);
    insta::assert_snapshot!(faults(&|u, _| { u[0].parent = Some(old("77")); }), @r#"
unit 1: VN@1991-08-12 is valid outside the validity of its parent 77@1991-08-12: when a parent changes, its children become new units too
unit 1: VN@1991-08-12 is its own ancestor
unit 3: 77@1991-08-12 is its own ancestor
"#);
    insta::assert_snapshot!(faults(&|u, _| { let w = ward(u); u[w].kind = UnitKind::Province; }), @"unit 9: 26508@1991-08-12 has level 2, its parent 747@1991-08-12 has level 3: a parent's level must be lower");
    insta::assert_snapshot!(faults(&|u, _| { let w = u[7].clone(); u.push(w); u[3].name.en.clear(); u[4].key.code = "7 9".into(); }), @r#"
unit 4: 79@1991-08-12 has no name in Vietnamese and English
unit 5: 7 9@2025-07-01 has a code with other characters than letters, digits, dots, dashes and underscores
unit 33: 26506@1991-08-12 is declared twice
succession 1: the unit 79@2025-07-01 is not declared; did you mean 79@1991-08-12?
succession 2: the unit 79@2025-07-01 is not declared; did you mean 79@1991-08-12?
succession 3: the unit 79@2025-07-01 is not declared; did you mean 79@1991-08-12?
"#);
    insta::assert_snapshot!(faults(&|_, s| { s[0].to = new("80"); s[1].on = AFTER; s[2].share = Share::new(1, 2); }), @r#"
succession 1: the unit 80@2025-07-01 is not declared
succession 2: 77@1991-08-12 must end on 2025-08-01, the day of the succession (it ends on 2025-07-01): what stays of a divided unit is a new unit
succession 2: 79@2025-07-01 must begin on 2025-08-01, the day of the succession: a unit that takes in another is a new unit from that day
succession 3: the share 1/2 of a unit that goes whole makes no sense: leave it out
"#);
    insta::assert_snapshot!(faults(&|_, s| { let n = s.len(); s[n - 4].share = Share::new(4, 5); let again = s[5].clone(); s.push(again); s[n - 1].whole = true; }), @r#"
succession 22: the declared shares of 27160@1991-08-12 add up to more than 1
succession 24: 27163@1991-08-12 goes whole to one unit and also to another: mark the rows as parts
succession 25: 26509@1991-08-12 goes to 26506@2025-07-01 twice
"#);
    insta::assert_snapshot!(faults(&|u, _| { let w = ward(u); u[w].valid_to = Some(OLD); }), @r#"
unit 9: 26508@1991-08-12 ends on 1991-08-12, which is not after its first day
succession 5: 26508@1991-08-12 must end on 2025-07-01, the day of the succession (it ends on 1991-08-12): what stays of a divided unit is a new unit
"#);
}

#[test]
fn keys_and_shares_read_and_write() {
    let key: UnitKey = "H06.12-01@2025-07-01".parse().unwrap();
    assert_eq!(key.to_string(), "H06.12-01@2025-07-01");
    for wrong in ["26506", "26506@", "@2025-07-01", "26506@2025-13-01", "26 506@2025-07-01", "26506@2025-07-01T00:00"] {
        assert!(wrong.parse::<UnitKey>().is_err(), "{wrong}");
    }
    assert_eq!("60/100".parse::<Share>().unwrap(), Share::new(3, 5).unwrap());
    for wrong in ["5/3", "1/0", "-1/2", "", "a/b", "0.5"] {
        assert!(wrong.parse::<Share>().is_err(), "{wrong}");
    }
    assert_eq!(Share::new(3, 5).unwrap().of(-11), -7);
    let long = Share::new(1, u64::MAX).unwrap();
    assert_eq!(long.times(long), None);
    let json = r#"{"key":"26506@2025-07-01","name":{"vi":"Phường Vũng Tàu","en":"Vũng Tàu Ward"},"kind":"ward","parent":"79@2025-07-01"}"#;
    let unit: Unit = serde_json::from_str(json).unwrap();
    assert_eq!((unit.key, unit.parent), (new("26506"), Some(new("79"))));
}

/// Units of one province through three changes of boundaries, divided and joined at random.
fn random_history(choices: &[u8]) -> (Vec<Unit>, Vec<Succession>) {
    let days = [date(2000, 1, 1), date(2010, 1, 1), date(2020, 1, 1), date(2025, 7, 1)];
    let top = UnitKey::new("79", days[0]);
    let mut units = vec![unit(UnitKey::new("79", days[0]), UnitKind::Country, "Nơi nào đó", None)];
    let mut successions: Vec<Succession> = Vec::new();
    for (era, day) in days.iter().enumerate() {
        for n in 0..5 {
            let mut ward = unit(UnitKey::new(format!("w{n}"), *day), UnitKind::Ward, "Phường", Some(top.clone()));
            ward.valid_to = days.get(era + 1).copied();
            units.push(ward);
        }
    }
    for (i, choice) in choices.iter().enumerate().take(15) {
        let from = UnitKey::new(format!("w{}", i % 5), days[i / 5]);
        let to = |n: u8| UnitKey::new(format!("w{}", n % 5), days[i / 5 + 1]);
        let (a, b) = (to(choice / 4), to(choice / 4 + 1 + choice / 20 % 4));
        match choice % 4 {
            0 => successions.push(whole(from, a)),
            1 => successions.extend([part(from.clone(), a, Some("1/4")), part(from, b, Some("3/4"))]),
            2 => successions.extend([part(from.clone(), a, None), part(from, b, None)]),
            _ => {}
        }
    }
    (units, successions)
}

proptest::proptest! {
    /// On any map, a unit's history is handed out at most once, the whole province gets all of it exactly, and both directions of
    /// asking agree.
    #[test]
    fn history_is_neither_lost_nor_doubled(choices in proptest::collection::vec(0_u8..100, 15), era in 0_usize..4) {
        let (units, successions) = random_history(&choices);
        let tree = UnitTree::build(units, successions).unwrap();
        let map = [date(2005, 1, 1), date(2015, 1, 1), date(2022, 1, 1), date(2026, 1, 1)][era];
        let all = tree.sources_of(0, map).unwrap();
        proptest::prop_assert_eq!(all.exact.len(), tree.units().len());
        proptest::prop_assert!(all.estimated.is_empty() && all.not_attributable.is_empty());

        let mut given = vec![Some(Share::NOTHING); tree.units().len()];
        for asked in tree.as_of(map).filter(|i| *i != 0) {
            let found = tree.sources_of(asked, map).unwrap();
            let parts = found.exact.iter().map(|i| (*i, Share::WHOLE)).chain(found.estimated.iter().copied());
            for (i, share) in parts {
                given[i as usize] = given[i as usize].and_then(|sum| sum.plus(share));
                let projected = tree.project(tree.key(i), map).unwrap();
                match projected {
                    Projection::Exact(key) => proptest::prop_assert_eq!((&key, share), (tree.key(asked), Share::WHOLE)),
                    Projection::Estimated(list) => proptest::prop_assert!(list.contains(&(tree.key(asked).clone(), share))),
                    // A share may be declared for one part and not for the other.
                    Projection::NotAttributable => proptest::prop_assert!(share != Share::WHOLE),
                }
            }
        }
        for i in 1..tree.len() {
            if let Some(Projection::Exact(key)) = tree.project(tree.key(i), map) {
                proptest::prop_assert!(tree.sources(&key, map).unwrap().exact.contains(&i));
            }
        }
        proptest::prop_assert!(given.iter().all(Option::is_some), "more than the whole was handed out");
    }
}
