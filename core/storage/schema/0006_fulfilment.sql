-- Packing, pickups, shorts, cancellations and returns. Views are made anew from the log.

DROP TABLE ship_group;
DROP TABLE ship_group_line;
DROP TABLE put_back;
DROP TABLE ship_group_exception;
DROP TABLE customer_order;
DROP TABLE order_line;

INSERT OR REPLACE INTO meta (name, value) VALUES ('rebuild', x'01');

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
  claim_actor     BLOB,
  code_salt       BLOB NOT NULL,  -- of the pickup code; empty: none was minted
  code_hash       BLOB NOT NULL,
  wrong_codes     INTEGER NOT NULL,
  code_minted     INTEGER GENERATED ALWAYS AS (code_hash <> x'') VIRTUAL
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_ship_group__site_status ON ship_group (site, status, allocated_hlc);
CREATE INDEX ix_ship_group__order ON ship_group (order_id);
CREATE INDEX ix_ship_group__reference ON ship_group (order_reference);
CREATE INDEX ix_ship_group__station ON ship_group (claim_node, claim_station, claim_hlc)
  WHERE claim_hlc IS NOT NULL;

-- reserved: promised to this group and still in the building.
CREATE TABLE ship_group_line (
  group_id          BLOB NOT NULL,
  line              INTEGER NOT NULL,
  site              TEXT NOT NULL,
  sku               TEXT NOT NULL,
  name              TEXT NOT NULL,
  uom               INTEGER NOT NULL,
  ordered_milli     INTEGER NOT NULL,
  open_milli        INTEGER NOT NULL,
  picked_milli      INTEGER NOT NULL,
  packed_milli      INTEGER NOT NULL,
  shipped_milli     INTEGER NOT NULL,
  handed_over_milli INTEGER NOT NULL,
  short_milli       INTEGER NOT NULL,
  cancelled_milli   INTEGER NOT NULL,
  returned_milli    INTEGER NOT NULL,
  reserved_milli    INTEGER GENERATED ALWAYS AS (open_milli + picked_milli + packed_milli) VIRTUAL,
  PRIMARY KEY (group_id, line)
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_ship_group_line__reserved ON ship_group_line (sku, site, reserved_milli)
  WHERE reserved_milli > 0;

CREATE TABLE package (
  group_id     BLOB NOT NULL,
  position     INTEGER NOT NULL,
  ref_node     BLOB NOT NULL,
  ref_inc      INTEGER NOT NULL,
  ref_seq      INTEGER NOT NULL,
  weight_mg    INTEGER NOT NULL,
  expected_mg  INTEGER NOT NULL,
  weight_check TEXT NOT NULL,
  sscc         TEXT NOT NULL,
  tracking     TEXT NOT NULL,
  label        TEXT NOT NULL,
  print_detail TEXT NOT NULL,
  PRIMARY KEY (group_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_package__sscc ON package (sscc) WHERE sscc <> '';
CREATE INDEX ix_package__tracking ON package (tracking) WHERE tracking <> '';

CREATE TABLE package_line (
  group_id BLOB NOT NULL,
  position INTEGER NOT NULL,
  line     INTEGER NOT NULL,
  milli    INTEGER NOT NULL,
  PRIMARY KEY (group_id, position, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE put_back (
  group_id    BLOB NOT NULL,
  position    INTEGER NOT NULL,
  cause_node  BLOB NOT NULL,
  cause_inc   INTEGER NOT NULL,
  cause_seq   INTEGER NOT NULL,
  line        INTEGER NOT NULL,
  milli       INTEGER NOT NULL,
  done_milli  INTEGER NOT NULL,
  to_location TEXT NOT NULL,
  PRIMARY KEY (group_id, position)
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

-- Returns; class: ordered. Every row is a pure function of the ledger's view.

CREATE TABLE return_taken (
  group_id        BLOB NOT NULL,
  site            TEXT NOT NULL,
  position        INTEGER NOT NULL,
  id              BLOB NOT NULL,
  ref_node        BLOB NOT NULL,
  ref_inc         INTEGER NOT NULL,
  ref_seq         INTEGER NOT NULL,
  order_id        BLOB NOT NULL,
  order_reference TEXT NOT NULL,
  refund_minor    INTEGER NOT NULL,
  currency        TEXT NOT NULL,
  taken_hlc       INTEGER NOT NULL,
  actor           BLOB NOT NULL,
  approved_by     BLOB NOT NULL,
  reason          TEXT NOT NULL,
  PRIMARY KEY (group_id, site, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_return_taken__site ON return_taken (site, taken_hlc);
CREATE INDEX ix_return_taken__id ON return_taken (id);

CREATE TABLE return_line (
  group_id     BLOB NOT NULL,
  site         TEXT NOT NULL,
  position     INTEGER NOT NULL,
  item         INTEGER NOT NULL,
  line         INTEGER NOT NULL,
  sku          TEXT NOT NULL,
  name         TEXT NOT NULL,
  uom          INTEGER NOT NULL,
  milli        INTEGER NOT NULL,
  refund_minor INTEGER NOT NULL,
  condition    TEXT NOT NULL,
  to_location  TEXT NOT NULL,
  PRIMARY KEY (group_id, site, position, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE refund_exception (
  group_id   BLOB NOT NULL,
  site       TEXT NOT NULL,
  position   INTEGER NOT NULL,
  cause_node BLOB NOT NULL,
  cause_inc  INTEGER NOT NULL,
  cause_seq  INTEGER NOT NULL,
  line       INTEGER NOT NULL,
  milli      INTEGER NOT NULL,
  elsewhere  INTEGER NOT NULL,
  PRIMARY KEY (group_id, site, position)
) STRICT, WITHOUT ROWID;

-- Orders, at the hub only; class: single writer. rank: the order in which they were placed here.

CREATE TABLE customer_order (
  rank             INTEGER NOT NULL PRIMARY KEY,
  id               BLOB NOT NULL UNIQUE,
  channel          TEXT NOT NULL,
  external_id      TEXT NOT NULL,
  placed_at_utc_us INTEGER NOT NULL,
  customer         TEXT NOT NULL,
  latitude_udeg    INTEGER NOT NULL,
  longitude_udeg   INTEGER NOT NULL,
  method           TEXT NOT NULL,
  pickup_site      TEXT NOT NULL,
  UNIQUE (channel, external_id)
) STRICT;

CREATE INDEX ix_customer_order__customer ON customer_order (customer) WHERE customer <> '';

-- cancelled: before routing and in ship groups. parked: a pickup site could not give them and the customer has
-- not been asked yet. waiting: what the next routing run looks at. parked_cancelled: a cancellation before routing
-- takes first what no pickup group was given, then what is parked.
CREATE TABLE order_line (
  order_id           BLOB NOT NULL,
  line               INTEGER NOT NULL,
  sku                TEXT NOT NULL,
  name               TEXT NOT NULL,
  uom                INTEGER NOT NULL,
  ordered_milli      INTEGER NOT NULL,
  own_cancelled_milli INTEGER NOT NULL,
  converted_milli    INTEGER NOT NULL,
  group_cancelled_milli INTEGER NOT NULL DEFAULT 0,
  routed_milli       INTEGER NOT NULL DEFAULT 0,
  to_ship_milli      INTEGER NOT NULL DEFAULT 0,
  pickup_ordered_milli INTEGER NOT NULL DEFAULT 0,
  pickup_short_milli INTEGER NOT NULL DEFAULT 0,
  unit_price_minor   INTEGER NOT NULL,
  currency           TEXT NOT NULL,
  service            INTEGER NOT NULL,
  cancelled_milli INTEGER GENERATED ALWAYS AS (own_cancelled_milli + group_cancelled_milli) VIRTUAL,
  unrouted_milli INTEGER GENERATED ALWAYS AS (
    CASE WHEN service = 1 THEN 0
    ELSE ordered_milli - own_cancelled_milli - group_cancelled_milli - routed_milli END) VIRTUAL,
  parked_cancelled_milli INTEGER GENERATED ALWAYS AS (
    max(own_cancelled_milli - max(ordered_milli - pickup_ordered_milli, 0), 0)) VIRTUAL,
  waiting_milli INTEGER GENERATED ALWAYS AS (
    unrouted_milli
      - min(max(pickup_short_milli - converted_milli - parked_cancelled_milli, 0), unrouted_milli)) VIRTUAL,
  PRIMARY KEY (order_id, line)
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_order_line__waiting ON order_line (order_id) WHERE waiting_milli > 0;
CREATE INDEX ix_order_line__sku ON order_line (sku, order_id);

-- Serials for labels; class: reference. used: labels that the incarnation has assigned.
CREATE TABLE label_block (
  node       BLOB NOT NULL,
  inc        INTEGER NOT NULL,
  gs1_prefix TEXT NOT NULL,
  first      INTEGER NOT NULL,
  count      INTEGER NOT NULL,
  PRIMARY KEY (node, inc, first)
) STRICT, WITHOUT ROWID;

CREATE TABLE label_use (
  node BLOB NOT NULL,
  inc  INTEGER NOT NULL,
  used INTEGER NOT NULL,
  PRIMARY KEY (node, inc)
) STRICT, WITHOUT ROWID;

-- What a station does besides picking, so that a restart goes on where it was. Local, never replicated.
CREATE TABLE station_mode (
  station TEXT NOT NULL PRIMARY KEY,
  mode    TEXT NOT NULL CHECK (mode IN ('PUT_BACK', 'RETURN'))
) STRICT, WITHOUT ROWID;

-- A return that is being taken at a station. Local, never replicated.
CREATE TABLE return_draft (
  station   TEXT NOT NULL PRIMARY KEY,
  group_id  BLOB NOT NULL,
  condition TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE return_draft_unit (
  station   TEXT NOT NULL,
  line      INTEGER NOT NULL,
  condition TEXT NOT NULL,
  milli     INTEGER NOT NULL,
  PRIMARY KEY (station, line, condition)
) STRICT, WITHOUT ROWID;

-- Sales of other sites that the hub was asked for, for returns. Local, never replicated.
CREATE TABLE found_sale (
  group_id        BLOB NOT NULL PRIMARY KEY,
  order_id        BLOB NOT NULL,
  order_reference TEXT NOT NULL,
  asked           TEXT NOT NULL,
  found_utc_us    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE found_sale_line (
  group_id         BLOB NOT NULL,
  line             INTEGER NOT NULL,
  sku              TEXT NOT NULL,
  name             TEXT NOT NULL,
  gtins            TEXT NOT NULL,
  uom              INTEGER NOT NULL,
  sold_milli       INTEGER NOT NULL,
  unit_price_minor INTEGER NOT NULL,
  currency         TEXT NOT NULL,
  PRIMARY KEY (group_id, line)
) STRICT, WITHOUT ROWID;
