//! The few texts in which SQLite and PostgreSQL differ, side by side.

use crate::db::Engine;

/// Picks the text for the engine at hand.
#[must_use]
pub fn pick(engine: Engine, sqlite: &'static str, postgres: &'static str) -> &'static str {
    match engine {
        Engine::Sqlite => sqlite,
        Engine::Postgres => postgres,
    }
}

/// Column types and table options of the migration files.
#[must_use]
pub fn migration_text(engine: Engine, text: &str) -> String {
    let text = DESK_WORDS.iter().fold(text.to_owned(), |text, (word, sqlite, postgres)| text.replace(word, pick(engine, sqlite, postgres)));
    match engine {
        // Rows are found by their primary key only: store them in it.
        Engine::Sqlite => text.replace("BYTES", "BLOB").replace("/*clustered*/", "WITHOUT ROWID"),
        Engine::Postgres => text.replace("BYTES", "BYTEA").replace("/*clustered*/", ""),
    }
}

/// Words of the migrations of the desk's indexes. Migrations are never changed, so each says what it said when it was written.
const DESK_WORDS: [(&str, &str, &str); 12] = [
    (
        "NEXT_DUE_TEXT",
        "CASE WHEN OPEN_ROW THEN coalesce(json_extract(body,'$.answer_by'),json_extract(body,'$.due_at'),'') END",
        "CASE WHEN OPEN_ROW THEN coalesce(body::jsonb->>'answer_by',body::jsonb->>'due_at','') END",
    ),
    ("LINKED_TEXT", "json_extract(body,'$.linked_units')", "(body::json->>'linked_units')"),
    ("DESK_ROW", "(OPEN_ROW OR PERSON_ROW OR RECEIVING_ROW OR LINKED_ROW)", "(OPEN_ROW OR PERSON_ROW OR RECEIVING_ROW OR LINKED_ROW)"),
    (
        "NEXT_TEXT",
        "coalesce(json_extract(body,'$.answer_by'),json_extract(body,'$.due_at'),'')",
        "(coalesce(body::jsonb->>'answer_by',body::jsonb->>'due_at',''))",
    ),
    ("DUE_TEXT", "coalesce(json_extract(body,'$.due_at'),'')", "(coalesce(body::jsonb->>'due_at',''))"),
    (
        "OPEN_ROW",
        "(state IN ('registered','received','in_progress','supplement','payment') OR (state='resolved' AND instr(body,'\"case\":')>0))",
        "(state IN ('registered','received','in_progress','supplement','payment') OR (state='resolved' AND strpos(body,'\"case\":')>0))",
    ),
    (
        "PERSON_TEXT",
        "coalesce(json_extract(body,'$.applicant_id_number'),json_extract(body,'$.owner_id_number'))",
        "(coalesce(body::jsonb->>'applicant_id_number',body::jsonb->>'owner_id_number'))",
    ),
    ("PERSON_ROW", "instr(body,'_id_number\":')>0", "strpos(body,'_id_number\":')>0"),
    ("RECEIVING_TEXT", "json_extract(body,'$.receiving_unit')", "(body::jsonb->>'receiving_unit')"),
    ("RECEIVED_TEXT", "json_extract(body,'$.received_at')", "(body::jsonb->>'received_at')"),
    ("RECEIVING_ROW", "instr(body,'\"receiving_unit\":')>0", "strpos(body,'\"receiving_unit\":')>0"),
    ("LINKED_ROW", "instr(body,'\"linked_units\":')>0", "strpos(body,'\"linked_units\":')>0"),
];

/// The columns that [`crate::desk_keys`] gives a record as it is written, for records that came without them.
#[must_use]
pub fn fill_desk_keys(engine: Engine) -> String {
    migration_text(
        engine,
        "UPDATE record SET next_due=NEXT_DUE_TEXT, person=PERSON_TEXT, receiving=RECEIVING_TEXT, received=CASE WHEN RECEIVING_TEXT IS NOT NULL THEN RECEIVED_TEXT END, linked=LINKED_TEXT WHERE tenant=$1 AND DESK_ROW",
    )
}

