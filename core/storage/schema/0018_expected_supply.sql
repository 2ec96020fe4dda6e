-- Goods that are to come, at the hub only; class: single writer (docs/promise.md).

CREATE TABLE expected_supply (
  reference  TEXT NOT NULL PRIMARY KEY,
  source     TEXT NOT NULL,
  sku        TEXT NOT NULL,
  site       TEXT NOT NULL,                  -- '': not known yet
  due_utc_us INTEGER NOT NULL,
  milli      INTEGER NOT NULL                -- 0: it has come, or will not
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_expected_supply__open ON expected_supply (sku, due_utc_us) WHERE milli > 0;

-- Whether a channel also sells what is still to come.
ALTER TABLE selling_channel ADD COLUMN sells_ahead INTEGER NOT NULL DEFAULT 0;
