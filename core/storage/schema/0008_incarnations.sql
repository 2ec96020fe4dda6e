-- Incarnations under which this device wrote, in their order; the last one writes now. Empty at the hub. A device
-- begins another one when its database was restored or copied (docs/protocol.md, repair).
CREATE TABLE own_incarnation (
  place        INTEGER NOT NULL PRIMARY KEY,
  inc          INTEGER NOT NULL UNIQUE,
  why          TEXT NOT NULL CHECK (why IN ('FIRST', 'RESTORED', 'FORKED')),
  acked        INTEGER NOT NULL DEFAULT 0,  -- greatest hwm the hub has told
  settled      INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1)),  -- 1: the hub has all that it will get of it
  begun_utc_us INTEGER NOT NULL
) STRICT;

INSERT INTO own_incarnation (place, inc, why, acked, begun_utc_us)
SELECT 1, CAST(i.value AS INTEGER), 'FIRST',
       coalesce((SELECT CAST(a.value AS INTEGER) FROM meta a WHERE a.name = 'acked'), 0), 0
FROM meta i WHERE i.name = 'inc' AND EXISTS (SELECT 1 FROM meta r WHERE r.name = 'role' AND CAST(r.value AS TEXT) = 'site');
DELETE FROM meta WHERE name = 'acked';

-- Own records that were issued again because the hub holds others under their numbers. Without effect; kept to be
-- looked at.
CREATE TABLE superseded_record (
  inc    INTEGER NOT NULL,
  seq    INTEGER NOT NULL,
  record BLOB NOT NULL,
  by_inc INTEGER NOT NULL,
  by_seq INTEGER NOT NULL,
  PRIMARY KEY (inc, seq)
) STRICT, WITHOUT ROWID;
