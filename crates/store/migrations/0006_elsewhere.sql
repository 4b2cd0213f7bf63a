-- Dossiers in which another unit than their own has a hand: those it received for them, those of which it has a part to give back.
CREATE INDEX record_receiving ON record (tenant, register, RECEIVING_TEXT, RECEIVED_TEXT) WHERE RECEIVING_ROW;
CREATE INDEX record_linked ON record (tenant, register, id) WHERE LINKED_ROW;
