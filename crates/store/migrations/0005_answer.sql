-- What was filed and not yet received has no deadline, but wants an answer by an hour: it stands among the others by that hour.
DROP INDEX record_open;
CREATE INDEX record_open ON record (tenant, register, unit, state, NEXT_TEXT) WHERE OPEN_ROW;
