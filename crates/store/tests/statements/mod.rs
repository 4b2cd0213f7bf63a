//! Every SQL statement of the program, found in its source: each is prepared on both databases, gives the same columns on both, and
//! names its tenant wherever it touches a table. A statement that somebody adds is found without being entered anywhere.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use store::{Engine, Store, describe};

mod source;
use source::{Literal, Only, literals};

use crate::common::both;

const SCHEMA: &str = concat!(
    include_str!("../../migrations/0001_kernel.sql"),
    include_str!("../../migrations/0002_search.sql"),
    include_str!("../../migrations/0003_job.sql"),
    include_str!("../../migrations/0004_desk.sql"),
    include_str!("../../migrations/0005_answer.sql"),
    include_str!("../../migrations/0006_elsewhere.sql"),
    include_str!("../../migrations/0007_desk_keys.sql"),
    include_str!("../../migrations/0008_received.sql")
);

/// Texts that are put together when they run, and which tests run them on both databases. A new one has to be entered with its test.
const ASSEMBLED: [(&str, &str); 4] = [
    // store/tests/contract.rs: a backup, restored
    (
        "store/src/dialect.rs",
        "UPDATE record SET next_due=NEXT_DUE_TEXT, person=PERSON_TEXT, receiving=RECEIVING_TEXT, received=CASE WHEN RECEIVING_TEXT IS NOT NULL THEN RECEIVED_TEXT END, linked=LINKED_TEXT WHERE tenant=$1 AND DESK_ROW",
    ),
    ("store/src/backup.rs", "SELECT {} FROM {} WHERE tenant=$1 ORDER BY {}"),
    ("store/src/backup.rs", "INSERT INTO {} (tenant,{}) VALUES "),
    // haidang/tests/indicator_sql.rs: every indicator of the packs
    (
        "rules/src/indicator/set.rs",
        "SELECT {} AS unit, {} AS month, CAST(SUM({}) AS BIGINT) AS num, CAST(SUM({}) AS BIGINT) AS den, CAST(COUNT(*) AS BIGINT) AS n{dims} \
         FROM record WHERE tenant = $1 AND register = $2 AND {} GROUP BY {group}",
    ),
];

/// The one question across tenants: whose data is here, asked before anybody's is opened.
const ACROSS: &str = "SELECT tenant FROM head WHERE size>0 ORDER BY tenant";

/// Tables that hold no tenant's data.
const COMMON_TABLES: [&str; 1] = ["schema_version"];

fn is_statement(text: &str) -> bool {
    ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH ", "REPLACE ", "MERGE ", "TRUNCATE "].iter().any(|v| text.starts_with(v))
}

/// Tables of the schema, each with the columns of its primary key.
fn tables() -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for part in SCHEMA.split("CREATE TABLE ").skip(1) {
        let name = part.split([' ', '(']).next().unwrap();
        let key = part.split_once("PRIMARY KEY (").expect("a primary key").1.split(')').next().unwrap();
        out.insert(name.to_owned(), key.to_owned());
    }
    out
}

#[test]
fn every_key_starts_with_the_tenant() {
    let tables = tables();
    assert!(tables.len() > 10, "{tables:?}");
    for (table, key) in &tables {
        assert!(key == "tenant" || key.starts_with("tenant,"), "{table}: {key}");
    }
    for index in SCHEMA.split("CREATE ").filter(|p| p.starts_with("INDEX") || p.starts_with("UNIQUE INDEX")) {
        let columns = index.split_once('(').unwrap().1;
        assert!(columns.starts_with("tenant"), "{index}");
    }
}

/// Why a statement could read or write another tenant's rows.
fn unbound(text: &str, tables: &BTreeMap<String, String>) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut touched = 0;
    for pair in words.windows(2) {
        if !matches!(pair[0].trim_start_matches('('), "FROM" | "JOIN" | "INTO" | "UPDATE") || pair[1] == "SET" || pair[1].starts_with('(') {
            continue;
        }
        let table = pair[1].trim_end_matches([')', ',']);
        if tables.contains_key(table) {
            touched += 1;
        } else if !COMMON_TABLES.contains(&table) && !table.starts_with("json_each(") {
            return Some(format!("{table} is no table of the schema"));
        }
    }
    if text.starts_with("INSERT INTO ") {
        let columns = text.split_once('(').map_or("", |(_, c)| c);
        let conflict = text.split_once("ON CONFLICT (").is_none_or(|(_, c)| c.starts_with("tenant"));
        return (touched > 0 && !(columns.starts_with("tenant,") && conflict)).then(|| "its first column is not the tenant".to_owned());
    }
    let bound = text.matches("tenant=$").count() + text.matches("tenant = $").count();
    (bound < touched).then(|| format!("touches {touched} tables, names the tenant {bound} times"))
}

/// One row of `$1, $2, …` for a text that ends in `VALUES `.
fn with_a_row(head: &str) -> String {
    let columns = head.split_once('(').and_then(|(_, c)| c.split_once(')')).map_or(0, |(c, _)| c.split(',').count());
    let row: Vec<String> = (1..=columns).map(|n| format!("${n}")).collect();
    format!("{head}({})", row.join(","))
}

