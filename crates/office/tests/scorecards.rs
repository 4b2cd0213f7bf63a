//! The service index 766 over real dossiers: points, what is missing, the league.

mod common;

use common::{both, fields, pack, person, settled};
use jiff::civil::date;
use office::{Error, Office, registers::NewRecord, scorecard::Scored};
use rules::{
    Period,
    access::{Actor, Role},
    scorecard::Points,
};
use serde_json::{Value, json};

const DAY: jiff::civil::Date = date(2026, 3, 31);
const WARDS: [&str; 2] = ["26506@2025-07-01", "26536@2025-07-01"];

/// Dossiers of February and March 2026; what `with` says is added to each.
async fn dossiers(office: &Office, unit: &str, prefix: &str, list: &[Value]) {
    let new = |(i, extra): (usize, &Value)| {
        let mut body = json!({
            "code": format!("{prefix}-{i}"), "procedure_code": "1.001193", "received_at": "2026-03-02T01:00:00Z", "due_at": "2026-03-05T10:00:00Z",
        });
        for (k, v) in extra.as_object().unwrap() {
            body[k] = v.clone();
        }
        NewRecord { unit: unit.into(), fields: fields(body), ..NewRecord::default() }
    };
    office.create_records(&Actor::system(), "dossier", list.iter().enumerate().map(new).collect()).await.unwrap();
    settled(office).await;
}

fn march() -> Period {
    "2026-03".parse().unwrap()
}

fn card(office: &Office, unit: u32) -> Scored {
    office.scorecard(&Actor::system(), "766", unit, march(), DAY).unwrap()
}

