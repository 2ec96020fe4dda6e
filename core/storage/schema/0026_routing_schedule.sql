-- What orders and articles say for rules of routing, what sites were short of, and the runs; at the hub only
-- (docs/routing.md). The columns' defaults are what older records say: nothing.

-- Of a delivery, as its channel tells it.
ALTER TABLE customer_order ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;        -- the lower the sooner
ALTER TABLE customer_order ADD COLUMN shipping_method TEXT NOT NULL DEFAULT '';   -- empty: not told
ALTER TABLE customer_order ADD COLUMN delivery_days INTEGER NOT NULL DEFAULT 0;   -- of the shipping method
ALTER TABLE customer_order ADD COLUMN ship_after_utc_us INTEGER;                  -- NULL: not told, like the next two
ALTER TABLE customer_order ADD COLUMN ship_by_utc_us INTEGER;
ALTER TABLE customer_order ADD COLUMN promised_utc_us INTEGER;
ALTER TABLE customer_order ADD COLUMN country TEXT NOT NULL DEFAULT '';           -- ISO 3166-1 alpha-2

ALTER TABLE order_line ADD COLUMN together INTEGER NOT NULL DEFAULT 0;            -- 0: by itself

-- Of articles, where it is not the usual. Beside product: the sums by which devices are compared know only that.
CREATE TABLE product_trait (
  sku      TEXT NOT NULL PRIMARY KEY,
  hazmat   INTEGER NOT NULL,       -- 1: dangerous goods
  category TEXT NOT NULL           -- empty: none
) STRICT, WITHOUT ROWID;

-- Of each article that is routed it is asked what held orders wait for: few are held.
CREATE INDEX ix_customer_order__held ON customer_order (rank) WHERE hold <> '';

-- Since when a site is short of an article of an order. forgotten: 1, it may be asked for it again.
CREATE TABLE site_short (
  order_id     BLOB NOT NULL,
  site         TEXT NOT NULL,
  sku          TEXT NOT NULL,
  short_milli  INTEGER NOT NULL,   -- of all its groups of the order, when it was noted
  noted_utc_us INTEGER NOT NULL,
  forgotten    INTEGER NOT NULL,
  PRIMARY KEY (order_id, site, sku)
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_site_short__noted ON site_short (noted_utc_us) WHERE forgotten = 0;

-- Runs of routing. Not made again from the log: it has what they gave, not when they ran.
CREATE TABLE routing_run (
  id             INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  due_utc_us     INTEGER UNIQUE,            -- of its schedule; NULL: somebody asked for it
  rule_set       TEXT NOT NULL,             -- empty: to the nearest sites
  version        INTEGER NOT NULL,
  actor          BLOB NOT NULL,             -- nil: the hub itself
  state          TEXT NOT NULL,             -- RUNNING, DONE, FAILED, BROKEN_OFF
  tries          INTEGER NOT NULL,
  begun_utc_us   INTEGER NOT NULL,
  ended_utc_us   INTEGER,
  orders_seen    INTEGER NOT NULL,
  orders_routed  INTEGER NOT NULL,
  orders_partly  INTEGER NOT NULL,
  orders_waiting INTEGER NOT NULL,
  groups_opened  INTEGER NOT NULL,
  message        TEXT NOT NULL              -- why it failed
) STRICT;

CREATE INDEX ix_routing_run__running ON routing_run (id) WHERE state = 'RUNNING';

-- One row at most: whether the schedule is paused.
CREATE TABLE routing_pause (
  one            INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  paused         INTEGER NOT NULL,
  changed_utc_us INTEGER NOT NULL,
  actor          BLOB NOT NULL
) STRICT;
