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
    match engine {
        // Rows are found by their primary key only: store them in it.
        Engine::Sqlite => text.replace("BYTES", "BLOB").replace("/*clustered*/", "WITHOUT ROWID"),
        Engine::Postgres => text.replace("BYTES", "BYTEA").replace("/*clustered*/", ""),
    }
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

/// `(?,?),(?,?)` or `($1,$2),($3,$4)`. SQLite looks a named parameter up by walking all of them, so long lists use bare `?` there.
#[must_use]
pub fn values(engine: Engine, rows: usize, columns: usize) -> String {
    let mut out = String::with_capacity(rows * columns * 5);
    let mut n = 0;
    for row in 0..rows {
        if row > 0 {
            out.push(',');
        }
        out.push('(');
        for column in 0..columns {
            if column > 0 {
                out.push(',');
            }
            match engine {
                Engine::Sqlite => out.push('?'),
                Engine::Postgres => {
                    n += 1;
                    out.push('$');
                    out.push_str(&n.to_string());
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
        "SELECT register,id,key,unit,state,version,created_at,updated_at,salt,body FROM record WHERE tenant=$1 AND register=$2 AND id IN (SELECT json_array_elements_text($3::json)) ORDER BY id FOR UPDATE",
    )
}

/// Records by id, without locks.
pub fn records_by_id(engine: Engine) -> &'static str {
    pick(
        engine,
        "SELECT register,id,key,unit,state,version,created_at,updated_at,salt,body FROM record WHERE tenant=$1 AND register=$2 AND id IN (SELECT value FROM json_each($3)) ORDER BY id",
        "SELECT register,id,key,unit,state,version,created_at,updated_at,salt,body FROM record WHERE tenant=$1 AND register=$2 AND id IN (SELECT json_array_elements_text($3::json)) ORDER BY id",
    )
}

/// Entries of these records from leaf `$4` on.
pub fn later_entries(engine: Engine) -> &'static str {
    pick(
        engine,
        "SELECT seq,id,register,record_id,record_version,kind,actor,on_behalf,authority,at,body FROM entry WHERE tenant=$1 AND register=$2 AND record_id IN (SELECT value FROM json_each($3)) AND +seq>=$4 ORDER BY +seq",
        "SELECT seq,id,register,record_id,record_version,kind,actor,on_behalf,authority,at,body FROM entry WHERE tenant=$1 AND register=$2 AND record_id IN (SELECT json_array_elements_text($3::json)) AND seq>=$4 ORDER BY seq",
    )
}

/// Entries of these records that still wait for their place.
pub const LATER_PENDING: &str = "SELECT id,register,record_id,record_version,kind,actor,on_behalf,authority,at,body FROM pending WHERE tenant=$1 AND register=$2 AND record_id IN (SELECT json_array_elements_text($3::json)) ORDER BY id";

/// Who holds these external keys.
pub fn keys_in_use(engine: Engine) -> &'static str {
    pick(
        engine,
        "SELECT key,id FROM record WHERE tenant=$1 AND register=$2 AND key IN (SELECT value FROM json_each($3))",
        "SELECT key,id FROM record WHERE tenant=$1 AND register=$2 AND key IN (SELECT json_array_elements_text($3::json))",
    )
}

/// Gives up the outside keys of these records, before they (or others) take new ones.
pub fn release_keys(engine: Engine) -> &'static str {
    pick(
        engine,
        "UPDATE record SET key=NULL WHERE tenant=$1 AND register=$2 AND id IN (SELECT value FROM json_each($3))",
        "UPDATE record SET key=NULL WHERE tenant=$1 AND register=$2 AND id IN (SELECT json_array_elements_text($3::json))",
    )
}

/// Replies remembered under these idempotency keys.
pub fn idempotency_lookup(engine: Engine) -> &'static str {
    pick(
        engine,
        "SELECT key,request,reply FROM idempotency WHERE tenant=$1 AND key IN (SELECT value FROM json_each($2))",
        "SELECT key,request,reply FROM idempotency WHERE tenant=$1 AND key IN (SELECT json_array_elements_text($2::json))",
    )
}

/// True when this process may sequence the tenant now; the right ends with the transaction, or with the process.
pub const SEQUENCER_LEASE: &str =
    "SELECT CASE WHEN pg_try_advisory_xact_lock(hashtextextended('haidang.sequencer.' || $1, 0)) THEN 1::bigint ELSE 0::bigint END";

/// Wakes the sequencers of every process.
pub const NOTIFY: &str = "SELECT CASE WHEN pg_notify('haidang', $1) IS NULL THEN 0::bigint ELSE 1::bigint END";

/// Takes everything that waits for its place in the tree.
pub const TAKE_PENDING: &str = "DELETE FROM pending WHERE tenant=$1 AND id IN (SELECT id FROM pending WHERE tenant=$1 ORDER BY id LIMIT $2) \
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