fn points(office: &Office, scored: &Scored, id: &str) -> (Option<f64>, Points) {
    let world = office.world();
    let def = &world.scorecards["766"];
    for (g, group) in def.groups.iter().enumerate() {
        if let Some(c) = group.components.iter().position(|c| c.id == id) {
            return (scored.values[g][c].points.map(|v| (v * 100.0).round() / 100.0), scored.score.components[g][c]);
        }
    }
    panic!("no component {id}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn components_follow_the_dossiers_and_missing_ones_are_left_out() {
    both(async |place| {
        let office = place.governed(&[pack::real("vietnam"), pack::real("vung-tau")]).await;
        let ward = common::unit(&office, WARDS[0]);
        // Nothing received: nothing is full. The catalogue alone has something to say.
        let empty = card(&office, ward);
        assert_eq!(points(&office, &empty, "2.1"), (None, Points { got: None, of: 0.0, max: 20.0 }));
        assert_eq!(points(&office, &empty, "1.3").0, Some(100.0));
        assert_eq!(points(&office, &empty, "1.1").0, None, "no announcing decision is declared");
        assert_eq!(points(&office, &empty, "3.2").0, Some(0.0));
        let closed = "2026-03-04T03:00:00Z";
        dossiers(
            &office,
            WARDS[0],
            "a",
            &[
                json!({"closed_at": closed, "channel": "online", "digitised": true, "reused": true, "result_electronic": true, "fee_vnd": 8000, "paid_online": true}),
                json!({"closed_at": closed, "channel": "counter", "digitised": true, "fee_vnd": 8000, "satisfaction": 1, "supplements": 1}),
                // Asked twice: late, though closed before its time.
                json!({"closed_at": closed, "channel": "online", "supplements": 2, "synced": true}),
                json!({"closed_at": "2026-03-09T03:00:00Z", "channel": "counter", "procedure_code": "1.000656", "satisfaction": 2}),
            ],
        )
        .await;
        let s = card(&office, ward);
        assert_eq!(points(&office, &s, "2.1").0, Some(50.0));
        assert_eq!(points(&office, &s, "2.1").1.got, Some(10.0));
        // Half of them online is enough for all points; two of three quarters of the way for 4.2.
        assert_eq!(points(&office, &s, "3.3"), (Some(50.0), Points { got: Some(6.0), of: 6.0, max: 6.0 }));
        assert_eq!(points(&office, &s, "4.2"), (Some(50.0), Points { got: Some(3.75), of: 6.0, max: 6.0 }));
        assert_eq!(points(&office, &s, "4.3").0, Some(50.0));
        assert_eq!(points(&office, &s, "3.6").0, Some(50.0));
        // Both the late one and the one rated badly; a dossier that is both counts once.
        assert_eq!(points(&office, &s, "5.4").0, Some(50.0));
        assert_eq!(points(&office, &s, "1.4").0, Some(100.0), "of those whose synchronisation is known");
        assert_eq!(points(&office, &s, "4.4").1.got, None);
        assert_eq!(points(&office, &s, "5.3").1, Points { got: None, of: 0.0, max: 6.0 });
        let used = office.world().procedures_for(ward, DAY).len();
        assert_eq!(points(&office, &s, "3.2").0, Some((200.0 / used as f64 * 100.0).round() / 100.0));
        let total = s.score.total;
        assert!(total.max == 100.0 && total.of < 100.0 && total.got.unwrap() < total.of);
        assert!((s.score.judged.unwrap() - (100.0 * total.got.unwrap() / total.of)).abs() < 0.006);
        // Every value that comes from an indicator leads to its records.
        let door = s.values.iter().flatten().filter_map(|v| v.indicator.as_deref()).filter(|i| *i == "service.on_time").count();
        assert_eq!(door, 1);
        let (page, n) = office
            .records_behind(&Actor::system(), "service.on_time", ward, march(), DAY, office::figures::Part::Rest, None, 10)
            .await
            .unwrap();
        assert_eq!((page.records.len(), n), (2, 2));
        // TT 01/2018: three before the day, one after: (2 + 2 + 2 + 0) ÷ 4.
        let tt01 = office.scorecard(&Actor::system(), "tt01", ward, march(), DAY).unwrap();
        assert_eq!(tt01.score.components[0][0].got, Some(1.5));
        assert_eq!(tt01.score.components[0][2].got, Some(0.5), "supplements 1 and 2; the others were not recorded");
        assert_eq!(tt01.score.components[0][5].got, None, "nobody rated the attitude");
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_league_ranks_what_the_reader_may_see() {
    let place = common::Place::sqlite();
    let office = place.governed(&[pack::real("vietnam"), pack::real("vung-tau")]).await;
    let good = json!({"closed_at": "2026-03-04T03:00:00Z", "channel": "online"});
    let late = json!({"closed_at": "2026-03-19T03:00:00Z", "channel": "counter"});
    dossiers(&office, WARDS[0], "a", &[late.clone(), good.clone()]).await;
    dossiers(&office, WARDS[1], "b", &[good.clone(), good.clone()]).await;
    let world = office.world();
    let parent = world.units.unit(common::unit(&office, WARDS[0])).parent.clone().unwrap();
    let top = world.units.idx(&parent).unwrap();
    let league = office.scorecard_league(&Actor::system(), "766", top, march(), DAY).unwrap();
    let place_of = |key: &str| league.iter().find(|l| l.unit == common::unit(&office, key)).map(|l| l.place);
    assert_eq!(place_of(WARDS[1]), Some(Some(1)));
    assert!(place_of(WARDS[0]).unwrap() > Some(1));
    // The whole is counted from its parts, not the mean of their points.
    let both = card(&office, top);
    assert_eq!(points(&office, &both, "2.1").0, Some(75.0));
    let officer = person("hoa", &[(Role::WardOfficer, WARDS[0])]);
    let code = |r: office::Result<Scored>| r.map(|_| ()).map_err(|e: Error| e.code());
    assert_eq!(code(office.scorecard(&officer, "766", common::unit(&office, WARDS[0]), march(), DAY)), Ok(()));
    assert_eq!(code(office.scorecard(&officer, "766", top, march(), DAY)), Err("access.unit"));
    assert_eq!(code(office.scorecard(&Actor::anonymous(), "766", top, march(), DAY)), Err("access.sign_in"));
    assert!(code(office.scorecard(&Actor::system(), "767", top, march(), DAY)).is_err());
    office.close().await.unwrap();
}
