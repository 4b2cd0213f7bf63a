-- What a one-stop desk asks every minute: what is open by deadline, and everything of one person. What the words in capitals stand for differs per
-- database (see dialect::migration_text).
CREATE INDEX record_open ON record (tenant, register, unit, state, DUE_TEXT) WHERE OPEN_ROW;
CREATE INDEX record_person ON record (tenant, register, PERSON_TEXT) WHERE PERSON_ROW;

-- Attempts to open something with a secret, counted before the secret is looked at.
CREATE TABLE attempt (
    tenant   TEXT NOT NULL,
    subject  TEXT NOT NULL,
    failures BIGINT NOT NULL,
    since    TEXT NOT NULL,
    PRIMARY KEY (tenant, subject)
) /*clustered*/;
