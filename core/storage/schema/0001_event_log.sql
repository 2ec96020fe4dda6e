-- The log and what belongs to it: precious, never rebuilt. Forward only: once released, a file is not edited.
-- Times are INTEGER microseconds UTC (*_utc_us), quantities thousandths (*_milli), money minor units (*_minor).

CREATE TABLE meta (
  name  TEXT NOT NULL PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- One row an author and incarnation. head and chain are this replica's version vector; for the hub's rows at a
-- site (which sees only part of them) head is the greatest number seen and chain is empty.
CREATE TABLE author (
  id    INTEGER NOT NULL PRIMARY KEY,
  node  BLOB NOT NULL CHECK (length(node) = 16),
  inc   INTEGER NOT NULL,
  head  INTEGER NOT NULL DEFAULT 0,
  chain BLOB NOT NULL,
  UNIQUE (node, inc)
) STRICT;

-- At a site: cursor = last position applied. At the hub: last position given out.
CREATE TABLE feed (
  id      INTEGER NOT NULL PRIMARY KEY,
  name    TEXT NOT NULL UNIQUE,
  hub_gen INTEGER NOT NULL,
  head    INTEGER NOT NULL DEFAULT 0
) STRICT;

-- record: the exact octets as the author wrote them, passed on verbatim. The other columns are extracted from it.
-- fseq IS NULL: not confirmed by the hub (yet), or the hub's own business.
CREATE TABLE event_log (
  author INTEGER NOT NULL REFERENCES author (id),
  seq    INTEGER NOT NULL,
  hlc    INTEGER NOT NULL,
  type   INTEGER NOT NULL,
  key    BLOB,
  feed   INTEGER REFERENCES feed (id),
  fseq   INTEGER,
  record BLOB NOT NULL,
  chain  BLOB,
  PRIMARY KEY (author, seq),
  CHECK ((feed IS NULL) = (fseq IS NULL))
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX ux_event_log__feed_fseq ON event_log (feed, fseq) WHERE fseq IS NOT NULL;
CREATE INDEX ix_event_log__key ON event_log (key) WHERE key IS NOT NULL;

-- Records without effect here. They stay in the log and in the feed. PARKED: cannot be understood (yet), and
-- parks what follows on its key; INADMISSIBLE: not this author's to say; FAILED: its effect was impossible.
CREATE TABLE quarantine (
  author      INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  kind        TEXT NOT NULL CHECK (kind IN ('PARKED', 'INADMISSIBLE', 'FAILED')),
  reason      TEXT NOT NULL,
  seen_utc_us INTEGER NOT NULL,
  PRIMARY KEY (author, seq)
) STRICT, WITHOUT ROWID;

-- Effects that must happen once whoever asks again (records with a biz_key).
CREATE TABLE business_key (
  biz_key BLOB NOT NULL PRIMARY KEY,
  author  INTEGER NOT NULL,
  seq     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Answers given to requests with an Idempotency-Key, committed together with their effect.
CREATE TABLE processed_command (
  command_key  BLOB NOT NULL PRIMARY KEY,
  request_hash BLOB NOT NULL,
  status       INTEGER NOT NULL,
  response     TEXT NOT NULL,
  done_utc_us  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_processed_command__done ON processed_command (done_utc_us);

-- Who is signed in here; only the token's hash is kept. Local to this process, never replicated.
CREATE TABLE session (
  token_hash     BLOB NOT NULL PRIMARY KEY,
  id             BLOB NOT NULL,
  user           BLOB NOT NULL,
  station        TEXT NOT NULL,
  started_utc_us INTEGER NOT NULL,
  expires_utc_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
