-- Stock; class: commutative. on_hand = last count + movements after it, by (hlc, node, inc, seq).
-- A cell that was never counted has the least unit of its movements, so that no order of arrival matters.

CREATE TABLE stock_cell (
  site           TEXT NOT NULL,
  sku            TEXT NOT NULL,
  location       TEXT NOT NULL,
  uom            INTEGER NOT NULL,
  on_hand_milli  INTEGER NOT NULL,
  counted_milli  INTEGER,
  counted_hlc    INTEGER,
  counted_node   BLOB,
  counted_inc    INTEGER,
  counted_seq    INTEGER,
  imported_milli INTEGER,
  imported_hlc   INTEGER,
  PRIMARY KEY (site, sku, location)
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_stock_cell__sku ON stock_cell (sku, site, on_hand_milli);

-- The ledger: what each movement did to each cell it touches.
CREATE TABLE stock_movement (
  site        TEXT NOT NULL,
  sku         TEXT NOT NULL,
  location    TEXT NOT NULL,
  hlc         INTEGER NOT NULL,
  author      INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  delta_milli INTEGER NOT NULL,
  reason      INTEGER NOT NULL,
  PRIMARY KEY (site, sku, location, hlc, author, seq)
) STRICT, WITHOUT ROWID;
