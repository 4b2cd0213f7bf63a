//! Killed at any moment, nothing acknowledged is lost, nothing is done twice, and the proof holds.

use std::{
    collections::HashMap,
    fmt::Write as _,
    process::Stdio,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::common::{self, Dice, Place, ask};
use serde_json::{Value, json};

const TRACES: usize = 40_000;
const CLIENTS: usize = 16;
/// An indicator whose figures are typed, as a count.
const REPORTED: &str = "IN-022";

/// An event log of [`TRACES`] dossiers and the figures that it must give: (on time, closed, online, received).
fn log() -> (String, [i64; 4]) {
    let mut dice = Dice(57);
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<log xes.version=\"1.0\">\n");
    let mut counts = [0; 4];
    for i in 0..TRACES {
        let (month, day, due) = (1 + dice.below(6), 1 + dice.below(14), 15 + dice.below(8));
        let (closed, channel) = (dice.below(10) > 0, ["Internet", "Desk", "Post"][dice.below(3) as usize]);
        let end = 15 + dice.below(8);
        let _ = write!(
            text,
            "<trace><string key=\"concept:name\" value=\"HS-{i}\"/><string key=\"channel\" value=\"{channel}\"/>\
             <date key=\"startdate\" value=\"2025-{month:02}-{day:02}T08:00:00+07:00\"/>\
             <date key=\"deadline\" value=\"2025-{month:02}-{due:02}T17:00:00+07:00\"/>"
        );
        if closed {
            let _ = write!(text, "<date key=\"enddate\" value=\"2025-{month:02}-{end:02}T16:00:00+07:00\"/>");
        }
        text.push_str("</trace>\n");
        counts[0] += i64::from(closed && end <= due);
        counts[1] += i64::from(closed);
        counts[2] += i64::from(channel == "Internet");
        counts[3] += 1;
    }
    text.push_str("</log>\n");
    (text, counts)
}

/// Starts the import and kills it once the database holds `records` dossiers and `more` has passed.
/// Gives `false` when it ended by itself before.
fn import_killed_at(place: &Place, file: &str, records: i64, more: Duration) -> bool {
    let args = ["import", "xes", file, "--register", "dossier", "--map", &common::xes_mapping()];
    let mut child = place.command(&args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(120);
    while place.dossiers() < records {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        assert!(Instant::now() < deadline, "the import does not go on");
        thread::sleep(Duration::from_millis(5));
    }
    thread::sleep(more);
    let running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    running
}

fn killed_imports(place: &Place, seed: u64) {
    let mut dice = Dice(seed);
    let (text, counts) = log();
    let file = place.file("dossiers.xes", text);
    // While the tables are made and the packs are loaded.
    for _ in 0..3 {
        let mut child = place.command(&["pack", "load"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(5 + dice.below(250)));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let loaded = place.ok(&["pack", "load"]);
    let whole_or_none = loaded.out.starts_with("0 added, 0 changed,") || loaded.out.contains(" added, 0 changed, 0 unchanged,");
    assert!(whole_or_none, "packs are there as a whole or not at all: {loaded:?}");
    place.assert_whole();

    // While the records go in: in the first batch, and at two places further on.
    let third = TRACES as u64 / 3;
    let mut killed = 0;
    for from in [1, third, 2 * third] {
        let records = (from + dice.below(third / 2)) as i64;
        let mid = import_killed_at(place, &file, if from == 1 { 1 } else { records }, Duration::from_millis(dice.below(120)));
        killed += usize::from(mid);
        place.assert_whole();
        let there = place.dossiers();
        assert_eq!(place.ask("SELECT CAST(COUNT(DISTINCT key) AS BIGINT) FROM record WHERE register='dossier'"), [there]);
    }
    assert!(killed >= 2, "the import was too fast to be killed in its middle");

    let before = place.dossiers();
    let done = place.import_xes(&file);
    assert_eq!(done["added"].as_i64(), Some(TRACES as i64 - before), "{done}");
    assert_eq!((done["changed"].as_i64(), done["unchanged"].as_i64()), (Some(0), Some(before)), "{done}");
    assert_eq!(place.dossiers(), TRACES as i64);
    let entries = "SELECT CAST(COUNT(*) AS BIGINT) FROM entry WHERE register='dossier'";
    assert_eq!(place.ask(entries), [TRACES as i64], "each dossier has one entry, however often the import was begun");
    for (indicator, numerator, denominator) in [("dossier.on_time", counts[0], counts[1]), ("dossier.online", counts[2], counts[3])] {
        let figure = place.figure(indicator, &["--period", "all"]);
        assert_eq!((figure["numerator"].as_i64(), figure["denominator"].as_i64()), (Some(numerator), Some(denominator)), "{figure}");
        assert_eq!(figure["value"].as_f64(), Some(numerator as f64 / denominator as f64));
    }
    place.assert_whole();
}

#[test]
fn an_import_killed_at_any_moment_is_whole_and_can_be_ended_on_sqlite() {
    killed_imports(&Place::sqlite(), 1);
}

#[test]
fn an_import_killed_at_any_moment_is_whole_and_can_be_ended_on_postgresql() {
    if let Some(place) = Place::postgres() {
        killed_imports(&place, 2);
    }
}

/// What the clients know: identities that were acknowledged, by the text of their source.
type Known = Mutex<HashMap<String, String>>;

/// Serves, lets [`CLIENTS`] clients hand in figures, and kills the server in the middle of it.
fn load_and_kill(place: &Place, round: usize, dice: &mut Dice, known: &Known, tried: &AtomicUsize) {
    let site = place.serve();
    let headers =
        [("Content-Type", "application/json".to_owned()), ("Authorization", format!("Bearer {}", site.sign_in("lan", common::PASSWORD)))];
    let address = site.address.clone();
    let over = AtomicBool::new(false);
    let before = known.lock().unwrap().len();
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (headers, address, over) = (&headers, &address, &over);
            scope.spawn(move || {
                let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
                for i in 0.. {
                    let source = format!("r{round}-c{client}-{i}");
                    let body = json!({ "indicator": REPORTED, "unit": common::CITY, "period": "2025Q1", "as_of": "2025-03-31",
                        "written": (1 + client * 1000 + i).to_string(), "source": source, "confirm": true });
                    tried.fetch_add(1, Ordering::Relaxed);
                    match ask(address, "POST", "/api/v1/reported-figures", &headers, &body.to_string()) {
                        Ok(answer) => {
                            assert_eq!(answer.status, 201, "{answer:?}");
                            known.lock().unwrap().insert(source, answer.json()["id"].as_str().unwrap().to_owned());
                        }
                        Err(e) => {
                            assert!(over.load(Ordering::SeqCst), "the server lives, but did not answer: {e}");
                            return;
                        }
                    }
                }
            });
        }
        let enough = before + CLIENTS * 2 + dice.below(200) as usize;
        let deadline = Instant::now() + Duration::from_secs(20);
        while known.lock().unwrap().len() < enough && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(2));
        }
        thread::sleep(Duration::from_millis(dice.below(60)));
        over.store(true, Ordering::SeqCst);
        site.kill();
    });
    assert!(known.lock().unwrap().len() >= before + CLIENTS, "too few figures were handed in before the kill");
}

