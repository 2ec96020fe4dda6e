-- Views: each row follows from the log and can be rebuilt from it at will.
-- Reference data; class: written by the hub, the last definition in feed order holds.

CREATE TABLE product (
  sku            TEXT NOT NULL PRIMARY KEY,
  name           TEXT NOT NULL,
  uom            INTEGER NOT NULL,
  unit_weight_mg INTEGER NOT NULL,
  price_minor    INTEGER,
  currency       TEXT,
  active         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE product_gtin (
  gtin INTEGER NOT NULL,
  sku  TEXT NOT NULL,
  PRIMARY KEY (gtin, sku)
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_product_gtin__sku ON product_gtin (sku);

CREATE TABLE facility (
  site           TEXT NOT NULL PRIMARY KEY,
  name           TEXT NOT NULL,
  kind           TEXT NOT NULL CHECK (kind IN ('WAREHOUSE', 'STORE')),
  latitude_udeg  INTEGER NOT NULL,
  longitude_udeg INTEGER NOT NULL,
  active         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE location (
  site          TEXT NOT NULL,
  code          TEXT NOT NULL,
  type          TEXT NOT NULL CHECK (type IN ('PICK', 'BULK', 'STAGING', 'RETURNS', 'QC')),
  pick_sequence INTEGER NOT NULL,
  PRIMARY KEY (site, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE staff (
  site     TEXT NOT NULL,
  user     BLOB NOT NULL,
  name     TEXT NOT NULL,
  role     TEXT NOT NULL,
  pin_hash TEXT NOT NULL,
  active   INTEGER NOT NULL,
  PRIMARY KEY (site, user)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX ux_staff__site_name ON staff (site, name) WHERE active = 1;

CREATE TABLE node (
  id     BLOB NOT NULL PRIMARY KEY,
  site   TEXT NOT NULL,
  name   TEXT NOT NULL,
  active INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
