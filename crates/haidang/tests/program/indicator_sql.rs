//! The SQL that indicators become: every indicator of the packs inside the program, counted anew and opened to its records, prepared and
//! run on both databases, and the same number each time.

use office::{Office, Options, figures::Part};
use rules::{Period, access::Actor, expr::Dialect};
use store::{Engine, ListQuery, P, Store, describe};

use crate::common::{Place, TENANT, permits};

#[test]
fn every_indicator_of_the_packs_is_the_same_in_sql() {
    for place in Place::each() {
        // The packs come with the first command; some dossiers, so that there is something to count.
        place.import_xes(&permits());
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let counted = runtime.block_on(async {
            let mut options = Options::new(place.source());
            options.tenant = TENANT.into();
            options.key_file = Some(place.path("ledger.key"));
            options.files = Some(place.path("files"));
            let office = Office::open(&options).await.unwrap();
            let counted = check(&office).await;
            office.close().await.unwrap();
            counted
        });
        assert!(counted.0 >= 10 && counted.1 >= 5, "{counted:?} (indicators, of which have records)");
    }
}

async fn check(office: &Office) -> (usize, usize) {
    let (world, store) = (office.world(), office.store());
    let dialect = if store.engine() == Engine::Sqlite { Dialect::Sqlite } else { Dialect::Postgres };
    let units: Vec<u32> = (0..world.units.len()).collect();
    let root = world.units.idx(world.root_on(office.today()).unwrap()).unwrap();
    let sources = world.units.sources_of(root, office.today()).unwrap();
    let (mut all, mut with_records) = (0, 0);
    for (register, set) in &world.sets {
        for def in set.defs() {
            all += 1;
            let sql = set.contribution_sql(set.position(&def.id).unwrap(), dialect, office.engine_clock()).unwrap().recount();
            let columns = describe(store.db(), &sql).await.unwrap_or_else(|e| panic!("{}: {e}: {sql}", def.id));
            let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(names[..5], ["unit", "month", "num", "den", "n"], "{}", def.id);
            assert_eq!(names.len(), 5 + def.breakdowns.len(), "{}", def.id);
            let rows = store.db().fetch(&sql, &[P::Text(store.tenant()), P::Text(register)]).await.unwrap();
            let recounted: i64 = rows.iter().map(|r| r.int(4).unwrap()).sum();
            let live = {
                let engine = office.live().engine();
                engine.sum(engine.indicator(&def.id).unwrap(), &units, None).n
            };
            assert_eq!(recounted, live, "{}: {sql}", def.id);
            with_records += usize::from(live > 0);

            for period in ["all", "2025", "2025Q1", "2025-03"] {
                let period: Period = period.parse().unwrap();
                let parts = [Part::Counted, Part::Numerator, Part::Rest];
                let mut n = Vec::new();
                for part in parts {
                    let drill = office.drill(&def.id, &sources, period, part).unwrap();
                    n.push(listed(store, &drill.register, drill.filter, &def.id).await);
                }
                let answer = office.figure(&Actor::system(), &def.id, root, period, office.today()).unwrap();
                assert_eq!(Some(n[0]), answer.figure.map(|f| f.n), "{} {period}", def.id);
                if def.kind == rules::indicator::Kind::Ratio {
                    assert_eq!(n[1] + n[2], n[0], "{} {period}", def.id);
                }
            }
        }
    }
    (all, with_records)
}

/// Records of a list, counted by the database and walked page by page.
async fn listed(store: &Store, register: &str, filter: String, id: &str) -> i64 {
    let mut query = ListQuery { register: register.into(), filter: Some(filter), limit: 5, ..ListQuery::default() };
    let count = store.count(&query).await.unwrap_or_else(|e| panic!("{id}: {e}: {:?}", query.filter));
    let mut walked = 0;
    loop {
        let page = store.list(&query).await.unwrap_or_else(|e| panic!("{id}: {e}: {:?}", query.filter));
        walked += i64::try_from(page.records.len()).unwrap();
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    assert_eq!(walked, count, "{id}");
    count
}
