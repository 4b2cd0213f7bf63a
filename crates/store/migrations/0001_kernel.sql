-- The kernel: records, their ledger, their figures. Written for both databases; BYTES becomes BLOB or BYTEA.
CREATE TABLE record (
    tenant     TEXT NOT NULL,
    register   TEXT NOT NULL,
    id         TEXT NOT NULL,
    key        TEXT,
    unit       TEXT NOT NULL,
    state      TEXT NOT NULL,
    version    BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    salt       TEXT NOT NULL,
    search     TEXT NOT NULL,
    body       TEXT NOT NULL,
    PRIMARY KEY (tenant, register, id)
) /*clustered*/;
CREATE UNIQUE INDEX record_key ON record (tenant, register, key) WHERE key IS NOT NULL;
CREATE INDEX record_unit ON record (tenant, register, unit, state);

CREATE TABLE entry (
    tenant         TEXT NOT NULL,
    seq            BIGINT NOT NULL,
    id             TEXT NOT NULL,
    register       TEXT NOT NULL,
    record_id      TEXT NOT NULL,
    record_version BIGINT NOT NULL,
    kind           TEXT NOT NULL,
    actor          TEXT NOT NULL,
    on_behalf      TEXT,
    authority      TEXT,
    at             TEXT NOT NULL,
    body           TEXT NOT NULL,
    PRIMARY KEY (tenant, seq)
) /*clustered*/;
CREATE INDEX entry_record ON entry (tenant, register, record_id, record_version);

-- Committed, not yet in the tree (PostgreSQL; on SQLite the writer is the sequencer).
CREATE TABLE pending (
    tenant         TEXT NOT NULL,
    id             TEXT NOT NULL,
    register       TEXT NOT NULL,
    record_id      TEXT NOT NULL,
    record_version BIGINT NOT NULL,
    kind           TEXT NOT NULL,
    actor          TEXT NOT NULL,
    on_behalf      TEXT,
    authority      TEXT,
    at             TEXT NOT NULL,
    body           TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) /*clustered*/;

CREATE TABLE tile (
    tenant TEXT NOT NULL,
    level  BIGINT NOT NULL,
    idx    BIGINT NOT NULL,
    hashes BYTES NOT NULL,
    PRIMARY KEY (tenant, level, idx)
);
CREATE TABLE head (
    tenant   TEXT NOT NULL,
    size     BIGINT NOT NULL,
    root     TEXT NOT NULL,
    frontier BYTES NOT NULL,
    at       TEXT NOT NULL,
    PRIMARY KEY (tenant)
);
CREATE TABLE checkpoint (
    tenant TEXT NOT NULL,
    size   BIGINT NOT NULL,
    root   TEXT NOT NULL,
    note   TEXT NOT NULL,
    at     TEXT NOT NULL,
    PRIMARY KEY (tenant, size)
);

CREATE TABLE cell (
    tenant    TEXT NOT NULL,
    indicator TEXT NOT NULL,
    version   BIGINT NOT NULL,
    unit      TEXT NOT NULL,
    month     BIGINT NOT NULL,
    dims      TEXT NOT NULL,
    num       BIGINT NOT NULL,
    den       BIGINT NOT NULL,
    n         BIGINT NOT NULL,
    PRIMARY KEY (tenant, indicator, version, unit, month, dims)
) /*clustered*/;
CREATE TABLE figure_position (
    tenant TEXT NOT NULL,
    seq    BIGINT NOT NULL,
    clock  TEXT NOT NULL,
    rules  TEXT NOT NULL,
    PRIMARY KEY (tenant)
);
CREATE TABLE due (
    tenant    TEXT NOT NULL,
    register  TEXT NOT NULL,
    record_id TEXT NOT NULL,
    due_at    TEXT NOT NULL,
    state     TEXT NOT NULL,
    PRIMARY KEY (tenant, register, record_id)
) /*clustered*/;

CREATE TABLE blob (
    tenant     TEXT NOT NULL,
    sha256     TEXT NOT NULL,
    size       BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    name       TEXT NOT NULL,
    added_by   TEXT NOT NULL,
    added_at   TEXT NOT NULL,
    PRIMARY KEY (tenant, sha256)
);
CREATE TABLE idempotency (
    tenant  TEXT NOT NULL,
    key     TEXT NOT NULL,
    request TEXT NOT NULL,
    reply   TEXT NOT NULL,
    at      TEXT NOT NULL,
    PRIMARY KEY (tenant, key)
) /*clustered*/;
CREATE TABLE credential (
    tenant   TEXT NOT NULL,
    account  TEXT NOT NULL,
    login    TEXT NOT NULL,
    password TEXT NOT NULL,
    changed  TEXT NOT NULL,
    failures BIGINT NOT NULL,
    locked_until TEXT,
    PRIMARY KEY (tenant, account)
);
CREATE UNIQUE INDEX credential_login ON credential (tenant, login);
CREATE TABLE session (
    tenant  TEXT NOT NULL,
    token   TEXT NOT NULL,
    account TEXT NOT NULL,
    csrf    TEXT NOT NULL,
    created TEXT NOT NULL,
    expires TEXT NOT NULL,
    PRIMARY KEY (tenant, token)
);
