-- Work that is done beside people's own: one row for each thing to be done, however often it is asked for.
CREATE TABLE job (
    tenant      TEXT NOT NULL,
    kind        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    state       TEXT NOT NULL,
    done        BIGINT NOT NULL,
    total       BIGINT NOT NULL,
    attempts    BIGINT NOT NULL,
    run_at      TEXT NOT NULL,
    lease_by    TEXT,
    lease_until TEXT,
    body        TEXT NOT NULL,
    outcome     TEXT,
    created_at  TEXT NOT NULL,
    updated_at  TEXT NOT NULL,
    PRIMARY KEY (tenant, kind, subject)
) /*clustered*/;
CREATE INDEX job_waiting ON job (tenant, run_at) WHERE state IN ('waiting','running');