/// Open records of some units in some states whose deadline (or the hour by which they want an answer) lies in a span, the nearest first; `$7`, `$8` are deadline and id of the
/// last one seen. An absent deadline is the empty text, before all others.
pub fn open_page(engine: Engine) -> &'static str {
    pick(
        engine,
        "SELECT id, next_due FROM record INDEXED BY record_open WHERE tenant=$1 AND register=$2 AND unit IN (SELECT value FROM json_each($3)) AND state IN (SELECT value FROM json_each($4)) AND next_due>=$5 AND next_due<$6 AND (next_due,id)>($7,$8) ORDER BY next_due,id LIMIT $9",
        "SELECT id, next_due FROM record WHERE tenant=$1 AND register=$2 AND unit = ANY(ARRAY(SELECT json_array_elements_text($3::json))) AND state = ANY(ARRAY(SELECT json_array_elements_text($4::json))) AND next_due>=$5 AND next_due<$6 AND (next_due,id)>($7,$8) ORDER BY next_due,id LIMIT $9",
    )
}

/// How many open records there are per state and place of the deadline: 0 none, 1 before `$4`, 2 before `$5`, 3 before `$6`, 4 later.
pub fn open_counts(engine: Engine) -> &'static str {
    pick(
        engine,
        "SELECT state, CASE WHEN next_due='' THEN 0 WHEN next_due<$4 THEN 1 WHEN next_due<$5 THEN 2 WHEN next_due<$6 THEN 3 ELSE 4 END AS place, CAST(COUNT(*) AS BIGINT) AS n FROM record INDEXED BY record_open WHERE tenant=$1 AND register=$2 AND unit IN (SELECT value FROM json_each($3)) AND next_due IS NOT NULL GROUP BY 1,2",
        "SELECT state, CASE WHEN next_due='' THEN 0::bigint WHEN next_due<$4 THEN 1::bigint WHEN next_due<$5 THEN 2::bigint WHEN next_due<$6 THEN 3::bigint ELSE 4::bigint END AS place, CAST(COUNT(*) AS BIGINT) AS n FROM record WHERE tenant=$1 AND register=$2 AND unit = ANY(ARRAY(SELECT json_array_elements_text($3::json))) AND next_due IS NOT NULL GROUP BY 1,2",
    )
}

/// What a register holds of one person, the newest first.
pub fn of_person(engine: Engine) -> &'static str {
    pick(
        engine,
        "SELECT register,id,key,unit,state,version,created_at,updated_at,salt,body FROM record INDEXED BY record_person WHERE tenant=$1 AND register=$2 AND person=$3 ORDER BY id DESC LIMIT $4",
        "SELECT register,id,key,unit,state,version,created_at,updated_at,salt,body FROM record WHERE tenant=$1 AND register=$2 AND person=$3 ORDER BY id DESC LIMIT $4",
    )
}

/// What some units received for others in a span of time, the newest first.
pub fn received_for_others(engine: Engine) -> &'static str {
    pick(
        engine,
        "SELECT register,id,key,unit,state,version,created_at,updated_at,salt,body FROM record INDEXED BY record_receiving WHERE tenant=$1 AND register=$2 AND receiving IN (SELECT value FROM json_each($3)) AND received>=$4 AND received<$5 AND state IN (SELECT value FROM json_each($6)) ORDER BY received DESC, id DESC LIMIT $7",
        "SELECT register,id,key,unit,state,version,created_at,updated_at,salt,body FROM record WHERE tenant=$1 AND register=$2 AND receiving = ANY(ARRAY(SELECT json_array_elements_text($3::json))) AND received>=$4 AND received<$5 AND state = ANY(ARRAY(SELECT json_array_elements_text($6::json))) ORDER BY received DESC, id DESC LIMIT $7",
    )
}

/// What has a part to be given back by one of some units, the newest first.
pub fn linked_to(engine: Engine) -> &'static str {
    pick(
        engine,
        "SELECT register,id,key,unit,state,version,created_at,updated_at,salt,body FROM record INDEXED BY record_linked WHERE tenant=$1 AND register=$2 AND linked IS NOT NULL AND EXISTS (SELECT 1 FROM json_each(linked) WHERE value IN (SELECT value FROM json_each($3))) ORDER BY id DESC LIMIT $4",
        "SELECT register,id,key,unit,state,version,created_at,updated_at,salt,body FROM record WHERE tenant=$1 AND register=$2 AND linked IS NOT NULL AND ARRAY(SELECT json_array_elements_text(linked::json)) && ARRAY(SELECT json_array_elements_text($3::json)) ORDER BY id DESC LIMIT $4",
    )
}

