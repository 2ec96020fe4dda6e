-- What neighbours on a site's LAN said (docs/protocol.md, LAN).

-- Records that were issued again under other numbers: they never apply (again), whoever still has them. `chain` is the
-- author's chain hash at the original: under the same number the hub has another record.
CREATE TABLE reissued_record (
  node   BLOB NOT NULL CHECK (length(node) = 16),
  inc    INTEGER NOT NULL,
  seq    INTEGER NOT NULL,
  chain  BLOB NOT NULL,
  by_inc INTEGER NOT NULL,
  by_seq INTEGER NOT NULL,
  PRIMARY KEY (node, inc, seq, chain)
) STRICT, WITHOUT ROWID;

-- Records of others that were held unconfirmed and gave way to what the hub has, or to their reissues. Without effect;
-- kept to be looked at.
CREATE TABLE parted_record (
  id          INTEGER NOT NULL PRIMARY KEY,
  node        BLOB NOT NULL CHECK (length(node) = 16),
  inc         INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  record      BLOB NOT NULL,
  seen_utc_us INTEGER NOT NULL
) STRICT;
