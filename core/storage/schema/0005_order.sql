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
  UNIQUE (channel, external_id)
) STRICT;

CREATE INDEX ix_customer_order__customer ON customer_order (customer) WHERE customer <> '';

CREATE TABLE order_line (
  order_id         BLOB NOT NULL,
  line             INTEGER NOT NULL,
  sku              TEXT NOT NULL,
  name             TEXT NOT NULL,
  uom              INTEGER NOT NULL,
  ordered_milli    INTEGER NOT NULL,
  cancelled_milli  INTEGER NOT NULL,
  routed_milli     INTEGER NOT NULL,
  unit_price_minor INTEGER NOT NULL,
  currency         TEXT NOT NULL,
  service          INTEGER NOT NULL,
  waiting_milli INTEGER GENERATED ALWAYS AS (
    CASE WHEN service = 1 THEN 0 ELSE ordered_milli - cancelled_milli - routed_milli END) VIRTUAL,
  PRIMARY KEY (order_id, line)
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_order_line__waiting ON order_line (order_id) WHERE waiting_milli > 0;
CREATE INDEX ix_order_line__sku ON order_line (sku, order_id);