/// The head of an INSERT of many rows. A refused row ends the caller's transaction, so SQLite need not keep copies of pages from
/// which it could take back the rows before it (`OR FAIL` leaves them to the rollback).
#[must_use]
pub fn insert(engine: Engine, head: &str, tail: &str) -> String {
    match engine {
        Engine::Sqlite if tail.is_empty() => head.replacen(" INTO ", " OR FAIL INTO ", 1),
        _ => head.to_owned(),
    }
}

/// `(?,?),(?,?)` or `($1,$2),($3,$4)`. SQLite looks a named parameter up by walking all of them, so long lists use bare `?` there; only
/// columns that are `alike` in all rows are named, as values after all others.
#[must_use]
pub fn values<const N: usize>(engine: Engine, rows: usize, alike: &[bool; N]) -> String {
    let mut out = String::with_capacity(rows * N * 5);
    let bare = rows * alike.iter().filter(|a| !**a).count();
    let mut n = 0;
    for row in 0..rows {
        out.push_str(if row > 0 { ",(" } else { "(" });
        let mut named = bare;
        for (column, alike) in alike.iter().enumerate() {
            if column > 0 {
                out.push(',');
            }
            let counted = if *alike { &mut named } else { &mut n };
            *counted += 1;
            match engine {
                Engine::Sqlite if !alike => out.push('?'),
                _ => {
                    out.push('$');
                    out.push_str(&counted.to_string());
                }
            }
        }
        out.push(')');
    }
    out
}

/// A condition that a column is among the texts of a JSON array bound as `$n`.
pub fn in_list(engine: Engine, column: &str, n: i32) -> String {
    match engine {
        Engine::Sqlite => format!(" AND {column} IN (SELECT value FROM json_each(${n}))"),
        Engine::Postgres => format!(" AND {column} = ANY(ARRAY(SELECT json_array_elements_text(${n}::json)))"),
    }
}

/// Records by id; the ids come as one JSON array. PostgreSQL locks them until the end of the transaction.
pub fn records_for_change(engine: Engine) -> &'static str {
    pick(
        engine,
        "SELECT register,id,key,unit,state,version,created_at,updated_at,salt,body FROM record WHERE tenant=$1 AND register=$2 AND id IN (SELECT value FROM json_each($3)) ORDER BY id",
        "SELECT register,id,key,unit,state,version,created_at,updated_at,salt,body FROM record WHERE tenant=$1 AND register=$2 AND id = ANY(ARRAY(SELECT json_array_elements_text($3::json))) ORDER BY id FOR UPDATE",
    )
}

/// Records of a register in some states.
pub fn all_in_states(engine: Engine) -> &'static str {
    pick(
        engine,
        "SELECT register,id,key,unit,state,version,created_at,updated_at,salt,body FROM record WHERE tenant=$1 AND register=$2 AND state IN (SELECT value FROM json_each($3)) ORDER BY id",
        "SELECT register,id,key,unit,state,version,created_at,updated_at,salt,body FROM record WHERE tenant=$1 AND register=$2 AND state = ANY(ARRAY(SELECT json_array_elements_text($3::json))) ORDER BY id",
    )
}

/// Records by id, without locks.
pub fn records_by_id(engine: Engine) -> &'static str {
    pick(
        engine,
        "SELECT register,id,key,unit,state,version,created_at,updated_at,salt,body FROM record WHERE tenant=$1 AND register=$2 AND id IN (SELECT value FROM json_each($3)) ORDER BY id",
        "SELECT register,id,key,unit,state,version,created_at,updated_at,salt,body FROM record WHERE tenant=$1 AND register=$2 AND id = ANY(ARRAY(SELECT json_array_elements_text($3::json))) ORDER BY id",
    )
}

/// Entries of these records from leaf `$4` on.
pub fn later_entries(engine: Engine) -> &'static str {
    pick(
        engine,
        "SELECT seq,id,register,record_id,record_version,kind,actor,on_behalf,authority,at,body FROM entry WHERE tenant=$1 AND register=$2 AND record_id IN (SELECT value FROM json_each($3)) AND +seq>=$4 ORDER BY +seq",
        "SELECT seq,id,register,record_id,record_version,kind,actor,on_behalf,authority,at,body FROM entry WHERE tenant=$1 AND register=$2 AND record_id = ANY(ARRAY(SELECT json_array_elements_text($3::json))) AND seq>=$4 ORDER BY seq",
    )
}

