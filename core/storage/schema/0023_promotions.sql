-- What is taken off orders, and by which coupons; at the hub only; class: single writer (docs/orders.md).

CREATE TABLE promotion (
  name       TEXT NOT NULL PRIMARY KEY,
  active     INTEGER NOT NULL,
  by_itself  INTEGER NOT NULL,     -- 1: it needs no coupon
  until_us   INTEGER,              -- UTC; NULL: for good
  definition BLOB NOT NULL         -- as in the log: PromotionDefined
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_promotion__by_itself ON promotion (name) WHERE active = 1 AND by_itself = 1;

-- Of active promotions.
CREATE TABLE coupon (
  code      TEXT NOT NULL PRIMARY KEY,
  promotion TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_coupon__promotion ON coupon (promotion);

-- Of a promotion; empty: the channel's own discount. given_back: the order was cancelled whole.
ALTER TABLE order_discount ADD COLUMN promotion TEXT NOT NULL DEFAULT '';
ALTER TABLE order_discount ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE order_discount ADD COLUMN coupon TEXT NOT NULL DEFAULT '';
ALTER TABLE order_discount ADD COLUMN given_back INTEGER NOT NULL DEFAULT 0;

CREATE INDEX ix_order_discount__coupon ON order_discount (coupon) WHERE coupon <> '' AND given_back = 0;

-- What a promotion took off each line.
CREATE TABLE order_discount_share (
  order_id     BLOB NOT NULL,
  position     INTEGER NOT NULL,
  line         INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL,
  PRIMARY KEY (order_id, position, line)
) STRICT, WITHOUT ROWID;
