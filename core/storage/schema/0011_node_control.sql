-- What head office has told devices to do and how they are to be set up, and what they answered. At the hub of all
-- devices; at a device its own, and the answers of the others at its site.
CREATE TABLE node_command (
  id              BLOB NOT NULL PRIMARY KEY,
  node            BLOB NOT NULL,
  verb            INTEGER NOT NULL,
  argument        TEXT NOT NULL,
  not_before_utc_us   INTEGER NOT NULL,
  expires_utc_us      INTEGER NOT NULL,
  if_config       INTEGER,
  requires_online INTEGER NOT NULL,
  issued_hlc      INTEGER NOT NULL,
  issued_by       BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_node_command__node ON node_command (node, issued_hlc);

-- One row for each answer: two of one command would show that it was carried out twice.
CREATE TABLE node_command_end (
  command BLOB NOT NULL,
  node    BLOB NOT NULL,
  inc     INTEGER NOT NULL,
  seq     INTEGER NOT NULL,
  outcome INTEGER NOT NULL,
  detail  TEXT NOT NULL,
  hlc     INTEGER NOT NULL,
  PRIMARY KEY (command, node, inc, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE node_config (
  node    BLOB NOT NULL,
  version INTEGER NOT NULL,
  config  TEXT NOT NULL,  -- a JSON object, laid over the device's file
  set_hlc INTEGER NOT NULL,
  set_by  BLOB NOT NULL,
  PRIMARY KEY (node, version)
) STRICT, WITHOUT ROWID;

-- The latest report of each device.
CREATE TABLE node_config_report (
  node     BLOB NOT NULL PRIMARY KEY,
  version  INTEGER NOT NULL,
  outcome  INTEGER NOT NULL,
  error    TEXT NOT NULL,
  in_force INTEGER NOT NULL,
  hash     BLOB NOT NULL,
  hlc      INTEGER NOT NULL,
  inc      INTEGER NOT NULL,
  seq      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- This device's own, never sent: a command that is in here has been begun and is never begun again. No view: it
-- cannot be made anew.
CREATE TABLE command_start (
  command    BLOB NOT NULL PRIMARY KEY,
  started_utc_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