fn killed_under_load(place: &Place, seed: u64) {
    let mut dice = Dice(seed);
    place.account("lan", "data_officer");
    let reported = || place.ask("SELECT CAST(COUNT(*) AS BIGINT) FROM record WHERE register='reported_figure'")[0];
    let at_first = reported();
    let (known, tried) = (Known::default(), AtomicUsize::new(0));
    for round in 0..3 {
        load_and_kill(place, round, &mut dice, &known, &tried);
        place.assert_whole();
        let known = known.lock().unwrap();
        let bodies = place.ask_text("SELECT body FROM record WHERE register='reported_figure'");
        let ids = place.ask_text("SELECT id FROM record WHERE register='reported_figure'");
        let mut seen: HashMap<String, Vec<String>> = HashMap::new();
        for body in bodies {
            let body: Value = serde_json::from_str(&body).unwrap();
            let source = body["source"].as_str().unwrap_or_default().to_owned();
            seen.entry(source).or_default().push(body["id"].as_str().unwrap_or_default().to_owned());
        }
        for (source, id) in known.iter() {
            assert_eq!(seen.get(source), Some(&vec![id.clone()]), "{source} was acknowledged");
            assert!(ids.contains(id), "{source}");
        }
        let doubled: Vec<_> =
            seen.iter().filter(|(source, list)| source.starts_with('r') && source.contains("-c") && list.len() > 1).collect();
        assert!(doubled.is_empty(), "handed in once, there twice: {doubled:?}");
        let there = reported() - at_first;
        assert!(there >= known.len() as i64 && there <= tried.load(Ordering::Relaxed) as i64, "{there} of {}", known.len());
        let entries = "SELECT CAST(COUNT(*) AS BIGINT) FROM entry WHERE register='reported_figure'";
        assert_eq!(place.ask(entries)[0], reported(), "each figure has one entry");
    }
}

#[test]
fn a_server_killed_under_load_keeps_what_it_acknowledged_on_sqlite() {
    killed_under_load(&Place::sqlite(), 3);
}

#[test]
fn a_server_killed_under_load_keeps_what_it_acknowledged_on_postgresql() {
    if let Some(place) = Place::postgres() {
        killed_under_load(&place, 4);
    }
}
