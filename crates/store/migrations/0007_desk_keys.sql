-- What a desk finds records by stands in columns of its own (src/desk_keys.rs): an expression in an index is counted anew at every write, and PostgreSQL reads the body for it at
-- every look.
ALTER TABLE record ADD COLUMN next_due TEXT;
ALTER TABLE record ADD COLUMN person TEXT;
ALTER TABLE record ADD COLUMN receiving TEXT;
ALTER TABLE record ADD COLUMN linked TEXT;
DROP INDEX record_open;
DROP INDEX record_person;
DROP INDEX record_receiving;
DROP INDEX record_linked;
UPDATE record SET next_due=NEXT_DUE_TEXT, person=PERSON_TEXT, receiving=RECEIVING_TEXT, linked=LINKED_TEXT WHERE DESK_ROW;
CREATE INDEX record_open ON record (tenant, register, unit, state, next_due, id) WHERE next_due IS NOT NULL;
CREATE INDEX record_person ON record (tenant, register, person, id) WHERE person IS NOT NULL;
CREATE INDEX record_receiving ON record (tenant, register, receiving, RECEIVED_TEXT) WHERE receiving IS NOT NULL;
CREATE INDEX record_linked ON record (tenant, register, id) WHERE linked IS NOT NULL;
