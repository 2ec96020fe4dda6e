-- The queue of an article as sums: asked for each article of each order that is captured, while thousands may wait.

-- As its order has it; empty: to be shipped.
ALTER TABLE order_line ADD COLUMN pickup_site TEXT NOT NULL DEFAULT '';
UPDATE order_line SET pickup_site = coalesce(
  (SELECT o.pickup_site FROM customer_order o WHERE o.id = order_line.order_id), '');

-- Of waiting_milli: what is to be collected. Converted units that no group ships wait to be shipped.
ALTER TABLE order_line ADD COLUMN waiting_pickup_milli INTEGER GENERATED ALWAYS AS (
  CASE WHEN pickup_site = '' THEN 0
  ELSE waiting_milli - max(0, min(converted_milli - to_ship_milli, waiting_milli)) END) VIRTUAL;

DROP INDEX ix_order_line__queue;

-- Of all order lines of an article with waiting units; without rows for what nobody waits for. Kept by triggers, so
-- that no statement can forget it.
CREATE TABLE article_queue (
  sku          TEXT NOT NULL,
  pickup_site  TEXT NOT NULL,
  milli        INTEGER NOT NULL,
  pickup_milli INTEGER NOT NULL,
  PRIMARY KEY (sku, pickup_site)
) STRICT, WITHOUT ROWID;

INSERT INTO article_queue (sku, pickup_site, milli, pickup_milli)
  SELECT sku, pickup_site, sum(waiting_milli), sum(waiting_pickup_milli) FROM order_line
  WHERE waiting_milli > 0 GROUP BY sku, pickup_site;

CREATE TRIGGER order_line_begins_to_wait AFTER INSERT ON order_line WHEN NEW.waiting_milli > 0 BEGIN
  INSERT INTO article_queue (sku, pickup_site, milli, pickup_milli)
    VALUES (NEW.sku, NEW.pickup_site, NEW.waiting_milli, NEW.waiting_pickup_milli)
    ON CONFLICT (sku, pickup_site) DO UPDATE
      SET milli = milli + excluded.milli, pickup_milli = pickup_milli + excluded.pickup_milli;
END;

CREATE TRIGGER order_line_waits_otherwise AFTER UPDATE ON order_line
  WHEN (OLD.waiting_milli > 0 OR NEW.waiting_milli > 0)
    AND (OLD.sku, OLD.pickup_site, OLD.waiting_milli, OLD.waiting_pickup_milli)
      <> (NEW.sku, NEW.pickup_site, NEW.waiting_milli, NEW.waiting_pickup_milli)
BEGIN
  UPDATE article_queue SET milli = milli - OLD.waiting_milli, pickup_milli = pickup_milli - OLD.waiting_pickup_milli
    WHERE sku = OLD.sku AND pickup_site = OLD.pickup_site AND OLD.waiting_milli > 0;
  INSERT INTO article_queue (sku, pickup_site, milli, pickup_milli)
    SELECT NEW.sku, NEW.pickup_site, NEW.waiting_milli, NEW.waiting_pickup_milli WHERE NEW.waiting_milli > 0
    ON CONFLICT (sku, pickup_site) DO UPDATE
      SET milli = milli + excluded.milli, pickup_milli = pickup_milli + excluded.pickup_milli;
  DELETE FROM article_queue WHERE sku = OLD.sku AND pickup_site = OLD.pickup_site AND milli = 0;
END;

CREATE TRIGGER order_line_is_gone AFTER DELETE ON order_line WHEN OLD.waiting_milli > 0 BEGIN
  UPDATE article_queue SET milli = milli - OLD.waiting_milli, pickup_milli = pickup_milli - OLD.waiting_pickup_milli
    WHERE sku = OLD.sku AND pickup_site = OLD.pickup_site;
  DELETE FROM article_queue WHERE sku = OLD.sku AND pickup_site = OLD.pickup_site AND milli = 0;
END;
