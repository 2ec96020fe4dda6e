-- Ship groups; class: ordered. Every row is a pure function of the group's view.

CREATE TABLE ship_group (
  id              BLOB NOT NULL PRIMARY KEY,
  site            TEXT NOT NULL,
  order_id        BLOB NOT NULL,
  order_reference TEXT NOT NULL,
  method          TEXT NOT NULL,
  status          TEXT NOT NULL,
  allocated_hlc   INTEGER NOT NULL,
  claim_hlc       INTEGER,
  claim_node      BLOB,
  claim_station   TEXT,
  claim_actor     BLOB
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_ship_group__site_status ON ship_group (site, status, allocated_hlc);
CREATE INDEX ix_ship_group__order ON ship_group (order_id);
CREATE INDEX ix_ship_group__station ON ship_group (claim_node, claim_station, claim_hlc)
  WHERE claim_hlc IS NOT NULL;

-- reserved: promised to this group and still in the building.
CREATE TABLE ship_group_line (
  group_id      BLOB NOT NULL,
  line          INTEGER NOT NULL,
  site          TEXT NOT NULL,
  sku           TEXT NOT NULL,
  name          TEXT NOT NULL,
  uom           INTEGER NOT NULL,
  ordered_milli INTEGER NOT NULL,
  open_milli    INTEGER NOT NULL,
  picked_milli  INTEGER NOT NULL,
  shipped_milli INTEGER NOT NULL,
  reserved_milli INTEGER GENERATED ALWAYS AS (open_milli + picked_milli) VIRTUAL,
  PRIMARY KEY (group_id, line)
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_ship_group_line__reserved ON ship_group_line (sku, site, reserved_milli)
  WHERE reserved_milli > 0;

CREATE TABLE put_back (
  group_id    BLOB NOT NULL,
  cause_node  BLOB NOT NULL,
  cause_inc   INTEGER NOT NULL,
  cause_seq   INTEGER NOT NULL,
  line        INTEGER NOT NULL,
  milli       INTEGER NOT NULL,
  to_location TEXT NOT NULL,
  PRIMARY KEY (group_id, cause_node, cause_inc, cause_seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE ship_group_exception (
  group_id   BLOB NOT NULL,
  position   INTEGER NOT NULL,
  kind       TEXT NOT NULL,
  cause_node BLOB NOT NULL,
  cause_inc  INTEGER NOT NULL,
  cause_seq  INTEGER NOT NULL,
  line       INTEGER NOT NULL,
  milli      INTEGER NOT NULL,
  PRIMARY KEY (group_id, position)
) STRICT, WITHOUT ROWID;
