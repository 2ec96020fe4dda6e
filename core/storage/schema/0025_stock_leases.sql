-- Stock leases; class: commutative. The hub's words and the devices' are kept apart, so that no order of arrival
-- matters; what they come to stands in stock_lease once it is granted.

CREATE TABLE stock_lease (
  id             BLOB NOT NULL PRIMARY KEY,
  site           TEXT NOT NULL,
  node           BLOB NOT NULL,             -- the device that holds it
  inc            INTEGER NOT NULL,
  sku            TEXT NOT NULL,
  milli          INTEGER NOT NULL,
  granted_utc_us INTEGER NOT NULL,
  expires_utc_us INTEGER NOT NULL,
  grace_s        INTEGER NOT NULL,
  recalled       INTEGER NOT NULL,
  closed         TEXT,                      -- NULL: the hub has not ended it
  sold_milli     INTEGER NOT NULL,
  returned_milli INTEGER                    -- NULL: the holder has not given it back
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_stock_lease__open ON stock_lease (sku, site) WHERE returned_milli IS NULL AND closed IS NULL;
CREATE INDEX ix_stock_lease__node ON stock_lease (node) WHERE returned_milli IS NULL AND closed IS NULL;

-- What the hub said of a lease after it was granted.
CREATE TABLE stock_lease_hub (
  lease    BLOB NOT NULL PRIMARY KEY,
  recalled INTEGER NOT NULL,
  closed   TEXT
) STRICT, WITHOUT ROWID;

-- What devices said they sold under it: only what its holder sold, of its article at its site, counts.
CREATE TABLE stock_lease_sale (
  lease BLOB NOT NULL,
  node  BLOB NOT NULL,
  site  TEXT NOT NULL,
  sku   TEXT NOT NULL,
  milli INTEGER NOT NULL,
  PRIMARY KEY (lease, node, site, sku)
) STRICT, WITHOUT ROWID;

-- Likewise what they gave back.
CREATE TABLE stock_lease_return (
  lease BLOB NOT NULL,
  node  BLOB NOT NULL,
  site  TEXT NOT NULL,
  milli INTEGER NOT NULL,
  PRIMARY KEY (lease, node, site)
) STRICT, WITHOUT ROWID;

-- Which articles may be leased, and what a till does beyond its leases; single writer: the hub.
CREATE TABLE lease_policy (
  name   TEXT NOT NULL PRIMARY KEY,
  beyond TEXT NOT NULL,
  active INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE lease_policy_sku (
  sku    TEXT NOT NULL,
  policy TEXT NOT NULL,
  PRIMARY KEY (sku, policy)
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_lease_policy_sku__policy ON lease_policy_sku (policy);
