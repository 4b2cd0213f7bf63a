-- Search by an index of keyed hashes instead of a folded text. It is made anew from the records when it is missing: see src/search.
ALTER TABLE record DROP COLUMN search;

-- What follows the ledger beside the figures: up to which leaf, by which rules.
CREATE TABLE follower (
    tenant TEXT NOT NULL,
    name   TEXT NOT NULL,
    seq    BIGINT NOT NULL,
    rules  TEXT NOT NULL,
    PRIMARY KEY (tenant, name)
);

-- A segment lists records (marks: the first of each chunk) and, by hashed word, at which places of the list they stand.
CREATE TABLE search_segment (
    tenant   TEXT NOT NULL,
    register TEXT NOT NULL,
    segment  BIGINT NOT NULL,
    docs     BIGINT NOT NULL,
    marks    BYTES NOT NULL,
    PRIMARY KEY (tenant, register, segment)
);
CREATE TABLE search_doc (
    tenant   TEXT NOT NULL,
    register TEXT NOT NULL,
    segment  BIGINT NOT NULL,
    chunk    BIGINT NOT NULL,
    ids      BYTES NOT NULL,
    PRIMARY KEY (tenant, register, segment, chunk)
);
CREATE TABLE search_posting (
    tenant   TEXT NOT NULL,
    register TEXT NOT NULL,
    segment  BIGINT NOT NULL,
    token    BIGINT NOT NULL,
    places   BYTES NOT NULL,
    PRIMARY KEY (tenant, register, segment, token)
) /*clustered*/;
