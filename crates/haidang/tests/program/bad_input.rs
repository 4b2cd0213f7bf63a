//! Bad files, a held database, a database that is gone, a full disk: a clear sentence with its place, exit code 1, and nothing
//! half done.

use std::{
    fmt::Write as _,
    io::Write as _,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::common::{Place, Ran, permits, xes_mapping};
use flate2::{Compression, write::GzEncoder};
use rstest::rstest;
use store::{DataSource, Db};

const TABLE: &str = "\
register = \"dossier\"
format = \"csv\"
key = \"ma\"
unit = { from = \"phuong\" }
zone = \"+07:00\"

[field.code]
from = \"ma\"
required = true

[field.received_at]
from = \"ngay\"
type = \"timestamp\"
formats = [\"%d/%m/%Y\"]
day = \"start\"
required = true

[field.channel]
from = \"kenh\"

[field.fee_vnd]
from = \"phi\"
type = \"int\"
";
const HEADER: &str = "ma;phuong;ngay;kenh;phi\n";
const GOOD: [&str; 2] = ["A-1;26506;01/07/2025;online;10000\n", "A-9;26506;09/07/2025;counter;0\n"];

fn import(place: &Place, format: &str, file: &str, map: &str, more: &[&str]) -> Ran {
    place.run(&[&["import", format, file, "--register", "dossier", "--map", map], more].concat())
}

/// Nothing of the file went in: neither records nor entries.
#[track_caller]
fn nothing_loaded(place: &Place) {
    assert_eq!(place.dossiers(), 0);
    assert_eq!(place.ask("SELECT CAST(COUNT(*) AS BIGINT) FROM entry WHERE register='dossier'"), [0]);
    assert_eq!(place.ask("SELECT CAST(COUNT(*) AS BIGINT) FROM pending"), [0]);
}

#[rstest]
#[case::too_few_fields("A-2;26506;02/07/2025;online", "t.csv:3", "csv.")]
#[case::too_many_fields("A-2;26506;02/07/2025;online;1;2", "t.csv:3", "csv.")]
#[case::number("A-2;26506;02/07/2025;online;1.246", "t.csv:3:5: “1.246” in “phi” is not a whole number", "map.type")]
#[case::negative("A-2;26506;02/07/2025;online;-1", "t.csv:3:5: “fee_vnd” is less than 0", "field.too_small")]
#[case::date("A-2;26506;31/06/2025;online;1", "t.csv:3:3: “31/06/2025” in “ngay”", "map.")]
#[case::missing("A-2;26506;;online;1", "t.csv:3:3: “ngay” is missing", "map.required")]
#[case::unit("A-2;99999;02/07/2025;online;1", "t.csv:3:2: There is no unit “99999”", "unit.unknown")]
#[case::choice("A-2;26506;02/07/2025;fax;1", "t.csv:3:4: “fax” is not a choice of “channel”", "field.choice")]
#[case::future("A-2;26506;01/01/2099;online;1", "t.csv:3:3: “Received” is 2099-01-01, which lies in the future", "field.future")]
#[case::key_twice("A-1;26506;02/07/2025;online;1", "t.csv:3:1: “A-1” stands in this file before, at", "key.twice")]
fn a_bad_row_is_told_with_its_place_and_stops_the_whole_file(#[case] bad: &str, #[case] place_and_reason: &str, #[case] code: &str) {
    let place = Place::sqlite();
    let map = place.file("t.toml", TABLE);
    let file = place.file("t.csv", format!("{HEADER}{}{bad}\n{}", GOOD[0], GOOD[1]));
    let ran = import(&place, "csv", &file, &map, &[]);
    ran.refuses(&["1 row cannot be taken", "nothing was imported", place_and_reason, &format!("({code}")]);
    nothing_loaded(&place);
    assert!(!place.path("t.csv.bad.csv").exists(), "only --skip-bad writes the file of bad rows");

    // The same file, with the bad row left out on purpose.
    let ran = import(&place, "csv", &file, &map, &["--skip-bad", "--json"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let done = ran.json();
    assert_eq!((done["added"].as_i64(), done["skipped"].as_i64()), (Some(2), Some(1)), "{done}");
    assert!(ran.err.contains("1 bad row was left out") && ran.err.contains("t.csv.bad.csv"), "{ran:?}");
    let kept = std::fs::read_to_string(place.path("t.csv.bad.csv")).unwrap();
    let lines: Vec<&str> = kept.trim_start_matches('\u{feff}').lines().collect();
    assert!(lines.len() == 2 && lines[0].contains("reason") && lines[1].contains("t.csv:3") && lines[1].contains(code), "{kept}");
    assert!(lines[1].contains(bad), "the row itself is kept: {kept}");
    assert_eq!(place.dossiers(), 2);
    let figure = place.figure("dossier.online", &[]);
    assert_eq!((figure["numerator"].as_i64(), figure["denominator"].as_i64()), (Some(1), Some(2)));
    place.assert_whole();
}

#[test]
fn a_row_left_out_goes_in_once_it_is_mended() {
    for place in Place::each() {
        let map = place.file("t.toml", TABLE);
        let text = format!("{HEADER}{}A-2;26506;02/07/2025;fax;1\n{}", GOOD[0], GOOD[1]);
        let file = place.file("t.csv", &text);
        import(&place, "csv", &file, &map, &["--skip-bad"]);
        assert_eq!(place.dossiers(), 2);
        place.file("t.csv", text.replace("fax", "post"));
        let done = import(&place, "csv", &file, &map, &["--json"]).json();
        assert_eq!((done["added"].as_i64(), done["unchanged"].as_i64(), done["skipped"].as_i64()), (Some(1), Some(2), Some(0)), "{done}");
        // The same file again, after the mapping learnt the word that was unknown.
        let file = place.file("u.csv", text.replace("A-", "B-"));
        import(&place, "csv", &file, &map, &["--skip-bad"]);
        let learnt = "from = \"kenh\"\nmap = { online = \"online\", counter = \"counter\", fax = \"post\" }\n";
        place.file("t.toml", TABLE.replace("from = \"kenh\"\n", learnt));
        let done = import(&place, "csv", &file, &map, &["--json"]).json();
        assert_eq!((done["added"].as_i64(), done["unchanged"].as_i64()), (Some(1), Some(2)), "{done}");
        assert_eq!(place.dossiers(), 6);
        place.assert_whole();
    }
}

#[test]
fn all_faults_of_a_file_are_counted_and_the_first_are_shown() {
    let place = Place::sqlite();
    let map = place.file("t.toml", TABLE);
    let mut text = HEADER.to_owned();
    for i in 0..40 {
        let _ = writeln!(text, "A-{i};26506;{:02}/07/2025;online;{}", 1 + i % 20, if i % 2 == 0 { "1" } else { "một" });
    }
    let file = place.file("t.csv", text);
    let ran = import(&place, "csv", &file, &map, &[]);
    ran.refuses(&["20 rows cannot be taken", "t.csv:3:5", "t.csv:21:5"]);
    assert!(!ran.err.contains("t.csv:23"), "ten are enough to see: {ran:?}");
    nothing_loaded(&place);
    let ran = import(&place, "csv", &file, &map, &["--skip-bad"]);
    assert!(ran.code == Some(0) && ran.out.starts_with("20 added, 0 changed, 0 unchanged, 20 left out"), "{ran:?}");
    assert_eq!(std::fs::read_to_string(place.path("t.csv.bad.csv")).unwrap().lines().count(), 21);
    let none = place.file("u.csv", format!("{HEADER}A-99;26506;01/07/2025;fax;1\n"));
    let ran = import(&place, "csv", &none, &map, &["--skip-bad"]);
    assert!(ran.code == Some(1) && ran.out.starts_with("0 added"), "a file of which nothing was taken is no success: {ran:?}");
}

#[test]
fn all_faults_of_one_row_are_told_with_their_places_in_the_language_asked_for() {
    let place = Place::sqlite();
    let map = place.file("t.toml", TABLE);
    let file = place.file("t.csv", format!("{HEADER}{}A-1;99999;31/06/2025;fax;một\n", GOOD[0]));
    let told = [
        ("t.csv:3:1: “A-1” đã có trong tệp này, ở ", "key.twice"),
        ("t.csv:3:2: Không có đơn vị “99999”.", "unit.unknown"),
        ("t.csv:3:3: “31/06/2025” ở “ngay” không phải ngày giờ", "map.type"),
        ("t.csv:3:4: “fax” không phải lựa chọn của “channel”", "field.choice"),
        ("t.csv:3:5: “một” ở “phi” không phải số nguyên mà trường “fee_vnd” cần.", "map.type"),
    ];
    let ran = import(&place, "csv", &file, &map, &["--lang", "vi"]);
    ran.refuses(&["1 dòng không nhận được"]);
    for (sentence, code) in told {
        let line = ran.err.lines().find(|l| l.contains(sentence)).unwrap_or_else(|| panic!("{sentence}: {ran:?}"));
        assert!(line.ends_with(&format!("({code})")), "{line}");
    }
    assert!(!ran.err.contains("field.required"), "what could not be read is not missing as well: {ran:?}");
    import(&place, "csv", &file, &map, &["--lang", "vi", "--skip-bad"]);
    let kept = std::fs::read_to_string(place.path("t.csv.bad.csv")).unwrap();
    let row = kept.lines().nth(1).unwrap();
    assert!(told.iter().all(|(sentence, code)| row.contains(sentence) && row.contains(code)), "{row}");
    assert_eq!(place.dossiers(), 1);
}

#[test]
fn a_workbook_goes_in_like_a_table_and_its_bad_cell_is_told() {
    for place in Place::each() {
        let map = place.file("t.toml", TABLE.replace("format = \"csv\"", "format = \"xlsx\""));
        let workbook = |fee: &str| {
            let mut book = rust_xlsxwriter::Workbook::new();
            let sheet = book.add_worksheet();
            let rows = [["ma", "phuong", "ngay", "kenh", "phi"], ["A-1", "26506", "01/07/2025", "online", "10000"]];
            for (r, row) in rows.into_iter().chain([["A-2", "26506", "02/07/2025", "counter", fee]]).enumerate() {
                for (c, text) in row.into_iter().enumerate() {
                    sheet.write(r as u32, c as u16, text).unwrap();
                }
            }
            place.file("t.xlsx", book.save_to_buffer().unwrap())
        };
        import(&place, "xlsx", &workbook("mười"), &map, &[]).refuses(&["t.xlsx:3:5", "“mười” in “phi”", "nothing was imported"]);
        nothing_loaded(&place);
        let done = import(&place, "xlsx", &workbook("0"), &map, &["--json"]).json();
        assert_eq!(done["added"], 2, "{done}");
        place.assert_whole();
    }
}

/// The invented log in gzip.
fn gzipped() -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    out.write_all(&std::fs::read(permits()).unwrap()).unwrap();
    out.finish().unwrap()
}

#[test]
fn a_file_that_cannot_be_read_to_its_end_is_not_begun() {
    let whole = std::fs::read(permits()).unwrap();
    let text = String::from_utf8(whole.clone()).unwrap();
    let packed = gzipped();
    let last_trace = text.rfind("<trace>").unwrap();
    let line_of = |offset: usize| text[..offset].matches('\n').count() + 1;
    let mut latin = whole.clone();
    let at = text.find("Tr\u{1ea7}n").unwrap() + 2;
    latin.splice(at..at + 3, [0xe0]);
    let mut flipped = packed.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x55;
    let cases: Vec<(&str, Vec<u8>, String)> = vec![
        ("cut.xes", whole[..last_trace + 30].to_vec(), format!("cut.xes:{}", line_of(last_trace) + 1)),
        (
            "tags.xes",
            text.replacen("</trace>\n\t<!-- 11", "</tracs>\n\t<!-- 11", 1).into_bytes(),
            format!("tags.xes:{}", line_of(text.find("</trace>\n\t<!-- 11").unwrap())),
        ),
        ("not-text.xes", latin, format!("not-text.xes:{}", line_of(at))),
        ("cut.xes.gz", packed[..packed.len() - 40].to_vec(), "cut.xes.gz:".into()),
        ("flipped.xes.gz", flipped, "flipped.xes.gz:".into()),
        ("other.xes", b"<?xml version=\"1.0\"?>\n<html><body/></html>".to_vec(), "other.xes:2".into()),
        ("empty.xes", Vec::new(), "empty.xes:".into()),
        ("table.xes", b"ma;phuong\nA;B\n".to_vec(), "table.xes:1".into()),
    ];
    for place in Place::each() {
        for (name, content, at) in &cases {
            let file = place.file(name, content);
            for more in [&[][..], &["--skip-bad"][..]] {
                let ran = import(&place, "xes", &file, &xes_mapping(), more);
                ran.refuses(&["nothing was imported", at]);
                nothing_loaded(&place);
            }
        }
        // What is not damaged goes in afterwards, packed as well.
        let done = place.import_xes(&place.file("whole.xes.gz", &packed));
        assert_eq!(done["added"].as_i64(), Some(12));
        place.assert_whole();
    }
}

#[test]
fn a_table_that_is_no_utf_8_or_no_table_is_refused() {
    let place = Place::sqlite();
    let map = place.file("t.toml", TABLE);
    let good = format!("{HEADER}{}{}", GOOD[0], GOOD[1]);
    let mut latin = good.clone().into_bytes();
    let at = good.find("counter").unwrap();
    latin[at] = 0xe9;
    let cases: [(&str, Vec<u8>, &str); 5] = [
        ("latin.csv", latin, "latin.csv:3"),
        ("empty.csv", Vec::new(), "empty.csv"),
        ("quote.csv", good.replace("A-9", "\"A-9").into_bytes(), "quote.csv:3"),
        ("twice.csv", good.replace("kenh", "ngay").into_bytes(), "twice.csv:1"),
        ("column.csv", good.replace("ngay", "date").into_bytes(), "column.csv:"),
    ];
    for (name, content, at) in cases {
        let file = place.file(name, content);
        import(&place, "csv", &file, &map, &[]).refuses(&[at]);
        nothing_loaded(&place);
    }
}

#[rstest]
#[case::unknown_key(TABLE.replace("day = \"start\"", "dya = \"start\""), &["t.toml:15", "dya"])]
#[case::not_toml(TABLE.replace("[field.code]", "[field.code"), &["t.toml:7"])]
#[case::bad_zone(TABLE.replace("+07:00", "Asia/Vung_Tau"), &["t.toml:5", "Asia/Vung_Tau"])]
#[case::bad_format(TABLE.replace("%d/%m/%Y", "dd/mm/yyyy"), &["t.toml:", "dd/mm/yyyy"])]
#[case::no_key(TABLE.replace("key = \"ma\"\n", ""), &["t.toml:1", "key"])]
#[case::other_register(TABLE.replace("\"dossier\"", "\"camera\""), &["t.toml", "camera", "dossier"])]
#[case::other_format(TABLE.replace("\"csv\"", "\"xes\""), &["t.toml"])]
#[case::unknown_field(TABLE.replace("[field.fee_vnd]", "[field.colour]"), &["colour"])]
fn a_bad_mapping_is_told_with_its_place(#[case] mapping: String, #[case] words: &[&str]) {
    let place = Place::sqlite();
    let map = place.file("t.toml", mapping);
    let file = place.file("t.csv", format!("{HEADER}{}{}", GOOD[0], GOOD[1]));
    import(&place, "csv", &file, &map, &[]).refuses(words);
    nothing_loaded_at_all(&place);
}

#[test]
fn a_bad_mapping_is_told_in_vietnamese() {
    let place = Place::sqlite();
    let file = place.file("t.csv", format!("{HEADER}{}", GOOD[0]));
    for (from, to, said) in [
        ("day = \"start\"", "dya = \"start\"", "không có mục `dya`; các mục: "),
        ("+07:00", "Asia/Vung_Tau", "\"Asia/Vung_Tau\" không phải múi giờ"),
        ("key = \"ma\"\n", "", "thiếu mục `key`"),
    ] {
        let map = place.file("t.toml", TABLE.replace(from, to));
        import(&place, "csv", &file, &map, &["--lang", "vi"]).refuses(&["Tệp ánh xạ chưa đúng", "t.toml:", said]);
    }
}

/// As [`nothing_loaded`], where the database may not even have been made.
fn nothing_loaded_at_all(place: &Place) {
    if place.path("data/haidang.db").exists() {
        nothing_loaded(place);
    }
}

#[test]
fn a_register_that_does_not_exist_is_named() {
    let place = Place::sqlite();
    let map = place.file("t.toml", TABLE.replace("\"dossier\"", "\"dossiers\""));
    let file = place.file("t.csv", format!("{HEADER}{}", GOOD[0]));
    place.run(&["import", "csv", &file, "--register", "dossiers", "--map", &map]).refuses(&["dossiers"]);
}

fn rt() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

#[test]
fn a_database_held_by_another_program_is_waited_for() {
    let place = Place::sqlite();
    place.ok(&["pack", "load"]);
    let rt = rt();
    let db = rt.block_on(Db::open(&place.source())).unwrap();
    let held = rt.block_on(db.begin_write()).unwrap();
    let started = Instant::now();
    let mut child = place
        .command(&["import", "xes", &permits(), "--register", "dossier", "--map", &xes_mapping()])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    thread::sleep(Duration::from_secs(2));
    assert!(child.try_wait().unwrap().is_none(), "it waits");
    rt.block_on(held.rollback()).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(started.elapsed() >= Duration::from_secs(2));
    assert_eq!(place.dossiers(), 12);

    // Held for longer than anybody waits: said in words, and nothing is done.
    let held = rt.block_on(db.begin_write()).unwrap();
    place.run(&["import", "xes", &permits(), "--register", "dossier", "--map", &xes_mapping()]).refuses(&["busy", "try again"]);
    rt.block_on(held.rollback()).unwrap();
    rt.block_on(db.close());
    place.assert_whole();
}

#[test]
fn a_postgresql_that_cannot_be_reached_is_told() {
    let place = Place::sqlite();
    let with = |data: &str| {
        let started = Instant::now();
        let ran = Ran::of(place.command(&["verify"]).env("HAIDANG_DATA", data));
        assert!(started.elapsed() < Duration::from_secs(20), "{data}");
        ran
    };
    with("postgres://nobody@127.0.0.1:1/haidang").refuses(&["cannot be reached", "Is PostgreSQL running"]);
    with("postgres://127.0.0.1:no/haidang").refuses(&["PostgreSQL address"]);
    if let Some(there) = Place::postgres() {
        let (base, name) = there.data.rsplit_once('/').unwrap();
        with(&format!("{base}/{name}_no")).refuses(&["cannot be reached", &format!("{name}_no")]);
    }
    // A file where the folder should be.
    let file = place.file("plain", "");
    with(&file).refuses(&["plain"]);
    // A file that is no database.
    place.file("data/haidang.db", "This is a letter, not a database. ".repeat(200));
    with(&place.data).refuses(&["damaged or not ours"]);
}

/// A log of `n` dossiers, received online and closed in time.
fn log(n: usize) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<log xes.version=\"1.0\">\n");
    for i in 0..n {
        let _ = writeln!(
            text,
            "<trace><string key=\"concept:name\" value=\"HS-{i}\"/><string key=\"channel\" value=\"Internet\"/>\
             <date key=\"startdate\" value=\"2025-03-03T08:00:00+07:00\"/><date key=\"enddate\" value=\"2025-03-04T08:00:00+07:00\"/>\
             <date key=\"deadline\" value=\"2025-03-05T08:00:00+07:00\"/></trace>"
        );
    }
    text.push_str("</log>\n");
    text
}

#[test]
fn connections_lost_during_an_import_lose_and_double_nothing() {
    const DOSSIERS: usize = 8000;
    let Some(place) = Place::postgres() else { return };
    place.ok(&["pack", "load"]);
    let file = place.file("log.xes", log(DOSSIERS));
    let child = place
        .command(&["import", "xes", &file, "--register", "dossier", "--map", &xes_mapping(), "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let rt = rt();
    rt.block_on(async {
        let db = Db::open(&place.source()).await.unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        for at_least in [1, 4096] {
            let count = "SELECT COUNT(*) FROM record WHERE register='dossier'";
            while db.fetch(count, &[]).await.unwrap()[0].int(0).unwrap() < at_least && Instant::now() < deadline {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let cut = "SELECT CAST(COUNT(pg_terminate_backend(pid)) AS BIGINT) FROM pg_stat_activity \
                       WHERE datname=current_database() AND pid<>pg_backend_pid()";
            db.fetch(cut, &[]).await.unwrap();
        }
        db.close().await;
    });
    let ran = Ran::from(child.wait_with_output().unwrap());
    match ran.code {
        // The commit was tried again.
        Some(0) => assert_eq!(place.dossiers(), DOSSIERS as i64, "{ran:?}"),
        _ => ran.refuses(&["cannot be reached"]),
    }
    place.assert_whole();
    place.import_xes(&file);
    assert_eq!(place.dossiers(), DOSSIERS as i64);
    assert_eq!(place.ask("SELECT CAST(COUNT(*) AS BIGINT) FROM entry WHERE register='dossier'"), [DOSSIERS as i64]);
    let figure = place.figure("dossier.on_time", &[]);
    assert_eq!((figure["numerator"].as_i64(), figure["denominator"].as_i64()), (Some(DOSSIERS as i64), Some(DOSSIERS as i64)));
    place.assert_whole();
}

/// A file system in memory of a few megabytes; gone when dropped.
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    /// `None` where nobody may mount.
    fn new(at: std::path::PathBuf, size: &str) -> Option<Self> {
        std::fs::create_dir_all(&at).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o"]).arg(format!("size={size}")).arg("tmpfs").arg(&at).output().ok()?;
        if !mounted.status.success() {
            eprintln!("skipped: a small file system cannot be mounted here: {}", String::from_utf8_lossy(&mounted.stderr));
            return None;
        }
        Some(Self(at))
    }

    fn enlarge(&self, size: &str) {
        let done = Command::new("mount").arg("-o").arg(format!("remount,size={size}")).arg(&self.0).status().unwrap();
        assert!(done.success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_is_told_and_nothing_is_lost() {
    const DOSSIERS: usize = 12_000;
    let mut place = Place::sqlite();
    let Some(disk) = SmallDisk::new(place.path("disk"), "256k") else { return };
    place.data = place.path("disk/data").display().to_string();
    // Too small for the packs.
    place.run(&["pack", "load"]).refuses(&["disk is full"]);
    disk.enlarge("6m");
    place.ok(&["pack", "load"]);
    let file = place.file("log.xes", log(DOSSIERS));
    for _ in 0..2 {
        let ran = place.run(&["import", "xes", &file, "--register", "dossier", "--map", &xes_mapping()]);
        ran.refuses(&["disk is full"]);
    }
    disk.enlarge("128m");
    place.assert_whole();
    let before = place.dossiers();
    assert!(before < DOSSIERS as i64);
    let done = place.import_xes(&file);
    assert_eq!((done["added"].as_i64(), done["unchanged"].as_i64()), (Some(DOSSIERS as i64 - before), Some(before)), "{done}");
    assert_eq!(place.ask("SELECT CAST(COUNT(*) AS BIGINT) FROM entry WHERE register='dossier'"), [DOSSIERS as i64]);
    let figure = place.figure("dossier.on_time", &[]);
    assert_eq!((figure["numerator"].as_i64(), figure["denominator"].as_i64()), (Some(DOSSIERS as i64), Some(DOSSIERS as i64)));
    place.assert_whole();
}

#[test]
fn an_address_with_a_password_is_never_shown() {
    let place = Place::sqlite();
    let data = "postgres://an:mat-khau-bi-mat@127.0.0.1:1/haidang";
    let ran = Ran::of(place.command(&["verify"]).env("HAIDANG_DATA", data));
    ran.refuses(&["cannot be reached"]);
    assert!(!ran.err.contains("mat-khau-bi-mat"), "{ran:?}");
    assert_eq!(data.parse::<DataSource>().unwrap(), DataSource::Postgres(data.to_owned()));
}
