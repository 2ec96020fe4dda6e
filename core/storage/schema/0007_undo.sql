-- Units that scans put on a return's draft, in their order, so that the last can be taken off again. Local, never
-- replicated.

CREATE TABLE return_draft_scan (
  station   TEXT NOT NULL,
  position  INTEGER NOT NULL,
  line      INTEGER NOT NULL,
  condition TEXT NOT NULL,
  milli     INTEGER NOT NULL,
  PRIMARY KEY (station, position)
) STRICT, WITHOUT ROWID;
