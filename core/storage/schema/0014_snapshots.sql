-- Parts of a snapshot that a site has fetched and not installed yet (docs/protocol.md, snapshot). Local: they may
-- go at any time, and are fetched again.
CREATE TABLE snapshot_part (
  hash   BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 16),  -- BLAKE2b-128 of the octets
  octets BLOB NOT NULL
) STRICT;