/// Entries of these records that still wait for their place.
pub const LATER_PENDING: &str = "SELECT id,register,record_id,record_version,kind,actor,on_behalf,authority,at,body FROM pending WHERE tenant=$1 AND register=$2 AND record_id = ANY(ARRAY(SELECT json_array_elements_text($3::json))) ORDER BY id";

/// Who holds these external keys.
pub fn keys_in_use(engine: Engine) -> &'static str {
    pick(
        engine,
        "SELECT key,id FROM record WHERE tenant=$1 AND register=$2 AND key IN (SELECT value FROM json_each($3))",
        "SELECT key,id FROM record WHERE tenant=$1 AND register=$2 AND key = ANY(ARRAY(SELECT json_array_elements_text($3::json)))",
    )
}

/// Gives up the outside keys of these records, before they (or others) take new ones.
pub fn release_keys(engine: Engine) -> &'static str {
    pick(
        engine,
        "UPDATE record SET key=NULL WHERE tenant=$1 AND register=$2 AND id IN (SELECT value FROM json_each($3))",
        "UPDATE record SET key=NULL WHERE tenant=$1 AND register=$2 AND id = ANY(ARRAY(SELECT json_array_elements_text($3::json)))",
    )
}

/// Replies remembered under these idempotency keys.
pub fn idempotency_lookup(engine: Engine) -> &'static str {
    pick(
        engine,
        "SELECT key,request,reply FROM idempotency WHERE tenant=$1 AND key IN (SELECT value FROM json_each($2))",
        "SELECT key,request,reply FROM idempotency WHERE tenant=$1 AND key = ANY(ARRAY(SELECT json_array_elements_text($2::json)))",
    )
}

/// True when this process may sequence the tenant now; the right ends with the transaction, or with the process.
pub const SEQUENCER_LEASE: &str =
    "SELECT CASE WHEN pg_try_advisory_xact_lock(hashtextextended('haidang.sequencer.' || $1, 0)) THEN 1::bigint ELSE 0::bigint END";

/// Wakes the sequencers of every process.
pub const NOTIFY: &str = "SELECT CASE WHEN pg_notify('haidang', $1) IS NULL THEN 0::bigint ELSE 1::bigint END";

/// Takes everything that waits for its place in the tree.
pub const TAKE_PENDING: &str = "DELETE FROM pending WHERE tenant=$1 AND id = ANY(ARRAY(SELECT id FROM pending WHERE tenant=$1 ORDER BY id LIMIT $2)) \
     RETURNING id,register,record_id,record_version,kind,actor,on_behalf,authority,at,body";

/// One reader or writer of the schema at a time while migrations run.
pub const MIGRATION_LOCK: &str =
    "SELECT CASE WHEN pg_advisory_xact_lock(hashtextextended('haidang.migrate', 0)) IS NULL THEN 0::bigint ELSE 1::bigint END";

/// The position row, locked against another process that flushes figures.
pub fn figure_position_for_change(engine: Engine) -> &'static str {
    pick(
        engine,
        "SELECT seq,clock,rules FROM figure_position WHERE tenant=$1",
        "SELECT seq,clock,rules FROM figure_position WHERE tenant=$1 FOR UPDATE",
    )
}

/// How far a follower of the ledger is, locked against another process.
pub fn follower_for_change(engine: Engine) -> &'static str {
    pick(
        engine,
        "SELECT seq,rules FROM follower WHERE tenant=$1 AND name=$2",
        "SELECT seq,rules FROM follower WHERE tenant=$1 AND name=$2 FOR UPDATE",
    )
}

/// Where the words asked for stand: `$3` and `$4` are numbers of segments and hashes of words, divided by commas or in JSON brackets.
/// PostgreSQL walks its index only for arrays; a list out of JSON it would join with the whole table.
pub fn postings(engine: Engine) -> &'static str {
    pick(
        engine,
        "SELECT segment,token,places FROM search_posting WHERE tenant=$1 AND register=$2 AND segment IN (SELECT value FROM json_each('[' || $3 || ']')) AND token IN (SELECT value FROM json_each('[' || $4 || ']'))",
        "SELECT segment,token,places FROM search_posting WHERE tenant=$1 AND register=$2 AND segment = ANY(CAST(string_to_array($3, ',') AS BIGINT[])) AND token = ANY(CAST(string_to_array($4, ',') AS BIGINT[]))",
    )
}
