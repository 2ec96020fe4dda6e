-- Generations of the hub (docs/protocol.md, generations). At the hub: each start begins one. noticed: how it came to
-- know that its database had been put back before it; given_back: records that nodes returned to it since.
CREATE TABLE hub_generation (
  place        INTEGER NOT NULL PRIMARY KEY,
  gen          INTEGER NOT NULL UNIQUE,
  begun_utc_us INTEGER NOT NULL,
  noticed      TEXT NOT NULL DEFAULT '' CHECK (noticed IN ('', 'GUARD', 'NODE')),
  given_back   INTEGER NOT NULL DEFAULT 0
) STRICT;

INSERT INTO hub_generation (place, gen, begun_utc_us)
SELECT 1, CAST(i.value AS INTEGER), 0 FROM meta i
WHERE i.name = 'inc' AND EXISTS (SELECT 1 FROM meta r WHERE r.name = 'role' AND CAST(r.value AS TEXT) = 'hub');

-- At the hub: where a feed stood when a generation began; a row only if it had grown since the last one.
CREATE TABLE hub_feed_base (
  feed  TEXT NOT NULL,
  place INTEGER NOT NULL REFERENCES hub_generation (place),
  head  INTEGER NOT NULL,
  PRIMARY KEY (feed, place)
) STRICT, WITHOUT ROWID;

-- At a site: under which generations a feed was followed before the one in feed.hub_gen, and how far that is still
-- what this replica holds.
CREATE TABLE feed_past (
  feed    TEXT NOT NULL,
  place   INTEGER NOT NULL,
  hub_gen INTEGER NOT NULL,
  fseq    INTEGER NOT NULL,
  PRIMARY KEY (feed, place)
) STRICT, WITHOUT ROWID;

-- At a site, for the hub's records: 8 octets by which the hub knows its own hand when it is given one back.
ALTER TABLE event_log ADD COLUMN seal BLOB;
