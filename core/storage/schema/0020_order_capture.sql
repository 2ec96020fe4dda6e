-- What orders cost, where they stand as a whole, and what came from a channel and is no order yet.

ALTER TABLE customer_order ADD COLUMN sale TEXT NOT NULL DEFAULT '';          -- WEB, PHONE, ...; empty: not told
ALTER TABLE customer_order ADD COLUMN tax_added INTEGER NOT NULL DEFAULT 0;   -- 1: taxes come on top of the prices
ALTER TABLE customer_order ADD COLUMN hold TEXT NOT NULL DEFAULT '';          -- FRAUD, ADDRESS, MANUAL; empty: not held
ALTER TABLE customer_order ADD COLUMN note TEXT NOT NULL DEFAULT '';          -- of the hold or the rejection
ALTER TABLE customer_order ADD COLUMN rejected INTEGER NOT NULL DEFAULT 0;

-- Of the whole line, in minor units of its currency.
ALTER TABLE order_line ADD COLUMN discount_minor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE order_line ADD COLUMN order_discount_minor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE order_line ADD COLUMN tax_minor INTEGER NOT NULL DEFAULT 0;

CREATE TABLE order_discount (
  order_id     BLOB NOT NULL,
  position     INTEGER NOT NULL,
  code         TEXT NOT NULL,
  amount_minor INTEGER NOT NULL,
  PRIMARY KEY (order_id, position)
) STRICT, WITHOUT ROWID;

-- What a channel sent and the hub could not take: not made from the log, as nothing else of it is in there. A message
-- has one row, however often it is sent; done with, it stays for the record, without its payload.
CREATE TABLE capture_problem (
  rank          INTEGER NOT NULL PRIMARY KEY,
  id            BLOB NOT NULL UNIQUE,
  channel       TEXT NOT NULL,
  topic         TEXT NOT NULL,
  external_id   TEXT NOT NULL,     -- empty: it could not be read
  reason        TEXT NOT NULL,
  message       TEXT NOT NULL,
  payload       TEXT NOT NULL,     -- as it came
  first_utc_us  INTEGER NOT NULL,
  last_utc_us   INTEGER NOT NULL,
  tries         INTEGER NOT NULL,
  order_id      BLOB               -- what became of it; NULL: nothing yet
) STRICT;

CREATE INDEX ix_capture_problem__open ON capture_problem (rank) WHERE order_id IS NULL;
