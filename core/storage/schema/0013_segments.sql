-- Old records, packed together (docs/protocol.md, retention): their rows have left event_log, nothing of them is gone.
-- Records first to last of an author; of the hub's log at a site only those that are seen there.
CREATE TABLE log_segment (
  id            INTEGER NOT NULL PRIMARY KEY,
  author        INTEGER NOT NULL REFERENCES author (id),
  first         INTEGER NOT NULL,
  last          INTEGER NOT NULL CHECK (last >= first),
  records       INTEGER NOT NULL CHECK (records > 0),
  octets        INTEGER NOT NULL,
  chain_before  BLOB,
  chain         BLOB,
  hash          BLOB NOT NULL CHECK (length(hash) = 16),
  folded_utc_us INTEGER NOT NULL,
  body          BLOB NOT NULL,
  UNIQUE (author, first),
  CHECK ((chain IS NULL) = (chain_before IS NULL))
) STRICT;

CREATE INDEX ix_log_segment__author_last ON log_segment (author, last, first);

-- Which segments hold records of an aggregate.
CREATE TABLE log_segment_key (
  key     BLOB NOT NULL,
  segment INTEGER NOT NULL,
  PRIMARY KEY (key, segment)
) STRICT, WITHOUT ROWID;

-- Which positions of a feed a segment's records have: within first to last, with those of others between them.
-- The columns of the key come first: else SQLite 3.40 takes first for NULL in its integrity check.
CREATE TABLE log_segment_feed (
  feed    INTEGER NOT NULL,
  last    INTEGER NOT NULL,
  segment INTEGER NOT NULL,
  first   INTEGER NOT NULL,
  PRIMARY KEY (feed, last, segment)
) STRICT, WITHOUT ROWID;
