-- By which rules orders are routed, where they wait, and what was decided; at the hub only; class: single writer
-- (docs/routing.md).

-- Every version of every rule set. rank: the order in which they were defined here.
CREATE TABLE routing_rule_set (
  rank           INTEGER NOT NULL PRIMARY KEY,
  name           TEXT NOT NULL,
  version        INTEGER NOT NULL,
  active         INTEGER NOT NULL,
  definition     TEXT NOT NULL,     -- JSON
  defined_utc_us INTEGER NOT NULL,
  actor          BLOB NOT NULL,
  UNIQUE (name, version)
) STRICT;

-- Where an order's units wait, if somebody or a rule has said so; else it follows from the order.
CREATE TABLE order_queue (
  order_id           BLOB NOT NULL PRIMARY KEY,
  queue              INTEGER NOT NULL,
  auto_cancel_utc_us INTEGER                    -- NULL: never
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_order_queue__auto_cancel ON order_queue (auto_cancel_utc_us)
  WHERE auto_cancel_utc_us IS NOT NULL;

-- One order through the rules of one routing, written with what it reserved. Not made again from the log.
CREATE TABLE routing_decision (
  id             INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  order_id       BLOB NOT NULL,
  decided_utc_us INTEGER NOT NULL,
  rule_set       TEXT NOT NULL,
  version        INTEGER NOT NULL,
  routing        TEXT NOT NULL,
  outcome        TEXT NOT NULL,
  queue          INTEGER NOT NULL,              -- where the rest waits; of ROUTED: where it waited
  facts          BLOB NOT NULL                  -- what the rules were asked about
) STRICT;

CREATE INDEX ix_routing_decision__order ON routing_decision (order_id, id);
CREATE INDEX ix_routing_decision__time ON routing_decision (decided_utc_us);

-- One for each rule that was asked.
CREATE TABLE routing_decision_trace (
  decision INTEGER NOT NULL,
  no       INTEGER NOT NULL,
  trace    BLOB NOT NULL,
  PRIMARY KEY (decision, no)
) STRICT, WITHOUT ROWID;

-- Orders given to a site since a moment, and what it was given of an article.
CREATE INDEX ix_ship_group__allocated ON ship_group (allocated_hlc, site);
CREATE INDEX ix_ship_group_line__sku ON ship_group_line (sku, group_id);
