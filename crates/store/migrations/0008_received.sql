-- The last expression in an index of records becomes a column: while an index calls a function, SQLite keeps copies of all pages that an insertion touches, so that it
-- could take a single statement back.
ALTER TABLE record ADD COLUMN received TEXT;
DROP INDEX record_receiving;
UPDATE record SET received=RECEIVED_TEXT WHERE receiving IS NOT NULL;
CREATE INDEX record_receiving ON record (tenant, register, receiving, received, id) WHERE receiving IS NOT NULL;
