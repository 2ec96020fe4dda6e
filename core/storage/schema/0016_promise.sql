-- What may be promised of the stock, at the hub only; class: single writer (docs/promise.md).

CREATE TABLE safety_stock_rule (
  name            TEXT NOT NULL PRIMARY KEY,
  site            TEXT,                      -- NULL: any, like the next two
  sku             TEXT,
  site_kind       TEXT,
  milli           INTEGER NOT NULL,
  expires_utc_us  INTEGER,                   -- NULL: never
  active          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_safety_stock_rule__sku ON safety_stock_rule (sku) WHERE active = 1;

CREATE TABLE selling_channel (
  name            TEXT NOT NULL PRIMARY KEY,
  other_sites     TEXT NOT NULL,             -- mode of the sites that are not named
  threshold_milli INTEGER NOT NULL,
  stale_after_s   INTEGER NOT NULL,          -- 0: never
  kept_percent    INTEGER NOT NULL,
  active          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE selling_channel_site (
  channel TEXT NOT NULL,
  site    TEXT NOT NULL,
  mode    TEXT NOT NULL,
  PRIMARY KEY (channel, site)
) STRICT, WITHOUT ROWID;

-- Soft reservations, those that have ended or run out among them.
CREATE TABLE stock_reservation (
  id             BLOB NOT NULL PRIMARY KEY,
  channel        TEXT NOT NULL,
  sku            TEXT NOT NULL,
  milli          INTEGER NOT NULL,
  pickup_site    TEXT NOT NULL,              -- '': to be shipped
  expires_utc_us INTEGER NOT NULL,
  reference      TEXT NOT NULL,
  ended          TEXT                        -- NULL: not yet
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_stock_reservation__open ON stock_reservation (sku, expires_utc_us) WHERE ended IS NULL;

-- The queue of an article: what is ordered, and no site has it to fill.
CREATE INDEX ix_order_line__queue ON order_line (sku, order_id) WHERE waiting_milli > 0;
