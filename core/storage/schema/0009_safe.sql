-- Records of an author up to seq are also in a verified second copy of the hub's database. At the hub: as its own
-- backups hold them. At a site, of its own logs: as the hub has told. Only these may be purged (docs/protocol.md).
CREATE TABLE safe_mark (
  node BLOB NOT NULL CHECK (length(node) = 16),
  inc  INTEGER NOT NULL,
  seq  INTEGER NOT NULL,
  PRIMARY KEY (node, inc)
) STRICT, WITHOUT ROWID;
