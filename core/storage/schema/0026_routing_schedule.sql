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
