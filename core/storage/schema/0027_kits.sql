-- Kits: articles that are sold as one and kept as their parts (docs/orders.md#kits).

-- Of articles that are kits. Beside product: the sums by which devices are compared know only that.
CREATE TABLE kit_part (
  kit   TEXT NOT NULL,
  sku   TEXT NOT NULL,
  units INTEGER NOT NULL,          -- in each piece of the kit
  PRIMARY KEY (kit, sku)
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_kit_part__sku ON kit_part (sku, kit);

-- Kits as they were sold, at the hub only. Their parts are lines of the order.
CREATE TABLE order_kit (
  order_id         BLOB NOT NULL,
  line             INTEGER NOT NULL,   -- its number in the channel's order; no line of order_line has it
  sku              TEXT NOT NULL,
  name             TEXT NOT NULL,
  ordered_milli    INTEGER NOT NULL,
  unit_price_minor INTEGER NOT NULL,
  discount_minor   INTEGER NOT NULL,   -- its own, of the whole line
  tax_minor        INTEGER NOT NULL,
  PRIMARY KEY (order_id, line)
) STRICT, WITHOUT ROWID;

ALTER TABLE order_line ADD COLUMN kit_line INTEGER NOT NULL DEFAULT 0;   -- of the order_kit it is part of; 0: of none