/// All statements: what the sources hold, and the beginnings of long insertions with each of their ends.
fn statements() -> Vec<Literal> {
    let all = literals();
    let mut out = Vec::new();
    for l in all.iter().filter(|l| is_statement(&l.text)) {
        // The measurement copies whole rows from a second, attached database, which is not there otherwise.
        if l.text == ACROSS || l.file.starts_with("bench/") && l.text.contains(" source.") {
            continue;
        }
        if ASSEMBLED.iter().any(|(file, text)| l.file == *file && l.text == *text) {
            continue;
        }
        assert!(!l.text.contains('{'), "{}: a text that is put together; say in ASSEMBLED which test runs it: {}", l.file, l.text);
        if !l.text.trim_end().ends_with("VALUES") {
            out.push(l.clone());
            continue;
        }
        let whole = with_a_row(&l.text);
        out.push(Literal { text: whole.clone(), ..l.clone() });
        // The ends that fit: those of the same file that name columns of this table's own key.
        let table = l.text.split_whitespace().nth(2).unwrap_or_default();
        let key = tables().get(table).map(|k| format!(" ON CONFLICT ({}) ", k.replace(", ", ","))).unwrap_or_default();
        let ends = all.iter().filter(|e| e.file == l.file && e.text.starts_with(&key));
        out.extend(ends.map(|e| Literal { text: whole.clone() + &e.text, ..l.clone() }));
    }
    out
}

/// PostgreSQL walks its indexes for an array; a list that is a query it may as well join with the whole table, as it did while it had not
/// counted a table that grew.
#[test]
fn lists_are_arrays_to_postgresql() {
    let joins = |text: &str| text.contains("IN (SELECT json_array_elements") || text.starts_with("DELETE") && text.contains(" IN (SELECT ");
    let of_postgres = |l: &Literal| is_statement(&l.text) && !l.text.contains("json_each(");
    let faults: Vec<String> = literals().into_iter().filter(|l| of_postgres(l) && joins(&l.text)).map(|l| l.text).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(literals().iter().any(|l| l.text.contains("= ANY(ARRAY(SELECT json_array_elements_text($3")), "the sources were read");
}

#[test]
fn every_statement_names_its_tenant() {
    let tables = tables();
    let statements = statements();
    assert!(statements.len() > 60, "only {} statements were found", statements.len());
    let ends = literals().into_iter().filter(|l| l.text.starts_with(" ON CONFLICT ")).count();
    let used = statements.iter().filter(|s| s.text.contains(") ON CONFLICT ") && s.text.contains("VALUES ($1")).count();
    assert!(ends > 2 && used >= ends, "{ends} ends of insertions, {used} statements have one");
    let faults: Vec<String> =
        statements.iter().filter_map(|s| unbound(&s.text, &tables).map(|why| format!("{}: {why}: {}", s.file, s.text))).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    for (file, text) in ASSEMBLED {
        assert!(literals().iter().any(|l| l.file == file && l.text == text), "{file} has no longer: {text}");
        assert!(!text.contains("FROM {") && !text.contains("FROM record") || text.contains("tenant"), "{text}");
    }
    // The test itself sees what it should.
    for bad in [
        "SELECT id FROM record WHERE register=$1",
        "DELETE FROM pending WHERE tenant=$1 AND id IN (SELECT id FROM record WHERE register=$2)",
        "INSERT INTO entry (seq,tenant) VALUES ($1,$2)",
        "SELECT 1 FROM another WHERE tenant=$1",
    ] {
        assert!(unbound(bad, &tables).is_some(), "{bad}");
    }
}

type Columns = BTreeMap<String, Vec<String>>;

/// Names of the columns of each statement, as the database tells them.
async fn prepared(store: &Store) -> Columns {
    let (mut columns, mut faults) = (Columns::new(), Vec::new());
    for s in statements() {
        if matches!((s.only, store.engine()), (Some(Only::Sqlite), Engine::Postgres) | (Some(Only::Postgres), Engine::Sqlite)) {
            continue;
        }
        match describe(store.db(), &s.text).await {
            Ok(c) => drop(columns.insert(s.text, c.into_iter().map(|(name, _)| name).collect())),
            Err(e) => faults.push(format!("{} on {:?}: {e}: {}", s.file, store.engine(), s.text)),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    columns
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_statement_is_prepared_on_both_databases() {
    let seen = tokio::sync::Mutex::new(Vec::<Columns>::new());
    both(async |store| {
        let columns = prepared(&store).await;
        assert!(columns.len() > 60, "{}", columns.len());
        seen.lock().await.push(columns);
    })
    .await;
    let seen = seen.into_inner();
    if let [sqlite, postgres] = seen.as_slice() {
        let shared: BTreeSet<&String> = sqlite.keys().filter(|k| postgres.contains_key(*k)).collect();
        assert!(shared.len() > 50, "{}", shared.len());
        for text in shared {
            // Where a column has no name of its own each database invents one.
            let plain =
                |c: &Columns| c[text].iter().filter(|n| n.chars().all(|c| c.is_ascii_lowercase() || c == '_')).cloned().collect::<Vec<_>>();
            assert_eq!(sqlite[text].len(), postgres[text].len(), "{text}");
            if plain(sqlite).len() == sqlite[text].len() {
                assert_eq!(sqlite[text], postgres[text], "{text}");
            }
        }
    }
}

/// A text that only looks like a statement would make the test above refuse it; one that only looks like a text would be passed over.
#[test]
fn the_sources_are_read_as_the_compiler_reads_them() {
    let code = r##"
        // "SELECT 1"
        const A: &str = "SELECT a \
             FROM b";
        fn f() { g(pick(e, "SELECT s", r#"SELECT "p""#)); let c = '"'; format!("DELETE {}", 1); }
        #[cfg(test)]
        mod tests { const X: &str = "SELECT x"; }
    "##;
    let tokens: TokenStream = code.parse().unwrap();
    let found = source::of_tokens("a.rs", tokens);
    let texts: Vec<(&str, Option<Only>)> = found.iter().map(|l| (l.text.as_str(), l.only)).collect();
    assert_eq!(
        texts,
        [("SELECT a FROM b", None), ("SELECT s", Some(Only::Sqlite)), ("SELECT \"p\"", Some(Only::Postgres)), ("DELETE {}", None),]
    );
}
